import { bytesOf, type CborMap, type CborValue, countOf, decode, encode, textOf } from '../cbor/index.ts';
import { domainBytes, domainHash, type KeyClass, type Signer, sha256 } from '../suite/index.ts';
import {
  checkVouched,
  DIRECTORY_CONTEXT,
  DIRECTORY_SIGNATURES_MAX,
  type DirectoryRefusal,
  type DirectoryTrust,
} from './directory-entry.ts';
import { namedSignature, readSignedMap, signatureList } from './signed-form.ts';

/** From `logIndex` of the member's log on, signatures of this key are worth nothing (§1). */
export type Revocation = {
  readonly memberId: Uint8Array;
  readonly class: KeyClass;
  readonly kid: Uint8Array;
  readonly logIndex: number;
};

const KEY_CLASSES: readonly KeyClass[] = ['sig', 'kem', 'link', 'log', 'witness'];

const encodeRevocation = (revocation: Revocation): Uint8Array =>
  encode(
    new Map<number, CborValue>([
      [1, 1],
      [2, revocation.memberId],
      [3, revocation.class],
      [4, revocation.kid],
      [5, revocation.logIndex],
    ]),
  );

const revocationTbs = (bytes: Uint8Array): Uint8Array => domainBytes('revoke', 'sign', sha256(bytes));

/** Entry of a revocation in its bureau's log (32 bytes). */
export const revocationLeaf = (bytes: Uint8Array): Uint8Array => domainHash('revoke', 'leaf', bytes);

/** The signed revocation as it travels: CBOR `[revocation, [[kid, ed, ml]…]]`, signed by whom an entry would be. */
export function signRevocation(revocation: Revocation, signers: readonly Signer[]): Uint8Array {
  const bytes = encodeRevocation(revocation);
  const signatures = signers.map((signer) => namedSignature(signer, revocationTbs(bytes), DIRECTORY_CONTEXT));
  return encode([decode(bytes), signatures.map(signatureList)]);
}

/** A revocation that the right keys of that member signed: two custodians for an identity key, else the identity. */
export function verifyRevocation(
  signed: Uint8Array,
  trustOf: (memberId: Uint8Array) => DirectoryTrust,
):
  | { readonly ok: true; readonly revocation: Revocation; readonly leaf: Uint8Array }
  | { readonly ok: false; readonly why: DirectoryRefusal } {
  const parsed = readSignedMap(signed, DIRECTORY_SIGNATURES_MAX);
  const revocation = parsed === null ? null : readRevocation(parsed.map);
  if (parsed === null || revocation === null) return { ok: false, why: 'malformed' };
  const tbs = revocationTbs(parsed.mapBytes);
  const refusal = checkVouched(revocation.class, tbs, parsed.signatures, trustOf(revocation.memberId));
  return refusal === null
    ? { ok: true, revocation, leaf: revocationLeaf(parsed.mapBytes) }
    : { ok: false, why: refusal };
}

function readRevocation(map: CborMap): Revocation | null {
  const memberId = bytesOf(map.get(2), 16);
  const keyClass = KEY_CLASSES.find((known) => known === textOf(map.get(3)));
  const kid = bytesOf(map.get(4), 16);
  const logIndex = countOf(map.get(5));
  if (map.size !== 5 || map.get(1) !== 1) return null;
  if (memberId === null || keyClass === undefined || kid === null || logIndex === null) return null;
  return { memberId, class: keyClass, kid, logIndex };
}
