import type { Clock } from './door.ts';
import type { Limits } from './limits.ts';
import { pause } from './pause.ts';

/**
 * Pings at 15 s ± 20 % and returns when nothing at all was heard for 45 s, or when the signal aborts.
 * @returns true when the peer is silent
 */
export async function watchSilence(options: {
  clock: Clock;
  limits: Pick<Limits, 'pingMs' | 'pingSpread' | 'silentMs'>;
  /** Between 0 and 1. */
  fraction: () => number;
  heardAtMs: () => number;
  ping: () => void;
  signal: AbortSignal;
}): Promise<boolean> {
  const { clock, limits, fraction, signal } = options;
  while (!signal.aborted) {
    const leftMs = options.heardAtMs() + limits.silentMs - clock.monotonicMs();
    if (leftMs <= 0) return true;
    const beatMs = limits.pingMs * (1 + limits.pingSpread * (2 * fraction() - 1));
    await pause(clock, Math.min(beatMs, leftMs), signal);
    if (!signal.aborted) options.ping();
  }
  return false;
}

/** A ceiling of four seconds. */
const BROKEN_FAILURES_MAX = 3;

/**
 * How many failures count after a link of `upMs` has ended. One that came up and then broke speaks of a bad cable, not of
 * a peer that will not have us: it is tried again within seconds, however often it breaks.
 */
export function failuresAfter(
  failures: number,
  { upMs, isBroken }: { upMs: number; isBroken: boolean },
  limits: Pick<Limits, 'steadyMs'>,
): number {
  if (upMs >= limits.steadyMs) return 0;
  return isBroken && upMs > 0 ? Math.min(failures + 1, BROKEN_FAILURES_MAX) : failures + 1;
}

/** Full jitter (wait anything up to the ceiling): bureaus that lost the same link do not come back in step. */
export function redialDelayMs(
  failures: number,
  limits: Pick<Limits, 'redialMinMs' | 'redialMaxMs'>,
  fraction: number,
): number {
  const ceilingMs = Math.min(limits.redialMaxMs, limits.redialMinMs * 2 ** Math.min(failures, 30));
  return ceilingMs * fraction;
}
