/** From durable to integrated: indexes, frontier, signed checkpoint, all in one transaction. */
import { appendEntry, type Frontier, frontierRoot, signCheckpoint, type TreeHash } from '@tripoint/envelope/proof';
import type { LogKey } from '@tripoint/envelope/suite';
import { sql } from 'kysely';
import type { InTx } from './ports.ts';

/** Leaves of one transaction: about 50 ms of work, so that a backlog of hours never meets a statement timeout. */
export const BATCH_LEAVES_MAX = 4_096;

/**
 * Hashes of complete subtrees of 2^4, 2^8, 2^12, … entries are stored: one row more for every 15 leaves, and a proof
 * reads at most 32 rows for every four levels. With 2^8 a proof cost 3.2 CPU-ms.
 */
export const STORED_LEVELS_STEP = 4;

/** Any number will do, as long as every process of a bureau takes the same one; locks count within one database. */
const INTEGRATOR_LOCK = 5_402_871;
const HASH_BYTES = 32;

export type LogIdentity = {
  /** `tripoint/<charter id>/<member id>` */
  readonly origin: string;
  readonly logKey: LogKey;
};

/**
 * Integrates at most `BATCH_LEAVES_MAX` pending leaves and returns how many; 0 also while another process does it.
 * The lock keeps two from working for nothing; the comparison on the head is what makes a fork impossible.
 */
export async function integrateBatch(tx: InTx, log: LogIdentity, nowMs: number): Promise<number> {
  if (!(await isIntegrator(tx))) return 0;
  const before = await readFrontier(tx);
  const { entries } = await takePending(tx, before.size);
  if (entries.length === 0) return 0;
  const { frontier, nodes } = grow(before, entries);
  await moveHead(tx, before.size, frontier, nodes, { ...signedHead(log, frontier), nowMs });
  return entries.length;
}

async function isIntegrator(tx: InTx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${INTEGRATOR_LOCK}) AS mine
    WHERE EXISTS (SELECT FROM log_pending)`.execute(tx.db);
  return rows[0]?.mine === true;
}

/** Whether this transaction alone may move the head now, whatever is pending. */
export async function headLock(tx: InTx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${INTEGRATOR_LOCK}) AS mine`.execute(
    tx.db,
  );
  return rows[0]?.mine === true;
}

export function signedHead(log: LogIdentity, frontier: Frontier): { root: Uint8Array; note: string } {
  const root = frontierRoot(frontier);
  return { root, note: signCheckpoint({ origin: log.origin, size: frontier.size, root }, log.logKey) };
}

export async function readFrontier(tx: InTx): Promise<Frontier> {
  const { rows } = await sql<{ size: bigint; frontier: Uint8Array }>`SELECT size, frontier FROM log_head`.execute(
    tx.db,
  );
  const [head] = rows;
  if (head === undefined) throw new Error('the log has no head');
  const roots = Array.from({ length: head.frontier.length / HASH_BYTES }, (_, at) =>
    Uint8Array.from(head.frontier.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
  return { size: Number(head.size), roots };
}

/** Gives the oldest pending leaves their indexes; returns their entries in that order. `isAll`: fewer than a batch. */
export async function takePending(tx: InTx, size: number): Promise<{ entries: Uint8Array[]; isAll: boolean }> {
  const { rows } = await sql<{ index: bigint; entry: Uint8Array }>`WITH taken AS (
      DELETE FROM log_pending WHERE id IN (SELECT id FROM log_pending ORDER BY id LIMIT ${BATCH_LEAVES_MAX})
      RETURNING id, entry, kind, ref)
    INSERT INTO log_entry (index, entry, kind, ref)
    SELECT ${size}::bigint + row_number() OVER (ORDER BY id) - 1, entry, kind, ref FROM taken
    RETURNING index, entry`.execute(tx.db);
  const entries: Uint8Array[] = [];
  for (const { index, entry } of rows) entries[Number(index) - size] = entry;
  return { entries, isAll: entries.length < BATCH_LEAVES_MAX };
}

export function grow(before: Frontier, entries: readonly Uint8Array[]): { frontier: Frontier; nodes: TreeHash[] } {
  let frontier = before;
  const nodes: TreeHash[] = [];
  for (const entry of entries) {
    const grown = appendEntry(frontier, entry);
    frontier = grown.frontier;
    for (const node of grown.finished) {
      if (node.level > 0 && node.level % STORED_LEVELS_STEP === 0) nodes.push(node);
    }
  }
  return { frontier, nodes };
}

export type NewHead = { readonly root: Uint8Array; readonly note: string; readonly nowMs: number };

/**
 * Throws when the head is not where it was: then nothing of this batch becomes true. Of checkpoints signed within one
 * minute the last stays; an earlier one can be signed again with the same bytes (Ed25519 is deterministic).
 */
export async function moveHead(
  tx: InTx,
  oldSize: number,
  frontier: Frontier,
  nodes: readonly TreeHash[],
  { root, note, nowMs }: NewHead,
): Promise<void> {
  const at = sql`to_timestamp(${nowMs}::float8 / 1000)`;
  const { rows } = await sql<{ moved: bigint }>`WITH moved AS (
      UPDATE log_head SET size = ${frontier.size}, frontier = ${joined(frontier.roots)} WHERE size = ${oldSize} RETURNING 1),
    thinned AS (DELETE FROM checkpoint
      WHERE size = ${oldSize} AND date_trunc('minute', at) = date_trunc('minute', ${at})),
    noted AS (INSERT INTO checkpoint (size, root, note, at) VALUES (${frontier.size}, ${root}, ${note}, ${at})),
    kept AS (INSERT INTO log_node (level, index, hash) SELECT * FROM unnest(
      ${nodes.map(({ level }) => level)}::smallint[], ${nodes.map(({ index }) => index)}::bigint[],
      ${nodes.map(({ hash }) => hash)}::bytea[]))
    SELECT count(*) AS moved FROM moved`.execute(tx.db);
  if (Number(rows[0]?.moved) !== 1) throw new Error('the head of the log moved under its integrator');
}

const joined = (roots: readonly Uint8Array[]): Uint8Array => Uint8Array.from(roots.flatMap((root) => [...root]));
