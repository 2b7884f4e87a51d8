import pg, { type Client, type ClientConfig } from 'pg';

const TEMPLATES_KEPT = 8; // about 8 MB each; the newest are the ones in use
/** A finished template of known content. One without a mark ends in `_run…` and is nobody's after its process. */
const MARKED = '^template_.*_[0-9a-f]{12}$';

/**
 * Puts the test server back to what a run may rely on: what it came with, and the newest migrated templates with their
 * roles. Whatever killed or careless tests left goes. Only for who is alone on the server.
 */
export async function sweepLeftovers(owner: ClientConfig): Promise<void> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    const databases = await named(
      client,
      `SELECT datname AS name FROM pg_database
        WHERE datname NOT IN ('postgres', 'template0', 'template1') AND datname NOT IN (
          SELECT datname FROM pg_database WHERE datname ~ '${MARKED}' ORDER BY oid DESC LIMIT ${TEMPLATES_KEPT})`,
    );
    for (const name of databases) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    const roles = await named(
      client,
      `SELECT rolname AS name FROM pg_roles
        WHERE rolname <> current_user AND rolname !~ '^pg_' AND oid NOT IN (SELECT datdba FROM pg_database)`,
    );
    for (const name of roles) await client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  } finally {
    await client.end();
  }
}

/** Names as the server quotes them. */
async function named(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`SELECT quote_ident(name) AS name FROM (${sql})`);
  return rows.map(({ name }) => name);
}
