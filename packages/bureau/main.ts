/** The only place where a bureau is put together. Configuration is read here, once; ports are handed out here. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toHex } from '@tripoint/envelope/cbor';
import { charterHash, decodeSignedCharter } from '@tripoint/envelope/charter';
import { logOrigin } from '@tripoint/envelope/proof';
import type { ClientConfig } from 'pg';
import pino from 'pino';
import { type Api, createApi, createSessions, type Officer, type Sessions } from './api/index.ts';
import { adminRoutes } from './desks/admin/index.ts';
import { forgetFilings, reportsRoutes } from './desks/reports/index.ts';
import { createExchange, type Exchange, postgresExchangeStore, raiseAlarm } from './exchange/index.ts';
import {
  type Founding,
  formatAlias,
  type Keys,
  keysForExchange,
  openKeyring,
  openKeys,
  readFounding,
  signedCharters,
} from './keys/index.ts';
import { type Log, openLog, openWitnessing, type Witnessing } from './log/index.ts';
import { migrate, newUuid, openStore, type RoomTables, type Store } from './store/index.ts';
import { type BureauLog, roomOn, systemClock, systemLog, systemRandom } from './system-ports.ts';
import { createTransport, type PeerAddress, type PeerDoor, type Transport } from './transport/index.ts';

export interface BureauConfig {
  /** ISO 3166 alpha-2. */
  nation: string;
  /** Keyring and founding of this bureau. */
  dataDir: string;
  /** Opens the keyring. */
  passphrase: string;
  /** Where officers knock. Port 0 lets the system choose. */
  api: { host: string; port: number };
  /** Where peers knock: another listener, another port, other keys. */
  peers: { host: string; port: number };
  consoleHosts: string[];
  officers: Officer[];
  /** Invented officers whom anybody may be. Never true in earnest. */
  demo: boolean;
  /** The console's built files; null serves the API alone. */
  webRoot: string | null;
  logFile: string | null;
}

export interface Bureau {
  nation: string;
  apiPort: number;
  peerPort: number;
  exchange: Exchange;
  stop(): Promise<void>;
}

/** The store's own tables, without any desk. */
export const storeTables = (): RoomTables[] => tables().filter(({ room }) => room === 'store');

/** Those of the log, for measuring it alone. */
export const logTables = (): RoomTables[] => tables().filter(({ room }) => room === 'log');

const rooms = ['store', 'keys', 'log', 'exchange', 'desks/reports', 'api'];

function tables(): RoomTables[] {
  return rooms.map((room) => ({ room, sql: readFileSync(join(import.meta.dirname, room, 'tables.sql'), 'utf8') }));
}

