import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { admitViewer } from '@tripoint/model/policy';
import { sql } from 'kysely';
import pg from 'pg';
import {
  AtRestDamaged,
  BODY_BYTES_MAX,
  CursorRefused,
  HEAD_BYTES_MAX,
  openStore,
  type Reader,
  STATEMENTS_MAX,
  type Store,
} from './index.ts';
import {
  analystOf,
  contents,
  deskOfficer,
  ownReport,
  receivedReport,
  statementsOf,
  textOf,
} from './sample-for-tests.ts';
import { type TestStore, testStore } from './store-for-tests.ts';

let opened: TestStore;
let store: Store;
before(async () => {
  opened = await testStore([
    { room: 'reports', sql: '-- change 1: notes\nCREATE TABLE note (item uuid, stars int8);' },
  ]);
  store = opened.store;
});
after(async () => {
  assert.deepEqual(opened.troubles, []);
  await opened[Symbol.asyncDispose]();
});

const titles = (reader: Reader, box: 'received' | 'sent' | 'drafts' | 'all' = 'all') =>
  reader.items({ kind: 'report', box, limit: 200 }).then(({ items }) => items.map((item) => textOf(item.head)));

test('what was filed is read back, whole and with its facts', async () => {
  const report = ownReport({ atMs: 1_795_000_000_123, expiresDay: 40_000, conditions: ['no-copy'] });
  assert.equal(
    await store.transact((tx) => tx.putItem(report, statementsOf(3), contents('Blue Lotus', 'at the pier'))),
    'stored',
  );
  const read = await store.read(deskOfficer(), (reader) => reader.item(report.id));
  const { head, body, ...facts } = read!;
  assert.deepEqual(facts, { ...report, statementsCount: 3 });
  assert.equal(textOf(head), 'Blue Lotus');
  assert.match(textOf(body), /at the pier/);
});

test('hidden, unknown and malformed ids have one answer', async () => {
  const report = ownReport();
  await store.transact((tx) => tx.putItem(report, [], contents('of agency a1')));
  await store.read(analystOf('a2'), async (reader) => {
    for (const id of [report.id, randomUUID(), 'no uuid', "' OR true --", '']) {
      assert.equal(await reader.item(id), null);
      assert.equal(await reader.may('read', id), false);
    }
  });
});

test('a redelivered item changes nothing, and another nation cannot take its id', async () => {
  const report = receivedReport();
  const put = (more: object, title: string) =>
    store.transact((tx) => tx.putItem({ ...report, ...more }, statementsOf(2), contents(title)));
  assert.equal(await put({}, 'first'), 'stored');
  assert.equal(await put({}, 'again'), 'already-stored');
  assert.equal(await put({ says: 'LA', version: 2 }, 'hijacked'), 'id-of-another-nation');
  const read = await store.read(deskOfficer(), (reader) => reader.item(report.id));
  assert.equal(textOf(read?.head), 'first');
});

test('the higher version is shown, in whatever order two arrive, and both are kept', async () => {
  const report = receivedReport();
  const put = (version: number) =>
    store.transact((tx) => tx.putItem({ ...report, version }, statementsOf(version), contents(`version ${version}`)));
  for (const version of [2, 1, 3]) assert.equal(await put(version), 'stored');
  await store.read(deskOfficer(), async (reader) => {
    assert.equal(textOf((await reader.item(report.id))?.head), 'version 3');
    assert.equal(textOf((await reader.item(report.id, 1))?.head), 'version 1');
    assert.equal(await reader.item(report.id, 4), null);
    const listed = (await reader.items({ kind: 'report', box: 'all', limit: 200 })).items;
    assert.deepEqual(
      listed.filter((item) => item.id === report.id).map((item) => item.version),
      [3],
    );
    const statements = await reader.db
      .selectFrom(reader.visible('statement').as('seen'))
      .select('seen.version')
      .where('seen.item', '=', report.id)
      .execute();
    assert.deepEqual(statements, [{ version: 3 }, { version: 3 }, { version: 3 }]);
  });
});

test('two processes that store versions of one item at once leave one latest', async () => {
  for (let round = 0; round < 5; round += 1) {
    const report = receivedReport();
    const put = (version: number) =>
      store.transact((tx) => tx.putItem({ ...report, version }, [], contents('crossed')));
    await Promise.all([1, 2, 3, 4, 5].map(put));
    assert.equal((await store.read(deskOfficer(), (reader) => reader.item(report.id)))?.version, 5);
  }
});

