/** Real lists and files lie beside the checkout, never in it; a test that wants one skips in one line without it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const dataSets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

/** The path, or null when the set is not here. */
export function dataSet(name: string): string | null {
  const path = join(dataSets, name);
  return existsSync(path) ? path : null;
}

export const absent = (name: string) => `skipped: ../shared/data/${name} not present`;
