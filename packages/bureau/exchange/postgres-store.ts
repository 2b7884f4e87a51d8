/** The exchange's port on PostgreSQL: one statement a wish, many rows a statement. */

import type { Lane } from '@tripoint/envelope/seal';
import type { AlarmCode } from '@tripoint/model/codes';
import { machineViewer } from '@tripoint/model/policy';
import { type Kysely, sql } from 'kysely';
import type { Log as NationLog } from '../log/index.ts';
import { newUuid, type Store, type Tx } from '../store/index.ts';
import { itemOfReport, readBody } from './item-of-report.ts';
import { keepEvidence } from './kept-evidence.ts';
import {
  type ArrivedRow,
  type ChainHead,
  type ExchangeStore,
  type ExchangeTx,
  type KeptReceipt,
  type OutRow,
  QUARANTINE_RAW_MAX,
  type QueuedItem,
  type ReceiptRow,
} from './port.ts';
import { raiseAlarm } from './raise-alarm.ts';

type Db = Kysely<Record<never, never>>;
type Ports = { random: (n: number) => Uint8Array; log: Pick<NationLog, 'appendInTx'> };

const bytesOf = (value: unknown): Uint8Array => new Uint8Array(value as Buffer);
const bytesOrNull = (value: unknown): Uint8Array | null => (value === null ? null : bytesOf(value));
const buffers = (all: readonly Uint8Array[]): Buffer[] => all.map((bytes) => Buffer.from(bytes));
const date = (ms: number | null | undefined): Date | null => (ms === null || ms === undefined ? null : new Date(ms));

export function postgresExchangeStore(store: Store, ports: Ports): ExchangeStore {
  const reading = <T>(work: (db: Db) => Promise<T>) => store.transact((tx) => work(tx.db));
  return {
    transact: (work) => store.transact((tx) => work(exchangeTx(tx, ports))),
    copies: (peer, lane, from, limits) => reading((db) => copiesFrom(db, peer, lane, from, limits)),
    heads: (peer) => reading((db) => headsWith(db, peer)),
    unreceipted: () =>
      reading(async (db) => {
        const { rows } = await sql<Row>`SELECT peer, lane, seq FROM chain_out WHERE seq > acked`.execute(db);
        return rows.map((row) => ({ peer: bytesOf(row.peer), lane: row.lane as Lane, seq: Number(row.seq) }));
      }),
    receiptsAbove: (peer, lane, seq, after, limit) =>
      reading(async (db) => {
        const { rows } = await sql<Row>`SELECT * FROM receipt_out WHERE peer = ${Buffer.from(peer)} AND lane = ${lane}
          AND to_seq > ${seq} AND state <> 'opened' AND id > ${after} ORDER BY id LIMIT ${limit}`.execute(db);
        return rows.map(keptReceipt);
      }),
    openedOwed: (limit) =>
      reading(async (db) => {
        const { rows } = await sql<Row>`SELECT item FROM opened_owed ORDER BY opened_at LIMIT ${limit}`.execute(db);
        return rows.map(({ item }) => item as string);
      }),
    receiptsOpened: (peer, lane, limit) =>
      reading(async (db) => {
        const { rows } = await sql<Row>`SELECT * FROM receipt_out WHERE peer = ${Buffer.from(peer)} AND lane = ${lane}
          AND state = 'opened' ORDER BY id DESC LIMIT ${limit}`.execute(db);
        return rows.map(keptReceipt);
      }),
  };
}

type Row = Record<string, unknown>;

function receiptRow(row: Row): ReceiptRow {
  return {
    peer: bytesOf(row.peer),
    lane: row.lane as ReceiptRow['lane'],
    fromSeq: Number(row.from_seq),
    toSeq: Number(row.to_seq),
    state: row.state as string,
    bytes: bytesOf(row.bytes),
  };
}

const keptReceipt = (row: Row): KeptReceipt => ({ ...receiptRow(row), id: row.id as bigint });

