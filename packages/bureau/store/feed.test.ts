import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { FEED_RING_EVENTS } from './bounds.ts';
import { FeedHub, type FeedPorts } from './feed.ts';
import { type Clock, type FeedEvent, openStore, type Store } from './index.ts';
import { machineClock, type TestStore, testStore } from './store-for-tests.ts';

const report = (kind: string) => ({ kind, item: null, desk: 'reports' });

/** Emits one event in a transaction of its own. */
const emit = (store: Store, kind: string) => store.transact(async (tx) => tx.emit(report(kind)));

type Listener = { heard: FeedEvent[]; until(count: number): Promise<string[]>; stop(): Promise<void> };

/** Collects what a follower hears; `until` gives the kinds once there are so many, or fails after `patienceMs`. */
async function listen(store: Store, from: number | 'now', patienceMs = 10_000): Promise<Listener> {
  const ending = new AbortController();
  const following = store.feed.follow({ from, signal: ending.signal });
  await following.ready;
  const heard: FeedEvent[] = [];
  let changed = Promise.withResolvers<void>();
  const done = (async () => {
    for await (const event of following) {
      heard.push(event);
      changed.resolve();
      changed = Promise.withResolvers();
    }
  })();
  return {
    heard,
    async until(count) {
      const late = Promise.withResolvers<never>();
      const giveUp = () => late.reject(new Error(`heard only ${heard.length} of ${count}`));
      const timer = setTimeout(giveUp, patienceMs);
      while (heard.length < count) await Promise.race([changed.promise, late.promise]);
      clearTimeout(timer);
      return heard.map((event) => event.kind);
    },
    async stop() {
      ending.abort();
      await done;
    },
  };
}

async function rawClients(opened: TestStore, count: number): Promise<pg.Client[]> {
  const clients = Array.from({ length: count }, () => new pg.Client(opened.options.connection));
  // Cut at the end of a test that failed: the failure is what counts.
  for (const client of clients) client.on('error', () => undefined);
  await Promise.all(clients.map((client) => client.connect()));
  return clients;
}

const INSERT = `INSERT INTO event (kind, desk, urgency, at) VALUES ($1, 'reports', 'routine', now())`;

/** The poll never comes, so whatever is heard was hinted. */
const deafClock: Clock = {
  now: machineClock.now,
  sleep: (ms, signal) => machineClock.sleep(ms >= 1_000 ? 3_600_000 : ms, signal),
};

test('a follower hears what was emitted, in order and with its facts', async () => {
  await using opened = await testStore();
  await emit(opened.store, 'before');
  const listener = await listen(opened.store, 'now');
  const item = '7d9f0c1e-58a5-4d1c-9f6a-2b6f3a7c9d10';
  const atMs = opened.options.clock.now();
  await opened.store.transact(async (tx) => {
    tx.emit({ kind: 'report.released', item, version: 2, desk: 'reports', urgency: 'flash' });
    tx.emit(report('second'));
  });
  await emit(opened.store, 'third');
  assert.deepEqual(await listener.until(3), ['report.released', 'second', 'third']);
  const { serial, atMs: heardAtMs, ...event } = listener.heard[0]!;
  assert.deepEqual(event, { kind: 'report.released', item, version: 2, desk: 'reports', urgency: 'flash' });
  assert(Number.isSafeInteger(serial) && Math.abs(heardAtMs - atMs) < 5_000);
  await listener.stop();
});

test('a transaction that fails tells nobody', async () => {
  await using opened = await testStore();
  const listener = await listen(opened.store, 'now');
  await assert.rejects(
    opened.store.transact(async (tx) => {
      tx.emit(report('never'));
      throw new Error('no');
    }),
  );
  await emit(opened.store, 'true');
  assert.deepEqual(await listener.until(1), ['true']);
  await listener.stop();
});

test('one who commits late is not skipped, neither by serial nor by transaction', async () => {
  await using opened = await testStore();
  const [older, younger] = (await rawClients(opened, 2)) as [pg.Client, pg.Client];
  const listener = await listen(opened.store, 'now');

  // The older transaction takes the lower serial, the younger one commits first.
  await older.query('BEGIN');
  await older.query(INSERT, ['1 older']);
  await younger.query(INSERT, ['2 younger']);
  await machineClock.sleep(200);
  assert.deepEqual(listener.heard, [], 'nothing is settled while the older one runs');
  await older.query('COMMIT');
  assert.deepEqual(await listener.until(2), ['1 older', '2 younger']);

  // The older transaction takes the higher serial and commits first: a reader by serial would now skip the other.
  await older.query('BEGIN');
  await older.query('SELECT pg_current_xact_id()');
  await younger.query('BEGIN');
  await younger.query(INSERT, ['3 younger, lower serial']);
  await older.query(INSERT, ['4 older, higher serial']);
  await older.query('COMMIT');
  await listener.until(3);
  await younger.query('COMMIT');
  const kinds = await listener.until(4);
  assert.deepEqual(kinds.slice(2), ['4 older, higher serial', '3 younger, lower serial']);
  const again = await listen(opened.store, 0);
  assert.deepEqual(await again.until(4), kinds, 'another follower has the same order');
  await Promise.all([listener.stop(), again.stop(), older.end(), younger.end()]);
});

