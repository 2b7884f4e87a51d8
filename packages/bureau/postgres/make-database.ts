import pg, { type Client, type ClientConfig } from 'pg';
import { PostgresRefusal } from './refusal.ts';

/** Names are ours, never input: plain, and short enough that PostgreSQL does not cut them. */
const PLAIN_NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Any fixed number: makers of databases queue behind it, because template0 serves one copy at a time. */
const MAKER_LOCK = 7_460_001;
const NOT_ALLOWED = new Set(['42501', '28000']); // insufficient_privilege, invalid_authorization_specification

export function plainName(name: string): string {
  if (PLAIN_NAME.test(name)) return name;
  throw new PostgresRefusal('bad-name', `${JSON.stringify(name)} is no plain name of a database or role.`);
}

/** Makes the role and its database when missing. Throws `bad-name`, `other-hands` (owned by another), `not-permitted`. */
export async function makeDatabase(as: ClientConfig, database: string, role: string): Promise<void> {
  const client = new pg.Client(as);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MAKER_LOCK]);
    await makeRole(client, plainName(role));
    await makeOwned(client, plainName(database), role);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  } catch (error) {
    if (!NOT_ALLOWED.has((error as { code?: string }).code ?? '')) throw error;
    throw new PostgresRefusal(
      'not-permitted',
      `This account of the server may not make the role ${role} and the database ${database}: let its administrator make them, owned by ${role}, or grant CREATEROLE and CREATEDB.`,
    );
  } finally {
    await client.end(); // which also lets go of the lock
  }
}

async function makeRole(client: Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION`);
  // Behind a URL we are no superuser: to hand a database to a role one must be able to act as it.
  const { rows } = await client.query<{ may: boolean }>(`SELECT pg_has_role(current_user, $1, 'SET') AS may`, [role]);
  if (!rows[0]?.may) await client.query(`GRANT ${role} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE`);
}

async function makeOwned(client: Client, database: string, role: string): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1',
    [database],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined)
    await client.query(
      `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' STRATEGY FILE_COPY`,
    );
  else if (owner !== role)
    throw new PostgresRefusal('other-hands', `The database ${database} belongs to ${owner}, not to ${role}.`);
}