/** Copies in order, cut where the byte limit is reached; the first one always goes. */
async function copiesFrom(
  db: Db,
  peer: Uint8Array,
  lane: number,
  from: number,
  limits: { maxCopies: number; maxBytes: number },
) {
  const { rows } = await sql<Row>`
    SELECT seq, front || middle || rear AS bytes FROM (
      SELECT copy.seq, front, middle, rear,
        sum(octet_length(front) + octet_length(middle) + octet_length(rear)) OVER (ORDER BY copy.seq) AS total
      FROM (SELECT * FROM copy_out WHERE peer = ${Buffer.from(peer)} AND lane = ${lane} AND seq >= ${from}
        ORDER BY seq LIMIT ${limits.maxCopies}) AS copy
      JOIN envelope_out ON envelope_out.id = copy.envelope
    ) AS sized WHERE total <= ${limits.maxBytes} OR seq = (
      SELECT min(seq) FROM copy_out WHERE peer = ${Buffer.from(peer)} AND lane = ${lane} AND seq >= ${from})
    ORDER BY seq`.execute(db);
  return rows.map((row) => ({ peer, lane: lane as 0 | 1 | 2 | 3, seq: Number(row.seq), bytes: bytesOf(row.bytes) }));
}

async function headsWith(db: Db, peer: Uint8Array) {
  const key = Buffer.from(peer);
  const out = await sql<Row>`SELECT lane, seq, head, acked FROM chain_out WHERE peer = ${key}`.execute(db);
  const inward = await sql<Row>`SELECT lane, seq, head FROM chain_in WHERE peer = ${key}`.execute(db);
  return {
    out: out.rows.map((row) => ({ ...chainHead(peer, row), acked: Number(row.acked) })),
    in: inward.rows.map((row) => chainHead(peer, row)),
  };
}

/** One that was locked and never used stands at 0 and has no head: its empty bytes are none that a peer would take. */
function chainHead(peer: Uint8Array, row: Row): ChainHead {
  const seq = Number(row.seq);
  return { peer, lane: row.lane as ChainHead['lane'], seq, head: seq === 0 ? null : bytesOrNull(row.head) };
}

function exchangeTx(tx: Tx, ports: Ports): ExchangeTx {
  return { ...wayOut(tx), ...wayIn(tx), ...aftermath(tx, ports) };
}

type WayOut = Pick<
  ExchangeTx,
  | 'takeQueued'
  | 'payloadOf'
  | 'lockOut'
  | 'saveSealed'
  | 'outRows'
  | 'markOut'
  | 'markSent'
  | 'dropCopies'
  | 'keepReceipts'
>;

