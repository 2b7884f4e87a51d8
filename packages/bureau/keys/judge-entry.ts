/** Whether a signed directory entry may be believed: shape, signatures, whose it is, and how long it wants to live. */
import { sameBytes } from '@tripoint/envelope/cbor';
import { type DirectoryEntry, type DirectoryRefusal, verifyDirectoryEntry } from '@tripoint/envelope/charter';
import type { KeyClass } from '@tripoint/envelope/suite';
import { DAY_SEC, KEM_AHEAD_DAYS, KEM_KEPT_DAYS } from './days.ts';

/**
 * - `malformed`, `signature_invalid`, `signatures_missing`: see envelope/charter
 * - `not_a_member`: the charter in force does not list whom the entry names
 * - `wrong_member`: a peer may speak for its own keys only
 * - `expired`: nobody could use it any more
 * - `too_far_ahead`: its first use lies further ahead than its class allows
 * - `life_too_long`: it wants to be used, or kept, longer than its class allows
 * - `too_many`: the member has as many entries here as any member may have
 */
export type EntryRefusal =
  | DirectoryRefusal
  | 'not_a_member'
  | 'wrong_member'
  | 'expired'
  | 'too_far_ahead'
  | 'life_too_long'
  | 'too_many';

export type KnownEntry = DirectoryEntry & {
  readonly kid: Uint8Array;
  /** Entry in the member's log (32 bytes). */
  readonly leaf: Uint8Array;
  readonly signed: Uint8Array;
};

/** Who can vouch for a member at the time of judging; null when it is not in the charter. */
export type TrustOf = (
  memberId: Uint8Array,
) => { readonly custodians: readonly Uint8Array[]; readonly identities: readonly Uint8Array[] } | null;

export type Judgement =
  | { readonly ok: true; readonly entry: KnownEntry }
  | { readonly ok: false; readonly why: EntryRefusal };

/** Peers' clocks may differ by five minutes before it alarms (wire.md §7); an hour never refuses an honest key. */
const SKEW_SEC = 3_600;

/** Days of use, days kept after it, days shown ahead (wire.md §1); identity and link keys may overlap when renewed. */
const LIMITS: Readonly<Record<KeyClass, { useDays: number; keptDays: number; aheadDays: number }>> = {
  sig: { useDays: 366, keptDays: 366, aheadDays: 60 },
  kem: { useDays: 1, keptDays: KEM_KEPT_DAYS, aheadDays: KEM_AHEAD_DAYS },
  link: { useDays: 400, keptDays: 0, aheadDays: 60 },
  log: { useDays: 366, keptDays: 366, aheadDays: 60 },
  witness: { useDays: 366, keptDays: 366, aheadDays: 60 },
};

/** `about`: the only member the entry may name. `nowSec`: when it is, or was, first accepted (unix seconds). */
export function judgeEntry(signed: Uint8Array, about: Uint8Array, trustOf: TrustOf, nowSec: number): Judgement {
  let refusal: EntryRefusal | null = null;
  const verdict = verifyDirectoryEntry(signed, (memberId) => {
    const trust = trustOf(memberId);
    if (trust === null) refusal = 'not_a_member';
    if (!sameBytes(memberId, about)) refusal = 'wrong_member';
    return refusal === null && trust !== null ? trust : { custodians: [], identities: [] };
  });
  if (refusal !== null) return { ok: false, why: refusal };
  if (!verdict.ok) return verdict;
  const why = judgeLife(verdict.entry, nowSec);
  if (why !== null) return { ok: false, why };
  return { ok: true, entry: { ...verdict.entry, kid: verdict.kid, leaf: verdict.leaf, signed } };
}

function judgeLife(entry: DirectoryEntry, nowSec: number): EntryRefusal | null {
  const { useDays, keptDays, aheadDays } = LIMITS[entry.class];
  if (entry.useUntil <= nowSec) return 'expired';
  if (entry.notBefore > nowSec + aheadDays * DAY_SEC + SKEW_SEC) return 'too_far_ahead';
  const isUsedLong = entry.useUntil - entry.notBefore > useDays * DAY_SEC;
  return isUsedLong || entry.destroyAfter - entry.useUntil > keptDays * DAY_SEC ? 'life_too_long' : null;
}
