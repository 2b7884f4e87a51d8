import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, accountsForServer } from './account.ts';
import { ensureCluster, OWNER_ROLE } from './cluster.ts';
import { leaveRuntimeDir, ownDirectoryIn } from './directory.ts';
import { type Found, findPostgres } from './find.ts';
import { sweepLeftovers } from './leftovers.ts';
import { type Held, hold, tryHold } from './lock.ts';
import { makeDatabase } from './make-database.ts';
import { type Launch, lowerAtExit } from './postmaster.ts';
import { PostgresRefusal } from './refusal.ts';
import type { Server } from './server.ts';
import { settingsOf } from './settings.ts';
import { connectionAt, inspect, prepare, raiseSound } from './start-server.ts';
import { serverAtUrl } from './url-server.ts';

/**
 * One server for all test processes of a checkout. Whoever comes first starts it, whoever leaves last stops it; the
 * kernel's locks count them, so a killed test leaves no claim behind. The data stays in the temporary directory: the
 * next run needs no initdb and finds its migrated templates. It is a cache; remove it at will.
 */
const GATE_WAIT_MS = 60_000;
const LEAVE_WAIT_MS = 10_000;

/** A socket directory or a URL: a server somebody else keeps for this run. */
const SHARED = 'TRIPOINT_TEST_SERVER';

let joined: Promise<Server> | undefined;

/**
 * The server tests of this process use; it is let go at exit or by `stop`. The first caller's environment is passed on
 * to children, so a test runner that calls this saves every test file the way in.
 */
export function startTestServer(): Promise<Server> {
  joined ??= comeIn();
  return joined;
}

async function comeIn(): Promise<Server> {
  const shared = process.env[SHARED];
  if (shared?.startsWith('/')) return visitorOf(shared, await inspect(connectionAt(shared)('postgres')));
  const found = await findPostgres({ PATH: process.env.PATH, DATABASE_URL: shared });
  if (found.origin === 'url') return serverAtUrl(found);
  const place = placeOf(found);
  const gate = await hold(join(place, 'gate.lock'), 'alone', GATE_WAIT_MS);
  if (!gate) throw new PostgresRefusal('already-held', `Another test process has held ${place} for a minute.`);
  try {
    return await enter(place, found);
  } finally {
    gate.release();
  }
}

/** Several test processes at a time, each with several bureaus, each with its pool. */
const FOR_MANY = { max_connections: '400' };

/** Another version or other settings get another place: no test ever stops a server under its neighbour. */
function placeOf(found: Found): string {
  const home = ownDirectoryIn([tmpdir()], accountsForServer()[0] as Account);
  const mark = createHash('sha256').update(
    JSON.stringify([import.meta.dirname, found.binDir, found.version, settingsOf(FOR_MANY)]),
  );
  const place = join(home, `test-${mark.digest('hex').slice(0, 10)}`);
  mkdirSync(place, { recursive: true, mode: 0o711 });
  return place;
}

/** Called behind the gate. */
async function enter(place: string, found: Found): Promise<Server> {
  const launch = prepare(
    { dataDir: join(place, 'data'), label: 'tests', log: () => undefined, settings: FOR_MANY },
    found,
  );
  const users = join(place, 'users.lock');
  const first = tryHold(users, 'alone');
  first?.release();
  const claim = tryHold(users, 'together') as Held;
  await ensureCluster(launch.dataDir, found, launch.account, launch.log);
  const connection = connectionAt(launch.runtime.socketDir);
  const { postmaster, version } = await raiseSound(launch, connection('postgres'));
  const { pid } = postmaster;
  if (first) await sweepLeftovers(connection('postgres'));
  process.env[SHARED] = launch.runtime.socketDir;
  const leave = leaving(place, launch, pid, claim);
  process.once('exit', leave);
  return { ...visitorOf(launch.runtime.socketDir, version), pid, dataDir: launch.dataDir, stop: async () => leave() };
}

/** Synchronous, because a process on its way out runs nothing else. */
function leaving(place: string, launch: Launch, pid: number, claim: Held): () => void {
  let left = false;
  return () => {
    if (left) return;
    left = true;
    joined = undefined;
    delete process.env[SHARED];
    const gate = tryHold(join(place, 'gate.lock'), 'alone', LEAVE_WAIT_MS);
    claim.release();
    const last = gate && tryHold(join(place, 'users.lock'), 'alone');
    if (last) {
      lowerAtExit(launch.dataDir, pid, LEAVE_WAIT_MS);
      leaveRuntimeDir(launch.runtime);
    }
    last?.release();
    gate?.release();
  };
}

function visitorOf(socketDir: string, version: string): Server {
  const connection = connectionAt(socketDir);
  return {
    version,
    origin: 'package',
    socketDir,
    ownerRole: OWNER_ROLE,
    connection,
    ensureDatabase: (name, role) => makeDatabase(connection('postgres'), name, role),
    stop: async () => undefined,
  };
}