test('a box shows its own, newest first', async () => {
  await using fresh = await testStore();
  const put = (record: ReturnType<typeof ownReport>, title: string) =>
    fresh.store.transact((tx) => tx.putItem(record, [], contents(title)));
  await put(receivedReport(), 'one');
  await put(ownReport(), 'two');
  await put(ownReport({ state: 'draft', agency: 'contact-point' }), 'three');
  await put(receivedReport({ kind: 'rumour' }), 'four');
  await put(receivedReport({ state: 'held' }), 'five');
  await fresh.store.read(deskOfficer(), async (reader) => {
    assert.deepEqual(await titles(reader, 'received'), ['one']);
    assert.deepEqual(await titles(reader, 'sent'), ['two']);
    assert.deepEqual(await titles(reader, 'drafts'), ['three']);
    assert.deepEqual(await titles(reader), ['three', 'two', 'one']);
  });
});

test('pages follow each other without a gap, and filtering comes before counting', async () => {
  await using fresh = await testStore();
  for (let n = 0; n < 25; n += 1) {
    await fresh.store.transact((tx) =>
      tx.putItem(ownReport({ agency: n % 2 === 0 ? 'a1' : 'a2' }), [], contents(`report ${n}`)),
    );
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  const sizes: number[] = [];
  do {
    const page = await fresh.store.read(analystOf('a1'), (reader) =>
      reader.items({ kind: 'report', box: 'all', limit: 5, cursor }),
    );
    seen.push(...page.items.map((item) => textOf(item.head)));
    sizes.push(page.items.length);
    cursor = page.cursor;
  } while (cursor !== null);
  assert.deepEqual(sizes, [5, 5, 3]);
  assert.deepEqual(
    seen,
    Array.from({ length: 13 }, (_, n) => `report ${24 - 2 * n}`),
  );
});

test('a cursor works for the officer and the list it was given to, and for nobody else', async () => {
  for (let n = 0; n < 3; n += 1) await store.transact((tx) => tx.putItem(receivedReport(), [], contents(`${n}`)));
  const list = { kind: 'report', box: 'received', limit: 1 } as const;
  const { cursor } = await store.read(deskOfficer('o1'), (reader) => reader.items(list));
  assert(cursor);
  const follow = (officer: string, more: object) =>
    store.read(deskOfficer(officer), (reader) => reader.items({ ...list, cursor, ...more }));
  assert.equal((await follow('o1', {})).items.length, 1);
  await assert.rejects(follow('o2', {}), CursorRefused);
  await assert.rejects(follow('o1', { box: 'all' }), CursorRefused);
  await assert.rejects(follow('o1', { cursor: 'AAAA' }), CursorRefused);
  await assert.rejects(follow('o1', { cursor: cursor.slice(0, -4) }), CursorRefused);
  const altered = cursor.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
  await assert.rejects(follow('o1', { cursor: altered }), CursorRefused);
  await assert.rejects(follow('o1', { limit: 201 }), /between 1 and 200/);
  await assert.rejects(follow('o1', { limit: 0 }), /between 1 and 200/);
});

test('a bookmark in the feed says nothing to others, and only its owner comes back with it', async () => {
  const bookmark = store.bookmark(deskOfficer('o1'), 4711);
  assert.equal(store.serialOf(deskOfficer('o1'), bookmark), 4711);
  assert.throws(() => store.serialOf(deskOfficer('o2'), bookmark), CursorRefused);
  assert.throws(() => store.serialOf(deskOfficer('o1'), '4711'), CursorRefused);
  assert.notEqual(store.bookmark(deskOfficer('o1'), 4711), bookmark);
  const { cursor } = await store.read(deskOfficer('o1'), (reader) =>
    reader.items({ kind: 'report', box: 'all', limit: 1 }),
  );
  assert.throws(() => store.serialOf(deskOfficer('o1'), cursor!), CursorRefused);
});

test('recall hides an item at once; erasing makes it unreadable for ever', async () => {
  const report = receivedReport();
  const phone = { type: 'phone', key: `+66${report.id}` };
  await store.transact((tx) => tx.putItem(report, [{ ...statementsOf(1)[0]!, match: phone }], contents('withdrawn')));
  const matches = () =>
    store.read(deskOfficer(), (reader) =>
      reader.db
        .selectFrom(reader.visible('statement').as('seen'))
        .select('seen.item')
        .where('seen.match', '=', Buffer.from(reader.token(phone)))
        .execute(),
    );
  assert.deepEqual(await matches(), [{ item: report.id }]);
  assert.equal(await store.transact((tx) => tx.setState(report.id, 'recalled')), true);
  assert.equal(await store.read(deskOfficer(), (reader) => reader.item(report.id)), null);
  assert.deepEqual(await matches(), []);
  assert.equal(await store.transact((tx) => tx.setState(report.id, 'released')), true);
  assert.deepEqual(await matches(), [{ item: report.id }]);

  assert.equal(await store.transact((tx) => tx.erase(report.id)), true);
  // Not even a state that says otherwise brings it back.
  await store.transact((tx) => tx.setState(report.id, 'released'));
  await store.read(deskOfficer(), async (reader) => {
    assert.equal(await reader.item(report.id), null);
    const rows = await reader.db.selectFrom(reader.visible('item').as('seen')).select('seen.id').execute();
    assert(!rows.some((row) => row.id === report.id));
  });
  const left = sql<{ n: bigint }>`SELECT count(*) AS n FROM statement WHERE item = ${report.id}`;
  assert.deepEqual(await store.transact(async (tx) => (await left.execute(tx.db)).rows), [{ n: 0n }]);
  assert.equal(await store.transact((tx) => tx.putItem(report, [], contents('again'))), 'already-stored');
  assert.equal(await store.transact((tx) => tx.erase(randomUUID())), false);
  assert.equal(await store.transact((tx) => tx.setState(randomUUID(), 'held')), false);
});

test('bytes that were altered or moved to another row are noticed', async () => {
  const [one, two] = [receivedReport(), receivedReport()];
  await store.transact(async (tx) => {
    await tx.putItem(one, [], contents('one'));
    await tx.putItem(two, [], contents('two'));
  });
  const client = new pg.Client(opened.options.connection);
  await client.connect();
  try {
    await client.query(
      'UPDATE item SET (key, body, head) = (SELECT key, body, head FROM item WHERE id = $1) WHERE id = $2',
      [one.id, two.id],
    );
  } finally {
    await client.end();
  }
  await assert.rejects(
    store.read(deskOfficer(), (reader) => reader.item(two.id)),
    AtRestDamaged,
  );
  await store.transact((tx) => tx.erase(two.id));
});

test('without the key-encryption key nothing is read', async () => {
  const report = receivedReport();
  await store.transact((tx) => tx.putItem(report, [], contents('locked')));
  const thief = await openStore({ ...opened.options, kek: new Uint8Array(32) });
  try {
    await assert.rejects(
      thief.read(deskOfficer(), (reader) => reader.item(report.id)),
      AtRestDamaged,
    );
  } finally {
    await thief.close();
  }
});

test('the outbox opens what its own nation released, and nothing else', async () => {
  const [mine, theirs, draft] = [ownReport(), receivedReport(), ownReport({ state: 'draft' })];
  await store.transact(async (tx) => {
    for (const report of [mine, theirs, draft]) await tx.putItem(report, [], contents('for sealing'));
  });
  assert.equal(textOf((await store.machine('seal').item(mine.id))?.head), 'for sealing');
  assert.equal(await store.machine('seal').item(theirs.id), null);
  assert.equal(await store.machine('seal').item(draft.id), null);
  assert.equal(textOf((await store.machine('index').item(theirs.id))?.head), 'for sealing');
});

type NoteTable = { note: { item: string; stars: bigint } };

test('a desk writes its own rows in the same transaction and joins them to what the viewer may see', async () => {
  const [seen, hidden] = [ownReport(), ownReport({ agency: 'a2' })];
  await store.transact(async (tx) => {
    for (const [index, report] of [seen, hidden].entries()) {
      await tx.putItem(report, [], contents('noted'));
      await tx.db
        .$extendTables<NoteTable>()
        .insertInto('note')
        .values({ item: report.id, stars: BigInt(index) })
        .execute();
    }
  });
  const notes = await store.read(analystOf('a1'), (reader) =>
    reader.db
      .$extendTables<NoteTable>()
      .selectFrom(reader.visible('item').as('seen'))
      .innerJoin('note', 'note.item', 'seen.id')
      .select(['seen.id', 'note.stars', 'seen.says'])
      .execute(),
  );
  assert.deepEqual(notes, [{ id: seen.id, stars: 0n, says: 'KR' }]);
});

test('a transaction that fails leaves nothing behind, not even when its failure was swallowed', async () => {
  const report = ownReport();
  const failing = store.transact(async (tx) => {
    await tx.putItem(report, statementsOf(2), contents('never'));
    throw new Error('changed my mind');
  });
  await assert.rejects(failing, /changed my mind/);
  const swallowed = store.transact(async (tx) => {
    await tx.putItem(report, [], contents('never'));
    await sql`SELECT 1 / 0`.execute(tx.db).catch(() => undefined);
  });
  await assert.rejects(swallowed, /division by zero/);
  assert.equal(await store.transact((tx) => tx.factsOf(report.id)), null);
});

test('a connection cut inside a transaction fails that transaction alone, and the bureau goes on', async () => {
  await using fresh = await testStore();
  const report = ownReport();
  const cutShort = fresh.store.transact(async (tx) => {
    await tx.putItem(report, [], contents('lost'));
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx.db);
    await fresh.store.transact((other) => sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(other.db));
    // Nothing is asked meanwhile, so nobody but the connection itself can tell.
    await sleep(100);
    await tx.putItem(report, [], contents('lost again'));
  });
  await assert.rejects(cutShort);
  assert.ok(fresh.troubles.length > 0);
  assert.equal(await fresh.store.transact((tx) => tx.putItem(report, [], contents('kept'))), 'stored');
});

