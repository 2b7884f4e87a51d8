/**
 * `node packages/web/build.ts`: builds the console and the front page into packages/web/dist.
 * Skips when dist carries the mark of exactly these sources, so that `npm start` stays quick; `--force` builds anyway.
 * Exits 1 when a message is missing in any language.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;
/** A broken build repeats itself for every file; the first lines say what is wrong. */
const errorLinesMax = 30;
const markFile = join(here, 'dist', '.content-mark');

/** Everything whose change must lead to a new build: our sources, the contracts and model they read, and the pins. */
const sources = [
  '*.{ts,tsx,html,json}',
  '{ui,live,format,front,desks,messages,public}/**/*.*',
  '../bureau/desks/*/contract.ts',
  '../model/**/*.{ts,json}',
  '../../package-lock.json',
];

/** SHA-256 over the sorted names and bytes of all sources, in hex. */
export function contentMark(): string {
  const hash = createHash('sha256').update(process.version);
  const skip = (name: string) => name.includes('node_modules') || name.endsWith('.test.ts');
  const names = globSync(sources, { cwd: here }).filter((name) => !skip(name));
  for (const name of names.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(here, name)));
  return hash.digest('hex');
}

export async function buildConsole({ force = false } = {}): Promise<'built' | 'fresh'> {
  const mark = contentMark();
  if (!force && existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return 'fresh';
  const { build } = await import('vite');
  // Whoever builds for tests still builds what officers get: under NODE_ENV=test React comes in its development form.
  const { NODE_ENV: before = '' } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: join(here, 'vite.config.ts'), logLevel: 'error' });
  } finally {
    process.env.NODE_ENV = before;
  }
  writeFileSync(markFile, mark);
  return 'built';
}

if (import.meta.main) {
  const startedMs = performance.now();
  try {
    const outcome = await buildConsole({ force: process.argv.includes('--force') });
    const tookMs = Math.round(performance.now() - startedMs);
    console.log(outcome === 'fresh' ? 'console: up to date' : `console: built in ${tookMs} ms`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    console.error(text.split('\n').slice(0, errorLinesMax).join('\n'));
    process.exit(1);
  }
}
