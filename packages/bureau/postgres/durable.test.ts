import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { ensureCluster } from './cluster.ts';
import { leaveRuntimeDir } from './directory.ts';
import { assertDurable } from './durable.ts';
import { findPostgres, type PostgresRefusal } from './index.ts';
import { lower, raise } from './postmaster.ts';
import { settingsOf } from './settings.ts';
import { connectionAt, prepare } from './start-server.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-durable-'));
chmodSync(place, 0o755);
after(() => rmSync(place, { recursive: true }));

test('a server that could lose acknowledged rows is found out by asking it', async () => {
  const found = await findPostgres({ PATH: '' });
  const launch = prepare({ dataDir: join(place, 'data'), label: 'th', log: () => undefined }, found);
  await ensureCluster(launch.dataDir, found, launch.account, launch.log);
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const { pid } = await raise({ ...launch, settings: { ...launch.settings, [name]: 'off' } });
    const client = new pg.Client(connectionAt(launch.runtime.socketDir)('postgres'));
    await client.connect();
    await assert.rejects(assertDurable(client), (error: PostgresRefusal) => {
      assert.equal(error.code, 'not-durable');
      assert.match(error.message, new RegExp(`^${name} is off`));
      return true;
    });
    await client.end();
    await lower(launch.dataDir, pid);
  }
  leaveRuntimeDir(launch.runtime);
});

test('a caller may change sizes, not what keeps rows or who may knock', () => {
  const settings = settingsOf({ max_connections: '9', fsync: 'off', listen_addresses: '*', log_statement: 'all' });
  assert.deepEqual(
    [settings.max_connections, settings.fsync, settings.listen_addresses, settings.log_statement],
    ['9', 'on', '', 'none'],
  );
});
