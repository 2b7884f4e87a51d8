/**
 * The beat (wire.md §8): heads leave the bureau on a fixed beat, and from beat to beat the tree grows by a whole number
 * of the charter's leaves, filled up with dummies. Whoever watches learns nothing of how much was logged within them.
 */
import { sql } from 'kysely';
import { grow, headLock, type LogIdentity, moveHead, readFrontier, signedHead, takePending } from './integrate.ts';
import type { InTx, Random } from './ports.ts';
import type { Head } from './prove.ts';

/** From the charter in force. */
export type Cadence = {
  readonly beatMs: number;
  /** Leaves the tree grows by in each beat; a burst takes the next multiple. */
  readonly leavesPerBeat: number;
};

/** Which beat a moment belongs to. */
export const beatNumber = (nowMs: number, { beatMs }: Cadence): number => Math.floor(nowMs / beatMs);

/** Size of the tree at the next beat: at least one step on, and all that is logged fits. */
export function sizeAtBeat(lastBeatSize: number, size: number, { leavesPerBeat }: Cadence): number {
  const steps = Math.max(1, Math.ceil((size - lastBeatSize) / leavesPerBeat));
  return lastBeatSize + steps * leavesPerBeat;
}

/**
 * Makes the beat of this moment. `done`: it is made, here or by another process of the bureau. `later`: another process
 * is at the log just now. `more`: so much was pending that it was integrated first; ask again.
 */
export async function makeBeat(
  tx: InTx,
  log: LogIdentity,
  cadence: Cadence,
  random: Random,
  nowMs: number,
): Promise<'done' | 'later' | 'more'> {
  if (!(await headLock(tx))) return 'later';
  const last = await lastBeat(tx);
  const number = beatNumber(nowMs, cadence);
  if (last?.number === number) return 'done';
  const before = await readFrontier(tx);
  const pending = await takePending(tx, before.size);
  const isWhole = pending.isAll;
  const size = before.size + pending.entries.length;
  const dummies = isWhole
    ? Array.from({ length: sizeAtBeat(last?.size ?? 0, size, cadence) - size }, () => random(ENTRY_BYTES))
    : [];
  await addDummies(tx, size, dummies);
  const { frontier, nodes } = grow(before, [...pending.entries, ...dummies]);
  const head = signedHead(log, frontier);
  if (frontier.size > before.size) await moveHead(tx, before.size, frontier, nodes, { ...head, nowMs });
  if (!isWhole) return 'more';
  await sql`INSERT INTO log_beat (size, number, root, note, at)
    VALUES (${frontier.size}, ${number}, ${head.root}, ${head.note}, to_timestamp(${nowMs}::float8 / 1000))`.execute(
    tx.db,
  );
  return 'done';
}

const ENTRY_BYTES = 32;

async function lastBeat(tx: InTx): Promise<{ size: number; number: number } | null> {
  const { rows } = await sql<{ size: bigint; number: bigint }>`SELECT size, number FROM log_beat
    ORDER BY size DESC LIMIT 1`.execute(tx.db);
  return rows[0] ? { size: Number(rows[0].size), number: Number(rows[0].number) } : null;
}

/** They never were pending: nobody waits for them, and nothing refers to them. */
async function addDummies(tx: InTx, size: number, dummies: readonly Uint8Array[]): Promise<void> {
  if (dummies.length === 0) return;
  await sql`INSERT INTO log_entry (index, entry, kind, ref)
    SELECT ${size}::bigint + place - 1, entry, 'dummy', '' FROM unnest(${[...dummies]}::bytea[])
    WITH ORDINALITY AS given (entry, place)`.execute(tx.db);
}

type Row = { size: bigint; root: Uint8Array; note: string; at: number };

const headOf = ({ size, root, note, at }: Row): Head => ({
  size: Number(size),
  root: Uint8Array.from(root),
  note,
  atMs: at,
});

/** The newest head that may leave the bureau; null before the first beat. */
export async function newestBeat(tx: InTx): Promise<Head | null> {
  const { rows } = await sql<Row>`SELECT size, root, note, extract(epoch FROM at)::float8 * 1000 AS at FROM log_beat
    ORDER BY size DESC LIMIT 1`.execute(tx.db);
  return rows[0] ? headOf(rows[0]) : null;
}

/** A cosigned head, with the lines of its witnesses under the note. */
export type WitnessedHead = Head & { readonly witnesses: readonly Uint8Array[]; readonly witnessedAtMs: number };

/** The newest head that enough nations have cosigned; null before the first. */
export async function newestWitnessed(tx: InTx): Promise<WitnessedHead | null> {
  const { rows } = await sql<Row & { witnessed: number }>`SELECT size, root, note,
    extract(epoch FROM at)::float8 * 1000 AS at, extract(epoch FROM witnessed_at)::float8 * 1000 AS witnessed
    FROM log_beat WHERE witnessed_at IS NOT NULL ORDER BY size DESC LIMIT 1`.execute(tx.db);
  const [row] = rows;
  if (row === undefined) return null;
  const cosigned = await sql<{ witness: Uint8Array; lines: string }>`SELECT witness, lines FROM log_cosignature
    WHERE size = ${row.size} ORDER BY witness`.execute(tx.db);
  return {
    ...headOf(row),
    note: row.note + cosigned.rows.map(({ lines }) => lines).join(''),
    witnesses: cosigned.rows.map(({ witness }) => Uint8Array.from(witness)),
    witnessedAtMs: row.witnessed,
  };
}

export type Cosignature = { readonly size: number; readonly witness: Uint8Array; readonly lines: string };

/** The head of one beat; null when it is none, or already thinned out. */
export async function beatOf(tx: InTx, size: number): Promise<Head | null> {
  const { rows } = await sql<Row>`SELECT size, root, note, extract(epoch FROM at)::float8 * 1000 AS at FROM log_beat
    WHERE size = ${size}`.execute(tx.db);
  return rows[0] ? headOf(rows[0]) : null;
}

/**
 * Keeps a verified cosignature. true: with it the beat is witnessed for the first time. Of the beats of one hour only
 * the last witnessed stays, for every later head proves all entries below it; those still pending stay too.
 */
export async function keepCosignature(
  tx: InTx,
  { size, witness, lines }: Cosignature,
  quorum: number,
  nowMs: number,
): Promise<boolean> {
  const at = sql`to_timestamp(${nowMs}::float8 / 1000)`;
  await sql`INSERT INTO log_cosignature (size, witness, lines, at) VALUES (${size}, ${witness}, ${lines}, ${at})
    ON CONFLICT DO NOTHING`.execute(tx.db);
  const { rows } = await sql`UPDATE log_beat SET witnessed_at = ${at} WHERE size = ${size} AND witnessed_at IS NULL
    AND (SELECT count(*) FROM log_cosignature WHERE size = ${size}) >= ${quorum} RETURNING 1`.execute(tx.db);
  if (rows.length === 0) return false;
  await sql`DELETE FROM log_beat USING log_beat AS now WHERE now.size = ${size} AND log_beat.size < now.size
    AND log_beat.at >= date_trunc('hour', now.at)`.execute(tx.db);
  return true;
}
