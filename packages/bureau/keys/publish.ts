/** The bureau's own directory entries: what its identity key vouches for. */
import { sameBytes } from '@tripoint/envelope/cbor';
import { type DirectoryEntry, signDirectoryEntry } from '@tripoint/envelope/charter';
import type { KeyClass, Signer } from '@tripoint/envelope/suite';
import { DAY_SEC, dayOf, dayStartSec, kemDestroyAfterSec, kemUseUntilSec } from './days.ts';
import type { KnownEntry } from './judge-entry.ts';
import type { Keyring } from './keyring.ts';

/** Link, log and witness keys: a year, as the link's certificate. */
const YEAR_DAYS = 365;
/** So long before its end an entry is renewed: a peer may be away for weeks. */
const RENEW_AHEAD_SEC = 30 * DAY_SEC;

type Own = Pick<Keyring, 'memberId' | 'link' | 'logKey' | 'witnessKey'> & { readonly identity: Signer };

/**
 * A year from the start of this day (UTC): whole days tell nothing of working hours. Identity, log and witness keys
 * are kept for another year, because what they signed is asked for later.
 */
export function yearEntry(
  memberId: Uint8Array,
  keyClass: Exclude<KeyClass, 'kem'>,
  publicBytes: Uint8Array,
  nowSec: number,
): DirectoryEntry {
  const notBefore = dayStartSec(dayOf(nowSec));
  const useUntil = notBefore + YEAR_DAYS * DAY_SEC;
  const destroyAfter = keyClass === 'link' ? useUntil : useUntil + YEAR_DAYS * DAY_SEC;
  return { memberId, class: keyClass, publicBytes, notBefore, useUntil, destroyAfter };
}

export const kemEntry = (memberId: Uint8Array, publicBytes: Uint8Array, day: number): DirectoryEntry => ({
  memberId,
  class: 'kem',
  publicBytes,
  notBefore: dayStartSec(day),
  useUntil: kemUseUntilSec(day),
  destroyAfter: kemDestroyAfterSec(day),
});

/** Link, log and witness entries of a new bureau, signed by its identity. */
export const standingEntries = (own: Own, nowSec: number): Uint8Array[] =>
  standingKeys(own).map(([keyClass, publicBytes]) => sign(own, yearEntry(own.memberId, keyClass, publicBytes, nowSec)));

/** Signs what `current` does not list yet, or not for long enough: epochs ahead, link, log and witness keys. */
export function missingEntries(
  own: Own,
  current: readonly KnownEntry[],
  epochs: readonly { readonly kid: Uint8Array; readonly day: number; readonly publicBytes: Uint8Array }[],
  nowSec: number,
): Uint8Array[] {
  const isListed = (publicBytes: Uint8Array, untilSec: number): boolean =>
    current.some((entry) => sameBytes(entry.publicBytes, publicBytes) && entry.useUntil >= untilSec);
  const kem = epochs
    .filter(({ publicBytes, day }) => !isListed(publicBytes, kemUseUntilSec(day)))
    .map(({ publicBytes, day }) => kemEntry(own.memberId, publicBytes, day));
  const standing = standingKeys(own)
    .filter(([, publicBytes]) => !isListed(publicBytes, nowSec + RENEW_AHEAD_SEC))
    .map(([keyClass, publicBytes]) => yearEntry(own.memberId, keyClass, publicBytes, nowSec));
  return [...standing, ...kem].map((entry) => sign(own, entry));
}

const standingKeys = ({ link, logKey, witnessKey }: Own): ['link' | 'log' | 'witness', Uint8Array][] => [
  ['link', link.publicBytes],
  ['log', logKey.publicBytes],
  ['witness', witnessKey.publicBytes],
];

const sign = (own: Own, entry: DirectoryEntry): Uint8Array => signDirectoryEntry(entry, [own.identity]);
