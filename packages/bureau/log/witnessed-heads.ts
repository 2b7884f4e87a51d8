/** Heads of other nations' logs that this bureau cosigned, and evidence that one of them does not hold together. */
import { type ForkKind, forkLeaf } from '@tripoint/envelope/proof';
import { sql } from 'kysely';
import { append } from './append.ts';
import type { AppendTx, InTx } from './ports.ts';
import type { HeldHead } from './witness-rules.ts';

/** Every head is remembered for a week, so that a rolled-back log contradicts one of them at its next beat. */
export const HEADS_KEPT_MS = 7 * 86_400_000;

type Row = { size: bigint; root: Uint8Array; note: string; at: number };

const headOf = ({ size, root, note, at }: Row): HeldHead => ({
  size: Number(size),
  root: Uint8Array.from(root),
  note,
  atMs: at,
});

/** Until the transaction ends nobody else decides about this member's log. */
export async function lockMember(tx: InTx, memberId: Uint8Array): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('log-witness'), hashtext(${Buffer.from(memberId).toString('hex')}))`.execute(
    tx.db,
  );
}

/** The last head cosigned of a member's log; null before the first. */
export async function heldHead(tx: InTx, memberId: Uint8Array): Promise<HeldHead | null> {
  const { rows } = await sql<Row>`SELECT size, root, note, extract(epoch FROM at)::float8 * 1000 AS at
    FROM witnessed_head WHERE member = ${memberId} ORDER BY size DESC LIMIT 1`.execute(tx.db);
  return rows[0] ? headOf(rows[0]) : null;
}

/** One of exactly this size, if one was ever cosigned and is still remembered. */
export async function heldOfSize(tx: InTx, memberId: Uint8Array, size: number): Promise<HeldHead | null> {
  const { rows } = await sql<Row>`SELECT size, root, note, extract(epoch FROM at)::float8 * 1000 AS at
    FROM witnessed_head WHERE member = ${memberId} AND size = ${size}`.execute(tx.db);
  return rows[0] ? headOf(rows[0]) : null;
}

export async function keepHead(tx: InTx, memberId: Uint8Array, head: HeldHead): Promise<void> {
  await sql`INSERT INTO witnessed_head (member, size, root, note, at)
    VALUES (${memberId}, ${head.size}, ${head.root}, ${head.note}, to_timestamp(${head.atMs}::float8 / 1000))`.execute(
    tx.db,
  );
}

/** Of heads older than `HEADS_KEPT_MS` the last of each hour stays, and always the last of all. */
export async function thinHeads(tx: InTx, nowMs: number): Promise<void> {
  await sql`DELETE FROM witnessed_head AS old USING witnessed_head AS later
    WHERE old.at < to_timestamp(${nowMs - HEADS_KEPT_MS}::float8 / 1000) AND later.member = old.member
      AND later.size > old.size AND date_trunc('hour', later.at) = date_trunc('hour', old.at)`.execute(tx.db);
}

/** Pieces of evidence kept of one log and kind: one would do, and a member's flood of them fills no disk. */
export const FORKS_KEPT_MAX = 64;

export type KeptFork = {
  readonly memberId: Uint8Array;
  readonly kind: ForkKind;
  readonly evidence: Uint8Array;
  /** Member id of who told it; null: seen here. */
  readonly toldBy: Uint8Array | null;
};

/** false: it is here already, or enough of its kind. Its leaf goes into the own log with it. */
export async function keepFork(tx: InTx & AppendTx, fork: KeptFork, nowMs: number): Promise<boolean> {
  const id = forkLeaf(fork.evidence);
  const { rows } = await sql`INSERT INTO log_fork (id, member, kind, evidence, told_by, found_at)
    SELECT ${id}, ${fork.memberId}, ${fork.kind}, ${fork.evidence}, ${fork.toldBy}::bytea,
      to_timestamp(${nowMs}::float8 / 1000)
    WHERE (SELECT count(*) FROM log_fork WHERE member = ${fork.memberId} AND kind = ${fork.kind}) < ${FORKS_KEPT_MAX}
    ON CONFLICT DO NOTHING RETURNING 1`.execute(tx.db);
  if (rows.length === 0) return false;
  await append(tx, [{ kind: 'fork', leaf: id, ref: Buffer.from(id).toString('hex') }]);
  return true;
}

type ForkRow = {
  id: Uint8Array;
  member: Uint8Array;
  kind: ForkKind;
  evidence: Uint8Array;
  told_by: Uint8Array | null;
  at: number;
};

/** `id` (32 bytes) is its leaf. */
export type FoundFork = KeptFork & { readonly id: Uint8Array; readonly foundAtMs: number };

/** The newest first. */
export async function keptForks(tx: InTx, limit = FORKS_KEPT_MAX): Promise<FoundFork[]> {
  const { rows } = await sql<ForkRow>`SELECT id, member, kind, evidence, told_by,
    extract(epoch FROM found_at)::float8 * 1000 AS at FROM log_fork ORDER BY found_at DESC LIMIT ${limit}`.execute(
    tx.db,
  );
  return rows.map(({ id, member, kind, evidence, told_by, at }) => ({
    id: Uint8Array.from(id),
    memberId: Uint8Array.from(member),
    kind,
    evidence: Uint8Array.from(evidence),
    toldBy: told_by === null ? null : Uint8Array.from(told_by),
    foundAtMs: at,
  }));
}
