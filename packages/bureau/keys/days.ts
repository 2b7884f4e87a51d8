/** Days are counted since 1970 in UTC; a key's day of use is one of them. Times are unix seconds. */
export const DAY_SEC = 86_400;

export const dayOf = (nowSec: number): number => Math.floor(nowSec / DAY_SEC);
export const dayStartSec = (day: number): number => day * DAY_SEC;

/** KEM keys are shown to peers at most this long before their day (wire.md §1). */
export const KEM_AHEAD_DAYS = 3;
/** What was sealed on a key's day may arrive for this long after it; then nobody can open it any more. */
export const KEM_KEPT_DAYS = 14;

export const kemUseUntilSec = (day: number): number => dayStartSec(day + 1);
export const kemDestroyAfterSec = (day: number): number => dayStartSec(day + 1 + KEM_KEPT_DAYS);
