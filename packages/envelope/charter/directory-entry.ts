import {
  bytesOf,
  type CborMap,
  type CborValue,
  countOf,
  decode,
  eachOf,
  encode,
  listOf,
  mapOf,
  sameBytes,
  textOf,
  toHex,
} from '../cbor/index.ts';
import {
  domainBytes,
  domainHash,
  KEM_PUBLIC_BYTES,
  type KeyClass,
  keyId,
  SIGNING_PUBLIC_BYTES,
  type Signer,
  sha256,
  verifyPair,
} from '../suite/index.ts';
import type { CharterSignature } from './signature.ts';

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
  witness: 32 + 1312,
};
const LINK_KEY_BYTES_MAX = 512;
/** ML-DSA context of signatures on directory entries and revocations. */
export const DIRECTORY_CONTEXT = 'tripoint-key/1';
const SIGNATURES_MAX = 8;

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
  const signatures = signers.map((signer) => {
    const { ed, ml } = signer.sign(entryTbs(entryBytes), DIRECTORY_CONTEXT);
    return [signer.kid, ed, ml];
  });
  return encode([decode(entryBytes), signatures]);
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
  const parsed = parseSigned(signed);
  if (parsed === null) return { ok: false, why: 'malformed' };
  const { entry, entryBytes, signatures } = parsed;
  const trust = trustOf(entry.memberId);
  const isIdentity = entry.class === 'sig';
  const count = signersHolding(isIdentity ? trust.custodians : trust.identities, entryTbs(entryBytes), signatures);
  if (count === null) return { ok: false, why: 'signature_invalid' };
  if (count < (isIdentity ? 2 : 1)) return { ok: false, why: 'signatures_missing' };
  return { ok: true, entry, kid: entryKid(entry), leaf: directoryLeaf(entryBytes) };
}

/** How many of these keys signed; null when a signature in the name of one of them does not hold. */
function signersHolding(
  keys: readonly Uint8Array[],
  tbs: Uint8Array,
  signatures: readonly CharterSignature[],
): number | null {
  let count = 0;
  for (const publicBytes of keys) {
    const kid = toHex(keyId('sig', publicBytes));
    const own = signatures.filter((signature) => toHex(signature.kid) === kid);
    if (own.some(({ ed, ml }) => !verifyPair(publicBytes, tbs, DIRECTORY_CONTEXT, ed, ml))) return null;
    if (own.length > 0) count += 1;
  }
  return count;
}

function parseSigned(signed: Uint8Array) {
  const parts = partsOf(signed);
  const map = mapOf(parts?.[0]);
  const entry = map === null ? null : readEntry(map);
  const signatures = eachOf(parts?.[1], readSignature);
  if (map === null || entry === null || signatures === null || signatures.length > SIGNATURES_MAX) return null;
  return { entry, entryBytes: encode(map), signatures };
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

function readEntry(map: CborMap): DirectoryEntry | null {
  const keyClass = textOf(map.get(3)) as KeyClass | null;
  const memberId = bytesOf(map.get(2), 16);
  const publicBytes = bytesOf(map.get(5));
  const times = [countOf(map.get(6)), countOf(map.get(7)), countOf(map.get(8))];
  const [notBefore, useUntil, destroyAfter] = times;
  if (map.size !== 8 || map.get(1) !== 1 || memberId === null || publicBytes === null) return null;
  if (keyClass === null || !Object.hasOwn(PUBLIC_BYTES, keyClass)) return null;
  if (notBefore == null || useUntil == null || destroyAfter == null) return null;
  if (notBefore > useUntil || useUntil > destroyAfter || !isKeySize(keyClass, publicBytes.length)) return null;
  const entry = { memberId, class: keyClass, publicBytes, notBefore, useUntil, destroyAfter };
  const kid = bytesOf(map.get(4), 16);
  return kid !== null && sameBytes(kid, entryKid(entry)) ? entry : null;
}

const isKeySize = (keyClass: KeyClass, sizeBytes: number): boolean =>
  PUBLIC_BYTES[keyClass] === null
    ? sizeBytes > 0 && sizeBytes <= LINK_KEY_BYTES_MAX
    : sizeBytes === PUBLIC_BYTES[keyClass];
