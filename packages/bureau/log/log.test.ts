import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { leafHash, MemoryTree, verifyCheckpoint, verifyConsistency, verifyInclusion } from '@tripoint/envelope/proof';
import { logKeyFromSeed } from '@tripoint/envelope/suite';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../postgres/index.ts';
import { migrate, openStore, type Store, type Tx } from '../store/index.ts';
import { type Leaf, type Log, openLog } from './index.ts';

const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const rooms = ['store', 'log'].map((room) => ({
  room,
  sql: readFileSync(new URL(`../${room}/tables.sql`, import.meta.url), 'utf8'),
}));
const logKey = logKeyFromSeed(new Uint8Array(32).fill(7));
const origin = 'tripoint/aa/bb';
const startMs = Date.UTC(2026, 10, 23);

type Bureau = { db: TestDatabase; stores: Store[]; logs: Log[]; sleeps: (() => void)[] };

/** A bureau's database and as many processes on it as wanted, each with a store and a log of its own. */
async function bureau(processes = 1): Promise<Bureau> {
  const db = await testDatabase('log', (connection) => migrate(connection, rooms), JSON.stringify(rooms));
  const stores = await Promise.all(
    Array.from({ length: processes }, () =>
      openStore({
        connection: db.connection,
        kek: new Uint8Array(32),
        indexKey: new Uint8Array(32),
        clock: { now: () => startMs, sleep: (ms, signal) => pause(ms, signal) },
        random,
      }),
    ),
  );
  const sleeps: (() => void)[] = [];
  const clock = {
    nowMs: () => startMs,
    monotonicMs: () => performance.now(),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        sleeps.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  const logs = stores.map((store) =>
    openLog({ transact: store.transact, clock, logKey, origin, random, cadence: () => null }),
  );
  return { db, stores, logs, sleeps };
}

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

async function close({ stores, db }: Bureau): Promise<void> {
  await Promise.all(stores.map((store) => store.close()));
  await db.drop();
}

let serial = 0;
const leaves = (count: number): Leaf[] =>
  Array.from({ length: count }, () => {
    serial += 1;
    return { kind: 'env', leaf: random(32), ref: `ref-${serial}` };
  });

const add = (at: Bureau, some: readonly Leaf[], process = 0): Promise<void> =>
  (at.stores[process] as Store).transact((tx) => (at.logs[process] as Log).appendInTx(tx, some));

const read = <R>(at: Bureau, work: (tx: Tx, log: Log) => Promise<R>): Promise<R> =>
  (at.stores[0] as Store).transact((tx) => work(tx, at.logs[0] as Log));

const headOf = async (at: Bureau) => {
  const head = await read(at, (tx, log) => log.head(tx));
  assert.ok(head !== null);
  return head;
};

/** The tree as anybody would rebuild it from the entries alone. */
async function rebuilt(at: Bureau): Promise<MemoryTree> {
  const { rows } = await read(at, (tx) =>
    sql<{ index: bigint; entry: Uint8Array }>`SELECT index, entry FROM log_entry ORDER BY index`.execute(tx.db),
  );
  const tree = new MemoryTree();
  rows.forEach(({ index, entry }, place) => {
    assert.equal(Number(index), place);
    tree.append(entry);
  });
  return tree;
}

let korea: Bureau;
before(async () => {
  korea = await bureau();
});
after(() => close(korea));

test('an empty log has no head, proves nothing and signs nothing', async () => {
  assert.equal(await korea.logs[0]?.integrate(), 0);
  assert.equal(await read(korea, (tx, log) => log.head(tx)), null);
  assert.equal(await read(korea, (tx, log) => log.prove(tx, { entry: random(32) })), null);
  assert.equal(await read(korea, (tx, log) => log.consistency(tx, 1)), null);
});

test('a leaf is pending until it is integrated, then stands under a checkpoint the log key signed', async () => {
  const [one] = leaves(1) as [Leaf];
  await add(korea, [one]);
  assert.equal(await read(korea, (tx, log) => log.prove(tx, { entry: one.leaf })), 'pending');
  assert.equal(await korea.logs[0]?.integrate(), 1);
  const byEntry = await read(korea, (tx, log) => log.prove(tx, { entry: one.leaf }));
  assert.deepEqual(await read(korea, (tx, log) => log.prove(tx, { kind: 'env', ref: one.ref })), byEntry);
  assert.ok(byEntry !== null && byEntry !== 'pending');
  const { head, index, path, entry } = byEntry;
  const signed = verifyCheckpoint(head.note, origin, logKey.publicBytes);
  assert.ok(signed.ok);
  assert.deepEqual([signed.checkpoint.size, signed.checkpoint.root], [head.size, head.root]);
  assert.equal(head.atMs, startMs);
  assert.ok(verifyInclusion(leafHash(entry), index, head.size, head.root, path));
  assert.deepEqual(entry, one.leaf);
});

test('a leaf whose transaction fails is in no tree', async () => {
  const [one] = leaves(1) as [Leaf];
  await assert.rejects(
    read(korea, async (tx, log) => {
      await log.appendInTx(tx, one);
      throw new Error('the report was refused');
    }),
    /refused/,
  );
  await korea.logs[0]?.integrate();
  assert.equal(await read(korea, (tx, log) => log.prove(tx, { entry: one.leaf })), null);
});

test('an entry that is not 32 bytes is refused', async () => {
  await assert.rejects(add(korea, [{ kind: 'env', leaf: random(31), ref: 'x' }]), RangeError);
});

test('after any batches the root is the one anybody computes from the entries, and every proof verifies', async () => {
  const at = await bureau();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 }), async (batches) => {
      const heads = [];
      for (const count of batches) {
        await add(at, leaves(count));
        assert.equal(await at.logs[0]?.integrate(), count);
        heads.push(await headOf(at));
      }
      const tree = await rebuilt(at);
      const head = await headOf(at);
      assert.equal(head.size, tree.size);
      assert.deepEqual(head.root, tree.root());
      for (const older of heads) {
        const grown = await read(at, (tx, log) => log.consistency(tx, older.size));
        assert.ok(grown !== null && verifyConsistency(older.size, head.size, older.root, head.root, grown.path));
      }
    }),
    { numRuns: 12 },
  );
  const { rows } = await read(at, (tx) => sql<{ entry: Uint8Array }>`SELECT entry FROM log_entry`.execute(tx.db));
  const head = await headOf(at);
  assert.ok(head.size > 256, 'the tree is large enough to use stored subtrees');
  for (const { entry } of rows.filter((_, place) => place % 37 === 0 || place > rows.length - 4)) {
    const proof = await read(at, (tx, log) => log.prove(tx, { entry }));
    assert.ok(proof !== null && proof !== 'pending');
    assert.ok(verifyInclusion(leafHash(entry), proof.index, head.size, head.root, proof.path));
    assert.equal(verifyInclusion(leafHash(random(32)), proof.index, head.size, head.root, proof.path), false);
  }
  await close(at);
});

