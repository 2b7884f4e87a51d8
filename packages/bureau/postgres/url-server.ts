import pg, { type ClientConfig } from 'pg';
import { assertDurable, assertNoWeakerRole } from './durable.ts';
import type { Found } from './find.ts';
import { makeDatabase } from './make-database.ts';
import type { Server } from './server.ts';

/**
 * The server behind DATABASE_URL: never started or stopped by us, held to the same durability, its databases made only
 * if it permits. One account stands in the URL, so a role is taken on after signing in with it.
 */
export async function serverAtUrl(found: Found): Promise<Server> {
  const url = found.url as string;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await assertDurable(client);
    await assertNoWeakerRole(client);
    const { rows } = await client.query<{ current_user: string }>('SELECT current_user');
    return {
      version: found.version,
      origin: 'url',
      ownerRole: rows[0]?.current_user ?? '',
      connection: (database, role) => at(url, database, role),
      ensureDatabase: (name, role) => makeDatabase({ connectionString: url }, name, role),
      stop: async () => undefined,
    };
  } finally {
    await client.end();
  }
}

function at(url: string, database: string, role?: string): ClientConfig {
  const to = new URL(url);
  to.pathname = `/${database}`;
  if (role) to.searchParams.set('options', `${to.searchParams.get('options') ?? ''} -c role=${role}`.trim());
  return { connectionString: to.href };
}