test('a long transaction in a neighbour’s database holds up nobody here, one in ours does', async () => {
  await using opened = await testStore();
  await using neighbour = await testStore();
  const [ours] = (await rawClients(opened, 1)) as [pg.Client];
  const [theirs] = (await rawClients(neighbour, 1)) as [pg.Client];
  for (const client of [theirs, ours]) await client.query('BEGIN');
  await theirs.query(INSERT, ['theirs, still running']);
  await emit(opened.store, 'before, and not of now');
  const listener = await listen(opened.store, 'now');
  await emit(opened.store, 'one');
  assert.deepEqual(await listener.until(1), ['one']);
  await ours.query(INSERT, ['ours, late']);
  await emit(opened.store, 'two');
  await machineClock.sleep(300);
  assert.equal(listener.heard.length, 1);
  await ours.query('COMMIT');
  assert.deepEqual(await listener.until(3), ['one', 'ours, late', 'two']);
  await theirs.query('ROLLBACK');
  await Promise.all([listener.stop(), ours.end(), theirs.end()]);
});

test('under many writers every follower hears each committed event once, in one order', async () => {
  await using opened = await testStore();
  const another = await openStore(opened.options);
  const committed: string[] = [];
  const write = async (writer: number) => {
    for (let n = 0; n < 25; n += 1) {
      const kind = `${writer}.${n}`;
      const failing = (writer + n) % 5 === 0;
      await (n % 2 === 0 ? opened.store : another)
        .transact(async (tx) => {
          tx.emit(report(kind));
          await tx.lock('pause', String((writer * n) % 3));
          if (failing) throw new Error('rolled back');
          tx.emit(report(`${kind}!`));
        })
        .then(
          () => committed.push(kind, `${kind}!`),
          () => undefined,
        );
    }
  };
  const early = await Promise.all([listen(opened.store, 'now'), listen(another, 0)]);
  await Promise.all(Array.from({ length: 6 }, (_, writer) => write(writer)));
  const late = await listen(another, 0);
  const orders = await Promise.all([...early, late].map((listener) => listener.until(committed.length)));
  assert.deepEqual([...orders[0]!].sort(), committed.sort());
  assert.deepEqual(orders[1], orders[0]);
  assert.deepEqual(orders[2], orders[0]);
  await Promise.all([...early, late].map((listener) => listener.stop()));
  await another.close();
});

test('a follower goes on after the event it dealt with last', async () => {
  await using opened = await testStore();
  for (const kind of ['one', 'two', 'three']) await emit(opened.store, kind);
  const first = await listen(opened.store, 0);
  assert.deepEqual(await first.until(3), ['one', 'two', 'three']);
  await first.stop();
  const second = await listen(opened.store, first.heard[1]!.serial);
  await emit(opened.store, 'four');
  assert.deepEqual(await second.until(2), ['three', 'four']);
  await second.stop();
});

test('another process is told by a hint, long before the poll', async () => {
  await using opened = await testStore([], { clock: deafClock });
  const another = await openStore(opened.options);
  const listener = await listen(another, 'now');
  await emit(another, 'own process');
  await listener.until(1);
  await emit(opened.store, 'other process');
  assert.deepEqual(await listener.until(2), ['own process', 'other process']);
  await listener.stop();
  await another.close();
});

