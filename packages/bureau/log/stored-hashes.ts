/** The hashes a proof needs, read from the two stored kinds: entries, and complete subtrees of 2^4, 2^8, … entries. */
import { leafHash, nodeHash, type ReadHash } from '@tripoint/envelope/proof';
import { sql } from 'kysely';
import { STORED_LEVELS_STEP } from './integrate.ts';
import type { InTx } from './ports.ts';

type Place = { readonly level: number; readonly index: number };

const NO_HASH = new Uint8Array(32);
const name = (level: number, index: number): string => `${level}/${index}`;

/**
 * Runs `prove` twice: once to learn which hashes it asks for, then with those hashes.
 * A proof reads at most 32 rows for every four levels of the tree.
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
  for (const [level, indexes] of byStoredLevel(wanted)) {
    const rows = level === 0 ? await readLeaves(tx, indexes) : await readNodes(tx, level, indexes);
    for (const { index, hash } of rows) stored.set(name(level, Number(index)), Uint8Array.from(hash));
  }
  return stored;
}

/** Stored level → indexes at that level of everything below the wanted places. */
function byStoredLevel(wanted: readonly Place[]): Map<number, number[]> {
  const byLevel = new Map<number, number[]>();
  for (const { level, index } of wanted) {
    const width = 2 ** (level % STORED_LEVELS_STEP);
    const stored = level - (level % STORED_LEVELS_STEP);
    const indexes = byLevel.get(stored) ?? [];
    indexes.push(...Array.from({ length: width }, (_, at) => index * width + at));
    byLevel.set(stored, indexes);
  }
  return byLevel;
}

type Row = { readonly index: bigint; readonly hash: Uint8Array };

async function readLeaves(tx: InTx, indexes: readonly number[]): Promise<Row[]> {
  const { rows } = await sql<{ index: bigint; entry: Uint8Array }>`SELECT index, entry FROM log_entry
    WHERE index = ANY(${indexes}::bigint[])`.execute(tx.db);
  return rows.map(({ index, entry }) => ({ index, hash: leafHash(entry) }));
}

async function readNodes(tx: InTx, level: number, indexes: readonly number[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`SELECT index, hash FROM log_node
    WHERE level = ${level} AND index = ANY(${indexes}::bigint[])`.execute(tx.db);
  return rows;
}
