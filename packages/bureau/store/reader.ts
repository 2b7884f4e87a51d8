/** Reading, always as somebody. What the viewer may not see is not there: hidden and not found are one answer. */
import type { StatementRow } from '@tripoint/model/entity';
import { type Action, type AnyViewer, type Predicate, policy } from '@tripoint/model/policy';
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { AtRestDamaged, type SealedItem } from './at-rest.ts';
import { PAGE_ITEMS_MAX } from './bounds.ts';
import type { NoTables, Row, Session } from './connection.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { ITEM_COLUMNS, type ListedItem, type OpenedItem, POLICY_COLUMNS, storedItem } from './item.ts';
import type { Clock, Random } from './ports.ts';
import type { Keys } from './put-item.ts';
import type { MatchKey } from './tokens.ts';

/** received: said by other nations. sent: own, released. drafts: own, not released. all: whatever the viewer sees. */
export type Box = 'received' | 'sent' | 'drafts' | 'all';

export type ItemsQuery = {
  readonly kind: string;
  readonly box: Box;
  /** From the page before; refused (`CursorRefused`) when it was given to another viewer or another list. */
  readonly cursor?: string | null;
  /** 1 to `PAGE_ITEMS_MAX`. */
  readonly limit: number;
};

/** `cursor` is null on the last page. */
export type ItemsPage = {
  readonly items: readonly ListedItem[];
  readonly cursor: string | null;
  /** Items of this page whose head does not open: they are left out, and the rest is shown. */
  readonly damaged: readonly string[];
};

/** Columns of `visible('item')`; the sealed columns are not among them. */
export type VisibleItem = {
  id: string;
  version: number;
  kind: string;
  says: string;
  own: boolean;
  state: string;
  recipients: string[];
  urgency: string;
  purpose: string | null;
  statements_count: number;
  at: Date;
};

/** Columns of `visible('statement')`: statements of the latest version of items the viewer may see. */
export type VisibleStatement = StatementRow;

export type VisibleRows = { item: VisibleItem; statement: VisibleStatement };

export type Reader = {
  readonly viewer: AnyViewer;
  /** The item with its opened contents; null when hidden, erased or unknown. Without `version`: the latest. */
  item(id: string, version?: number): Promise<OpenedItem | null>;
  /** What another room keeps beside an item under its key; null when the item is hidden, erased or unknown. */
  beside(id: string, version: number, name: string, sealed: Uint8Array): Promise<Uint8Array | null>;
  /** Newest first, with opened heads only. */
  items(query: ItemsQuery): Promise<ItemsPage>;
  /** May this viewer do this with this item? False when it is not there. */
  may(action: Action, id: string): Promise<boolean>;
  /** Rows this viewer may see, as a subquery to join: `db.selectFrom(reader.visible('item').as('seen'))`. */
  visible<T extends keyof VisibleRows>(table: T): SelectQueryBuilder<VisibleRows, T, VisibleRows[T]>;
  /** For a desk's own tables: `reader.db.$extendTables<MyTables>()`. Reads only. */
  readonly db: Kysely<NoTables>;
  /** The blind token under which statements with this value stand in `match`. */
  token(match: MatchKey): Uint8Array;
};

export type Reading = {
  readonly keys: Keys;
  readonly clock: Clock;
  readonly random: Random;
  readonly trouble: (reason: unknown) => void;
};