test('a listening connection that was lost listens again', async () => {
  await using opened = await testStore([], { clock: deafClock });
  const another = await openStore(opened.options);
  const [killer] = (await rawClients(opened, 1)) as [pg.Client];
  const listener = await listen(another, 'now');
  await emit(another, 'own process');
  await listener.until(1);
  const listening = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'tripoint hints' AND state = 'idle'`;
  // It listens in its own time: an event of the own process does not wait for that.
  while ((await killer.query(listening)).rows.length === 0) await machineClock.sleep(20);
  const { rows } = await killer.query(`SELECT pid, pg_terminate_backend(pid) FROM (${listening}) AS listening`);
  assert.equal(rows.length, 1);
  const again = async () => (await killer.query(listening)).rows.some((row) => row.pid !== rows[0].pid);
  while (!(await again())) await machineClock.sleep(20);
  await emit(opened.store, 'other process');
  assert.deepEqual(await listener.until(2), ['own process', 'other process']);
  await Promise.all([listener.stop(), killer.end()]);
  await another.close();
});

test('without any hint the poll finds it', async () => {
  await using opened = await testStore();
  const [writer] = (await rawClients(opened, 1)) as [pg.Client];
  const listener = await listen(opened.store, 'now');
  await emit(opened.store, 'hinted');
  await listener.until(1);
  await writer.query(INSERT, ['silent']);
  assert.deepEqual(await listener.until(2), ['hinted', 'silent']);
  await Promise.all([listener.stop(), writer.end()]);
});

test('a lost connection is made anew, and nothing is missed meanwhile', async () => {
  await using opened = await testStore([], {
    clock: { ...machineClock, sleep: (ms, signal) => machineClock.sleep(ms / 10, signal) },
  });
  const [killer] = (await rawClients(opened, 1)) as [pg.Client];
  const listener = await listen(opened.store, 'now');
  await emit(opened.store, 'before');
  await listener.until(1);
  for (const kind of ['first cut', 'second cut']) {
    await killer.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await killer.query(INSERT, [kind]);
  }
  assert.deepEqual(await listener.until(3), ['before', 'first cut', 'second cut']);
  assert.notDeepEqual(opened.troubles, []);
  await Promise.all([listener.stop(), killer.end()]);
});

test('a follower that lags behind what is kept in memory misses nothing, and holds up nobody', async () => {
  await using opened = await testStore();
  const many = FEED_RING_EVENTS + 1_500;
  const [writer] = (await rawClients(opened, 1)) as [pg.Client];
  const ending = new AbortController();
  const lagging = opened.store.feed.follow({ from: 'now', signal: ending.signal })[Symbol.asyncIterator]();
  await emit(opened.store, 'the first');
  assert.equal((await lagging.next()).value?.kind, 'the first');
  const quick = await listen(opened.store, 'now');
  await writer.query(
    `INSERT INTO event (kind, desk, urgency, at) SELECT n::text, 'reports', 'routine', now() FROM generate_series(1, $1) n`,
    [many],
  );
  assert.equal((await quick.until(many)).at(-1), String(many));
  for (let n = 1; n <= many; n += 1) assert.equal((await lagging.next()).value?.kind, String(n));
  ending.abort();
  assert.equal((await lagging.next()).done, true);
  await Promise.all([quick.stop(), writer.end()]);
});

test('many followers share one reader', async () => {
  let reads = 0;
  let txid = 5;
  const ended = new AbortController();
  const hub = hubOver(async (sql) => {
    if (!sql.includes('ORDER BY')) return { rows: [{ txid: String(txid++) }] };
    reads += 1;
    return { rows: [] };
  });
  const followers = Array.from({ length: 50 }, async () => {
    for await (const _ of hub.follow({ from: 'now', signal: ended.signal }));
  });
  await machineClock.sleep(300);
  const before = reads;
  await machineClock.sleep(300);
  assert(reads - before >= 3 && reads - before <= 20, `${reads - before} reads for about 15 polls and 50 followers`);
  ended.abort();
  await Promise.all(followers);
  await hub.close();
});

test('what is kept in memory has a bound', async () => {
  const many = FEED_RING_EVENTS + 1_000;
  let rereads = 0;
  const hub = hubOver(async (sql, params) => {
    if (!sql.includes('ORDER BY')) return { rows: [{ txid: '0' }] };
    const [, after, limit] = params as [string, number, number];
    rereads += Number(after === 500);
    return { rows: Array.from({ length: Math.min(limit, many - after) }, (_, n) => eventRow(after + n + 1)) };
  });
  const ended = new AbortController();
  const hear = async (from: 'now' | number, count: number) => {
    let heard = 0;
    for await (const event of hub.follow({ from, signal: ended.signal })) {
      heard += 1;
      if (heard === count) return event.serial;
    }
    return 0;
  };
  const keeping = hear('now', many + 1);
  assert.equal(await hear('now', many), many);
  rereads = 0;
  const late = hub.follow({ from: 'now', signal: ended.signal })[Symbol.asyncIterator]();
  for (let serial = 1; serial <= 501; serial += 1) assert.equal((await late.next()).value?.serial, serial);
  assert.equal(rereads, 1, 'the event after 500 is no longer in memory');
  ended.abort();
  await Promise.all([keeping, late.return?.(undefined)]);
  await hub.close();
});

function hubOver(query: FeedPorts['query']): FeedHub {
  return new FeedHub({
    query,
    clock: { now: () => 0, sleep: (_ms, signal) => machineClock.sleep(20, signal) },
    listen: () => undefined,
    trouble: (reason) => assert.fail(String(reason)),
  });
}

const eventRow = (serial: number) => ({
  serial: BigInt(serial),
  txid: '1',
  settled: true,
  kind: String(serial),
  item: null,
  version: null,
  desk: 'reports',
  urgency: 'routine',
  at_ms: 0,
});

test('closing the store ends its followers', async () => {
  await using opened = await testStore();
  const another = await openStore(opened.options);
  const listener = await listen(another, 'now');
  const idle = another.feed.follow({ from: 'now', signal: new AbortController().signal });
  await idle.ready;
  await another.close();
  await listener.stop();
});

test('a database that was restored into another cluster goes on telling', async () => {
  await using opened = await testStore();
  await emit(opened.store, 'before the fire');
  const [hand] = (await rawClients(opened, 1)) as [pg.Client];
  await hand.query(`UPDATE event SET txid = '900000000000'`);
  const restored = await openStore(opened.options);
  const listener = await listen(restored, 0);
  await emit(restored, 'after the fire');
  assert.deepEqual(await listener.until(2), ['before the fire', 'after the fire']);
  await listener.stop();
  await Promise.all([restored.close(), hand.end()]);
});
