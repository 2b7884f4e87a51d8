import { bytesOf, type CborValue, decode, eachOf, encode, joinBytes, listOf, toHex, utf8 } from '../cbor/index.ts';
import { keyId, type Signer, verifyPair } from '../suite/index.ts';
import type { CharterMember } from './charter.ts';
import { bytesOfBase64url } from './parse-charter.ts';

/** One custodian's signatures over a charter: Ed25519 (64) and ML-DSA-65 (3,309). */
export type CharterSignature = { readonly kid: Uint8Array; readonly ed: Uint8Array; readonly ml: Uint8Array };

/** ML-DSA context of a custodian's signature on a charter. */
export const CHARTER_CONTEXT = 'tripoint-charter/1';
export const CHARTER_TYPE = 'application/vnd.tripoint.charter+json';
/** Three custodians of 64 members, old and new: more is a flood. */
const SIGNATURES_MAX = 384;

/** DSSE pre-authentication encoding v1: the lengths keep type and body from running into each other. */
export const paeOf = (type: string, body: Uint8Array): Uint8Array =>
  joinBytes(utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), body);

export function signCharter(bytes: Uint8Array, custodian: Signer): CharterSignature {
  return { kid: custodian.kid, ...custodian.sign(paeOf(CHARTER_TYPE, bytes), CHARTER_CONTEXT) };
}

/**
 * Ids of the members of which at least two custodians signed `bytes`; null when a signature that names a custodian
 * of these members does not hold. Signatures of others are ignored, a custodian counts once.
 */
export function nationsSigning(
  bytes: Uint8Array,
  signatures: readonly CharterSignature[],
  members: readonly CharterMember[],
): ReadonlySet<string> | null {
  const text = paeOf(CHARTER_TYPE, bytes);
  const signing = new Set<string>();
  for (const member of members) {
    const signers = custodiansSigning(member, text, signatures);
    if (signers === null) return null;
    if (signers >= 2) signing.add(member.id);
  }
  return signing;
}

function custodiansSigning(
  member: CharterMember,
  text: Uint8Array,
  signatures: readonly CharterSignature[],
): number | null {
  let count = 0;
  for (const custodian of member.custodians) {
    const publicBytes = bytesOfBase64url(custodian);
    const kid = toHex(keyId('sig', publicBytes));
    const own = signatures.filter((signature) => toHex(signature.kid) === kid);
    if (own.some(({ ed, ml }) => !verifyPair(publicBytes, text, CHARTER_CONTEXT, ed, ml))) return null;
    if (own.length > 0) count += 1;
  }
  return count;
}

/** A charter with its signatures as one CBOR text: `[bytes, [[kid, ed, ml]…]]`, for frames, files and stores. */
export const encodeSignedCharter = (bytes: Uint8Array, signatures: readonly CharterSignature[]): Uint8Array =>
  encode([bytes, signatures.map(({ kid, ed, ml }) => [kid, ed, ml])]);

/** Null when the bytes are no signed charter; nothing is verified. */
export function decodeSignedCharter(
  signed: Uint8Array,
): { readonly bytes: Uint8Array; readonly signatures: readonly CharterSignature[] } | null {
  const parts = partsOf(signed);
  const bytes = bytesOf(parts?.[0]);
  const signatures = eachOf(parts?.[1], readSignature);
  if (bytes === null || signatures === null || signatures.length > SIGNATURES_MAX) return null;
  return { bytes, signatures };
}

function partsOf(signed: Uint8Array): readonly CborValue[] | null {
  try {
    return listOf(decode(signed), 2);
  } catch {
    return null; // MalformedCbor
  }
}

function readSignature(value: CborValue): CharterSignature | null {
  const list = listOf(value, 3);
  const kid = bytesOf(list?.[0], 16);
  const ed = bytesOf(list?.[1], 64);
  const ml = bytesOf(list?.[2], 3309);
  return kid === null || ed === null || ml === null ? null : { kid, ed, ml };
}