export function readerOf(session: Session, viewer: AnyViewer, { keys, clock, random, trouble }: Reading): Reader {
  const seen = (action: Action) => policy.toSql(viewer, action, POLICY_COLUMNS, clock.now());
  return {
    viewer,
    item: async (id, version) => {
      const row = await findItem(session, seen('read'), `${ITEM_COLUMNS}, head, body, key`, id, version);
      return row === undefined ? null : openItem(keys, row);
    },
    beside: async (id, version, name, sealed) => {
      const row = await findItem(session, seen('read'), 'key', id, version);
      return row === undefined ? null : keys.vault.openBeside(id, version, row.key as Uint8Array, name, sealed);
    },
    items: async (query) => {
      const list = `${query.kind}\0${query.box}`;
      const before = query.cursor ? readCursor(keys.tokens.cursorKey, viewer, list, query.cursor) : null;
      const rows = await listItems(session, seen('list'), query, before);
      const shown = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? shown.at(-1) : undefined;
      const listed = shown.map((row) => listedOrDamaged(keys, row, trouble));
      return {
        items: listed.filter((item) => item !== null),
        damaged: shown.flatMap((row, at) => (listed[at] === null ? [row.id as string] : [])),
        cursor: last ? writeCursor(keys.tokens.cursorKey, random, viewer, list, last.serial as bigint) : null,
      };
    },
    may: async (action, id) => (await findItem(session, seen(action), 'item.id', id)) !== undefined,
    visible: (table) => visibleRows(session.db, table, seen('list')),
    get db() {
      return session.db;
    },
    token: (match) => keys.tokens.match(match),
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function findItem(
  session: Session,
  seen: Predicate,
  columns: string,
  id: string,
  version?: number,
): Promise<Row | undefined> {
  if (!UUID.test(id)) return undefined;
  const which = version === undefined ? 'latest' : `version = ${nth(seen, 2)}`;
  const { rows } = await session.query(
    `SELECT ${columns} FROM item WHERE id = ${nth(seen, 1)} AND ${which} AND key IS NOT NULL AND ${seen.sql}`,
    [...seen.params, id, ...(version === undefined ? [] : [version])],
  );
  return rows[0];
}

const BOXES = {
  received: 'AND NOT own',
  sent: "AND own AND state <> 'draft'",
  drafts: "AND own AND state = 'draft'",
  all: '',
} as const;

/** One row more than asked for, to know whether the list goes on. */
async function listItems(session: Session, seen: Predicate, query: ItemsQuery, before: bigint | null): Promise<Row[]> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > PAGE_ITEMS_MAX) {
    throw new Error('a page has between 1 and 200 items');
  }
  const { rows } = await session.query(
    `SELECT ${ITEM_COLUMNS}, item.serial, head, key FROM item
     WHERE latest AND key IS NOT NULL AND kind = ${nth(seen, 1)} ${BOXES[query.box]}
     AND serial < ${nth(seen, 2)} AND ${seen.sql}
     ORDER BY serial DESC LIMIT ${nth(seen, 3)}`,
    [...seen.params, query.kind, before ?? SERIAL_END, query.limit + 1],
  );
  return rows;
}

const SERIAL_END = 2n ** 63n - 1n;

/** The parameter after the predicate's own. */
function nth(predicate: Predicate, n: number): string {
  return `$${predicate.params.length + n}`;
}

function openItem({ vault }: Keys, row: Row): OpenedItem {
  const item = storedItem(row);
  const sealed = row as unknown as SealedItem;
  return {
    ...item,
    head: vault.openHead(item.id, item.version, sealed),
    body: vault.openBody(item.id, item.version, sealed),
  };
}

function listedItem({ vault }: Keys, row: Row): ListedItem {
  const item = storedItem(row);
  return { ...item, head: vault.openHead(item.id, item.version, row as unknown as SealedItem) };
}

/** null when its head does not open: told, and no other line is lost for it. */
function listedOrDamaged(keys: Keys, row: Row, trouble: Reading['trouble']): ListedItem | null {
  try {
    return listedItem(keys, row);
  } catch (reason) {
    if (!(reason instanceof AtRestDamaged)) throw reason;
    trouble(reason);
    return null;
  }
}

function visibleRows<T extends keyof VisibleRows>(
  db: Kysely<NoTables>,
  table: T,
  seen: Predicate,
): SelectQueryBuilder<VisibleRows, T, VisibleRows[T]> {
  const items = db
    .$extendTables<StoreRows>()
    .selectFrom('item')
    .where('item.latest', '=', true)
    .where('item.key', 'is not', null)
    .where(conditionOf(seen));
  const rows =
    table === 'item'
      ? items.select(VISIBLE_ITEM_COLUMNS)
      : items
          .innerJoin('statement', (join) =>
            join.onRef('statement.item', '=', 'item.id').onRef('statement.version', '=', 'item.version'),
          )
          .selectAll('statement');
  return rows as unknown as SelectQueryBuilder<VisibleRows, T, VisibleRows[T]>;
}

type StoreRows = {
  item: VisibleItem & { latest: boolean; key: Buffer | null };
  statement: VisibleStatement;
};

const VISIBLE_ITEM_COLUMNS = [
  'item.id',
  'item.version',
  'item.kind',
  'item.says',
  'item.own',
  'item.state',
  'item.recipients',
  'item.urgency',
  'item.purpose',
  'item.statements_count',
  'item.at',
] as const;

/** A predicate of the policy as a piece of a Kysely query. */
function conditionOf(predicate: Predicate): RawBuilder<boolean> {
  const pieces = predicate.sql
    .split(/\$(\d+)/)
    .map((piece, index) => (index % 2 === 0 ? sql.raw(piece) : sql.val(predicate.params[Number(piece) - 1])));
  return sql<boolean>`${sql.join(pieces, sql``)}`;
}
