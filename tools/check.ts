/** The quick check: lint, types, the house, and the unit tests of the pure rooms and of the console’s own parts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lint } from './lint.ts';
import { types } from './types.ts';

const root = join(import.meta.dirname, '..');
const quick = [
  'house.test.ts',
  'packages/model/**/*.test.ts',
  'packages/web/{format,live,ui,messages,desks}/**/*.test.ts',
];

function unitTests(): number {
  const done = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--test', '--test-reporter=dot', ...quick],
    { cwd: root, stdio: 'inherit' },
  );
  return done.status ?? 1;
}

const failed = lint() + (await types()) + unitTests();
process.exitCode = failed === 0 ? 0 : 1;
