/** The shapes that go into the store and come out of it. */
import type { ItemFacts } from '@tripoint/model/policy';
import type { MatchKey } from './tokens.ts';

export type StoredGrade = { readonly scheme: string; readonly source: string; readonly information: string };

/**
 * An item to be stored: facts for the policy and plain codes for joins, never contents. Its marking facts are the join
 * of the item and its statements, so that whoever may read the item may read all of it.
 */
export type ItemRecord = ItemFacts & {
  /** uuid */
  readonly id: string;
  /** From 1. */
  readonly version: number;
  readonly purpose: string | null;
  readonly urgency: string;
  readonly grade: StoredGrade | null;
  readonly lang: string | null;
  /** Milliseconds since 1970: when it was released by whoever says it; now when absent. */
  readonly atMs?: number;
};

/** The plain part of a statement. The value stays in the sealed body; `match` becomes a blind token. */
export type StatementRecord = {
  /** 32 hex digits. */
  readonly id: string;
  /** Entity number inside the item, from 1. */
  readonly entity: number;
  readonly schema: string;
  readonly property: string;
  readonly markingClass: string;
  /** As shown, such as `B2 (4x4)`; null when it has none. */
  readonly grade: string | null;
  readonly observedFromMs: number | null;
  readonly observedToMs: number | null;
  readonly assertedAtMs: number | null;
  readonly says: string;
  readonly match: MatchKey | null;
};

/** `body` is the whole item; `head` is what a list shows of it (such as its title), sealed beside it. */
export type ItemContents = { readonly body: Uint8Array; readonly head?: Uint8Array };

/** What the plain columns say of a stored item. */
export type StoredItem = Required<ItemRecord> & { readonly statementsCount: number };

export type OpenedItem = StoredItem & { readonly head: Uint8Array | null; readonly body: Uint8Array };

export type ListedItem = StoredItem & { readonly head: Uint8Array | null };

/** The plain columns, for SELECT; `at` in milliseconds. */
export const ITEM_COLUMNS = `item.id, item.version, item.kind, item.says, item.own, item.state, item.agency_tag,
  item.handling, item.conditions, item.named_officers, item.pap, item.recipients, item.expires_day, item.purpose,
  item.urgency, item.grade_scheme, item.grade_source, item.grade_information, item.lang, item.statements_count,
  (extract(epoch FROM item.at) * 1000)::float8 AS at_ms`;

/** Where the policy finds its facts. */
export const POLICY_COLUMNS = {
  kind: 'item.kind',
  says: 'item.says',
  own: 'item.own',
  state: 'item.state',
  agency: 'item.agency_tag',
  handling: 'item.handling',
  conditions: 'item.conditions',
  namedOfficers: 'item.named_officers',
  pap: 'item.pap',
  recipients: 'item.recipients',
  expiresDay: 'item.expires_day',
} as const;

type Columns = {
  id: string;
  version: number;
  kind: string;
  says: string;
  own: boolean;
  state: StoredItem['state'];
  agency_tag: string | null;
  handling: string[];
  conditions: string[];
  named_officers: string[];
  pap: string;
  recipients: string[];
  expires_day: number | null;
  purpose: string | null;
  urgency: string;
  grade_scheme: string | null;
  grade_source: string | null;
  grade_information: string | null;
  lang: string | null;
  statements_count: number;
  at_ms: number;
};

export function storedItem(row: Record<string, unknown>): StoredItem {
  const columns = row as Columns;
  return {
    id: columns.id,
    version: columns.version,
    kind: columns.kind,
    says: columns.says,
    own: columns.own,
    state: columns.state,
    agency: columns.agency_tag,
    handling: columns.handling,
    conditions: columns.conditions,
    namedOfficers: columns.named_officers,
    pap: columns.pap,
    recipients: columns.recipients,
    expiresDay: columns.expires_day,
    purpose: columns.purpose,
    urgency: columns.urgency,
    grade: gradeOf(columns),
    lang: columns.lang,
    statementsCount: columns.statements_count,
    atMs: columns.at_ms,
  };
}

function gradeOf(columns: Columns): StoredGrade | null {
  const { grade_scheme: scheme, grade_source: source, grade_information: information } = columns;
  return scheme === null || source === null || information === null ? null : { scheme, source, information };
}
