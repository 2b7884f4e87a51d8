/** What a desk hands to the exchange, and what it may ask about it, inside its own transactions and reads. */
import { type Kysely, sql } from 'kysely';
import type { Tx } from '../store/index.ts';
import type { OutState } from './port.ts';

type Db = Kysely<Record<never, never>>;
type Row = Record<string, unknown>;

/** A peer's queue holds at most this many envelopes; then bulk and normal items are refused at the screen (wire.md §7). */
export const QUEUE_ENVELOPES_MAX = 100_000;
/** Kept free for control and urgent items. */
export const QUEUE_RESERVE = 10_000;

export interface Handing {
  item: string;
  version: number;
  lane: 0 | 1 | 2 | 3;
  /** One row id (uuid) a recipient. */
  recipients: readonly { row: string; memberId: Uint8Array; nation: string }[];
}

/**
 * Puts an item version into the outbox, one row a nation, in the transaction that makes the item true.
 * false: a nation's queue is full for this lane, and nothing was put.
 */
export async function handOver(tx: Pick<Tx, 'ask'>, handing: Handing, nowMs: number): Promise<boolean> {
  const { recipients, lane } = handing;
  const most = lane <= 1 ? QUEUE_ENVELOPES_MAX + QUEUE_RESERVE : QUEUE_ENVELOPES_MAX;
  const rows = await tx.ask(sql<Row>`WITH given AS (
      SELECT * FROM unnest(${recipients.map(({ row }) => row)}::uuid[],
        ${recipients.map(({ memberId }) => Buffer.from(memberId))}::bytea[],
        ${recipients.map(({ nation }) => nation)}::text[]) AS given (row, peer, nation)),
    -- What is sealed and not receipted, and what still waits to be sealed; no more of it is counted than matters.
    full_up AS (SELECT 1 FROM given CROSS JOIN LATERAL (SELECT COALESCE(sum(seq - acked), 0)::bigint AS unreceipted
        FROM chain_out WHERE chain_out.peer = given.peer) AS chains
      WHERE unreceipted >= ${most} OR EXISTS (SELECT 1 FROM outbox WHERE outbox.peer = given.peer AND state = 'queued'
        OFFSET GREATEST(${most} - unreceipted - 1, 0) LIMIT 1) LIMIT 1)
    INSERT INTO outbox (id, item, version, peer, nation, lane, state, queued_at)
    SELECT row, ${handing.item}::uuid, ${handing.version}::int, peer, nation, ${lane}::smallint, 'queued', ${new Date(nowMs)}::timestamptz
    FROM given WHERE NOT EXISTS (SELECT 1 FROM full_up) RETURNING id`);
  return rows.length === recipients.length;
}

/** An officer saw a received item that asks for it: its sender is owed the day. In the transaction that notes the display. */
export async function oweOpened(db: Db, item: string, nowMs: number): Promise<void> {
  await sql`INSERT INTO opened_owed (item, opened_at) VALUES (${item}, ${new Date(nowMs)}) ON CONFLICT DO NOTHING`.execute(
    db,
  );
}

export interface Delivery {
  nation: string;
  state: OutState;
  reason: string | null;
  queuedAtMs: number;
  sealedAtMs: number | null;
  sentAtMs: number | null;
  receivedAtMs: number | null;
  verifiedAtMs: number | null;
  openedAtMs: number | null;
  /** When this bureau had verified the signed receipt. */
  receiptedAtMs: number | null;
}

const ms = (value: unknown): number | null => (value as Date | null)?.getTime() ?? null;

export async function deliveriesOf(db: Db, item: string): Promise<Delivery[]> {
  const { rows } =
    await sql<Row>`SELECT DISTINCT ON (nation) * FROM outbox WHERE item = ${item} ORDER BY nation, version DESC`.execute(
      db,
    );
  return rows.map((row) => ({
    nation: row.nation as string,
    state: row.state as OutState,
    reason: row.reason as string | null,
    queuedAtMs: ms(row.queued_at) as number,
    sealedAtMs: ms(row.sealed_at),
    sentAtMs: ms(row.sent_at),
    receivedAtMs: ms(row.received_at),
    verifiedAtMs: ms(row.verified_at),
    openedAtMs: ms(row.opened_at),
    receiptedAtMs: ms(row.receipted_at),
  }));
}

/** When each item stood whole in this bureau; items of its own are not among them. */
export async function arrivalsOf(db: Db, items: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<Row>`SELECT item, min(verified_at) AS at FROM envelope_in
    WHERE item = ANY(${[...items]}::uuid[]) AND state = 'verified' GROUP BY item`.execute(db);
  return new Map(rows.map((row) => [row.item as string, ms(row.at) as number]));
}

export interface QueueSeen {
  waiting: number;
  oldestAtMs: number | null;
}

/** What waits for each nation, by nation. */
export async function queuesOf(db: Db): Promise<Map<string, QueueSeen>> {
  const { rows } = await sql<Row>`SELECT nation, count(*) AS waiting, min(queued_at) AS oldest FROM outbox
    WHERE state IN ('queued', 'sealed', 'sent', 'held') GROUP BY nation`.execute(db);
  return new Map(
    rows.map((row) => [row.nation as string, { waiting: Number(row.waiting), oldestAtMs: ms(row.oldest) }]),
  );
}

export interface Alarm {
  id: string;
  kind: string;
  code: string;
  nation: string | null;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  acknowledgedAtMs: number | null;
}

const ALARMS_SHOWN_MAX = 200;

export async function alarmsOf(db: Db): Promise<Alarm[]> {
  const { rows } =
    await sql<Row>`SELECT * FROM alarm ORDER BY acknowledged_at IS NOT NULL, last_at DESC LIMIT ${ALARMS_SHOWN_MAX}`.execute(
      db,
    );
  return rows.map((row) => ({
    id: row.id as string,
    kind: row.kind as string,
    code: row.code as string,
    nation: row.nation as string | null,
    count: row.count as number,
    firstAtMs: ms(row.first_at) as number,
    lastAtMs: ms(row.last_at) as number,
    acknowledgedAtMs: ms(row.acknowledged_at),
  }));
}

/** Says once that something kept here does not open; until an officer has taken note, another one changes nothing. */
export async function alarmDamaged(db: Db, id: string, nowMs: number): Promise<boolean> {
  const at = new Date(nowMs);
  const { rows } = await sql<Row>`INSERT INTO alarm (id, kind, code, nation, first_at, last_at)
    VALUES (${id}, 'hold', 'item_damaged', NULL, ${at}, ${at}) ON CONFLICT DO NOTHING RETURNING id`.execute(db);
  return rows.length > 0;
}

/** false when there is no such alarm, or somebody has read it already. */
export async function acknowledgeAlarm(db: Db, id: string, officer: string, nowMs: number): Promise<boolean> {
  const { rows } = await sql<Row>`UPDATE alarm SET acknowledged_at = ${new Date(nowMs)}, acknowledged_by = ${officer}
    WHERE id = ${id} AND acknowledged_at IS NULL RETURNING id`.execute(db);
  return rows.length > 0;
}
