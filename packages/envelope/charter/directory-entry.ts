import { bytesOf, type CborMap, type CborValue, countOf, decode, encode, sameBytes, textOf } from '../cbor/index.ts';
import {
  domainBytes,
  domainHash,
  KEM_PUBLIC_BYTES,
  type KeyClass,
  kemPublicKey,
  keyId,
  SIGNING_PUBLIC_BYTES,
  type Signer,
  sha256,
  WITNESS_PUBLIC_BYTES,
} from '../suite/index.ts';
import { type NamedSignature, namedSignature, readSignedMap, signatureList, signersHolding } from './signed-form.ts';

/** One key in a bureau's directory (§1). Times are unix seconds. */
export type DirectoryEntry = {
  readonly memberId: Uint8Array;
  readonly class: KeyClass;
  readonly publicBytes: Uint8Array;
  readonly notBefore: number;
  readonly useUntil: number;
  /** When the private half is destroyed; never before `useUntil`. */
  readonly destroyAfter: number;
};

/** Sizes of public halves; a link certificate's key is its DER SubjectPublicKeyInfo and varies. */
const PUBLIC_BYTES: Readonly<Record<KeyClass, number | null>> = {
  sig: SIGNING_PUBLIC_BYTES,
  kem: KEM_PUBLIC_BYTES,
  link: null,
  log: 32,
  witness: WITNESS_PUBLIC_BYTES,
};
const LINK_KEY_BYTES_MAX = 512;
/** ML-DSA context of signatures on directory entries and revocations. */
export const DIRECTORY_CONTEXT = 'tripoint-key/1';
/** Signatures on one entry: three custodians are enough, more is a flood. */
export const DIRECTORY_SIGNATURES_MAX = 8;
const CUSTODIANS_SIGNING = 2;

export type DirectoryRefusal = 'malformed' | 'signature_invalid' | 'signatures_missing';

export const entryKid = (entry: DirectoryEntry): Uint8Array => keyId(entry.class, entry.publicBytes);

function encodeEntry(entry: DirectoryEntry): Uint8Array {
  return encode(
    new Map<number, CborValue>([
      [1, 1],
      [2, entry.memberId],
      [3, entry.class],
      [4, entryKid(entry)],
      [5, entry.publicBytes],
      [6, entry.notBefore],
      [7, entry.useUntil],
      [8, entry.destroyAfter],
    ]),
  );
}

const entryTbs = (entryBytes: Uint8Array): Uint8Array => domainBytes('key', 'sign', sha256(entryBytes));

/** Entry of a key in its bureau's log (32 bytes). */
export const directoryLeaf = (entryBytes: Uint8Array): Uint8Array => domainHash('key', 'leaf', entryBytes);

/**
 * The signed entry as it travels: CBOR `[entry, [[kid, ed, ml]…]]`. An identity key (`sig`) is signed by two
 * custodians, any other by the identity key.
 */
export function signDirectoryEntry(entry: DirectoryEntry, signers: readonly Signer[]): Uint8Array {
  const entryBytes = encodeEntry(entry);
  if (readEntry(decode(entryBytes) as CborMap) === null) throw new RangeError('a directory entry that cannot be');
  const signatures = signers.map((signer) => namedSignature(signer, entryTbs(entryBytes), DIRECTORY_CONTEXT));
  return encode([decode(entryBytes), signatures.map(signatureList)]);
}

/** Who can vouch for a member's keys: its three custodians, and its identity keys as far as already known. */
export type DirectoryTrust = {
  readonly custodians: readonly Uint8Array[];
  readonly identities: readonly Uint8Array[];
};

/** Entry, key id and log leaf of a signed entry, when the right keys of that member signed it. */
export function verifyDirectoryEntry(
  signed: Uint8Array,
  trustOf: (memberId: Uint8Array) => DirectoryTrust,
):
  | { readonly ok: true; readonly entry: DirectoryEntry; readonly kid: Uint8Array; readonly leaf: Uint8Array }
  | { readonly ok: false; readonly why: DirectoryRefusal } {
  const parsed = readSignedMap(signed, DIRECTORY_SIGNATURES_MAX);
  const entry = parsed === null ? null : readEntry(parsed.map);
  if (parsed === null || entry === null) return { ok: false, why: 'malformed' };
  const refusal = checkVouched(entry.class, entryTbs(parsed.mapBytes), parsed.signatures, trustOf(entry.memberId));
  if (refusal !== null) return { ok: false, why: refusal };
  return { ok: true, entry, kid: entryKid(entry), leaf: directoryLeaf(parsed.mapBytes) };
}

/** Two custodians vouch for an identity key, the identity key for any other. Null when they did. */
export function checkVouched(
  keyClass: KeyClass,
  tbs: Uint8Array,
  signatures: readonly NamedSignature[],
  trust: DirectoryTrust,
): 'signature_invalid' | 'signatures_missing' | null {
  const isIdentity = keyClass === 'sig';
  const keys = isIdentity ? trust.custodians : trust.identities;
  const count = signersHolding(keys, tbs, DIRECTORY_CONTEXT, signatures);
  if (count === null) return 'signature_invalid';
  return count >= (isIdentity ? CUSTODIANS_SIGNING : 1) ? null : 'signatures_missing';
}

function readEntry(map: CborMap): DirectoryEntry | null {
  const keyClass = textOf(map.get(3)) as KeyClass | null;
  const memberId = bytesOf(map.get(2), 16);
  const publicBytes = bytesOf(map.get(5));
  const times = [countOf(map.get(6)), countOf(map.get(7)), countOf(map.get(8))];
  const [notBefore, useUntil, destroyAfter] = times;
  if (map.size !== 8 || map.get(1) !== 1 || memberId === null || publicBytes === null) return null;
  if (keyClass === null || !Object.hasOwn(PUBLIC_BYTES, keyClass)) return null;
  if (notBefore == null || useUntil == null || destroyAfter == null) return null;
  if (notBefore > useUntil || useUntil > destroyAfter || !isUsable(keyClass, publicBytes)) return null;
  const entry = { memberId, class: keyClass, publicBytes, notBefore, useUntil, destroyAfter };
  const kid = bytesOf(map.get(4), 16);
  return kid !== null && sameBytes(kid, entryKid(entry)) ? entry : null;
}

/** A KEM key nobody can seal to would stop every sender's outbox, so it is refused before it is listed. */
function isUsable(keyClass: KeyClass, publicBytes: Uint8Array): boolean {
  if (!isKeySize(keyClass, publicBytes.length)) return false;
  if (keyClass !== 'kem') return true;
  try {
    kemPublicKey(publicBytes);
    return true;
  } catch {
    return false; // outside the lattice modulus, or a low-order point
  }
}

const isKeySize = (keyClass: KeyClass, sizeBytes: number): boolean =>
  PUBLIC_BYTES[keyClass] === null
    ? sizeBytes > 0 && sizeBytes <= LINK_KEY_BYTES_MAX
    : sizeBytes === PUBLIC_BYTES[keyClass];