/** Opens a bureau on its database. It answers when this resolves. */
export async function openBureau(
  config: BureauConfig,
  /** `dataDir`: where the server keeps it, when it is on this machine; its disk is looked after. */
  database: { connection: ClientConfig; dataDir?: string | undefined },
  /** The console's files may still be on their way; the officers' door opens when they are there. */
  consoleReady: Promise<unknown> = Promise.resolve(),
): Promise<Bureau> {
  // A bureau that fails on its way up leaves nothing open behind it.
  await using opening = new AsyncDisposableStack();
  const log = logOf(config);
  const hasRoom = roomOn([config.dataDir, ...(database.dataDir === undefined ? [] : [database.dataDir])]);
  const trouble = (reason: unknown) => log.error({ reason: nameOf(reason) }, 'trouble below');
  const keyring = await openKeyring({ dir: config.dataDir, passphrase: config.passphrase });
  await migrate(database.connection, tables());
  const store = await openStore({
    connection: database.connection,
    kek: keyring.kek,
    indexKey: keyring.indexKey,
    clock: systemClock,
    random: systemRandom,
    trouble,
  });
  opening.defer(() => store.close());
  const ending = new AbortController();
  const founding = await readFounding(config.dataDir);
  const nationLog = openLogOf(store, keyring, founding, () => keys, trouble);
  const keys = await openKeys({
    keyring,
    transact: (work) => store.transact(work),
    clock: systemClock,
    random: systemRandom,
    appendLeaves: nationLog.appendInTx,
    pin: charterIdOf(founding),
  }).catch((reason: unknown) => {
    throw new Error(
      `${config.nation}: the database was not written with the keys in ${config.dataDir}; restore the keyring that belongs to it, or begin anew.`,
      { cause: reason },
    );
  });
  await adopt(keys, config, founding);
  const witnessing = witnessingOf(store, keys, () => transport, trouble);
  const exchange = createExchange({
    peerLog: witnessing,
    store: postgresExchangeStore(store, { random: systemRandom, log: nationLog }),
    keys: keysForExchange(keys, () => exchange.wake()),
    clock: systemClock,
    random: systemRandom,
    log,
  });
  const transport = transportOf(config, keys, roomyDoor(exchange.door, hasRoom), log);
  exchange.join(transport);
  const { port: peerPort } = await transport.start();
  exchange.start();
  const sessions = createSessions(store, { clock: systemClock, random: systemRandom });
  const beats = [
    nationLog.run(ending.signal),
    witnessing.run(ending.signal),
    upkeep(keys, transport, ending.signal, trouble),
    forgetting(store, sessions, ending.signal, trouble),
  ];
  opening.defer(async () => void (await Promise.allSettled(beats)));
  opening.defer(() => exchange.stop());
  opening.defer(() => transport.stop());
  opening.defer(() => ending.abort());
  await consoleReady;
  const api = await apiOf(config, store, sessions, keys, exchange, witnessing, log, hasRoom);
  const closing = opening.move();
  return {
    nation: config.nation,
    apiPort: api.port,
    peerPort,
    exchange,
    async stop() {
      ending.abort();
      await api.stop();
      await closing.disposeAsync();
    },
  };
}

/** Lines that wait for room on the disk, in bytes; what comes after them is dropped. */
const LOG_WAITING_BYTES_MAX = 1024 * 1024;

function logOf(config: BureauConfig): BureauLog {
  if (config.logFile === null) return systemLog(config.nation);
  mkdirSync(dirname(config.logFile), { recursive: true, mode: 0o700 });
  const { logFile: dest } = config;
  const lines = pino.destination({ dest, sync: false, mkdir: true, mode: 0o600, maxLength: LOG_WAITING_BYTES_MAX });
  // On a full disk lines are lost; a bureau that ended because of them would lose more.
  lines.on('error', () => {});
  return systemLog(config.nation, lines);
}

const nameOf = (reason: unknown) => (reason instanceof Error ? reason.name : typeof reason);

function openLogOf(
  store: Store,
  keyring: Keys['keyring'],
  founding: Founding,
  keysOf: () => Keys,
  trouble: (reason: unknown) => void,
): Log {
  return openLog({
    origin: logOrigin(toHex(charterIdOf(founding)), toHex(keyring.memberId)),
    logKey: keyring.logKey,
    transact: (work) => store.transact(work),
    clock: systemClock,
    random: systemRandom,
    cadence: () => {
      const { bounds } = keysOf().charter.current().charter;
      return { beatMs: bounds.logCadenceSec * 1000, leavesPerBeat: bounds.logLeavesPerBeat };
    },
    trouble,
  });
}

function witnessingOf(
  store: Store,
  keys: Keys,
  transport: () => Transport,
  trouble: (reason: unknown) => void,
): Witnessing {
  const { keyring, charter, directory } = keys;
  return openWitnessing({
    transact: (work) => store.transact(work),
    clock: systemClock,
    keys: {
      memberId: keyring.memberId,
      logKey: keyring.logKey,
      witnessKey: keyring.witnessKey,
      originOf: (memberId) => logOrigin(toHex(charter.current().charterId), toHex(memberId)),
      member: (memberId) => charter.member(memberId),
      members: () => charter.members().map(({ memberId }) => memberId),
      logKeys: (memberId) => directory.logKeys(memberId),
      witnessKeys: (memberId) => directory.witnessKeys(memberId),
      quorum: () => charter.current().charter.bounds.witnessQuorum,
    },
    send: (peer, payload) => transport().control(peer, 'log', payload),
    alarm: async (tx, code, nation) => {
      const atMs = systemClock.nowMs();
      await raiseAlarm(tx.db, newUuid(systemRandom), { kind: 'fork', code, nation, atMs });
      tx.emit({ kind: 'alarm', item: null, desk: 'admin' });
    },
    trouble,
  });
}