test('a query that outlives its transaction is refused, so it cannot enter another one', async () => {
  const escaped = await store.transact(async (tx) => tx);
  await assert.rejects(sql`SELECT 1`.execute(escaped.db), /after its transaction/);
  await assert.rejects(escaped.setState(randomUUID(), 'held'), /after its transaction/);
});

test('a reader cannot write', async () => {
  const writing = store.read(deskOfficer(), (reader) =>
    reader.db.$extendTables<NoteTable>().insertInto('note').values({ item: randomUUID(), stars: 5n }).execute(),
  );
  await assert.rejects(writing, /read-only transaction/);
});

test('a lock makes the second wait for the first', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = store.transact(async (tx) => {
    await tx.lock('outbox', 'TH');
    first.resolve();
    await sql`SELECT pg_sleep(0.1)`.execute(tx.db);
    order.push('first');
  });
  await first.promise;
  const two = store.transact(async (tx) => {
    await tx.lock('outbox', 'TH');
    order.push('second');
  });
  await store.transact((tx) => tx.lock('outbox', 'LA'));
  order.push('another');
  await Promise.all([one, two]);
  assert.deepEqual(order, ['another', 'first', 'second']);
});

test('inside a transaction one reads as somebody, what was just written included', async () => {
  const report = ownReport();
  await store.transact(async (tx) => {
    await tx.putItem(report, [], contents('fresh'));
    assert.equal(textOf((await tx.as(deskOfficer()).item(report.id))?.head), 'fresh');
    assert.equal(await tx.as(analystOf('a2')).item(report.id), null);
    assert.equal(await tx.as(analystOf('a1')).may('amend', report.id), true);
    assert.equal(await tx.as(deskOfficer()).may('amend', report.id), false);
    assert.equal((await tx.factsOf(report.id))?.agency, 'a1');
  });
});

