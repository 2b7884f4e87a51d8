import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { type Account, accountsForServer } from './account.ts';
import { icuOf, packageRoot, readyPackage, versionOf } from './binaries.ts';
import { PostgresRefusal } from './refusal.ts';

/** The builtin C.UTF-8 locale, on which our databases stand, exists from 17. */
export const MAJOR_MIN = 17;
const URL_WAIT_MS = 10_000;
const USUAL_PARENTS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/Library/PostgreSQL'];
const USUAL_DIRECTORIES = ['/usr/local/pgsql/bin', '/usr/local/bin', '/usr/bin', '/usr/libexec/postgresql'];

/** What the bureau will stand on. `reason` is one sentence that also says what was passed over. */
export type Found = {
  origin: 'url' | 'system' | 'package';
  major: number;
  version: string;
  /** Major version of the ICU inside; undefined when built without, or unknown behind a URL. */
  icu?: string;
  /** Directory of `postgres` and `initdb`; absent behind a URL. */
  binDir?: string;
  url?: string;
  reason: string;
};

/**
 * Resolves DATABASE_URL, then the system's binaries, then the npm package: the first of major 17 or later.
 * A URL that does not answer is refused, never replaced: a bureau must not wake up on an empty database because its
 * server is late. Throws `unreachable`, `no-account`, `no-postgres`.
 */
export async function findPostgres(env: Record<string, string | undefined> = process.env): Promise<Found> {
  const passedOver: string[] = [];
  const url = env.DATABASE_URL ? await atUrl(env.DATABASE_URL) : undefined;
  if (url && url.major >= MAJOR_MIN) return chosen(url, passedOver);
  if (url) passedOver.push(`the server of DATABASE_URL is ${url.version}`);
  const accounts = accountsForServer();
  const account = accounts[0] as Account;
  for (const binDir of systemDirectories(env)) {
    const version = versionOf(binDir, account);
    if (version && majorOf(version) >= MAJOR_MIN) return chosen(inDirectory('system', binDir, version), passedOver);
    if (version) passedOver.push(`${binDir} is ${version}`);
  }
  const root = packageRoot();
  if (root) {
    const binDir = await readyPackage(root, account);
    const version = versionOf(binDir, account);
    if (version) return chosen(inDirectory('package', binDir, version), passedOver);
    passedOver.push(`the npm package does not run on this system`);
  } else passedOver.push(`npm installed no package for ${process.platform}-${process.arch}`);
  throw new PostgresRefusal(
    'no-postgres',
    `No PostgreSQL of major ${MAJOR_MIN} or later was found: ${passedOver.join('; ')}.`,
  );
}

function chosen(found: Omit<Found, 'reason'>, passedOver: readonly string[]): Found {
  const where = {
    url: 'the server of DATABASE_URL',
    system: `the system's ${found.binDir}`,
    package: 'the npm package',
  };
  const over = passedOver.length > 0 ? `; passed over: ${passedOver.join(', ')} (major ${MAJOR_MIN} is the least)` : '';
  return { ...found, reason: `PostgreSQL ${found.version} from ${where[found.origin]}${over}.` };
}

function inDirectory(origin: 'system' | 'package', binDir: string, version: string): Omit<Found, 'reason'> {
  const icu = icuOf(binDir);
  return { origin, major: majorOf(version), version, binDir, ...(icu && { icu }) };
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Every directory that holds a `postgres` and an `initdb`, each named once, in order of preference. */
function systemDirectories(env: Record<string, string | undefined>): string[] {
  const onPath = (env.PATH ?? '').split(delimiter).filter((directory) => directory.startsWith('/'));
  const versioned = USUAL_PARENTS.flatMap(binDirectoriesUnder);
  const holding = [...onPath, ...versioned, ...USUAL_DIRECTORIES].filter(
    (directory) => existsSync(join(directory, 'postgres')) && existsSync(join(directory, 'initdb')),
  );
  return [...new Set(holding.map((directory) => join(realpathSync(join(directory, 'postgres')), '..')))];
}

function binDirectoriesUnder(parent: string): string[] {
  if (!existsSync(parent)) return [];
  const newestFirst = readdirSync(parent).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return newestFirst.map((name) => join(parent, name, 'bin'));
}

async function atUrl(url: string): Promise<Omit<Found, 'reason'>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: URL_WAIT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const version = (rows[0]?.server_version ?? '').split(' ')[0] as string;
    return { origin: 'url', major: majorOf(version), version, url };
  } catch (error) {
    // Only the kind of failure: the text of a connection error may carry the URL, and the URL carries a password.
    const kind = (error as { code?: string }).code ?? 'no answer';
    throw new PostgresRefusal('unreachable', `DATABASE_URL is set and its server did not let us in (${kind}).`);
  } finally {
    await client.end().catch(() => undefined); // nothing to end when it never began
  }
}
