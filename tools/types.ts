/** Three type-check programs: pure (no DOM, no Node types), bureau, web. Exit code 1 when one has an error. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

function check(program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, '--noEmit', '-p', join(root, `tsconfig.${program}.json`)], {
      cwd: root,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

export async function types(): Promise<number> {
  return Math.max(...(await Promise.all(['pure', 'bureau', 'web'].map(check))));
}

if (import.meta.main) process.exitCode = await types();