function wayOut(tx: Tx): WayOut {
  return {
    async takeQueued(limit, blocked) {
      // Behind a row that another process works on nothing of its chain is taken: what was filed later must not overtake it.
      const rows = await tx.ask(sql<Row>`WITH taken AS MATERIALIZED (
        SELECT outbox.id, outbox.item, outbox.version, outbox.peer, outbox.nation, outbox.lane, outbox.serial, outbox.sealing,
          item.agency_tag, item.conditions, item.state = 'recalled' AS recalled
        FROM outbox JOIN item ON item.id = outbox.item AND item.version = outbox.version
        WHERE outbox.state = 'queued' AND (item.state = 'recalled' OR NOT EXISTS (SELECT 1
          FROM unnest(${buffers(blocked.map(({ peer }) => peer))}::bytea[], ${blocked.map(({ lane }) => lane)}::int[])
            AS blocked (peer, lane) WHERE blocked.peer = outbox.peer AND blocked.lane = outbox.lane))
        ORDER BY outbox.lane, outbox.serial LIMIT ${limit} FOR UPDATE OF outbox SKIP LOCKED)
        SELECT * FROM taken WHERE recalled OR NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.state = 'queued'
          AND earlier.peer = taken.peer AND earlier.lane = taken.lane AND earlier.serial < taken.serial
          AND earlier.id NOT IN (SELECT id FROM taken)) ORDER BY lane, serial`);
      return rows.map(queuedItem);
    },
    async payloadOf(item, version) {
      const opened = await tx.as(machineViewer('seal')).item(item, version);
      if (opened !== null) return readBody(opened.body).payload;
      const rows = await tx.ask(
        sql`SELECT 1 FROM item WHERE id = ${item} AND version = ${version} AND state = 'recalled'`,
      );
      return rows.length > 0 ? 'recalled' : null;
    },
    async lockOut(places) {
      const known = await lockedHeads(tx, places);
      if (known.length === places.length) return known;
      await tx.ask(sql`INSERT INTO chain_out (peer, lane, seq, head) SELECT peer, lane, 0, ''::bytea
        FROM unnest(${buffers(places.map(({ peer }) => peer))}::bytea[], ${places.map(({ lane }) => lane)}::int[])
          AS place (peer, lane) ON CONFLICT DO NOTHING`);
      return lockedHeads(tx, places);
    },
    async saveSealed(envelopes, rows, atMs) {
      const peers = buffers(rows.map(({ peer }) => peer));
      const lanes = rows.map(({ lane }) => lane);
      const seqs = rows.map(({ seq }) => seq);
      const ids = buffers(rows.map(({ envelope }) => envelope));
      const leaves = buffers(rows.map(({ leaf }) => leaf));
      tx.tell(sql`WITH done AS (
          SELECT * FROM unnest(${rows.map(({ outbox }) => outbox)}::uuid[], ${peers}::bytea[], ${lanes}::int[], ${seqs}::bigint[],
            ${ids}::bytea[], ${leaves}::bytea[], ${buffers(rows.map(({ middle }) => middle))}::bytea[])
            AS row (outbox, peer, lane, seq, envelope, leaf, middle)),
        shared AS (INSERT INTO envelope_out (id, leaf, front, rear) SELECT * FROM unnest(
          ${buffers(envelopes.map(({ id }) => id))}::bytea[], ${buffers(envelopes.map(({ leaf }) => leaf))}::bytea[],
          ${buffers(envelopes.map(({ front }) => front))}::bytea[], ${buffers(envelopes.map(({ rear }) => rear))}::bytea[])),
        copied AS (INSERT INTO copy_out (peer, lane, seq, envelope, middle) SELECT peer, lane, seq, envelope, middle FROM done),
        chained AS (UPDATE chain_out SET seq = newest.seq, head = newest.leaf
          FROM (SELECT DISTINCT ON (peer, lane) peer, lane, seq, leaf FROM done ORDER BY peer, lane, seq DESC) AS newest
          WHERE chain_out.peer = newest.peer AND chain_out.lane = newest.lane)
        UPDATE outbox SET state = 'sealed', envelope = done.envelope, seq = done.seq, leaf = done.leaf,
          sealed_at = ${new Date(atMs)}, sealing = outbox.sealing + 1 FROM done WHERE outbox.id = done.outbox`);
    },
    async outRows(ranges) {
      const rows = await tx.ask(sql<Row>`SELECT id, item, outbox.peer, nation, outbox.lane, seq, leaf, state FROM outbox
        JOIN unnest(${buffers(ranges.map(({ peer }) => peer))}::bytea[], ${ranges.map(({ lane }) => lane)}::int[],
          ${ranges.map(({ from }) => from)}::bigint[], ${ranges.map(({ to }) => to)}::bigint[]) AS range (peer, lane, first, last)
          ON outbox.peer = range.peer AND outbox.lane = range.lane AND outbox.seq BETWEEN range.first AND range.last
        WHERE outbox.seq = range.last OR ${canStillTurn}
        ORDER BY outbox.peer, outbox.lane, seq FOR UPDATE OF outbox`);
      return rows.map(outRow);
    },
    async markOut(rows, atMs) {
      if (rows.length === 0) return;
      const times = (pick: (row: (typeof rows)[number]) => number | undefined) => rows.map((row) => date(pick(row)));
      tx.tell(sql`UPDATE outbox SET
          state = CASE WHEN outbox.state IN ('refused', 'recalled') OR (outbox.state = 'opened' AND tick.state <> 'recalled')
            THEN outbox.state ELSE tick.state END,
          reason = COALESCE(tick.reason, outbox.reason),
          sent_at = COALESCE(outbox.sent_at, tick.received_at),
          -- A time nobody told stays unknown: GREATEST alone would take the other one.
          received_at = COALESCE(outbox.received_at, CASE WHEN tick.received_at IS NOT NULL
            THEN GREATEST(tick.received_at, outbox.sealed_at) END),
          verified_at = COALESCE(outbox.verified_at, CASE WHEN tick.verified_at IS NOT NULL
            THEN GREATEST(tick.verified_at, outbox.sealed_at) END),
          opened_at = COALESCE(outbox.opened_at, tick.opened_at),
          receipted_at = COALESCE(outbox.receipted_at, CASE WHEN tick.verified_at IS NOT NULL THEN ${new Date(atMs)}::timestamptz END)
        FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ state }) => state)}::text[],
          ${rows.map(({ reason }) => reason ?? null)}::text[], ${times((row) => row.receivedAtMs)}::timestamptz[],
          ${times((row) => row.verifiedAtMs)}::timestamptz[], ${times((row) => row.openedAtMs)}::timestamptz[])
          AS tick (id, state, reason, received_at, verified_at, opened_at) WHERE outbox.id = tick.id`);
    },
    async markSent(rows) {
      // Locked in the order in which receipts lock them.
      tx.tell(sql`WITH marked AS MATERIALIZED (SELECT outbox.id, mark.at FROM outbox
          JOIN unnest(${buffers(rows.map(({ peer }) => peer))}::bytea[], ${rows.map(({ lane }) => lane)}::int[],
            ${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ atMs }) => new Date(atMs))}::timestamptz[]) AS mark (peer, lane, seq, at)
            ON outbox.peer = mark.peer AND outbox.lane = mark.lane AND outbox.seq = mark.seq
          WHERE outbox.sent_at IS NULL ORDER BY outbox.peer, outbox.lane, outbox.seq FOR UPDATE OF outbox)
        UPDATE outbox SET sent_at = COALESCE(sent_at, marked.at), state = CASE WHEN state = 'sealed' THEN 'sent' ELSE state END
        FROM marked WHERE outbox.id = marked.id`);
    },
    async dropCopies(ranges) {
      if (ranges.length === 0) return;
      const rangesOf = [
        buffers(ranges.map(({ peer }) => peer)),
        ranges.map(({ lane }) => lane),
        ranges.map(({ from }) => from),
        ranges.map(({ to }) => to),
      ] as const;
      // A statement of its own: of two that drop the last two copies of an envelope, the second must see the first's end.
      tx.tell(sql`SELECT id FROM envelope_out WHERE id IN (SELECT envelope FROM copy_out
          JOIN unnest(${rangesOf[0]}::bytea[], ${rangesOf[1]}::int[], ${rangesOf[2]}::bigint[], ${rangesOf[3]}::bigint[])
            AS done (peer, lane, first, last)
          ON copy_out.peer = done.peer AND copy_out.lane = done.lane AND copy_out.seq BETWEEN done.first AND done.last)
        ORDER BY id FOR UPDATE`);
      // What another transaction seals meanwhile is not seen, and lies above all that is: `acked` never reaches it.
      tx.tell(sql`WITH done AS (
          SELECT * FROM unnest(${rangesOf[0]}::bytea[], ${rangesOf[1]}::int[], ${rangesOf[2]}::bigint[], ${rangesOf[3]}::bigint[])
            AS row (peer, lane, first, last)),
        gone AS (DELETE FROM copy_out USING done
          WHERE copy_out.peer = done.peer AND copy_out.lane = done.lane AND copy_out.seq BETWEEN done.first AND done.last
          RETURNING copy_out.peer, copy_out.lane, copy_out.seq, copy_out.envelope),
        empty AS (DELETE FROM envelope_out WHERE id IN (SELECT envelope FROM gone) AND NOT EXISTS (
          SELECT 1 FROM copy_out LEFT JOIN gone USING (peer, lane, seq)
          WHERE copy_out.envelope = envelope_out.id AND gone.seq IS NULL)),
        settled AS (SELECT peer, lane, COALESCE(LEAST((SELECT min(seq) - 1 FROM outbox WHERE outbox.peer = done.peer
            AND outbox.lane = done.lane AND state IN ('sealed', 'sent', 'held', 'received')),
            -- Opened, and the receipt that proves its delivery was lost: it is still to be asked for.
            (SELECT min(seq) - 1 FROM outbox WHERE outbox.peer = done.peer AND outbox.lane = done.lane
              AND state = 'opened' AND verified_at IS NULL)),
            -- Nothing is open: all that was sealed so far is settled, in whatever order its receipts came.
            (SELECT max(seq) FROM outbox WHERE outbox.peer = done.peer AND outbox.lane = done.lane)) AS seq
          FROM (SELECT DISTINCT peer, lane FROM done) AS done),
        locked AS MATERIALIZED (SELECT chain_out.peer, chain_out.lane, settled.seq FROM chain_out
          JOIN settled ON chain_out.peer = settled.peer AND chain_out.lane = settled.lane
          ORDER BY chain_out.peer, chain_out.lane FOR UPDATE OF chain_out)
        UPDATE chain_out SET acked = GREATEST(acked, locked.seq) FROM locked
        WHERE chain_out.peer = locked.peer AND chain_out.lane = locked.lane`);
    },
    async keepReceipts(receipts) {
      if (receipts.length === 0) return { matching: [], fresh: [], rows: [] };
      const rows = await tx.ask(sql<Row>`WITH given AS (
          SELECT * FROM unnest(${buffers(receipts.map(({ peer }) => peer))}::bytea[], ${receipts.map(({ lane }) => lane)}::int[],
            ${receipts.map(({ fromSeq }) => fromSeq)}::bigint[], ${receipts.map(({ toSeq }) => toSeq)}::bigint[],
            ${receipts.map(({ state }) => state)}::text[], ${buffers(receipts.map(({ bytes }) => bytes))}::bytea[],
            ${buffers(receipts.map(({ leaf }) => leaf))}::bytea[], ${buffers(receipts.map(({ leafAtToSeq }) => leafAtToSeq))}::bytea[])
            WITH ORDINALITY AS given (peer, lane, from_seq, to_seq, state, bytes, leaf, sent_leaf, place)),
        matching AS (SELECT given.* FROM given JOIN outbox ON outbox.peer = given.peer AND outbox.lane = given.lane
          AND outbox.seq = given.to_seq AND outbox.leaf = given.sent_leaf),
        fresh AS (INSERT INTO receipt_in (peer, lane, from_seq, to_seq, state, bytes, leaf)
          SELECT peer, lane, from_seq, to_seq, state, bytes, leaf FROM matching ORDER BY place
          ON CONFLICT DO NOTHING RETURNING peer, lane, from_seq, to_seq, leaf),
        open AS (SELECT outbox.id, outbox.item, outbox.peer, outbox.nation, outbox.lane, outbox.seq, outbox.leaf, outbox.state
          FROM outbox JOIN fresh ON outbox.peer = fresh.peer AND outbox.lane = fresh.lane
            AND outbox.seq BETWEEN fresh.from_seq AND fresh.to_seq
          WHERE outbox.seq = fresh.to_seq OR ${canStillTurn}
          ORDER BY outbox.peer, outbox.lane, outbox.seq FOR UPDATE OF outbox)
        SELECT 'matching' AS what, leaf, NULL::uuid AS id, NULL::uuid AS item, NULL::bytea AS peer, NULL::text AS nation,
          NULL::int AS lane, NULL::bigint AS seq, NULL::text AS state FROM matching
        UNION ALL SELECT 'fresh', leaf, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM fresh
        UNION ALL SELECT 'row', leaf, id, item, peer, nation, lane, seq, state FROM open`);
      const leavesOf = (what: string) => rows.filter((row) => row.what === what).map((row) => bytesOf(row.leaf));
      return {
        matching: leavesOf('matching'),
        fresh: leavesOf('fresh'),
        rows: rows.filter(({ what }) => what === 'row').map(outRow),
      };
    },
  };
}

