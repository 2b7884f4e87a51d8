import pg, { type ClientConfig } from 'pg';
import { plainName } from './make-database.ts';

const TEMPLATES_KEPT = 8; // about 8 MB each; the newest are the ones in use

/** What killed tests left, and templates nobody will ask for again. Only for who is alone on the server. */
export async function sweepLeftovers(owner: ClientConfig): Promise<void> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname ~ '^(clone|making)_|^template_.*_run[0-9a-f]{8}$'
        UNION ALL
       (SELECT datname FROM pg_database WHERE datname ~ '^template_.*_[0-9a-f]{12}$' ORDER BY oid DESC OFFSET $1)`,
      [TEMPLATES_KEPT],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${plainName(datname)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