test('several processes append and integrate at once and never fork the log', async () => {
  const at = await bureau(3);
  const wanted: Leaf[] = [];
  const heads: { size: number; root: Uint8Array }[] = [];
  const work = async (process: number) => {
    for (let round = 0; round < 12; round += 1) {
      const some = leaves(1 + (round % 5));
      wanted.push(...some);
      await add(at, some, process);
      await at.logs[process]?.integrate();
      const head = await at.stores[process]?.transact((tx) => (at.logs[process] as Log).head(tx));
      if (head) heads.push(head);
    }
  };
  await Promise.all([0, 1, 2, 0, 1, 2].map(work));
  await at.logs[0]?.integrate();
  const tree = await rebuilt(at);
  const last = await headOf(at);
  assert.equal(tree.size, wanted.length);
  assert.deepEqual(last.root, tree.root());
  for (const { size, root } of heads) {
    const grown = await read(at, (tx, log) => log.consistency(tx, size));
    assert.ok(grown !== null && verifyConsistency(size, last.size, root, last.root, grown.path));
  }
  await close(at);
});

test('an integrator whose head moved under it changes nothing', async () => {
  const at = await bureau();
  await add(at, leaves(3));
  await at.logs[0]?.integrate();
  const before = await headOf(at);
  await add(at, leaves(2));
  // A second integrator that somehow does not hold the lock: the comparison on the head must stop the first.
  await read(at, (tx) =>
    sql`CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN UPDATE log_head SET size = size + 1; RETURN NULL; END $$`.execute(tx.db),
  );
  await read(at, (tx) =>
    sql`CREATE TRIGGER move AFTER INSERT ON log_entry FOR EACH STATEMENT EXECUTE FUNCTION move()`.execute(tx.db),
  );
  await assert.rejects((at.logs[0] as Log).integrate(), /moved under its integrator/);
  await read(at, (tx) => sql`DROP TRIGGER move ON log_entry`.execute(tx.db));
  assert.deepEqual(await headOf(at), before);
  assert.equal(await at.logs[0]?.integrate(), 2);
  await close(at);
});

