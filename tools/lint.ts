/** Biome over the tree: format, imports, cycles, undeclared dependencies, lost promises. `--write` mends what it can. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export function lint(args: readonly string[] = []): number {
  // The platform package directly: its hash stands in the lockfile, and no wrapper chooses a binary at run time.
  const biome = join(root, 'node_modules', '@biomejs', `cli-${process.platform}-${process.arch}`, 'biome');
  if (!existsSync(biome)) {
    console.error(`lint skipped: Biome ships no pinned binary for ${process.platform}-${process.arch}`);
    return 0;
  }
  const done = spawnSync(biome, ['check', '--error-on-warnings', ...args], { cwd: root, stdio: 'inherit' });
  return done.status ?? 1;
}

if (import.meta.main) process.exitCode = lint(process.argv.slice(2));
