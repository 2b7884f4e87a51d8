import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, asAccount } from './account.ts';
import { mayWalkTo, ownDirectoryIn } from './directory.ts';
import type { Found } from './find.ts';
import { type Log, PostgresRefusal } from './refusal.ts';

/** The superuser of every cluster we make. Bureaus use roles of their own. */
export const OWNER_ROLE = 'tripoint_owner';
/** For root's data when the account cannot walk to the checkout: only root may write here, so nobody can plant one. */
const PLACES_FOR_ROOT = ['/var/lib', '/srv'];

/** Written into the data directory when it is made: what wrote it, and so what alone may open it. */
export type Marker = { origin: 'system' | 'package'; major: number; icu: string | null };

const markerPath = (dataDir: string): string => join(dataDir, 'made-by.json');

/**
 * Where the data really goes: the wanted path, or, when the account cannot walk to it, a place it can, said aloud.
 * The account needs every directory above the data to be passable; making a private checkout passable is not ours to do.
 */
export function placeFor(wanted: string, account: Account, log: Log): string {
  mkdirSync(dirname(wanted), { recursive: true });
  const path = join(realpathSync(dirname(wanted)), basename(wanted));
  if (mayWalkTo(dirname(path), account)) return path;
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 12);
  const place = join(ownDirectoryIn(PLACES_FOR_ROOT, account), `${basename(dirname(path))}-${basename(path)}-${mark}`);
  log(`The account ${account.name} cannot walk to ${path}; the data is kept in ${place} instead.`);
  return place;
}

/** The account that owns existing data keeps it: data made as nobody stays with nobody when postgres appears later. */
export function accountFor(
  wanted: string,
  accounts: readonly Account[],
  log: Log,
): { account: Account; dataDir: string } {
  for (const account of accounts) {
    const dataDir = placeFor(wanted, account, () => undefined);
    if (existsSync(dataDir) && statSync(dataDir).uid === account.uid && readdirSync(dataDir).length > 0)
      return { account, dataDir: placeFor(wanted, account, log) };
  }
  const account = accounts[0] as Account;
  return { account, dataDir: placeFor(wanted, account, log) };
}

/** Makes the cluster if there is none; otherwise makes sure it is ours to open. Call only under the data's lock. */
export async function ensureCluster(dataDir: string, found: Found, account: Account, log: Log): Promise<void> {
  const here = existsSync(dataDir) && readdirSync(dataDir).length > 0;
  if (here) {
    assertSameHands(dataDir, found, account);
    return;
  }
  log(`Making a database cluster in ${dataDir} as ${account.name}.`);
  const half = `${dataDir}.half`; // a cluster that was cut short never carries the good name
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  if (account.dropped) chownSync(half, account.uid, account.gid);
  await initialise(half, found, account);
  const marker: Marker = { origin: found.origin as Marker['origin'], major: found.major, icu: found.icu ?? null };
  writeFileSync(markerPath(half), `${JSON.stringify(marker)}\n`, { flag: 'wx' }); // the account owns this place: follow no link of its making
  renameSync(half, dataDir);
}

/** Throws `not-ours` or `other-hands`: another ICU sorts otherwise, another major reads other files. */
function assertSameHands(dataDir: string, found: Found, account: Account): void {
  if (!existsSync(join(dataDir, 'PG_VERSION')) || !existsSync(markerPath(dataDir)))
    throw new PostgresRefusal('not-ours', `${dataDir} is not empty and was not made by a bureau: it is left alone.`);
  const owner = statSync(dataDir).uid;
  if (owner !== account.uid)
    throw new PostgresRefusal(
      'other-hands',
      `${dataDir} belongs to the account ${owner}, and the server would run as ${account.name} (${account.uid}).`,
    );
  const made = JSON.parse(readFileSync(markerPath(dataDir), 'utf8')) as Marker;
  const onDisk = Number.parseInt(readFileSync(join(dataDir, 'PG_VERSION'), 'utf8'), 10);
  const before = `${made.origin} ${onDisk === made.major ? made.major : `${made.major}/${onDisk}`}, ICU ${made.icu ?? 'none'}`;
  const now = `${found.origin} ${found.major}, ICU ${found.icu ?? 'none'}`;
  if (before !== now)
    throw new PostgresRefusal(
      'other-hands',
      `${dataDir} was made by PostgreSQL of ${before}, and what was found is ${now}: data changes hands only by export and import.`,
    );
}

async function initialise(dataDir: string, found: Found, account: Account): Promise<void> {
  const args = [
    ...['--pgdata', dataDir, '--username', OWNER_ROLE, '--encoding', 'UTF8'],
    ...['--locale-provider=builtin', '--locale=C.UTF-8', '--data-checksums'],
    ...['--auth-local=peer', '--auth-host=reject', '--no-instructions'],
  ];
  try {
    await promisify(execFile)(join(found.binDir as string, 'initdb'), args, asAccount(account));
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const why = (stderr || message).trim().split('\n').slice(0, 2).join(' ');
    throw new PostgresRefusal('initdb-failed', `initdb as ${account.name} could not make ${dataDir}: ${why}`);
  }
}
