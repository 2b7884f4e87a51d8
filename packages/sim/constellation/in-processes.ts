/** Each bureau in a process of its own, with its own database server. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopLeftServer } from '@tripoint/bureau/main';
import type { ConstellationOptions } from './constellation.ts';
import { clusterOf } from './data-folder.ts';
import { allOrNone, cardOf, type Opened, type Plan, type Running } from './running.ts';

/** Time for a bureau's process to say that it answers; recovery after a kill included. */
const PROCESS_READY_MS_MAX = 90_000;
const PROCESS_STOP_MS_MAX = 15_000;

export async function openInProcesses(options: ConstellationOptions, plans: readonly Plan[]): Promise<Opened> {
  const giveUp = new AbortController();
  const wanted = AbortSignal.any([giveUp.signal, ...(options.signal ? [options.signal] : [])]);
  const opening = plans.map((plan) => openProcess(plan, options, options.fresh ?? false, wanted));
  // The first that fails ends the others, also those that are still on their way up.
  for (const one of opening) one.catch((reason: unknown) => giveUp.abort(reason));
  const running = await allOrNone(opening).catch((reason: unknown) => {
    throw giveUp.signal.aborted ? giveUp.signal.reason : reason;
  });
  return {
    running,
    async stop() {
      await Promise.allSettled([...running.values()].map((one) => one.stop()));
    },
  };
}

type Place = Pick<ConstellationOptions, 'dataDir' | 'signal'>;

async function openProcess(plan: Plan, place: Place, fresh: boolean, wanted?: AbortSignal): Promise<Running> {
  const { dataDir, signal: ending } = place;
  const { nation } = plan.config;
  const own = join(dataDir, nation.toLowerCase());
  const cluster = join(dataDir, clusterOf(nation));
  const file = join(own, 'config.json');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(plan.config), { mode: 0o600 });
  const child = fork(join(import.meta.dirname, 'bureau-process.ts'), [file, cluster, fresh ? 'fresh' : 'again'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let asked = false;
  const stop = () => {
    asked = true;
    return stopProcess(child, cluster);
  };
  try {
    const card = cardOf(plan, await portOf(child, nation, wanted), child.pid as number);
    const lost = new Promise<string>((resolve) => {
      const ended = () => {
        if (!asked && !ending?.aborted) resolve(String(child.exitCode ?? child.signalCode));
      };
      // It may have ended in the very moment in which it answered.
      if (child.exitCode !== null || child.signalCode !== null) ended();
      else child.once('exit', ended);
    });
    const again = (signal?: AbortSignal) => openProcess(plan, place, false, signal);
    return { card, bureau: null, child, lost, stop, again };
  } catch (reason) {
    await stop();
    throw reason;
  }
}

/** What the bureau's process says once it answers. Throws when it ends first, is late, or is not wanted any more. */
async function portOf(child: ChildProcess, nation: string, wanted?: AbortSignal): Promise<number> {
  const said = Promise.withResolvers<number>();
  const late = setTimeout(() => said.reject(new Error(`${nation}: the bureau does not answer`)), PROCESS_READY_MS_MAX);
  const unwanted = () => said.reject(wanted?.reason);
  const ended = (code: number | null, signal: string | null) =>
    said.reject(new Error(`${nation}: the bureau's process ended (${code ?? signal})`));
  child.once('message', (message: { port: number }) => said.resolve(message.port));
  child.once('exit', ended);
  child.once('error', said.reject);
  wanted?.addEventListener('abort', unwanted);
  if (wanted?.aborted) unwanted();
  try {
    return await said.promise;
  } finally {
    clearTimeout(late);
    wanted?.removeEventListener('abort', unwanted);
  }
}

/** Also the database server goes, which outlives a bureau that was killed. */
async function stopProcess(child: ChildProcess, cluster: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), PROCESS_STOP_MS_MAX);
    await gone;
    clearTimeout(late);
  }
  await stopLeftServer(cluster);
}