/** The charter id is the hash of version 1, the very bytes that were read aloud. */
function charterIdOf(founding: Founding): Uint8Array {
  const signed = decodeSignedCharter(founding.signedCharter);
  if (signed === null) throw new Error('the founding holds no charter');
  return charterHash(signed.bytes);
}

async function adopt(keys: Keys, config: BureauConfig, founding: Founding): Promise<void> {
  const refused = await keys.adoptFounding(founding);
  if (refused !== null) throw new Error(`${config.nation}: the founding in ${config.dataDir} is refused (${refused})`);
  await keys.maintain();
}

const UPKEEP_MS = 3_600_000;

/** Keys of the days ahead are made and shown to peers, keys of days gone by are destroyed. */
async function upkeep(
  keys: Keys,
  transport: Transport,
  signal: AbortSignal,
  trouble: (reason: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await systemClock.sleep(UPKEEP_MS, signal);
    if (signal.aborted) return;
    const done = await keys.maintain().catch((reason: unknown) => {
      trouble(reason);
      return { published: 0 };
    });
    if (done.published === 0) continue;
    for (const [peer, state] of transport.links())
      if (state === 'up') transport.control(peer, 'keys', keys.directoryBytes());
  }
}

/** What nobody can ask for any more is forgotten: at the start, and every hour. */
async function forgetting(
  store: Store,
  sessions: Sessions,
  signal: AbortSignal,
  trouble: (reason: unknown) => void,
): Promise<void> {
  const forgets = [
    () => store.forgetEvents(),
    () => sessions.forgetOver(),
    () => forgetFilings({ store, clock: systemClock }),
  ];
  while (!signal.aborted) {
    for (const forget of forgets) await forget().catch(trouble);
    await systemClock.sleep(UPKEEP_MS, signal);
  }
}

/** Without room nothing of a peer is taken in: it is not acknowledged, stays with its sender and comes again. */
function roomyDoor(door: PeerDoor, hasRoom: () => boolean): PeerDoor {
  // Asks the door itself for everything else, each time: whoever listens at the door hears all of it.
  const roomy: PeerDoor = Object.create(door);
  roomy.receive = async (peer, copies) => {
    if (!hasRoom()) throw new Error('no room on the disk');
    return door.receive(peer, copies);
  };
  return roomy;
}

function transportOf(config: BureauConfig, keys: Keys, door: PeerDoor, log: BureauLog): Transport {
  const { keyring } = keys;
  return createTransport({
    self: { memberId: keyring.memberId, tls: { keyPem: keyring.link.keyPem, certPem: keyring.link.certPem } },
    peers: () => peerAddresses(keys),
    listen: config.peers,
    door,
    clock: systemClock,
    random: systemRandom,
    log,
  });
}

function peerAddresses(keys: Keys): PeerAddress[] {
  const own = toHex(keys.keyring.memberId);
  return keys.charter
    .activeRecipients()
    .filter(({ memberId }) => toHex(memberId) !== own)
    .map(({ memberId, addresses }) => {
      const [host = '127.0.0.1', port = '0'] = (addresses[0] ?? '').split(':');
      return { memberId, host, port: Number(port), pins: keys.directory.linkPins(memberId) };
    });
}

