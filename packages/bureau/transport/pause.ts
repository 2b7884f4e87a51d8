import type { Clock } from './door.ts';

/** Sleeps by the clock port; an aborted sleep simply ends. */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** Runs `work` unless it outlasts `ms`; then its signal aborts and the answer is `late`. */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T | 'late'> {
  const bell = new AbortController();
  const stopWork = new AbortController();
  const signal = outer ? AbortSignal.any([stopWork.signal, outer]) : stopWork.signal;
  const alarm = pause(clock, ms, bell.signal).then((): 'late' => 'late');
  const running = work(signal);
  running.catch(() => undefined);
  try {
    return await Promise.race([running, alarm]);
  } finally {
    bell.abort();
    stopWork.abort();
  }
}