/** Of a delivery that a receipt can still change. */
const canStillTurn = sql`(outbox.state IN ('sealed', 'sent', 'held', 'received')
  OR (outbox.state = 'opened' AND outbox.verified_at IS NULL))`;

async function lockedHeads(tx: Tx, places: readonly { peer: Uint8Array; lane: number }[]): Promise<ChainHead[]> {
  const rows = await tx.ask(sql<Row>`SELECT chain_out.peer, chain_out.lane, seq, head FROM chain_out
    JOIN unnest(${buffers(places.map(({ peer }) => peer))}::bytea[], ${places.map(({ lane }) => lane)}::int[]) AS place (peer, lane)
      ON chain_out.peer = place.peer AND chain_out.lane = place.lane
    ORDER BY chain_out.peer, chain_out.lane FOR UPDATE OF chain_out`);
  return rows.map((row) => chainHead(bytesOf(row.peer), row));
}

function queuedItem(row: Row): QueuedItem {
  return {
    id: row.id as string,
    item: row.item as string,
    version: row.version as number,
    peer: bytesOf(row.peer),
    nation: row.nation as string,
    lane: row.lane as QueuedItem['lane'],
    sealing: row.sealing as number,
    agency: row.agency_tag as string | null,
    conditions: row.conditions as string[],
    isRecalled: row.recalled as boolean,
  };
}

