import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import pg, { type ClientConfig } from 'pg';
import { startTestServer, testDatabase } from './index.ts';

async function ask(config: ClientConfig, sql: string) {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('every test file gets a clone of its own of a template that was migrated once', async () => {
  let migrations = 0;
  const migrate = async (connection: ClientConfig): Promise<void> => {
    migrations += 1;
    await ask(connection, 'CREATE TABLE report (title text)');
  };
  const clones = await Promise.all([1, 2, 3].map(() => testDatabase('clones', migrate)));
  const [manila, hanoi] = clones as [(typeof clones)[0], (typeof clones)[0]];
  assert.equal(migrations, 1);
  await ask(manila.connection, `INSERT INTO report VALUES ('seen in Manila')`);
  assert.deepEqual(await ask(hanoi.connection, 'SELECT * FROM report'), []);
  assert.deepEqual(await ask(manila.connection, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user'), [
    { rolsuper: false },
  ]);
  await Promise.all(clones.map((clone) => clone.drop()));
  await assert.rejects(ask(manila.connection, 'SELECT 1'), { code: '3D000' });
});

test('a template is found again by its mark and made again when the mark changes', async () => {
  const text = `CREATE TABLE t${process.pid}_${performance.now().toFixed(0)} (n int)`;
  const made: string[] = [];
  for (const mark of [text, text, `${text} `]) {
    await using clone = await testDatabase(
      'marks',
      async (connection) => {
        made.push(mark);
        await ask(connection, text);
      },
      mark,
    );
    assert.equal(
      (await ask(clone.connection, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).length,
      1,
    );
  }
  assert.deepEqual(made, [text, `${text} `]);
});

test('a migration that fails leaves no template to clone', async () => {
  const failing = async (): Promise<void> => {
    throw new Error('the third change does not apply');
  };
  await assert.rejects(testDatabase('failing', failing), /third change/);
  let again = false;
  await using _clone = await testDatabase('failing', async () => {
    again = true;
  });
  assert.ok(again);
});

test('processes of one run share one server', async () => {
  const server = await startTestServer();
  const program = `import { startTestServer } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
    const server = await startTestServer(); console.log(server.socketDir, server.version);`;
  for (const env of [process.env, { ...process.env, TRIPOINT_TEST_SERVER: '' }]) {
    const said = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { env, encoding: 'utf8' });
    assert.equal(said.stdout.trim(), `${server.socketDir} ${server.version}`, said.stderr);
  }
  assert.deepEqual(await ask(server.connection('postgres'), 'SELECT 1 AS still'), [{ still: 1 }]); // the last one out stops it, not the first
});
