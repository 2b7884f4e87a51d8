import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Our own vectors, part of the protocol's text. Written once by `make.ts`, then only read. */
const folder = join(import.meta.dirname, '../../../docs/protocol/vectors');

export const readFrozen = <File>(name: string): File =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as File;

/** Writes a file that is not there yet; an existing one is never touched. True when it was written. */
export async function writeFrozen(name: string, make: () => object | Promise<object>): Promise<boolean> {
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return false;
  writeFileSync(path, `${JSON.stringify(await make(), null, 1)}\n`, { flag: 'wx' });
  return true;
}
