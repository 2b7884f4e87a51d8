import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Public vectors lie beside the checkout (`../shared/data/vectors`), or where TRIPOINT_DATASETS says. Tests only. */
const datasets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '../../../../shared/data');
const root = join(datasets, 'vectors');

/** False when they are there, else the one line a test skips with. */
export const publicVectorsAbsent: false | string = existsSync(root)
  ? false
  : 'public vectors are not here: put them in ../shared/data/vectors or set TRIPOINT_DATASETS';

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

export type WycheproofTest<Fields> = Fields & {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags: readonly string[];
  readonly comment?: string;
};
export type WycheproofGroup<GroupFields, Fields> = GroupFields & { readonly tests: readonly WycheproofTest<Fields>[] };

/** Groups of one Wycheproof file, such as `ed25519_test.json`. */
export const wycheproof = <GroupFields, Fields>(file: string): readonly WycheproofGroup<GroupFields, Fields>[] =>
  (read(`wycheproof/${file}`) as { testGroups: WycheproofGroup<GroupFields, Fields>[] }).testGroups;

export const hpkeVectors = <Vector>(): readonly Vector[] => read('hpke-pq/vectors-pq.json') as Vector[];

/** Every Merkle vector of a kind, with its path. */
export function merkleVectors<Vector>(kind: 'inclusion' | 'consistency'): readonly (Vector & { path: string })[] {
  const folder = join(root, 'merkle/testdata', kind);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => ({ ...(JSON.parse(readFileSync(join(folder, path), 'utf8')) as Vector), path }));
}

/** Bytes of hexadecimal text. */
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