function outRow(row: Row): OutRow {
  return {
    id: row.id as string,
    item: row.item as string,
    nation: row.nation as string,
    peer: bytesOf(row.peer),
    lane: row.lane as OutRow['lane'],
    seq: Number(row.seq),
    leaf: bytesOf(row.leaf),
    state: row.state as OutRow['state'],
  };
}

type WayIn = Pick<
  ExchangeTx,
  'lockIn' | 'takeOpenedOwed' | 'arrivedItem' | 'saveTaken' | 'held' | 'heldSize' | 'putItem' | 'receiptsCovering'
>;

function wayIn(tx: Tx): WayIn {
  return {
    async lockIn(peer, ids) {
      // A statement of its own: what is read must be read after the lock is held. It also holds when there is no row yet.
      const key = Buffer.from(peer);
      const locked = tx.lock('exchange-in', key.toString('hex'));
      const reading =
        tx.ask(sql<Row>`SELECT 'head' AS what, peer, NULL::bytea AS id, head AS leaf, lane, seq, NULL AS state, NULL AS code,
          NULL::uuid AS item, 0::bigint AS alias, NULL::bytea AS raw, NULL::timestamptz AS received_at,
          NULL::timestamptz AS verified_at FROM chain_in WHERE peer = ${key}
        UNION ALL SELECT 'arrived', peer, id, leaf, lane, seq, state, code, item, alias, raw, received_at, verified_at
          FROM envelope_in WHERE peer = ${key} AND id = ANY(${buffers(ids)}::bytea[])
        UNION ALL SELECT DISTINCT 'held', peer, NULL::bytea, NULL::bytea, lane, 0::bigint, NULL, NULL, NULL::uuid, 0::bigint, NULL::bytea,
          NULL::timestamptz, NULL::timestamptz FROM envelope_in WHERE peer = ${key} AND state = 'held'`);
      const [, rows] = await Promise.all([locked, reading]);
      return {
        heads: rows.filter(({ what }) => what === 'head').map((row) => chainHead(peer, { ...row, head: row.leaf })),
        arrived: rows.filter(({ what }) => what === 'arrived').map(arrivedRow),
        heldLanes: rows.filter(({ what }) => what === 'held').map(({ lane }) => lane as Lane),
      };
    },
    async takeOpenedOwed(item) {
      const rows = await tx.ask(sql<Row>`DELETE FROM opened_owed WHERE item = ${item} RETURNING opened_at`);
      return rows[0] ? (rows[0].opened_at as Date).getTime() : null;
    },
    async arrivedItem(item) {
      const rows = await tx.ask(
        sql<Row>`SELECT * FROM envelope_in WHERE item = ${item} AND state = 'verified' ORDER BY seq DESC LIMIT 1`,
      );
      return rows[0] ? arrivedRow(rows[0]) : null;
    },
    async saveTaken({ arrived, heads, receipts }) {
      tx.tell(sql`WITH came AS (
          INSERT INTO envelope_in (peer, id, leaf, lane, seq, state, code, item, alias, raw, received_at, verified_at)
          SELECT * FROM unnest(${buffers(arrived.map(({ peer }) => peer))}::bytea[], ${buffers(arrived.map(({ id }) => id))}::bytea[],
            ${buffers(arrived.map(({ leaf }) => leaf))}::bytea[], ${arrived.map(({ lane }) => lane)}::int[],
            ${arrived.map(({ seq }) => seq)}::bigint[], ${arrived.map(({ state }) => state)}::text[],
            ${arrived.map(({ code }) => code)}::text[], ${arrived.map(({ item }) => item)}::uuid[],
            ${arrived.map(({ alias }) => alias)}::bigint[], ${arrived.map(({ raw }) => (raw ? Buffer.from(raw) : null))}::bytea[],
            ${arrived.map(({ receivedAtMs }) => date(receivedAtMs))}::timestamptz[],
            ${arrived.map(({ verifiedAtMs }) => date(verifiedAtMs))}::timestamptz[])
          ON CONFLICT (peer, id) DO UPDATE SET state = EXCLUDED.state, code = EXCLUDED.code, item = EXCLUDED.item,
            alias = EXCLUDED.alias, raw = EXCLUDED.raw, verified_at = EXCLUDED.verified_at WHERE envelope_in.state = 'held'),
        answered AS (INSERT INTO receipt_out (peer, lane, from_seq, to_seq, state, bytes)
          SELECT * FROM unnest(${buffers(receipts.map(({ peer }) => peer))}::bytea[], ${receipts.map(({ lane }) => lane)}::int[],
            ${receipts.map(({ fromSeq }) => fromSeq)}::bigint[], ${receipts.map(({ toSeq }) => toSeq)}::bigint[],
            ${receipts.map(({ state }) => state)}::text[], ${buffers(receipts.map(({ bytes }) => bytes))}::bytea[]))
        INSERT INTO chain_in (peer, lane, seq, head) SELECT * FROM unnest(
          ${buffers(heads.map(({ peer }) => peer))}::bytea[], ${heads.map(({ lane }) => lane)}::int[],
          ${heads.map(({ seq }) => seq)}::bigint[], ${heads.map(({ head }) => (head ? Buffer.from(head) : null))}::bytea[])
        ON CONFLICT (peer, lane) DO UPDATE SET seq = EXCLUDED.seq, head = EXCLUDED.head`);
    },
    async held(peer, lane, from, limit) {
      const rows = await tx.ask(sql<Row>`SELECT * FROM envelope_in WHERE peer = ${Buffer.from(peer)} AND lane = ${lane}
        AND seq >= ${from} AND state = 'held' ORDER BY seq LIMIT ${limit}`);
      return rows.map(arrivedRow);
    },
    async heldSize(peer) {
      const rows = await tx.ask(sql<Row>`SELECT count(*) AS envelopes, COALESCE(sum(octet_length(raw)), 0) AS size_bytes
        FROM envelope_in WHERE peer = ${Buffer.from(peer)} AND state = 'held'`);
      return { envelopes: Number(rows[0]?.envelopes), sizeBytes: Number(rows[0]?.size_bytes) };
    },
    async putItem({ report, payload, alias }) {
      const item = itemOfReport(report, { own: false, agency: null, payload, home: { alias } });
      return tx.putItem(item.record, item.statements, item.contents);
    },
    async receiptsCovering(peer, places) {
      const rows = await tx.ask(sql<Row>`SELECT DISTINCT receipt_out.* FROM receipt_out
        JOIN unnest(${places.map(({ lane }) => lane)}::int[], ${places.map(({ seq }) => seq)}::bigint[]) AS place (lane, seq)
          ON receipt_out.lane = place.lane AND place.seq BETWEEN from_seq AND to_seq
        WHERE peer = ${Buffer.from(peer)} ORDER BY receipt_out.id`);
      return rows.map(receiptRow);
    },
  };
}

