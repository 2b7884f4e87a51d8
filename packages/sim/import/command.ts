/** The `tripoint` command as a person runs it: a process of its own, with words, two streams and an exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type BureauCard, tokenOf } from '../constellation/index.ts';

const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
/** A command that hangs is a fault; the longest import here takes seconds. */
const RUN_MS_MAX = 50_000;

/** The command's last word with `--json`. */
export interface Figures {
  files: number;
  rows: number;
  reports: number;
  reportIds: string[];
  statements: number;
  unmapped: number;
}

export interface Run {
  /** null when it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** null when it printed none. */
  figures: Figures | null;
  elapsedMs: number;
}

/** @param onStderr hears what was said so far, and may kill the command. */
export async function tripoint(
  words: readonly string[],
  onStderr: (said: string, child: ChildProcess) => void = () => {},
): Promise<Run> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS_MAX,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr(stderr, child);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const elapsedMs = performance.now() - startMs;
  return { code, stdout, stderr, figures: stdout.startsWith('{') ? JSON.parse(stdout) : null, elapsedMs };
}

/** What an officer says of a list before it may be shared. */
export const said = {
  grade: ['--grade', '4x4:A2'],
  marking: ['--marking', 'H0'],
  pap: ['--pap', 'PAP:CLEAR'],
  purpose: ['--purpose', 'detection'],
} as const;
export const allSaid = Object.values(said).flat();

/** Which bureau files, as whom, and for whom. */
export function from(card: BureauCard, to: readonly string[], role = 'desk-officer'): string[] {
  return ['--url', card.url, '--token', tokenOf(card, role), '--to', to.join(',')];
}