/** A second process of the bureau: it appends five leaves, integrates them, and is killed before that commits. */
const DYING_PROCESS = `
  import { openLog } from '${new URL('index.ts', import.meta.url)}';
  import { openStore } from '${new URL('../store/index.ts', import.meta.url)}';
  import { logKeyFromSeed } from '@tripoint/envelope/suite';
  const key = new Uint8Array(32);
  const store = await openStore({ connection: JSON.parse(process.env.CONNECTION), kek: key, indexKey: key,
    clock: { now: () => 0, sleep: () => new Promise(() => {}) }, random: (n) => new Uint8Array(n) });
  const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} };
  const options = { clock, random: (n) => new Uint8Array(n), cadence: () => null, logKey: logKeyFromSeed(new Uint8Array(32).fill(7)), origin: '${origin}' };
  await store.transact((tx) => openLog({ ...options, transact: store.transact }).appendInTx(tx,
    [1, 2, 3, 4, 5].map((fill) => ({ kind: 'env', leaf: new Uint8Array(32).fill(fill), ref: String(fill) }))));
  await store.transact(async (tx) => {
    const count = await openLog({ ...options, transact: (work) => work(tx) }).integrate();
    process.stdout.write(String(count), () => process.kill(process.pid, 'SIGKILL'));
    await new Promise(() => {});
  });
`;

test('what was durable before a kill is integrated after it', async () => {
  const at = await bureau();
  const { connection } = at.db;
  const died = spawnSync(process.execPath, ['--input-type=module', '--eval', DYING_PROCESS], {
    cwd: import.meta.dirname,
    env: { ...process.env, CONNECTION: JSON.stringify(connection) },
    encoding: 'utf8',
  });
  assert.deepEqual([died.signal, died.stdout], ['SIGKILL', '5'], died.stderr);
  const entry = new Uint8Array(32).fill(3);
  assert.equal(await read(at, (tx, log) => log.prove(tx, { entry })), 'pending');
  // The server may still be finding out that its client is gone, and hold the integrator's lock for it.
  let count = 0;
  for (let attempt = 0; attempt < 100 && count === 0; attempt += 1) {
    count = (await at.logs[0]?.integrate()) ?? 0;
    await pause(20);
  }
  assert.equal(count, 5);
  const tree = await rebuilt(at);
  assert.deepEqual((await headOf(at)).root, tree.root());
  await close(at);
});

test('the integrator works beat by beat until it is told to stop', async () => {
  const at = await bureau();
  const stop = new AbortController();
  const running = at.logs[0]?.run(stop.signal);
  const beat = async () => {
    at.sleeps.shift()?.();
    while (at.sleeps.length === 0) await pause(2);
  };
  const some = leaves(2);
  await add(at, some);
  await beat();
  assert.equal((await headOf(at)).size, 2);
  await add(at, leaves(1));
  await beat();
  assert.equal((await headOf(at)).size, 3);
  stop.abort();
  await running;
  await close(at);
});

test('another process’s leaves are found within a few idle beats', async () => {
  const at = await bureau(2);
  const stop = new AbortController();
  const running = at.logs[0]?.run(stop.signal);
  await add(at, leaves(1), 1);
  for (let beat = 0; beat < 4; beat += 1) {
    at.sleeps.shift()?.();
    while (at.sleeps.length === 0) await pause(2);
  }
  assert.equal((await headOf(at)).size, 1);
  stop.abort();
  await running;
  await close(at);
});

test('checkpoints of one minute do not pile up, and each size that was signed can still be proven', async () => {
  const at = await bureau();
  const sizes: { size: number; root: Uint8Array }[] = [];
  for (let round = 0; round < 5; round += 1) {
    await add(at, leaves(1));
    await at.logs[0]?.integrate();
    sizes.push(await headOf(at));
  }
  const { rows } = await read(at, (tx) => sql`SELECT FROM checkpoint`.execute(tx.db));
  assert.equal(rows.length, 1);
  const last = await headOf(at);
  for (const { size, root } of sizes) {
    const grown = await read(at, (tx, log) => log.consistency(tx, size));
    assert.ok(grown !== null && verifyConsistency(size, last.size, root, last.root, grown.path));
  }
  await close(at);
});
