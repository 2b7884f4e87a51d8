import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg, { type ClientConfig } from 'pg';
import { startTestServer } from '../postgres/index.ts';
import { deskOfficer, ownReport, receivedReport, statementsOf, textOf } from './sample-for-tests.ts';
import { testStore } from './store-for-tests.ts';

/** Twelve letters, so that base64 and UTF-16 leave long unbroken runs to look for. */
const canary = () => `canary${randomBytes(12).toString('hex')}`;

test('no title, text, value or match key stands in a table, a file or the write-ahead log', async (t) => {
  const server = await startTestServer();
  await using opened = await testStore([{ room: 'notes', sql: '-- change 1: notes\nCREATE TABLE note (text text);' }]);
  const admin = await connect(server.connection('postgres'));
  const hand = await connect(opened.options.connection);
  try {
    const startLsn = await one(admin, 'SELECT pg_current_wal_lsn()::text');
    const planted = canary();
    const secrets = { title: canary(), text: canary(), value: canary(), matchKey: canary(), agencyName: canary() };
    await fill(opened.store, secrets);
    // What a careless desk would do; each search must find it, or it proves nothing.
    await hand.query('INSERT INTO note VALUES ($1)', [planted]);

    const rows = Buffer.from(await everyRow(hand));
    assert.deepEqual(formsIn(rows, planted), ['plain']);
    for (const [what, secret] of Object.entries(secrets)) assert.deepEqual(formsIn(rows, secret), [], what);

    await admin.query('CHECKPOINT');
    const files = filesOf(await databaseFiles(admin, opened.options.connection.database as string));
    const log = filesOf(await logFilesSince(admin, startLsn));
    if (files === undefined || log === undefined) return t.skip('the files of this server cannot be read from here');
    assert.deepEqual([formsIn(files, planted), formsIn(log, planted)], [['plain'], ['plain']]);
    for (const [what, secret] of Object.entries(secrets)) {
      assert.deepEqual([formsIn(files, secret), formsIn(log, secret)], [[], []], what);
    }
  } finally {
    await Promise.all([admin.end(), hand.end()]);
  }
});

test('the search knows every form it looks for', () => {
  const secret = canary();
  const around = (bytes: Buffer) => Buffer.concat([randomBytes(7), bytes, randomBytes(9)]);
  const found = (bytes: Buffer) => formsIn(around(bytes), secret);
  assert.deepEqual(found(Buffer.from(secret)), ['plain']);
  assert.deepEqual(found(Buffer.from(Buffer.from(secret).toString('hex'))), ['hex']);
  assert.deepEqual(found(Buffer.from(Buffer.from(secret).toString('hex').toUpperCase())), ['HEX']);
  assert.deepEqual(found(Buffer.from(secret, 'utf16le')), ['utf-16']);
  for (const before of ['', 'x', 'xy']) {
    assert.equal(
      found(Buffer.from(Buffer.from(before + secret).toString('base64'))).length,
      1,
      `base64 after ${before}`,
    );
  }
});

type Secrets = { title: string; text: string; value: string; matchKey: string };

/** Everything that writes: new items, a second version, a recall, an erasure, reading and failing. */
async function fill(store: Awaited<ReturnType<typeof testStore>>['store'], secrets: Secrets): Promise<void> {
  const report = receivedReport();
  const contents = {
    head: Buffer.from(JSON.stringify({ title: secrets.title })),
    body: Buffer.from(JSON.stringify({ ...secrets, statements: [{ value: secrets.value }] }).repeat(200)),
  };
  const statements = statementsOf(5, () => secrets.matchKey);
  await store.transact((tx) => tx.putItem(report, statements, contents));
  await store.transact((tx) => tx.putItem({ ...report, version: 2 }, statements, contents));
  const erased = ownReport();
  await store.transact((tx) => tx.putItem(erased, statements, contents));
  await store.transact((tx) => tx.setState(erased.id, 'recalled'));
  await store.transact((tx) => tx.erase(erased.id));
  const broken = [statements[0]!, statements[0]!];
  await assert.rejects(store.transact((tx) => tx.putItem(ownReport(), broken, contents)));
  await store.read(deskOfficer(), async (reader) => {
    assert(textOf((await reader.item(report.id))?.body).includes(secrets.value));
    await reader.items({ kind: 'report', box: 'all', limit: 10 });
  });
}

async function connect(config: ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  await client.connect();
  return client;
}

async function one(client: pg.Client, sql: string): Promise<string> {
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  return rows[0]?.[0];
}

async function everyRow(client: pg.Client): Promise<string> {
  const { rows } = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
  assert(rows.length >= 5);
  const texts: string[] = [];
  for (const { tablename } of rows)
    texts.push(await one(client, `SELECT string_agg(t::text, ' ') FROM ${tablename} t`));
  return texts.join(' ');
}

async function databaseFiles(admin: pg.Client, database: string): Promise<string[]> {
  const directory = await one(admin, 'SHOW data_directory');
  const oid = await one(admin, `SELECT oid FROM pg_database WHERE datname = '${database}'`);
  const base = join(directory, 'base', String(oid));
  return filesIn(base);
}

async function logFilesSince(admin: pg.Client, lsn: string): Promise<string[]> {
  const directory = join(await one(admin, 'SHOW data_directory'), 'pg_wal');
  const first = await one(admin, `SELECT pg_walfile_name('${lsn}')`);
  const last = await one(admin, 'SELECT pg_walfile_name(pg_current_wal_lsn())');
  return filesIn(directory).filter((path) => path.slice(-24) >= first && path.slice(-24) <= last);
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
}

function filesOf(paths: string[]): Buffer | undefined {
  return paths.length === 0 ? undefined : Buffer.concat(paths.map((path) => readFileSync(path)));
}

/** The forms in which a secret stands somewhere in the bytes. */
function formsIn(bytes: Buffer, secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const forms: [string, Buffer][] = [
    ['plain', Buffer.from(secret)],
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ['utf-16', Buffer.from(secret, 'utf16le').subarray(0, -1)],
    // Where it starts inside a group of three decides how it looks; the letters at both ends depend on neighbours.
    ...[0, 1, 2].map((shift): [string, Buffer] => [`base64+${shift}`, base64Core(secret, shift)]),
  ];
  return forms.filter(([, form]) => bytes.includes(form)).map(([name]) => name);
}

function base64Core(secret: string, shift: number): Buffer {
  const whole = Buffer.from('x'.repeat(shift) + secret).toString('base64');
  return Buffer.from(whole.slice(shift === 0 ? 0 : 4, -4));
}
