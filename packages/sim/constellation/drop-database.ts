/** A fresh beginning: the databases of an earlier coalition go, wherever their cluster lies. */
import type { Server } from '@tripoint/bureau/main';
import pg from 'pg';

export async function dropDatabase(server: Server, name: string): Promise<void> {
  const client = new pg.Client(server.connection('postgres'));
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
