/** The hashes a proof needs, read from the two stored kinds: entries, and complete subtrees of 2^8, 2^16, … entries. */
import { leafHash, nodeHash, type ReadHash } from '@tripoint/envelope/proof';
import { sql } from 'kysely';
import { STORED_LEVELS_STEP } from './integrate.ts';
import type { InTx } from './ports.ts';

type Place = { readonly level: number; readonly index: number };
type Range = { readonly from: number; readonly to: number };

const NO_HASH = new Uint8Array(32);
const name = (level: number, index: number): string => `${level}/${index}`;

/**
 * Runs `prove` twice: once to learn which hashes it asks for, then with those hashes.
 * A proof reads at most about 512 rows for every eight levels of the tree.
 */
export async function withStoredHashes<R>(tx: InTx, prove: (read: ReadHash) => R): Promise<R> {
  const wanted: Place[] = [];
  prove((level, index) => {
    wanted.push({ level, index });
    return NO_HASH;
  });
  const stored = await readStored(tx, wanted);
  return prove((level, index) => fold(stored, level, index));
}

/** Hash of a complete subtree, from the stored level below it. */
function fold(stored: ReadonlyMap<string, Uint8Array>, level: number, index: number): Uint8Array {
  if (level % STORED_LEVELS_STEP !== 0) {
    return nodeHash(fold(stored, level - 1, index * 2), fold(stored, level - 1, index * 2 + 1));
  }
  const hash = stored.get(name(level, index));
  if (hash === undefined) throw new Error('a hash of the log is missing');
  return hash;
}

async function readStored(tx: InTx, wanted: readonly Place[]): Promise<Map<string, Uint8Array>> {
  const stored = new Map<string, Uint8Array>();
  for (const [level, ranges] of rangesByStoredLevel(wanted)) {
    const rows = level === 0 ? await readLeaves(tx, ranges) : await readNodes(tx, level, ranges);
    for (const { index, hash } of rows) stored.set(name(level, Number(index)), Uint8Array.from(hash));
  }
  return stored;
}

function rangesByStoredLevel(wanted: readonly Place[]): Map<number, Range[]> {
  const byLevel = new Map<number, Range[]>();
  for (const { level, index } of wanted) {
    const above = level % STORED_LEVELS_STEP;
    const ranges = byLevel.get(level - above) ?? [];
    ranges.push({ from: index * 2 ** above, to: (index + 1) * 2 ** above });
    byLevel.set(level - above, ranges);
  }
  return byLevel;
}

type Row = { readonly index: bigint; readonly hash: Uint8Array };

const spans = (ranges: readonly Range[]) =>
  sql`unnest(${ranges.map(({ from }) => from)}::bigint[], ${ranges.map(({ to }) => to)}::bigint[]) AS span (first, past)`;

async function readLeaves(tx: InTx, ranges: readonly Range[]): Promise<Row[]> {
  const { rows } = await sql<{ index: bigint; entry: Uint8Array }>`SELECT index, entry
    FROM ${spans(ranges)} JOIN log_entry ON index >= first AND index < past`.execute(tx.db);
  return rows.map(({ index, entry }) => ({ index, hash: leafHash(entry) }));
}

async function readNodes(tx: InTx, level: number, ranges: readonly Range[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`SELECT index, hash
    FROM ${spans(ranges)} JOIN log_node ON index >= first AND index < past WHERE level = ${level}`.execute(tx.db);
  return rows;
}
