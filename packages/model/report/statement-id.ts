import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { saltSizeBytesMin } from './bounds.ts';

/** A collision-resistant hash, passed in: at least 16 bytes out. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** The claim an id stands for. Grade and marking are not part of it: a repeated import makes nothing new. */
export interface Claim {
  entity: number;
  property: string;
  value: string;
  says: string;
  supersedes?: string;
  retracts?: string;
}

const idSizeBytes = 16;

/**
 * 32 hex digits = first 16 bytes of hash(domain ‖ salt length ‖ salt ‖ fields). Fields are parted by NUL, which no
 * text of a report may contain, so two claims never share an input. Without the salt an id says nothing.
 */
export function statementId(claim: Claim, salt: Uint8Array, hash: Hash): string {
  const fields = [claim.entity, claim.property, claim.says, claim.supersedes ?? '', claim.retracts ?? '', claim.value];
  return saltedId('tripoint-statement/1', salt, fields.join('\0'), hash);
}

/** The originator's record name as it may leave: the same record gives the same text within one item only. */
export function sourceRefHash(sourceRef: string, salt: Uint8Array, hash: Hash): string {
  return saltedId('tripoint-source-ref/1', salt, sourceRef, hash);
}

function saltedId(domain: string, salt: Uint8Array, text: string, hash: Hash): string {
  if (salt.length < saltSizeBytesMin || salt.length > 255) throw new RangeError('salt of 16 to 255 bytes expected');
  const head = utf8ToBytes(`${domain}\0`);
  const tail = utf8ToBytes(text);
  const input = new Uint8Array(head.length + 1 + salt.length + tail.length);
  input.set(head);
  input[head.length] = salt.length;
  input.set(salt, head.length + 1);
  input.set(tail, head.length + 1 + salt.length);
  return bytesToHex(hash(input).subarray(0, idSizeBytes));
}
