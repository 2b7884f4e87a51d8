/** Writing: one transaction for everything that becomes true together, its events included. */
import type { AnyViewer, ItemState } from '@tripoint/model/policy';
import type { Kysely, RawBuilder } from 'kysely';
import { type Beside, sealBeside } from './beside.ts';
import { EVENTS_PER_TRANSACTION_MAX } from './bounds.ts';
import type { NoTables, Session } from './connection.ts';
import {
  ITEM_COLUMNS,
  type ItemContents,
  type ItemRecord,
  type StatementRecord,
  type StoredItem,
  storedItem,
} from './item.ts';
import { type PutOutcome, putItem } from './put-item.ts';
import { type Reader, type Reading, readerOf } from './reader.ts';
import type { MatchKey } from './tokens.ts';

/** Something that became true. Ids and codes only: events are plain rows. */
export type NewEvent = {
  /** Such as 'report.released'. */
  readonly kind: string;
  readonly item: string | null;
  readonly version?: number | null;
  /** Who emits it: the room or desk. */
  readonly desk: string;
  readonly urgency?: string;
};

export type Tx = {
  /** Stores an item and its statements, sealed. A redelivery changes nothing. */
  putItem(record: ItemRecord, statements: readonly StatementRecord[], contents: ItemContents): Promise<PutOutcome>;
  /** Sets the state of every version; false when there is no such item. */
  setState(id: string, state: ItemState): Promise<boolean>;
  /**
   * Destroys the keys and statements of every version and leaves a tombstone; false when there is no such item. Until
   * PostgreSQL vacuums and reuses its log, a disk image together with the key-encryption key still holds the old key.
   */
  erase(id: string): Promise<boolean>;
  /** Plain facts of the latest version, for rules inside the transaction; null when there is no such item. */
  factsOf(id: string): Promise<StoredItem | null>;
  /** Written with the transaction, heard by followers once it is settled. */
  emit(event: NewEvent): void;
  /** Waits until no other transaction holds this lock; let go at the end. */
  lock(room: string, key: string): Promise<void>;
  /**
   * Seals what another room keeps beside items, each under its item's own key; null where there is no such item, or its
   * key is destroyed. Read with `Reader.beside`.
   */
  sealBeside(parts: readonly Beside[]): Promise<(Uint8Array | null)[]>;
  /** Reads as somebody, inside this transaction. */
  as(viewer: AnyViewer): Reader;
  /** For a room's own tables: `tx.db.$extendTables<MyTables>()`. */
  readonly db: Kysely<NoTables>;
  /** The same by text. Questions asked in one turn go out together, in the order they were asked. */
  ask<R>(question: RawBuilder<R>): Promise<R[]>;
  /** For what has no answer to wait for: it goes out with what comes next, and its failure fails the transaction. */
  tell(statement: RawBuilder<unknown>): void;
  token(match: MatchKey): Uint8Array;
};

export function transactionOf(session: Session, reading: Reading): { tx: Tx; flush(): number } {
  const events: NewEvent[] = [];
  const { keys, clock } = reading;
  const tx: Tx = {
    putItem: (record, statements, contents) =>
      putItem(session, keys, { ...record, atMs: record.atMs ?? clock.now() }, statements, contents),
    setState: async (id, state) => (await session.query(SET_STATE, [id, state])).rowCount !== 0,
    erase: async (id) => (await session.query(ERASE, [id])).rows.length > 0,
    factsOf: async (id) => {
      const { rows } = await session.query(`SELECT ${ITEM_COLUMNS} FROM item WHERE id = $1 AND latest`, [id]);
      return rows[0] === undefined ? null : storedItem(rows[0]);
    },
    emit: (event) => {
      if (events.length >= EVENTS_PER_TRANSACTION_MAX) throw new Error('more events than a transaction may emit');
      events.push(event);
    },
    lock: async (room, key) => {
      await session.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', [room, key]);
    },
    sealBeside: (parts) => sealBeside(session, keys, parts),
    as: (viewer) => readerOf(session, viewer, reading),
    get db() {
      return session.db;
    },
    ask: (question) => session.ask(question),
    tell: (statement) => session.tell(statement),
    token: (match) => keys.tokens.match(match),
  };
  return { tx, flush: () => insertEvents(session, events, clock.now()) };
}

const SET_STATE = 'UPDATE item SET state = $2 WHERE id = $1';

// The tombstone keeps who said it and when, and is hidden from everybody.
const ERASE = `WITH gone AS (DELETE FROM statement WHERE item = $1)
  UPDATE item SET key = NULL, head = NULL, body = '', state = 'recalled', lang = NULL, purpose = NULL,
  grade_scheme = NULL, grade_source = NULL, grade_information = NULL, statements_count = 0
  WHERE id = $1 RETURNING version`;

const INSERT_EVENTS = `INSERT INTO event (kind, item, desk, version, urgency, at)
  SELECT kind, item, desk, version, urgency, to_timestamp($6::float8 / 1000)
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::text[]) WITH ORDINALITY
  AS given (kind, item, desk, version, urgency, place) ORDER BY place`;

/** Not awaited: the commit comes right behind it, and fails when this fails. Returns how many. */
function insertEvents(session: Session, events: readonly NewEvent[], nowMs: number): number {
  if (events.length === 0) return 0;
  const inserting = session.query(INSERT_EVENTS, [
    events.map((event) => event.kind),
    events.map((event) => event.item),
    events.map((event) => event.desk),
    events.map((event) => event.version ?? null),
    events.map((event) => event.urgency ?? 'routine'),
    nowMs,
  ]);
  inserting.catch(() => undefined);
  return events.length;
}
