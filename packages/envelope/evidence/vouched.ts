/** From the pinned hash of charter version 1 to the keys of everybody who signs: the charters, then the directory. */
import { bytesOf, decode, eachOf, fromHex, listOf, sameBytes, toHex } from '../cbor/index.ts';
import {
  bytesOfBase64url,
  type Charter,
  type CharterMember,
  type DirectoryEntry,
  type DirectoryTrust,
  decodeSignedCharter,
  memberById,
  type VerifiedCharter,
  verifyCharter,
  verifyDirectoryEntry,
} from '../charter/index.ts';
import { keyId } from '../suite/index.ts';
import type { Vouching } from './form.ts';
import { Refuted } from './refuted.ts';

export type VouchedKey = DirectoryEntry & {
  readonly kid: Uint8Array;
  /** From this index of its member's log on the key is worth nothing; null: not revoked. */
  readonly revokedFrom: number | null;
};

/** A coalition as its own signed papers describe it. */
export type Coalition = {
  readonly charterId: Uint8Array;
  /** Every version, oldest first, without a gap. */
  readonly charters: readonly VerifiedCharter[];
  readonly keys: readonly VouchedKey[];
};

/** Throws `Refuted` at the first charter or key that is not what it must be. */
export function vouched({ charters, entries }: Vouching, pin: Uint8Array): Coalition {
  const chain = chainOf(charters, pin);
  const first = chain[0] as VerifiedCharter;
  const newest = (chain.at(-1) as VerifiedCharter).charter;
  return { charterId: first.charterId, charters: chain, keys: keysOf(entries, chain, newest) };
}

function chainOf(signed: readonly Uint8Array[], pin: Uint8Array): VerifiedCharter[] {
  const chain: VerifiedCharter[] = [];
  for (const [place, bytes] of signed.entries()) {
    const at = `charters.${place}`;
    const decoded = decodeSignedCharter(bytes);
    if (decoded === null) throw new Refuted('charter', at);
    const before = chain.at(-1) ?? null;
    const verdict = verifyCharter(decoded.bytes, decoded.signatures, null, before);
    if (!verdict.ok) throw new Refuted('charter', at);
    const custodians = custodiansOf([verdict.verified.charter, ...(before === null ? [] : [before.charter])]);
    if (!areAllBy(decoded.signatures, custodians)) throw new Refuted('charter', at);
    chain.push(verdict.verified);
  }
  if (chain[0] === undefined || !sameBytes(chain[0].hash, pin)) throw new Refuted('charter', 'charters.0');
  return chain;
}

const custodiansOf = (charters: readonly Charter[]): Uint8Array[] =>
  charters.flatMap(({ members }) => members.flatMap((member) => member.custodians.map(bytesOfBase64url)));

/** Signatures of strangers prove nothing and could be changed unseen: here there are none, and no key signs twice. */
function areAllBy(signatures: readonly { readonly kid: Uint8Array }[], keys: readonly Uint8Array[]): boolean {
  const kids = new Set(keys.map((key) => toHex(keyId('sig', key))));
  const signing = signatures.map(({ kid }) => toHex(kid));
  return new Set(signing).size === signing.length && signing.every((kid) => kids.has(kid));
}

function keysOf(signed: readonly Uint8Array[], chain: readonly VerifiedCharter[], newest: Charter): VouchedKey[] {
  const keys: VouchedKey[] = [];
  for (const [place, bytes] of signed.entries()) {
    const at = `entries.${place}`;
    const signers = signersOf(bytes);
    let trust: DirectoryTrust = { custodians: [], identities: [] };
    // Identity keys come before what they vouch for.
    const verdict = verifyDirectoryEntry(bytes, (memberId) => {
      trust = trustIn(memberId, chain, keys);
      return trust;
    });
    if (!verdict.ok || signers === null) throw new Refuted('directory', at);
    const vouching = verdict.entry.class === 'sig' ? trust.custodians : trust.identities;
    if (!areAllBy(signers, vouching)) throw new Refuted('directory', at);
    const kid = toHex(verdict.kid);
    const revokedFrom = newest.revocations.find((one) => one.kid === kid)?.logIndex ?? null;
    keys.push({ ...verdict.entry, kid: verdict.kid, revokedFrom });
  }
  return keys;
}

function trustIn(memberId: Uint8Array, chain: readonly VerifiedCharter[], keys: readonly VouchedKey[]): DirectoryTrust {
  const id = toHex(memberId);
  const listed = chain.flatMap(({ charter }) => memberById(charter, id) ?? []);
  const identities = keys.filter((key) => key.class === 'sig' && sameBytes(key.memberId, memberId));
  return {
    custodians: listed.flatMap((member: CharterMember) => member.custodians.map(bytesOfBase64url)),
    identities: identities.map(({ publicBytes }) => publicBytes),
  };
}

function signersOf(signed: Uint8Array): readonly { readonly kid: Uint8Array }[] | null {
  return eachOf(listOf(decodeOrNull(signed), 2)?.[1], (signature) => {
    const kid = bytesOf(listOf(signature, 3)?.[0], 16);
    return kid === null ? null : { kid };
  });
}

function decodeOrNull(bytes: Uint8Array) {
  try {
    return decode(bytes);
  } catch {
    return undefined; // MalformedCbor
  }
}

/** The nation of a member in the newest charter that lists it; null: in none. */
export function nationOf({ charters }: Coalition, memberId: Uint8Array): string | null {
  const id = toHex(memberId);
  return (
    charters.findLast(({ charter }) => memberById(charter, id))?.charter.members.find((one) => one.id === id)?.nation ??
    null
  );
}

/** The charter of this version when the hash is its own. */
export const charterNamed = (
  { charters }: Coalition,
  named: { readonly version: number; readonly hash: Uint8Array },
): VerifiedCharter | null =>
  charters.find(({ charter, hash }) => charter.version === named.version && sameBytes(hash, named.hash)) ?? null;

export const membersEver = ({ charters }: Coalition): Uint8Array[] =>
  [...new Set(charters.flatMap(({ charter }) => charter.members.map(({ id }) => id)))].map(fromHex);

export const keysOfMember = (
  { keys }: Coalition,
  memberId: Uint8Array,
  keyClass: DirectoryEntry['class'],
): VouchedKey[] => keys.filter((key) => key.class === keyClass && sameBytes(key.memberId, memberId));
