/**
 * Everything that must hold: lint, types, the console's build, then every test file under one PostgreSQL server.
 * `npm test -- <glob> …` runs only those files.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lint } from './lint.ts';
import { types } from './types.ts';

const root = join(import.meta.dirname, '..');
const named = process.argv.slice(2);

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'test' },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const everything = [
  'house.test.ts',
  'tools/**/*.test.ts',
  'packages/{bureau,cli,envelope,model,web}/**/*.test.ts',
  'packages/sim/{browser,constellation,crash,import,scenarios,simulator}/**/*.test.ts',
];

const startedMs = Date.now();
let failed = 0;
if (named.length === 0) {
  failed += lint() === 0 ? 0 : 1;
  failed += (await types()) === 0 ? 0 : 1;
  failed += (await run(['packages/web/build.ts'])) === 0 ? 0 : 1;
}
failed +=
  (await run([
    '--test',
    '--test-concurrency=2',
    '--test-global-setup=packages/bureau/postgres/setup-for-tests.ts',
    `--test-reporter=${process.env.CI ? 'tap' : 'spec'}`,
    ...(named.length > 0 ? named : everything),
  ])) === 0
    ? 0
    : 1;
console.log(
  `# ${failed === 0 ? 'all holds' : 'something does not hold'} after ${Math.round((Date.now() - startedMs) / 1000)} s`,
);
process.exitCode = failed === 0 ? 0 : 1;
