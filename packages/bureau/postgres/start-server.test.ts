import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { mayWalkTo } from './directory.ts';
import { type Found, findPostgres, PostgresRefusal, type Server, startServer } from './index.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-pg-'));
chmodSync(place, 0o755); // so that the server's account can walk to it, as it can to an ordinary checkout
const said: string[] = [];
const found = await findPostgres({ PATH: '' });
const options = (name: string) => ({
  dataDir: join(place, name),
  label: 'kh',
  log: (line: string) => void said.push(line),
  found,
});
const seoul = await startServer(options('kr'));
after(async () => {
  await seoul.stop();
  rmSync(place, { recursive: true, force: true });
});

async function ask<Row extends Record<string, unknown>>(
  server: Server,
  sql: string,
  database = 'postgres',
  role?: string,
): Promise<Row[]> {
  const client = new pg.Client(server.connection(database, role));
  client.on('error', () => undefined); // a test may kill the server under it
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function askUntilAnswered<Row extends Record<string, unknown>>(server: Server, sql: string): Promise<Row[]> {
  for (const until = performance.now() + 60_000; ; await pause(100)) {
    try {
      return await ask<Row>(server, sql);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}

/** Another process that looks after a server, as a bureau does. */
async function anotherProcess(dataDir: string): Promise<{ keeper: ChildProcess; pid: number }> {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/look-after-server.ts'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(keeper.stdout, 'data');
  return { keeper, pid: (JSON.parse(String(line)) as { pid: number }).pid };
}

const refusal = (code: string) => (error: unknown) => error instanceof PostgresRefusal && error.code === code;

test('the bureau of this account is let in over the socket without a password, and nobody listens on TCP', async () => {
  const [row] = await ask<{ system_user: string; listen_addresses: string }>(
    seoul,
    `SELECT system_user, current_setting('listen_addresses') AS listen_addresses`,
  );
  assert.match(row?.system_user ?? '', /^peer:/);
  assert.equal(row?.listen_addresses, '');
  if (process.platform === 'linux') assert.deepEqual(tcpListenersOf(seoul.pid as number), []);
});

function tcpListenersOf(pid: number): string[] {
  const LISTEN = '0A';
  const inodes = ['tcp', 'tcp6']
    .map((name) => `/proc/${pid}/net/${name}`)
    .filter(existsSync)
    .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTEN)
    .map((columns) => columns[9]);
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return open.filter((target) => inodes.some((inode) => target === `socket:[${inode}]`));
}

test('acknowledged rows are durable, and the server runs the version that was chosen', async () => {
  const shown = await ask<{ name: string; setting: string }>(
    seoul,
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'data_sync_retry') ORDER BY name`,
  );
  assert.deepEqual(Object.fromEntries(shown.map(({ name, setting }) => [name, setting])), {
    data_checksums: 'on',
    data_sync_retry: 'off',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
  });
  assert.equal(seoul.version, found.version);
  if (found.origin === 'package') assert.equal(seoul.version, '18.4');
});

test('an administrator who weakens the server by ALTER SYSTEM changes nothing at the next start', async () => {
  const server = await startServer(options('hanoi'));
  await ask(server, 'ALTER SYSTEM SET fsync = off');
  await server.stop();
  const again = await startServer(options('hanoi'));
  assert.deepEqual(await ask(again, 'SHOW fsync'), [{ fsync: 'on' }]);
  await again.stop();
});

test('a role that carries a weaker synchronous_commit of its own stops the start', async () => {
  const server = await startServer(options('weak-role'));
  await ask(server, 'CREATE ROLE hasty; ALTER ROLE hasty SET synchronous_commit = off');
  await server.stop();
  await assert.rejects(startServer(options('weak-role')), refusal('not-durable'));
  assert.equal(existsSync(join(place, 'weak-role', 'postmaster.pid')), false, 'a refused server was left running');
});

test('databases sort by the builtin C.UTF-8 and speak UTF-8', async () => {
  await seoul.ensureDatabase('sorted', 'sorted');
  const rows = await ask(
    seoul,
    `SELECT datlocprovider AS provider, datlocale AS locale, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname IN ('sorted', 'template1')`,
  );
  const builtin = { provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' };
  assert.deepEqual(rows, [builtin, builtin]);
});

test('six nations share one postmaster and none may connect to the database of another', async () => {
  const nations = ['kr', 'ph', 'kh', 'la', 'vn', 'th'].map((nation) => `bureau_${nation}`);
  for (const name of nations) await seoul.ensureDatabase(name, name);
  await Promise.all(nations.map((name) => seoul.ensureDatabase(name, name))); // and asking again changes nothing
  for (const role of nations)
    for (const database of [...nations, 'postgres', 'template1'])
      if (role === database)
        assert.deepEqual(await ask(seoul, 'SELECT current_user', database, role), [{ current_user: role }]);
      else
        await assert.rejects(ask(seoul, 'SELECT 1', database, role), { code: '42501' }, `${role} entered ${database}`);
});

test('a database that belongs to another nation is not handed over', async () => {
  await seoul.ensureDatabase('manila', 'manila');
  await assert.rejects(seoul.ensureDatabase('manila', 'hanoi'), refusal('other-hands'));
});

test('a name that is no plain name never reaches the server', async () => {
  for (const name of ['kr; DROP ROLE kr', 'Kr', '', 'x'.repeat(64)])
    await assert.rejects(seoul.ensureDatabase(name, 'kr'), refusal('bad-name'));
});

test('a postmaster killed under the bureau comes back, with every committed row', async () => {
  await ask(seoul, `CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n`);
  const before = seoul.pid as number;
  process.kill(before, 'SIGKILL');
  await pause(50);
  assert.deepEqual(await askUntilAnswered(seoul, 'SELECT count(*)::int AS kept FROM kept'), [{ kept: 1000 }]);
  assert.notEqual(seoul.pid, before);
});

test('while a remnant of the killed server still holds its memory, the bureau keeps trying until it is gone', async () => {
  said.length = 0;
  const remnant = new pg.Client(seoul.connection('postgres'));
  remnant.on('error', () => undefined);
  await remnant.connect();
  const { rows } = await remnant.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]?.pid as number;
  process.kill(backend, 'SIGSTOP');
  process.kill(seoul.pid as number, 'SIGKILL');
  for (let waits = 0; !said.some((line) => line.includes('not quite left')) && waits < 300; waits += 1) await pause(20);
  process.kill(backend, 'SIGCONT');
  assert.deepEqual(await askUntilAnswered(seoul, 'SELECT count(*)::int AS kept FROM kept'), [{ kept: 1000 }]);
  assert.ok(
    said.some((line) => line.includes('not quite left')),
    said.join('\n'),
  );
});

test('a bureau that died leaves its server running, and the next one adopts it', async () => {
  const { keeper, pid } = await anotherProcess(join(place, 'hanoi'));
  keeper.kill('SIGKILL');
  await once(keeper, 'exit');
  const adopting = await startServer(options('hanoi'));
  assert.equal(adopting.pid, pid);
  process.kill(pid, 'SIGKILL'); // and one that is not our child is still looked after
  for (let waits = 0; adopting.pid === pid && waits < 600; waits += 1) await pause(100);
  await askUntilAnswered(adopting, 'SELECT 1');
  assert.notEqual(adopting.pid, pid);
  await adopting.stop();
  assert.equal(existsSync(join(place, 'hanoi', 'postmaster.pid')), false);
});

test('an adopted server that was started otherwise is stopped and started as it should be', async () => {
  const { keeper, pid } = await anotherProcess(join(place, 'hanoi'));
  keeper.kill('SIGKILL');
  await once(keeper, 'exit');
  const server = await startServer({ ...options('hanoi'), settings: { max_connections: '33' } });
  assert.notEqual(server.pid, pid);
  assert.deepEqual(await ask(server, 'SHOW max_connections'), [{ max_connections: '33' }]);
  await server.stop();
});

test('after kill -9 of everything the server starts again although the old pid still shows', async () => {
  const { keeper, pid } = await anotherProcess(join(place, 'hanoi'));
  keeper.kill('SIGKILL');
  process.kill(pid, 'SIGKILL');
  assert.equal(existsSync(join(place, 'hanoi', 'postmaster.pid')), true);
  const server = await startServer(options('hanoi'));
  assert.deepEqual(await ask(server, 'SELECT 1 AS one'), [{ one: 1 }]);
  await server.stop();
});

test('two processes never look after the same data', async () => {
  const { keeper } = await anotherProcess(join(place, 'hanoi'));
  await assert.rejects(startServer(options('hanoi')), refusal('already-held'));
  keeper.stdin?.end();
  await once(keeper, 'exit');
  assert.equal(existsSync(join(place, 'hanoi', 'postmaster.pid')), false);
});

test('data never changes hands silently: another major, another ICU, another origin are refused', async () => {
  await (await startServer(options('hanoi'))).stop();
  const others: Partial<Found>[] = [
    { major: found.major + 1 },
    { icu: '999' },
    { origin: found.origin === 'system' ? 'package' : 'system' },
  ];
  for (const other of others)
    await assert.rejects(startServer({ ...options('hanoi'), found: { ...found, ...other } }), refusal('other-hands'));
  writeFileSync(join(place, 'hanoi', 'PG_VERSION'), '15\n');
  await assert.rejects(startServer(options('hanoi')), refusal('other-hands'));
});

test('a directory with something else in it is left alone', async () => {
  const dataDir = mkdtempSync(join(place, 'letters-'));
  writeFileSync(join(dataDir, 'letter.txt'), 'dear colleague');
  await assert.rejects(startServer({ ...options('x'), dataDir }), refusal('not-ours'));
  assert.equal(readFileSync(join(dataDir, 'letter.txt'), 'utf8'), 'dear colleague');
});

test('a socket path the system would cut is refused in one sentence', async () => {
  const runtimeDir = join(place, 'r'.repeat(100));
  await assert.rejects(startServer({ ...options('long'), runtimeDir }), (error: PostgresRefusal) => {
    assert.equal(error.code, 'path-too-long');
    assert.match(error.message, /^[^.]*\/.*: choose a shorter runtime directory\.$/);
    return true;
  });
});

test("the server's log keeps no value that a statement stumbled over", async () => {
  await assert.rejects(ask(seoul, `SELECT 'canary-7f3a'::uuid`));
  assert.doesNotMatch(readFileSync(`${seoul.dataDir}.log`, 'utf8'), /canary-7f3a/);
});

test('root in a private checkout is told where the data went, and the server starts', {
  skip: process.geteuid?.() !== 0,
}, async () => {
  const checkout = mkdtempSync(join(tmpdir(), 'tripoint-private-')); // 0700
  said.length = 0;
  const server = await startServer({ ...options('x'), dataDir: join(checkout, 'data') });
  try {
    assert.notEqual(statSync(server.dataDir as string).uid, 0);
    assert.equal(existsSync(join(checkout, 'data')), false);
    assert.ok(said.some((line) => line.includes('cannot walk to') && line.includes(server.dataDir as string)));
  } finally {
    await server.stop();
    for (const end of ['', '.lock', '.log']) rmSync(`${server.dataDir}${end}`, { recursive: true, force: true });
    rmSync(checkout, { recursive: true });
  }
});

const NOBODY = 65_534;
const nobody = { name: 'nobody', uid: NOBODY, gid: NOBODY, dropped: true };
const onlyRootBecomesAnother =
  process.geteuid?.() !== 0
    ? 'only root can become another account'
    : !(mayWalkTo(import.meta.dirname, nobody) && mayWalkTo(process.execPath, nobody)) &&
      'another account cannot walk to this checkout or its Node';

test('an ordinary account starts its own server and drops nothing', { skip: onlyRootBecomesAnother }, async () => {
  const home = mkdtempSync(join(place, 'home-'));
  chownSync(home, NOBODY, NOBODY);
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixtures/look-after-server.ts'), join(home, 'data'), join(home, 'run')],
    {
      uid: NOBODY,
      gid: NOBODY,
      env: { PATH: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const [line] = await once(child.stdout, 'data');
  child.stdin.end();
  await once(child, 'exit');
  assert.match(String(line), /"system_user":"peer:nobody"/);
  assert.equal(statSync(join(home, 'data')).uid, NOBODY);
});

test('an account without a passwd entry is told so before initdb', { skip: onlyRootBecomesAnother }, () => {
  const STRANGER = 54_321;
  const dataDir = join(place, 'stranger');
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'fixtures/look-after-server.ts'), dataDir], {
    uid: STRANGER,
    gid: STRANGER,
    env: { PATH: '' },
    encoding: 'utf8',
  });
  assert.notEqual(child.status, 0);
  assert.match(child.stderr, /The account 54321 that runs this process has no passwd entry, and initdb needs one/);
});
