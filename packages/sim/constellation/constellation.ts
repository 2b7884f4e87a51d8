/** Six bureaus on one machine: real PostgreSQL, real sealing, real sockets. Used by `npm start`, tests and bench alike. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bureau, type BureauConfig, openBureau, startServer, tokenHashOf } from '@tripoint/bureau/main';
import type { BureauCard } from './card.ts';
import { type DemoSecrets, demoSecrets } from './demo-secrets.ts';
import { dropDatabase } from './drop-database.ts';
import { ensureFounded } from './found.ts';
import { inventedOfficers } from './invented-officers.ts';
import { consoleHost, type Place, placesFrom } from './nations.ts';

export interface ConstellationOptions {
  dataDir: string;
  /** First of a block of ports; 0 lets the system choose (then bureaus cannot be restarted at their old address). */
  firstPort: number;
  /** Each bureau as its own process, with its own database server. */
  processes: boolean;
  webRoot: string | null;
  /** Resolves when `webRoot` is built; bureaus start meanwhile. */
  webReady?: Promise<unknown>;
  /** Begin anew: databases of an earlier coalition are dropped. */
  fresh?: boolean;
  /** Only some of the six. */
  nations?: readonly string[];
  /** Where log lines go; by default a file a bureau under the data folder. */
  say: (sentence: string) => void;
}

export interface Constellation {
  cards: BureauCard[];
  /** The bureau itself when it runs in this process: a test may stand at its peers' door. */
  bureau(nation: string): Bureau | null;
  /** A bureau's process, when it has one of its own. */
  child(nation: string): ChildProcess | null;
  /** Starts a bureau again that was stopped or whose process was killed; its data is where it was. */
  restart(nation: string): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  card: BureauCard;
  bureau: Bureau | null;
  child: ChildProcess | null;
  stop(): Promise<void>;
  /** The same bureau on the same data, after it stopped. */
  again(): Promise<Running>;
}

export async function openConstellation(options: ConstellationOptions): Promise<Constellation> {
  const places = placesFrom(options.firstPort).filter(({ nation }) => options.nations?.includes(nation) ?? true);
  // Passable, so that the database's own account can walk through; what is secret inside is closed on its own.
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 });
  const secrets = demoSecrets(
    options.dataDir,
    places.map(({ nation }) => nation),
  );
  await ensureFounded(options.dataDir, places, secrets);
  const configs = places.map((place) => configOf(options, place, secrets));
  if (options.processes) await options.webReady;
  const open = options.processes ? openInProcesses : openTogether;
  const running = await open(options, places, configs, secrets);
  return {
    cards: [...running.values()].map(({ card }) => card),
    bureau: (nation) => running.get(nation)?.bureau ?? null,
    child: (nation) => running.get(nation)?.child ?? null,
    async restart(nation) {
      const stopped = running.get(nation);
      if (!stopped) throw new Error(`${nation} is not in this constellation`);
      running.set(nation, await stopped.again());
    },
    async stop() {
      await Promise.allSettled([...running.values()].map((one) => one.stop()));
      await closing.get(running)?.();
    },
  };
}

/** What stops after the bureaus: the database server they share. */
const closing = new WeakMap<Map<string, Running>, () => Promise<void>>();

function configOf(options: ConstellationOptions, place: Place, secrets: DemoSecrets): BureauConfig {
  const { nation } = place;
  const officers = officersOf(nation, secrets);
  return {
    nation,
    dataDir: join(options.dataDir, nation.toLowerCase()),
    passphrase: secrets.passphrases[nation] as string,
    api: { host: '127.0.0.1', port: place.api },
    peers: { host: '127.0.0.1', port: place.peers },
    consoleHosts: [consoleHost(nation)],
    officers: officers.map(({ token: _, ...officer }) => officer),
    demo: true,
    webRoot: options.webRoot,
    logFile: join(options.dataDir, nation.toLowerCase(), 'bureau.log'),
  };
}

function officersOf(nation: string, secrets: DemoSecrets) {
  const tokenOf = (id: string) => createHmac('sha256', secrets.tokenSeed).update(id).digest('base64url');
  return inventedOfficers(nation, secrets.agencies[nation] as DemoSecrets['agencies'][string], tokenOf, tokenHashOf);
}

function cardOf(place: Place, port: number, pid: number, secrets: DemoSecrets): BureauCard {
  return {
    nation: place.nation,
    url: `http://127.0.0.1:${port}`,
    console: `http://${consoleHost(place.nation)}:${port}`,
    pid,
    officers: officersOf(place.nation, secrets).map(({ name, roles, token }) => ({
      name,
      role: roles[0] as string,
      token,
    })),
  };
}

const databaseName = (nation: string) => `tripoint_${nation.toLowerCase()}`;

async function openTogether(
  options: ConstellationOptions,
  places: readonly Place[],
  configs: readonly BureauConfig[],
  secrets: DemoSecrets,
): Promise<Map<string, Running>> {
  const server = await startServer({
    dataDir: join(options.dataDir, 'postgres'),
    label: 'constellation',
    log: options.say,
  });
  const open = async (place: Place, config: BureauConfig): Promise<Running> => {
    const name = databaseName(config.nation);
    const bureau = await openBureau(config, { connection: server.connection(name, name) }, options.webReady);
    const card = cardOf(place, bureau.apiPort, process.pid, secrets);
    return { card, bureau, child: null, stop: () => bureau.stop(), again: () => open(place, config) };
  };
  const opened = await Promise.all(
    places.map(async (place, i) => {
      const name = databaseName(place.nation);
      if (options.fresh) await dropDatabase(server, name);
      await server.ensureDatabase(name, name);
      return open(place, configs[i] as BureauConfig);
    }),
  );
  const running = new Map(opened.map((one) => [one.card.nation, one]));
  closing.set(running, () => server.stop());
  return running;
}

async function openInProcesses(
  options: ConstellationOptions,
  places: readonly Place[],
  configs: readonly BureauConfig[],
  secrets: DemoSecrets,
): Promise<Map<string, Running>> {
  const opened = await Promise.all(
    places.map((place, i) =>
      openProcess(place, configs[i] as BureauConfig, secrets, options.dataDir, options.fresh ?? false),
    ),
  );
  return new Map(opened.map((one) => [one.card.nation, one]));
}

/** Time for a bureau's process to say that it answers; recovery after a kill included. */
const PROCESS_READY_MS_MAX = 90_000;
const PROCESS_STOP_MS_MAX = 15_000;

async function openProcess(
  place: Place,
  config: BureauConfig,
  secrets: DemoSecrets,
  dataDir: string,
  fresh: boolean,
): Promise<Running> {
  const file = join(dataDir, place.nation.toLowerCase(), 'config.json');
  mkdirSync(join(dataDir, place.nation.toLowerCase()), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const child = fork(
    join(import.meta.dirname, 'bureau-process.ts'),
    [file, join(dataDir, `postgres-${place.nation.toLowerCase()}`), fresh ? 'fresh' : 'again'],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${place.nation}: the bureau does not answer`)),
      PROCESS_READY_MS_MAX,
    );
    child.once('message', (message: { port: number }) => {
      clearTimeout(late);
      resolve(message.port);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`${place.nation}: the bureau's process ended (${code ?? signal})`));
    });
  });
  const card = cardOf(place, port, child.pid as number, secrets);
  const again = () => openProcess(place, config, secrets, dataDir, false);
  return { card, bureau: null, child, stop: () => stopProcess(child), again };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), PROCESS_STOP_MS_MAX);
  await gone;
  clearTimeout(late);
}
