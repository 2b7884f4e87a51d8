import type { Charter, CharterMember, MemberStatus } from './charter.ts';

const DAY_SEC = 86_400;
/** Warnings begin this long before expiry. */
export const WARNING_BEFORE_EXPIRY_SEC = 30 * DAY_SEC;
/** After expiry lanes 0 and 1 and charter business go on for this long, under alarm. */
export const GRACE_AFTER_EXPIRY_SEC = 30 * DAY_SEC;

export type CharterStanding = 'ahead' | 'in-force' | 'warning' | 'grace' | 'ended';

/** Where a charter stands at a time (unix seconds). */
export function charterStanding({ effective, expires }: Charter, nowSec: number): CharterStanding {
  if (nowSec < effective) return 'ahead';
  if (nowSec <= expires - WARNING_BEFORE_EXPIRY_SEC) return 'in-force';
  if (nowSec <= expires) return 'warning';
  return nowSec <= expires + GRACE_AFTER_EXPIRY_SEC ? 'grace' : 'ended';
}

/** Whether a bureau may seal on this lane now: recalls and urgent items must not fall silent on the day of expiry. */
export function maySeal(charter: Charter, lane: 0 | 1 | 2 | 3, nowSec: number): boolean {
  const standing = charterStanding(charter, nowSec);
  return standing === 'in-force' || standing === 'warning' || (standing === 'grace' && lane <= 1);
}

/** Suites permitted at a time (unix seconds). */
export const suitesPermitted = ({ suites }: Charter, nowSec: number): number[] =>
  suites.filter(({ sunset }) => sunset === null || nowSec <= sunset).map(({ suite }) => suite);

/** The member of this id (hexadecimal), or undefined. */
export const memberById = (charter: Charter, idHex: string): CharterMember | undefined =>
  charter.members.find(({ id }) => id === idHex);

/** A member's status at a time (unix seconds): a suspension ends by itself. */
export const statusAt = ({ status, suspendedUntil }: CharterMember, nowSec: number): MemberStatus =>
  suspendedUntil !== null && nowSec > suspendedUntil ? 'active' : status;
