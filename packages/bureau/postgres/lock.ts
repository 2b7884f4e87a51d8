import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A lock file the kernel lets go of when its holder dies, however it dies. Node offers no flock of its own; the one
 * inside its bundled SQLite is that lock, so the file is opened as an empty database and nothing is ever stored in it.
 * A pid written into a file could not do this: after kill -9 the number may already be somebody else's.
 */
export type Held = { release(): void };
/** `alone` excludes everybody; `together` excludes only `alone`. */
export type HoldMode = 'alone' | 'together';

const RETRY_MS = 25; // short against a server start (tens of milliseconds), long against a busy loop
const SQLITE_BUSY = 5;

/** Takes the lock, blocking the thread for at most `blockMs` (0: ask once). Undefined when somebody else has it. */
export function tryHold(path: string, mode: HoldMode, blockMs = 0): Held | undefined {
  makeForOurselves(path);
  const file = new DatabaseSync(path, { timeout: blockMs });
  try {
    if (mode === 'alone') file.exec('BEGIN EXCLUSIVE');
    else {
      file.exec('BEGIN');
      file.prepare('SELECT count(*) FROM sqlite_schema').get(); // the first read is what takes the shared lock
    }
    return { release: () => file.close() };
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}

/** Only a file that is not there is opened here: closing one that is would let go of a lock this process has on it. */
function makeForOurselves(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Takes the lock, letting other work of this process run while waiting for at most `waitMs`. */
export async function hold(path: string, mode: HoldMode, waitMs: number): Promise<Held | undefined> {
  for (let leftMs = waitMs; ; leftMs -= RETRY_MS) {
    const held = tryHold(path, mode);
    if (held || leftMs <= 0) return held;
    await pause(RETRY_MS);
  }
}
