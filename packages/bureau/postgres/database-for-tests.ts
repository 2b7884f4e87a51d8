import { createHash, randomBytes } from 'node:crypto';
import pg, { type Client, type ClientConfig } from 'pg';
import { plainName } from './make-database.ts';
import { PostgresRefusal } from './refusal.ts';
import type { Server } from './server.ts';
import { startTestServer } from './server-for-tests.ts';

/** A test file's own database: a clone of a prepared template, owned by a plain role. */
export type TestDatabase = AsyncDisposable & {
  name: string;
  role: string;
  /** As the role, which owns the database and is no superuser. */
  connection: ClientConfig;
  /** Drops it, ending connections that were forgotten. Close pools first: they complain when cut. */
  drop(): Promise<void>;
};

const NAME_LENGTH_MAX = 24; // leaves room for prefix and mark within the 63 bytes of a name

/**
 * Clones the template `name`, made once by `prepare(connection as its role)` and kept under the hash of `mark`.
 * `mark` is everything that shapes the template, such as the text of the migrations; without it the template is this
 * process's own and is made anew every time. A clone by file copy took half the time of one through the log here. `prepare` must close its connections.
 */
export async function testDatabase(
  name: string,
  prepare: (connection: ClientConfig) => Promise<void>,
  mark: string = ANEW,
): Promise<TestDatabase> {
  if (name.length > NAME_LENGTH_MAX)
    throw new PostgresRefusal('bad-name', `${name} is longer than ${NAME_LENGTH_MAX}.`);
  const server = await startTestServer();
  const role = plainName(`test_${name}`);
  const template = `template_${name}_${mark === ANEW ? `run${ANEW}` : hash(mark)}`;
  const clone = `clone_${name}_${randomBytes(5).toString('hex')}`;
  await asOwner(server, async (client) => {
    await makeTemplate(client, server, template, role, prepare);
    await client.query(`CREATE DATABASE ${clone} OWNER ${role} TEMPLATE ${template} STRATEGY FILE_COPY`);
    await client.query(`REVOKE ALL ON DATABASE ${clone} FROM PUBLIC`);
  });
  const drop = (): Promise<void> =>
    asOwner(server, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${clone} WITH (FORCE)`)));
  return { name: clone, role, connection: server.connection(clone, role), drop, [Symbol.asyncDispose]: drop };
}

const ANEW = randomBytes(4).toString('hex');

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** One maker at a time; the finished template gets its name by one rename, so a half-made one is never cloned. */
async function makeTemplate(
  client: Client,
  server: Server,
  template: string,
  role: string,
  prepare: (connection: ClientConfig) => Promise<void>,
): Promise<void> {
  const lock = Number.parseInt(hash(template).slice(0, 8), 16);
  await client.query('SELECT pg_advisory_lock($1)', [lock]);
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount) return;
    const half = template.replace(/^template_/, 'making_');
    await client.query(`DROP DATABASE IF EXISTS ${half} WITH (FORCE)`);
    await server.ensureDatabase(half, role);
    await prepare(server.connection(half, role));
    await client.query(`ALTER DATABASE ${half} RENAME TO ${template}`); // waits up to 5 s for connections to close
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [lock]);
  }
}

async function asOwner(server: Server, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(server.connection('postgres'));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