test('entity keys stay the same over versions and say nothing about the item', async () => {
  const report = receivedReport();
  const keysOf = async (version: number) => {
    await store.transact((tx) => tx.putItem({ ...report, version }, statementsOf(17), contents('entities')));
    const rows = await store.read(deskOfficer(), (reader) =>
      reader.db
        .selectFrom(reader.visible('statement').as('seen'))
        .select(['seen.entity', 'seen.entity_key'])
        .distinct()
        .where('seen.item', '=', report.id)
        .orderBy('seen.entity')
        .execute(),
    );
    return rows.map((row) => row.entity_key);
  };
  const keys = await keysOf(1);
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(await keysOf(2), keys);
});

test('an oversized item is refused before anything is written', async () => {
  const put = (statements: number, body: number, head: number) =>
    store.transact((tx) =>
      tx.putItem(ownReport(), statementsOf(statements), { body: new Uint8Array(body), head: new Uint8Array(head) }),
    );
  await assert.rejects(put(STATEMENTS_MAX + 1, 1, 1), /more statements/);
  await assert.rejects(put(0, BODY_BYTES_MAX + 1, 1), /body larger/);
  await assert.rejects(put(0, 1, HEAD_BYTES_MAX + 1), /head larger/);
});

test('a viewer nobody admitted is refused', async () => {
  const lookalike = { ...admitViewer({ nation: 'KR', officer: 'o1', agency: null, roles: ['desk-officer'] }) };
  await assert.rejects(
    store.read(lookalike as ReturnType<typeof deskOfficer>, (reader) => titles(reader)),
    /not an admitted viewer/,
  );
});
