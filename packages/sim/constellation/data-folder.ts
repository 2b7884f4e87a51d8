/** The folder of one demonstration: whose it is, who is in it now, and what in it may be deleted. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Held, stopLeftServer, tryHold } from '@tripoint/bureau/main';
import { nations } from './nations.ts';
import { damaged, readRecord } from './record.ts';
import { CARDS_FILE, CARDS_FILE_NEXT } from './write-cards.ts';

/** Either of them says that we made the folder what it is. */
const marks = ['demo-secrets.json', CARDS_FILE];
const lockName = 'constellation.lock';
const layoutName = 'layout.json';

const clusters = ['postgres', ...nations.map((nation) => clusterOf(nation))];
/** Lock files stay: one deleted while it is held would let a second process in. */
const locks = [lockName, ...clusters.map((name) => `${name}.lock`)].flatMap((name) => [name, `${name}-journal`]);
/** All that a coalition makes here, and so all that a fresh beginning may delete; the marks go last. */
const ours = [
  ...nations.map((nation) => nation.toLowerCase()),
  ...clusters.flatMap((name) => [name, `${name}.half`, `${name}.log`, `${name}.log.1`]),
  'ports.json',
  layoutName,
  CARDS_FILE_NEXT,
  ...marks.toReversed(),
];

/** The folder of a nation's own cluster, with `--processes`. */
export function clusterOf(nation: string): string {
  return `postgres-${nation.toLowerCase()}`;
}

/** Makes the folder if need be and takes it until released or until this process ends. Throws one sentence. */
export function takeFolder(dataDir: string): Held {
  makeFolder(dataDir);
  refuseForeign(dataDir);
  const held = tryHold(join(dataDir, lockName), 'alone');
  if (held) return held;
  throw new Error(
    `a coalition is already running on ${dataDir}; stop it first, or set TRIPOINT_DATA and TRIPOINT_PORT for another.`,
  );
}

/** Throws one sentence where no folder can be. */
function makeFolder(dataDir: string): void {
  try {
    makeWithParents(dataDir);
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    throw new Error(
      `no folder can be made at ${dataDir} (${code ?? message}); set TRIPOINT_DATA to a folder of yours.`,
    );
  }
}

/** Step by step: Node's own way of making parents never ends where one that is there takes no folders, such as /proc. */
function makeWithParents(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeWithParents(dirname(folder));
  // Passable, so that the database's own account can walk through; what is secret inside is closed on its own.
  mkdirSync(folder, { mode: 0o711 });
}

function refuseForeign(dataDir: string): void {
  const names = readdirSync(dataDir);
  if (names.some((name) => marks.includes(name)) || names.every((name) => locks.includes(name))) return;
  throw new Error(
    `${dataDir} holds files that are no coalition's, so nothing in it was touched; set TRIPOINT_DATA to an empty folder.`,
  );
}

/** Deletes what an earlier coalition made, after stopping a database server that outlived it. Only with the folder taken. */
export async function clearFolder(dataDir: string): Promise<void> {
  for (const name of clusters) if (existsSync(join(dataDir, name))) await stopLeftServer(join(dataDir, name));
  for (const name of ours) rmSync(join(dataDir, name), { recursive: true, force: true });
}

/** One process and six keep their data in different clusters: the other layout would show another database. */
export function keepLayout(dataDir: string, processes: boolean): void {
  const begun = layoutOf(dataDir);
  if (begun === undefined)
    writeFileSync(join(dataDir, layoutName), `${JSON.stringify({ processes })}\n`, { mode: 0o600 });
  else if (begun !== processes)
    throw new Error(
      `${dataDir} was begun ${begun ? 'with' : 'without'} --processes; start it ${begun ? 'with' : 'without'} --processes, or begin anew with --fresh.`,
    );
}

function layoutOf(dataDir: string): boolean | undefined {
  const file = join(dataDir, layoutName);
  if (existsSync(file)) {
    const { processes } = readRecord(file);
    if (typeof processes !== 'boolean') throw damaged(file);
    return processes;
  }
  // Folders of an earlier version carry no record, but their clusters tell.
  if (existsSync(join(dataDir, 'postgres'))) return false;
  return nations.some((nation) => existsSync(join(dataDir, clusterOf(nation)))) ? true : undefined;
}