async function apiOf(
  config: BureauConfig,
  store: Store,
  sessions: Sessions,
  keys: Keys,
  exchange: Exchange,
  witnessing: Witnessing,
  log: BureauLog,
  hasRoom: () => boolean,
): Promise<Api> {
  const names = new Map(config.officers.map(({ id, name }) => [id, name]));
  const reports = reportsRoutes({
    store,
    exchange,
    clock: systemClock,
    random: systemRandom,
    nation: config.nation,
    charter: () => {
      const { charter, hash } = keys.charter.current();
      return { version: charter.version, hash };
    },
    counterparts: () => counterpartsOf(keys),
    authorFor: (agency, nation) =>
      formatAlias(config.nation, agency === null ? 0 : keys.keyring.aliasFor(agency, nation)),
    authorOf: formatAlias,
    saltFor: keys.keyring.saltFor,
    previewMac: (bytes) => keys.keyring.hmac('preview', bytes),
    hash: (bytes) => createHash('sha256').update(bytes).digest(),
    officerName: (id) => names.get(id) ?? id,
    evidence: evidenceOf(store, keys, witnessing),
  });
  const admin = adminRoutes({
    store,
    exchange,
    clock: systemClock,
    nation: config.nation,
    charter: () => {
      const { charter, charterId, hash } = keys.charter.current();
      return { id: toHex(charterId), version: charter.version, hash: toHex(hash), expiresMs: charter.expires * 1000 };
    },
    members: () => membersOf(keys),
    evidence: evidenceOf(store, keys, witnessing),
  });
  return createApi({
    nation: config.nation,
    listen: config.api,
    consoleHosts: config.consoleHosts,
    store,
    sessions,
    officers: config.officers,
    demo: config.demo,
    bound: [...reports, ...admin],
    webRoot: config.webRoot,
    clock: systemClock,
    random: systemRandom,
    hasRoom,
    log,
  });
}

function evidenceOf(store: Store, { keyring, charter, directory }: Keys, { locate }: Witnessing) {
  const originOf = (memberId: Uint8Array) => logOrigin(toHex(charter.current().charterId), toHex(memberId));
  return {
    keys: {
      memberId: keyring.memberId,
      charters: () => store.transact(signedCharters),
      papersOf: (memberId: Uint8Array) => directory.papersOf(memberId),
      ownerOf: (origin: string) =>
        charter.members().find(({ memberId }) => originOf(memberId) === origin)?.memberId ?? null,
    },
    nationOf: (memberId: Uint8Array) => charter.member(memberId)?.nation ?? null,
    locate,
  };
}

/** By code: the charter's own order, by member id, means nothing to an officer and differs from coalition to coalition. */
const inOrder = (keys: Keys) => keys.charter.members().toSorted((a, b) => (a.nation < b.nation ? -1 : 1));

function counterpartsOf(keys: Keys) {
  const own = toHex(keys.keyring.memberId);
  const nowSec = Math.floor(systemClock.nowMs() / 1000);
  return inOrder(keys)
    .filter(({ memberId }) => toHex(memberId) !== own)
    .map(({ memberId, nation, status }) => {
      const key = keys.directory.kemFor(memberId, nowSec);
      return { nation, memberId, status, fingerprint: key === null ? null : keys.directory.fingerprint(memberId) };
    });
}

function membersOf(keys: Keys) {
  const own = toHex(keys.keyring.memberId);
  return inOrder(keys).map(({ memberId, nation, status }) => ({
    nation,
    memberIdHex: toHex(memberId),
    self: toHex(memberId) === own,
    status,
    fingerprint: keys.directory.fingerprint(memberId) ?? '',
  }));
}

export { createPages, type Officer, type Pages, tokenHashOf } from './api/index.ts';
export { itemOfReport } from './exchange/index.ts';
export { type CeremonyNation, holdCeremony } from './keys/index.ts';
export { openLog, proveUnder } from './log/index.ts';
export { type Held, type Server, startServer, stopLeftServer, tryHold } from './postgres/index.ts';
export { migrate, openStore } from './store/index.ts';
export { systemClock, systemLog, systemRandom } from './system-ports.ts';
