import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg, { type ClientConfig } from 'pg';
import { accountsForServer, ownAccountName } from './account.ts';
import { versionOf } from './binaries.ts';
import { accountFor, ensureCluster, OWNER_ROLE } from './cluster.ts';
import { leaveRuntimeDir, type RuntimeDir, runtimeDirFor, SOCKET_PORT } from './directory.ts';
import { assertDurable, assertNoWeakerRole } from './durable.ts';
import { type Found, findPostgres } from './find.ts';
import { type Held, hold } from './lock.ts';
import { makeDatabase } from './make-database.ts';
import { type Launch, lower, type Postmaster, raise } from './postmaster.ts';
import { type Log, PostgresRefusal } from './refusal.ts';
import type { Server } from './server.ts';
import { type Settings, settingsOf } from './settings.ts';
import { serverAtUrl } from './url-server.ts';
import { watch } from './watch.ts';

export type ServerOptions = {
  /** Directory of the cluster; made when missing. Beside it stand its `.lock` and its `.log`. */
  dataDir: string;
  /** Short plain name for the process title and the log. */
  label: string;
  log: Log;
  settings?: Settings;
  /** For the socket; must be short and passable. Default: under /run, XDG_RUNTIME_DIR or the temporary directory. */
  runtimeDir?: string;
  /** The answer of `findPostgres`, when several servers share it. */
  found?: Found;
  /** Called once when the supervisor gave up bringing the server back. */
  onLost?: (why: PostgresRefusal) => void;
};

const ANSWER_ATTEMPTS_MAX = 5;
const ANSWER_PAUSE_MS = 200; // a killed postmaster is gone from the process table well within this
const LOCK_WAIT_MS = 3_000; // an earlier process of ours may still be on its way out

/** Starts, or adopts, the one server of a data directory and looks after it until `stop`. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const found = options.found ?? (await findPostgres());
  if (!options.found) options.log(found.reason); // whoever found it before has said so
  if (found.origin === 'url') return serverAtUrl(found);
  const launch = prepare(options, found);
  const held = await holdData(launch.dataDir);
  try {
    await ensureCluster(launch.dataDir, found, launch.account, options.log);
    return await serve(launch, found, held, options.onLost);
  } catch (error) {
    leaveRuntimeDir(launch.runtime);
    held.release();
    throw error;
  }
}

/** Chooses account and directories and writes the access rules; touches no data. */
export function prepare(options: ServerOptions, found: Found): Launch {
  const { account, dataDir } = accountFor(options.dataDir, accountsForServer(), options.log);
  const binDir = found.binDir as string;
  if (versionOf(binDir, account) === undefined)
    throw new PostgresRefusal('unreachable', `The account ${account.name} cannot run the binaries in ${binDir}.`);
  const runtime = runtimeDirFor(dataDir, account, options.runtimeDir);
  writeAccessRules(runtime);
  const settings = settingsOf(options.settings);
  return { dataDir, binDir, account, runtime, settings, label: options.label, log: options.log };
}

/**
 * Peer authentication asks the kernel who knocks: that is the account of *this* process (root, when the server's own
 * was dropped), so the map lets it in under any role, and nobody else under any.
 */
function writeAccessRules(runtime: RuntimeDir): void {
  const rules = `local all all peer map=bureau\nlocal replication ${OWNER_ROLE} peer map=bureau\n`;
  const readable = { 'pg_hba.conf': rules, 'pg_ident.conf': `bureau "${ownAccountName()}" all\n` };
  for (const [name, text] of Object.entries(readable)) {
    writeFileSync(join(runtime.path, name), text);
    chmodSync(join(runtime.path, name), 0o644); // the server's account reads it, whatever our umask says
  }
}

async function holdData(dataDir: string): Promise<Held> {
  const held = await hold(`${dataDir}.lock`, 'alone', LOCK_WAIT_MS);
  if (held) return held;
  throw new PostgresRefusal('already-held', `Another process is looking after ${dataDir}: stop it first.`);
}

/** Ways in through a socket directory; without a role, as the owner. */
export function connectionAt(socketDir: string): Server['connection'] {
  return (database, role = OWNER_ROLE) => ({ host: socketDir, port: SOCKET_PORT, database, user: role, ssl: false });
}

async function serve(launch: Launch, found: Found, held: Held, onLost?: ServerOptions['onLost']): Promise<Server> {
  const connection = connectionAt(launch.runtime.socketDir);
  const { postmaster, version } = await raiseSound(launch, connection('postgres'));
  const watched = watch(launch, postmaster, onLost);
  return {
    version,
    origin: found.origin,
    dataDir: launch.dataDir,
    socketDir: launch.runtime.socketDir,
    port: SOCKET_PORT,
    ownerRole: OWNER_ROLE,
    get pid() {
      return watched.pid();
    },
    connection,
    ensureDatabase: (name, role) => makeDatabase(connection('postgres'), name, role),
    async stop() {
      await watched.stop();
      leaveRuntimeDir(launch.runtime);
      held.release();
    },
  };
}

/**
 * Raises the server and asks it. One adopted in the moment of its death looks alive and does not answer, so it is
 * raised again; one that answers wrongly is refused, and not left running.
 */
export async function raiseSound(
  launch: Launch,
  owner: ClientConfig,
): Promise<{ postmaster: Postmaster; version: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const postmaster = await raise(launch);
    try {
      return { postmaster, version: await inspect(owner) };
    } catch (error) {
      if (error instanceof PostgresRefusal || attempt === ANSWER_ATTEMPTS_MAX) {
        await lower(launch.dataDir, postmaster.pid);
        throw error;
      }
      await pause(ANSWER_PAUSE_MS);
    }
  }
}

/** What must hold before anybody writes: durable, and closed to strangers. Returns the server's version. */
export async function inspect(owner: ClientConfig): Promise<string> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    await assertDurable(client);
    await assertNoWeakerRole(client);
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '';
  } finally {
    await client.end();
  }
}
