import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg, { type ClientConfig } from 'pg';
import { type TestDatabase, testDatabase } from '../postgres/index.ts';
import { MigrationRefused, migrate, openStore, type RoomTables } from './index.ts';
import { readChanges } from './migrate.ts';
import { machineClock, storeTables } from './store-for-tests.ts';

const emptyDatabase = (): Promise<TestDatabase> => testDatabase('empty', async () => undefined, 'empty');

const desk = (...changes: string[]): RoomTables => ({
  room: 'requests',
  sql: `-- The desk's own tables.\n${changes.map((change, at) => `-- change ${at + 1}: step ${at + 1}\n${change}`).join('\n')}`,
});

async function ask(connection: ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('changes are applied once, in order, and a second start finds nothing to do', async () => {
  await using database = await emptyDatabase();
  const rooms = [desk('CREATE TABLE leg (n int);', 'INSERT INTO leg VALUES (1);')];
  await migrate(database.connection, rooms);
  await migrate(database.connection, rooms);
  await migrate(database.connection, [
    desk('CREATE TABLE leg (n int);', 'INSERT INTO leg VALUES (1);', 'INSERT INTO leg VALUES (2);'),
  ]);
  assert.deepEqual(await ask(database.connection, 'SELECT n FROM leg ORDER BY n'), [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(await ask(database.connection, 'SELECT number, title FROM change ORDER BY number'), [
    { number: 1, title: 'step 1' },
    { number: 2, title: 'step 2' },
    { number: 3, title: 'step 3' },
  ]);
});

test('several processes may start at once', async () => {
  await using database = await emptyDatabase();
  const rooms = [storeTables, desk('CREATE TABLE leg (n int);', 'INSERT INTO leg VALUES (1);')];
  await Promise.all(Array.from({ length: 5 }, () => migrate(database.connection, rooms)));
  assert.deepEqual(await ask(database.connection, 'SELECT n FROM leg'), [{ n: 1 }]);
});

test('a change that was applied and then altered is refused', async () => {
  await using database = await emptyDatabase();
  await migrate(database.connection, [desk('CREATE TABLE leg (n int);')]);
  await assert.rejects(
    migrate(database.connection, [desk('CREATE TABLE leg (n bigint);', 'CREATE TABLE more (n int);')]),
    (reason) => reason instanceof MigrationRefused && /requests 1/.test(reason.message),
  );
  assert.deepEqual(await ask(database.connection, `SELECT to_regclass('more') AS more`), [{ more: null }]);
});

test('a database newer than the code is refused, in a known room and in an unknown one', async () => {
  await using database = await emptyDatabase();
  await migrate(database.connection, [storeTables, desk('CREATE TABLE leg (n int);', 'CREATE TABLE more (n int);')]);
  await assert.rejects(
    migrate(database.connection, [storeTables, desk('CREATE TABLE leg (n int);')]),
    MigrationRefused,
  );
  await assert.rejects(migrate(database.connection, [storeTables]), MigrationRefused);
});

test('a change that fails leaves nothing of itself behind, and the changes before it stay', async () => {
  await using database = await emptyDatabase();
  const rooms = (last: string) => [desk('CREATE TABLE leg (n int);', `INSERT INTO leg VALUES (7); ${last}`)];
  await assert.rejects(migrate(database.connection, rooms('SELECT broken;')), /requests 2 \(step 2\) failed/);
  assert.deepEqual(await ask(database.connection, 'SELECT n FROM leg'), []);
  await migrate(database.connection, rooms(''));
  assert.deepEqual(await ask(database.connection, 'SELECT n FROM leg'), [{ n: 7 }]);
});

test('changes are numbered from one without a gap, and nothing stands before the first', () => {
  assert.deepEqual(readChanges('requests', '-- a remark\n'), []);
  assert.throws(() => readChanges('requests', '-- change 2: late\nSELECT 1;'), /out of order/);
  assert.throws(() => readChanges('requests', '-- change 1: a\n-- change 1: b\n'), /out of order/);
  assert.throws(
    () => readChanges('requests', '-- remark\nDROP TABLE item;\n-- change 1: a\nSELECT 1;'),
    /before the first change/,
  );
});

test('the store does not open on a database nobody migrated', async () => {
  await using database = await emptyDatabase();
  const key = new Uint8Array(32);
  await assert.rejects(
    openStore({
      connection: database.connection,
      kek: key,
      indexKey: key,
      clock: machineClock,
      random: (size) => new Uint8Array(size),
    }),
  );
});