function arrivedRow(row: Row): ArrivedRow {
  return {
    peer: bytesOf(row.peer),
    id: bytesOf(row.id),
    leaf: bytesOf(row.leaf),
    lane: row.lane as ArrivedRow['lane'],
    seq: Number(row.seq),
    state: row.state as ArrivedRow['state'],
    code: row.code as string | null,
    item: row.item as string | null,
    alias: Number(row.alias),
    raw: bytesOrNull(row.raw),
    receivedAtMs: (row.received_at as Date).getTime(),
    verifiedAtMs: (row.verified_at as Date | null)?.getTime() ?? null,
  };
}

type Aftermath = Pick<ExchangeTx, 'keepEvidence' | 'heldSince' | 'setAside' | 'alarm' | 'appendLog' | 'announce'>;

function aftermath(tx: Tx, ports: Ports): Aftermath {
  return {
    keepEvidence: (all) => keepEvidence(tx, all),
    async heldSince(beforeMs) {
      const rows = await tx.ask(sql<Row>`SELECT DISTINCT peer, code FROM envelope_in
        WHERE state = 'held' AND received_at < ${new Date(beforeMs)}`);
      return rows.map((row) => ({ peer: bytesOf(row.peer), code: row.code as AlarmCode }));
    },
    async setAside(row, atMs) {
      await tx.ask(sql`INSERT INTO quarantine (id, peer, lane, seq, code, leaf, raw, set_aside_at) SELECT ${newUuid(ports.random)}::uuid,
        ${Buffer.from(row.peer)}::bytea, ${row.lane}::int, ${row.seq}::bigint, ${row.code}::text, ${row.leaf ? Buffer.from(row.leaf) : null}::bytea,
        CASE WHEN kept.count < ${QUARANTINE_RAW_MAX} THEN ${Buffer.from(row.raw)}::bytea END, ${new Date(atMs)}::timestamptz
        FROM (SELECT count(*) FROM quarantine WHERE peer = ${Buffer.from(row.peer)} AND raw IS NOT NULL) AS kept`);
    },
    async alarm(kind, code, nation, atMs) {
      await raiseAlarm(tx.db, newUuid(ports.random), { kind, code, nation, atMs });
    },
    async appendLog(leaves) {
      if (leaves.length > 0) await ports.log.appendInTx(tx, leaves);
    },
    async announce(events) {
      for (const { kind, item, version, urgency } of events) {
        tx.emit({ kind, item: item ?? null, desk: 'reports', version: version ?? null, urgency: urgency ?? 'routine' });
      }
    },
  };
}
