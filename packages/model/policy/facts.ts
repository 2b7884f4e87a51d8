/** What the policy knows of an item: never its contents. */

export const ITEM_STATES = ['draft', 'released', 'held', 'recalled'] as const;

/** draft: not released. held: not yet whole or not understood. recalled: withdrawn, hidden but for those who dispose of it. */
export type ItemState = (typeof ITEM_STATES)[number];

export type ItemFacts = {
  /** 'report' and what later desks add; a kind without a permit is read by nobody. */
  readonly kind: string;
  /** ISO 3166 code of the nation that says it. */
  readonly says: string;
  /** True when this bureau's nation says it. */
  readonly own: boolean;
  readonly state: ItemState;
  /** Home compartment (a random id, never a name) of an own item; null when none, and for every received item. */
  readonly agency: string | null;
  /** H codes of handling.json. */
  readonly handling: readonly string[];
  /** Codes of handling-conditions.json, without their parameters. */
  readonly conditions: readonly string[];
  /** Officer ids who may read under `named-officers-only`; filing puts the author of an own item among them. */
  readonly namedOfficers: readonly string[];
  /** Code of pap.json. */
  readonly pap: string;
  /** Nations addressed; just the addressee under `hide-recipients`. */
  readonly recipients: readonly string[];
  /** Last day of use, in days since 1970-01-01 UTC; null when the item does not expire. */
  readonly expiresDay: number | null;
};

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 UTC at an instant in milliseconds: the `today` of a decision. */
export function dayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS);
}

type MarkingLike = {
  readonly handling: readonly string[];
  readonly conditions: readonly { readonly code: string; readonly param?: unknown }[];
  readonly pap: string;
};

/**
 * The policy's share of a marking. `expires` carries a date (2027-01-31), `named-officers-only` a list of officer ids.
 * A parameter that cannot be read makes the item stricter, never looser: already expired, or no officer named.
 */
export function markingFacts(
  marking: MarkingLike,
): Pick<ItemFacts, 'handling' | 'conditions' | 'namedOfficers' | 'pap' | 'expiresDay'> {
  const days = paramsOf(marking, 'expires').map(dayOfDate);
  return {
    handling: [...marking.handling],
    conditions: [...new Set(marking.conditions.map((condition) => condition.code))],
    namedOfficers: namedIn(paramsOf(marking, 'named-officers-only')),
    pap: marking.pap,
    expiresDay: days.length === 0 ? null : Math.min(...days),
  };
}

function paramsOf(marking: MarkingLike, code: string): unknown[] {
  return marking.conditions.filter((condition) => condition.code === code).map((condition) => condition.param);
}

const NEVER_USABLE_DAY = -1;

function dayOfDate(param: unknown): number {
  const date = typeof param === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(param) : null;
  return date === null ? NEVER_USABLE_DAY : daysBeforeYearMonthDay(Number(date[1]), Number(date[2]), Number(date[3]));
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysBeforeYearMonthDay(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Only officers named by every such condition: the join of named lists is their intersection. */
function namedIn(params: unknown[]): string[] {
  const lists = params.map((param) => (Array.isArray(param) ? param.filter((name) => typeof name === 'string') : []));
  const [first = [], ...others] = lists;
  return [...new Set(first)].filter((name) => others.every((list) => list.includes(name)));
}
