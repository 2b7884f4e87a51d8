/** The outside world as a bureau meets it: wall clock, timers, randomness, log. Only main and sim hand these out. */
import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import pino, { type DestinationStream } from 'pino';

export interface SystemClock {
  now(): number;
  nowMs(): number;
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: SystemClock = {
  now: () => Date.now(),
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  // Not the promised timer: it makes an error, with its stack, of every nap that is cut short.
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};

/** Drawn in larger pieces: one system call serves many small draws. */
const POOL_BYTES = 4_096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

export function systemRandom(size: number): Uint8Array {
  if (size > POOL_BYTES / 4) return randomBytes(size);
  if (used + size > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  const drawn = Uint8Array.prototype.slice.call(pool, used, used + size);
  pool.fill(0, used, used + size);
  used += size;
  return drawn;
}

/** Four segments of the database's log (16 MiB each): enough to finish what was begun, to checkpoint, to sign in. */
const ROOM_BYTES_MIN = 64 * 1024 * 1024;

/** Whether the disks under these folders have room for anything new. One that cannot be asked is believed to have. */
export function roomOn(folders: readonly string[]): () => boolean {
  return () =>
    folders.every((folder) => {
      try {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize >= ROOM_BYTES_MIN;
      } catch {
        return true;
      }
    });
}

export interface BureauLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

/** Facts a log line may carry: codes, counts and ids, never payload. Anything else is dropped. */
const allowed = new Set([
  'nation',
  'reference',
  'method',
  'route',
  'status',
  'ms',
  'peer',
  'lane',
  'seq',
  'code',
  'why',
  'state',
  'count',
  'reason',
  'port',
  'retryMs',
]);
const TEXT_MAX = 300;

export function systemLog(nation: string, destination?: DestinationStream, level = 'info'): BureauLog {
  const logger = pino(
    { level, base: { nation }, timestamp: pino.stdTimeFunctions.isoTime },
    destination as DestinationStream,
  );
  const clean = (facts: object) =>
    Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) => {
        if (!allowed.has(name)) return [];
        return [
          [
            name,
            typeof value === 'string' ? value.slice(0, TEXT_MAX) : typeof value === 'bigint' ? Number(value) : value,
          ],
        ];
      }),
    );
  return {
    info: (facts, text) => logger.info(clean(facts), text),
    warn: (facts, text) => logger.warn(clean(facts), text),
    error: (facts, text) => logger.error(clean(facts), text),
  };
}
