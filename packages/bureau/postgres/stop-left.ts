import { existsSync } from 'node:fs';
import { accountsForServer } from './account.ts';
import { accountFor } from './cluster.ts';
import { leaveRuntimeDir, runtimeDirFor } from './directory.ts';
import { hold } from './lock.ts';
import { lower, readPidFile } from './postmaster.ts';
import { PostgresRefusal } from './refusal.ts';

/** A process that still looks after the data may be on its way out: its own fast shutdown takes moments. */
const LEAVE_WAIT_MS = 10_000;

/**
 * Stops a server whose process was killed and that outlived it. Does nothing where none runs. Throws `already-held`
 * while a living process looks after the data.
 */
export async function stopLeftServer(wantedDataDir: string, waitMs = LEAVE_WAIT_MS): Promise<void> {
  const { account, dataDir } = accountFor(wantedDataDir, accountsForServer(), () => undefined);
  if (!existsSync(dataDir)) return;
  const held = await hold(`${dataDir}.lock`, 'alone', waitMs);
  if (!held) throw new PostgresRefusal('already-held', `Another process is looking after ${dataDir}: stop it first.`);
  try {
    const there = readPidFile(dataDir);
    if (!there) return;
    await lower(dataDir, there.pid);
    leaveRuntimeDir(runtimeDirFor(dataDir, account));
  } finally {
    held.release();
  }
}
