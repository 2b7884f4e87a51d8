/** The small JSON files of a demonstration's folder, read so that a damaged one is told in one sentence. */
import { readFileSync } from 'node:fs';

export function readRecord(file: string): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof record === 'object' && record !== null) return record as Record<string, unknown>;
  } catch (reason) {
    if (!(reason instanceof SyntaxError)) throw reason;
  }
  throw damaged(file);
}

export function damaged(file: string): Error {
  return new Error(`${file} is damaged; put back a copy of it, or begin anew with --fresh.`);
}
