import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { findPostgres, type PostgresRefusal, startServer, startTestServer } from './index.ts';

const host = await startTestServer();
const urlOf = (role: string, database = 'postgres') => `postgres:///${database}?host=${host.socketDir}&user=${role}`;

async function behind(url: string) {
  const found = await findPostgres({ PATH: '', DATABASE_URL: url });
  return startServer({ dataDir: '/nowhere', label: 'vn', log: () => undefined, found });
}

async function ask(config: pg.ClientConfig, sql: string) {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const owner = host.connection('postgres');
async function forget(...names: string[]): Promise<void> {
  for (const name of names) await ask(owner, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  for (const name of names) await ask(owner, `DROP ROLE IF EXISTS ${name}`);
}

test('behind a URL a bureau makes its database when its account may, and works there as its own role', async (t) => {
  await ask(owner, 'CREATE ROLE url_admin LOGIN CREATEDB CREATEROLE; GRANT CONNECT ON DATABASE postgres TO url_admin');
  t.after(async () => {
    await ask(owner, 'REVOKE CONNECT ON DATABASE postgres FROM url_admin');
    await forget('url_vn', 'url_admin');
  });
  const server = await behind(urlOf('url_admin'));
  assert.deepEqual([server.origin, server.ownerRole, server.pid], ['url', 'url_admin', undefined]);
  await server.ensureDatabase('url_vn', 'url_vn');
  await server.ensureDatabase('url_vn', 'url_vn');
  assert.deepEqual(await ask(server.connection('url_vn', 'url_vn'), 'SELECT current_user, current_database()'), [
    { current_user: 'url_vn', current_database: 'url_vn' },
  ]);
  await server.stop();
  assert.deepEqual(await ask(owner, 'SELECT 1 AS still'), [{ still: 1 }]);
});

test('behind a URL whose account may not, the bureau says what its administrator must do', async (t) => {
  await host.ensureDatabase('url_poor', 'url_poor');
  t.after(() => forget('url_poor'));
  const server = await behind(urlOf('url_poor', 'url_poor'));
  await server.ensureDatabase('url_poor', 'url_poor'); // what its administrator made beforehand is enough
  await assert.rejects(server.ensureDatabase('url_more', 'url_more'), (error: PostgresRefusal) => {
    assert.equal(error.code, 'not-permitted');
    assert.match(error.message, /administrator/);
    return true;
  });
});
