import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, asAccount } from './account.ts';
import { type RuntimeDir, SOCKET_PORT } from './directory.ts';
import { type Log, PostgresRefusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** Everything needed to start one postmaster. */
export type Launch = {
  dataDir: string;
  binDir: string;
  account: Account;
  runtime: RuntimeDir;
  settings: Settings;
  label: string;
  log: Log;
};

/** A running postmaster. `child` is set when it is ours; one we adopted belongs to the system. */
export type Postmaster = { pid: number; child?: ChildProcess };

/** After kill -9 the old pid and its shared memory show for a few seconds; a minute covers a loaded disk. */
const RETRY_FOR_MS = 60_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 5_000;
/** Replaying a long log is work, not failure, so a living postmaster gets longer. */
const RECOVERY_MAX_MS = 600_000;
const LOOK_MS = 15;
const FAST_STOP_MS = 60_000;
const HARD_STOP_MS = 10_000;
const SERVER_LOG_MAX_BYTES = 8 * 1024 * 1024;
/** What the server says while an earlier one has not quite left. */
const STILL_LEAVING = /already exists|still in use|in use by|is starting up|is shutting down/;

export const serverLogPath = (dataDir: string): string => `${dataDir}.log`;

/** The lines of postmaster.pid that matter here; undefined when there is no such file. We read it and never delete it. */
export function readPidFile(dataDir: string): { pid: number; status: string } | undefined {
  const path = join(dataDir, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return { pid: Math.abs(Number(lines[0])), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined; // it was removed between the two looks
  }
}

/** True only for a living postmaster whose working directory is this data: a number in a file proves nothing. */
export function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (!(pid > 1)) return false;
  if (process.platform !== 'linux') {
    const said = spawnSync('/bin/ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return said.stdout.includes(dataDir) && /postgres/.test(said.stdout);
  }
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir) &&
      readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
    );
  } catch {
    return false; // gone, or dead and not yet collected
  }
}

/** Adopts a postmaster that already serves this data as we would, or starts one; retries while an old one leaves. */
export async function raise(launch: Launch, signal?: AbortSignal): Promise<Postmaster> {
  const deadline = performance.now() + RETRY_FOR_MS;
  for (let backoffMs = BACKOFF_FIRST_MS; ; backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS)) {
    const adopted = await adopt(launch);
    if (adopted) return adopted;
    const outcome = await startOnce(launch);
    if ('pid' in outcome) return outcome;
    if (!STILL_LEAVING.test(outcome.why) || performance.now() + backoffMs > deadline)
      throw new PostgresRefusal('did-not-start', `The server of ${launch.dataDir} did not start: ${outcome.why}`);
    launch.log(`An earlier server of ${launch.label} has not quite left; trying again in ${backoffMs} ms.`);
    await pause(backoffMs, undefined, { ...(signal && { signal }) });
  }
}

/** Asks for a fast shutdown, waits, and insists only after a minute. Throws `already-held` if it will not go. */
export async function lower(dataDir: string, pid: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', HARD_STOP_MS],
  ] as const) {
    if (!isPostmasterOf(pid, dataDir)) return;
    process.kill(pid, signal);
    for (const until = performance.now() + waitMs; performance.now() < until; await pause(LOOK_MS))
      if (!isPostmasterOf(pid, dataDir)) return;
  }
  throw new PostgresRefusal('already-held', `The postmaster ${pid} of ${dataDir} does not stop.`);
}

/** The same, for a process on its way out: blocks the thread, and gives up rather than insisting. */
export function lowerAtExit(dataDir: string, pid: number, waitMs: number): void {
  if (!isPostmasterOf(pid, dataDir)) return;
  process.kill(pid, 'SIGINT');
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
  for (let leftMs = waitMs; leftMs > 0 && isPostmasterOf(pid, dataDir); leftMs -= LOOK_MS)
    Atomics.wait(nobodyWakes, 0, 0, LOOK_MS);
}

async function adopt(launch: Launch): Promise<Postmaster | undefined> {
  const { dataDir } = launch;
  const there = readPidFile(dataDir);
  if (!there || !isPostmasterOf(there.pid, dataDir)) return undefined;
  const settled = await untilReady(dataDir, () => isPostmasterOf(there.pid, dataDir), there.pid);
  if (settled && saysTheSame(launch) && existsSync(join(launch.runtime.socketDir, `.s.PGSQL.${SOCKET_PORT}`))) {
    launch.log(`Adopted the running server of ${launch.label} (pid ${there.pid}).`);
    return { pid: there.pid };
  }
  if (settled) launch.log(`The running server of ${launch.label} was started otherwise; stopping it first.`);
  await lower(dataDir, there.pid);
  return undefined;
}

/** postmaster.opts is the command line it was started with. */
function saysTheSame(launch: Launch): boolean {
  const opts = join(launch.dataDir, 'postmaster.opts');
  if (!existsSync(opts)) return false;
  const [program, args] = [realpathSync(join(launch.binDir, 'postgres')), argumentsOf(launch)];
  return readFileSync(opts, 'utf8').trim() === [program, ...args.map((arg) => `"${arg}"`)].join(' ');
}

function argumentsOf({ dataDir, runtime, settings, label }: Launch): string[] {
  const all: Settings = {
    ...settings,
    cluster_name: label,
    port: String(SOCKET_PORT),
    unix_socket_directories: runtime.socketDir,
    hba_file: join(runtime.path, 'pg_hba.conf'),
    ident_file: join(runtime.path, 'pg_ident.conf'),
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function startOnce(launch: Launch): Promise<Postmaster | { why: string }> {
  const { dataDir, account, binDir } = launch;
  const logPath = serverLogPath(dataDir);
  if ((statSync(logPath, { throwIfNoEntry: false })?.size ?? 0) > SERVER_LOG_MAX_BYTES)
    renameSync(logPath, `${logPath}.1`);
  const out = openSync(logPath, 'a', 0o600);
  const fromByte = statSync(logPath).size;
  // In a session of its own: a Ctrl-C meant for us must not reach it before we have said goodbye.
  const child = spawn(realpathSync(join(binDir, 'postgres')), argumentsOf(launch), {
    ...asAccount(account),
    detached: true,
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  let spawnError: string | undefined;
  child.on('error', (error) => {
    spawnError = error.message;
  });
  child.unref();
  const alive = (): boolean => spawnError === undefined && child.exitCode === null && child.signalCode === null;
  if (child.pid !== undefined && (await untilReady(dataDir, alive, child.pid))) return { pid: child.pid, child };
  await pause(0);
  return { why: spawnError ?? lastWords(logPath, fromByte) };
}

/** True once the server takes connections, false when it died first or recovery took longer than any should. */
async function untilReady(dataDir: string, alive: () => boolean, pid: number): Promise<boolean> {
  for (const until = performance.now() + RECOVERY_MAX_MS; performance.now() < until && alive(); await pause(LOOK_MS)) {
    const there = readPidFile(dataDir);
    if (there?.pid === pid && there.status === 'ready') return true;
  }
  return false;
}

function lastWords(logPath: string, fromByte: number): string {
  const said = readFileSync(logPath).subarray(fromByte).toString('utf8').trim().split('\n');
  const grave = said.filter((line) => /FATAL|PANIC/.test(line));
  return (grave.length > 0 ? grave : said).slice(-2).join(' ') || 'it said nothing';
}
