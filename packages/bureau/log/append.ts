import { sql } from 'kysely';
import type { AppendTx } from './ports.ts';

/** Kinds of entries (wire.md §8). Kept at home: the tree holds 32 opaque bytes, its kind is in their preimage. */
export const LEAF_KINDS = [
  'env',
  'rcpt',
  'charter',
  'key',
  'revoke',
  'vset',
  'ask',
  'erase',
  'void',
  'fork',
  'dummy',
] as const;
export type LeafKind = (typeof LEAF_KINDS)[number];

export type Leaf = {
  readonly kind: LeafKind;
  /** The entry: 32 bytes. */
  readonly leaf: Uint8Array;
  /** What it stands for at home, such as an envelope id in hexadecimal; ends up in no tree. */
  readonly ref: string;
};

/** Durable with the caller's transaction; the index comes later, from the integrator. */
export async function append(tx: AppendTx, leaves: readonly Leaf[]): Promise<void> {
  if (leaves.length === 0) return;
  if (leaves.some(({ leaf }) => leaf.length !== 32)) throw new RangeError('a log entry has 32 bytes');
  const entries = leaves.map(({ leaf }) => leaf);
  const kinds = leaves.map(({ kind }) => kind);
  const refs = leaves.map(({ ref }) => ref);
  tx.tell(sql`INSERT INTO log_pending (entry, kind, ref)
    SELECT entry, kind, ref FROM unnest(${entries}::bytea[], ${kinds}::text[], ${refs}::text[])
    WITH ORDINALITY AS given (entry, kind, ref, place) ORDER BY place`);
}
