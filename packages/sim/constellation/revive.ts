/** A bureau whose process ended unasked is started again: soon the first time, later and later when it keeps ending. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './running.ts';

/** Long enough for the operating system to take back its ports, short enough that officers hardly notice. */
export const FIRST_WAIT_MS = 2_000;
/** What ends at every start is not helped by more starts; a minute leaves the machine to the others. */
export const WAIT_MS_MAX = 60_000;
/** A life shorter than this ended *again*, and the next wait is twice as long. */
export const STEADY_MS = 60_000;

/** Milliseconds to wait after a life of `livedMs`; `lastMs`: the wait before that life, 0 when there was none. */
export function waitMsAfter(lastMs: number, livedMs: number): number {
  return lastMs === 0 || livedMs >= STEADY_MS ? FIRST_WAIT_MS : Math.min(2 * lastMs, WAIT_MS_MAX);
}

export interface Reviving {
  running: ReadonlyMap<string, Running>;
  /** Starts this nation's bureau again, unless the signal ends that first. */
  restart(nation: string, signal: AbortSignal): Promise<void>;
  say(sentence: string): void;
  signal: AbortSignal;
}

/** Keeps every nation's bureau up until the signal ends it; resolves when nothing more will be started. */
export async function reviveUntil(reviving: Reviving): Promise<void> {
  await Promise.all([...reviving.running.keys()].map((nation) => keepUp(nation, reviving)));
}

async function keepUp(nation: string, { running, restart, say, signal }: Reviving): Promise<void> {
  const over = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  let waitMs = 0;
  let bornMs = performance.now();
  let why = await Promise.race([over, running.get(nation)?.lost ?? over]);
  while (!signal.aborted && why !== null) {
    waitMs = waitMsAfter(waitMs, performance.now() - bornMs);
    say(`${nation}: the bureau ended (${why}). The others go on; it is started again in ${waitMs / 1_000} s.`);
    await sleep(waitMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    bornMs = performance.now();
    why = await restart(nation, signal).then(
      () => Promise.race([over, running.get(nation)?.lost ?? over]),
      (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
    );
  }
}
