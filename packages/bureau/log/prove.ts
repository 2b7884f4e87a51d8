import { consistencyProof, inclusionProof, rootAt } from '@tripoint/envelope/proof';
import { sql } from 'kysely';
import type { LeafKind } from './append.ts';
import type { InTx } from './ports.ts';
import { withStoredHashes } from './stored-hashes.ts';

/** Newest signed head of the log. */
export type Head = {
  /** Entries under it. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The checkpoint: a C2SP signed note. */
  readonly note: string;
  readonly atMs: number;
};

/** Which entry: by its 32 bytes, or by what it stands for at home. */
export type Which = { readonly entry: Uint8Array } | { readonly kind: LeafKind; readonly ref: string };

/** Checkable offline with `verifyInclusion(leafHash(entry), index, head.size, head.root, path)` and the log key. */
export type InclusionProof = {
  readonly entry: Uint8Array;
  readonly kind: LeafKind;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly head: Head;
};

export type ConsistencyProof = { readonly from: number; readonly path: readonly Uint8Array[]; readonly head: Head };

/** null before the first checkpoint. */
export async function readHead(tx: InTx): Promise<Head | null> {
  const { rows } = await sql<{ size: bigint; root: Uint8Array; note: string; at: number }>`
    SELECT size, root, note, extract(epoch FROM at)::float8 * 1000 AS at
    FROM checkpoint ORDER BY size DESC LIMIT 1`.execute(tx.db);
  const [row] = rows;
  return row === undefined
    ? null
    : { size: Number(row.size), root: Uint8Array.from(row.root), note: row.note, atMs: row.at };
}

/** `pending` while durable but not yet under a checkpoint; null when this log never took such an entry. */
export async function proveInclusion(tx: InTx, which: Which): Promise<InclusionProof | 'pending' | null> {
  // An entry is asked for before the head: whoever sees the entry sees a head that covers it.
  const found = await findEntry(tx, which);
  if (found === null || found === 'pending') return found;
  const head = await readHead(tx);
  if (head === null || head.size <= found.index) throw new Error('an integrated entry without a checkpoint');
  return under(tx, found, head);
}

/** The same under a head of the caller's choice; `pending` also while the entry lies beyond it. */
export async function proveUnder(tx: InTx, which: Which, head: Head): Promise<InclusionProof | 'pending' | null> {
  const found = await findEntry(tx, which);
  if (found === null || found === 'pending') return found;
  return found.index < head.size ? under(tx, found, head) : 'pending';
}

async function under(tx: InTx, found: Found, head: Head): Promise<InclusionProof> {
  const path = await withStoredHashes(tx, (read) => inclusionProof(read, found.index, head.size));
  return { ...found, path, head };
}

/** That the tree of `size` entries grew out of that of `from` (≥ 1); the log holds at least `size`. */
export const proveGrowth = (tx: InTx, from: number, size: number): Promise<readonly Uint8Array[]> =>
  withStoredHashes(tx, (read) => consistencyProof(read, from, size));

/** Root of the tree when it had `size` entries (32 bytes). */
export const rootOf = (tx: InTx, size: number): Promise<Uint8Array> =>
  withStoredHashes(tx, (read) => rootAt(read, size));

/** That the newest head grew out of the tree of `from` entries; null when the log is not that large, or `from` is 0. */
export async function proveConsistency(tx: InTx, from: number): Promise<ConsistencyProof | null> {
  const head = await readHead(tx);
  if (head === null || !Number.isSafeInteger(from) || from < 1 || from > head.size) return null;
  return { from, path: await withStoredHashes(tx, (read) => consistencyProof(read, from, head.size)), head };
}

type Found = Pick<InclusionProof, 'entry' | 'kind' | 'index'>;

/** Of equal entries the first. Pending is asked first: a leaf that moves in between is then found integrated. */
async function findEntry(tx: InTx, which: Which): Promise<Found | 'pending' | null> {
  // Dummies stand for nothing and have no index of their own.
  const wanted = 'entry' in which ? sql`entry = ${which.entry}` : sql`kind = ${which.kind} AND ref = ${which.ref}`;
  const pending = await sql`SELECT FROM log_pending WHERE ${wanted} LIMIT 1`.execute(tx.db);
  const { rows } = await sql<{ index: bigint; entry: Uint8Array; kind: LeafKind }>`
    SELECT index, entry, kind FROM log_entry WHERE ${wanted} AND kind <> 'dummy' ORDER BY index LIMIT 1`.execute(tx.db);
  const [row] = rows;
  if (row !== undefined) return { entry: Uint8Array.from(row.entry), kind: row.kind, index: Number(row.index) };
  return pending.rows.length > 0 ? 'pending' : null;
}
