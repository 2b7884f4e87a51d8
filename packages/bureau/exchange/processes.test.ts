import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { compareBytes, sameBytes } from '@tripoint/envelope/cbor';
import { type Founded, found, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, CableEnd, connected } from './cable-for-tests.ts';
import { postgresExchangeStore } from './index.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

async function pair(): Promise<{ korea: TestBureau; thailand: TestBureau; cable: Cable }> {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = (await connected([korea, thailand]))(korea, thailand);
  return { korea, thailand, cable };
}

const titles = (word: string, count: number) => Array.from({ length: count }, (_, at) => `${word} ${at}`);

/** Every chain of the way out is whole: places without a gap, each once, its head the leaf of the last. */
async function assertChainsWhole(bureau: TestBureau): Promise<void> {
  for (const { lane, peer, seq, head } of await bureau.rows('SELECT * FROM chain_out')) {
    const rows = await bureau.rows(
      `SELECT seq, leaf FROM outbox WHERE lane = ${lane} AND peer = '\\x${Buffer.from(peer as Uint8Array).toString('hex')}'
       AND seq IS NOT NULL ORDER BY seq`,
    );
    assert.deepEqual(
      rows.map((row) => Number(row.seq)),
      Array.from({ length: Number(seq) }, (_, at) => at + 1),
    );
    assert.ok(sameBytes(head as Uint8Array, rows.at(-1)?.leaf as Uint8Array));
  }
}

test('two processes of one bureau seal from one outbox: no gap, nothing twice, chains whole', async () => {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  const cables = await connected([korea, thailand, laos]);
  const second = await korea.start(new CableEnd(korea));
  const filing = async (word: string, by: typeof second) => {
    const all = titles(word, 60);
    for (let at = 0; at < all.length; at += 5)
      await Promise.all(all.slice(at, at + 5).map((title) => korea.file({ to: [thailand, laos], title }, by)));
  };
  await Promise.all([filing('first', korea.running), filing('second', second)]);
  await korea.sealed();
  await assertChainsWhole(korea);
  assert.equal(await korea.count(`log_pending WHERE kind = 'env'`), 120);
  for (const nation of [thailand, laos]) {
    await cables(korea, nation).flow();
    const all = [...titles('first', 60), ...titles('second', 60)].sort();
    assert.deepEqual((await nation.received()).sort(), all);
    assert.equal(await nation.count('quarantine'), 0);
  }
  assert.equal(await korea.count(`outbox WHERE state <> 'verified'`), 0);
  assert.equal(await korea.count('copy_out'), 0);
});

test('what one process sealed leaves by the other, which has the link', async () => {
  const { korea, thailand, cable } = await pair();
  const second = await korea.start(new CableEnd(korea));
  // Only the process without a link seals.
  await korea.exchange.stop();
  korea.running = await korea.start(endOf(korea, thailand, cable));
  cable.hand(korea.running);
  await cable.up();
  assert.equal(await cable.flow(), 0);
  await korea.file({ to: [thailand], title: 'sealed by the other' }, second);
  await until('the process with the link is woken', () => cable.end(korea).woken.has(2));
  await until('the copy can be pulled', async () => (await cable.flow()) > 0);
  assert.deepEqual(await thailand.received(), ['sealed by the other']);
});

function endOf(bureau: TestBureau, peer: TestBureau, cable: Cable): CableEnd {
  const end = new CableEnd(bureau);
  end.plug(peer.id, cable);
  return end;
}

test('two processes that take from one nation at once hold back nothing and store nothing twice', async () => {
  const { korea, thailand, cable } = await pair();
  const wanted = titles('report', 24);
  for (const title of wanted) await korea.file({ to: [thailand], title });
  await korea.sealed();
  const second = await thailand.start(new CableEnd(thailand));
  const copies = await cable.pullAll(korea, 2);
  const doors = [thailand.exchange.door, second.exchange.door];
  // Each process gets everything, in small frames, at the same time.
  await Promise.all(
    doors.map(async (door) => {
      for (let at = 0; at < copies.length; at += 3) await door.receive(korea.id, copies.slice(at, at + 3));
    }),
  );
  assert.deepEqual(await thailand.received(), wanted);
  assert.equal(await thailand.count('quarantine'), 0);
  assert.equal(await thailand.count(`envelope_in WHERE state = 'held'`), 0);
  assert.deepEqual(
    (await thailand.rows('SELECT lane, seq FROM chain_in')).map(({ lane, seq }) => [lane, Number(seq)]),
    [[2, 24]],
  );
});

test('a bureau that stops between sealing and sending sends after its start, by the same envelope', async () => {
  const { korea, thailand, cable } = await pair();
  const id = await korea.file({ to: [thailand] });
  await korea.sealed();
  const [before] = await korea.rows('SELECT envelope, leaf FROM outbox');
  await replace(korea, thailand, cable);
  await cable.up();
  await cable.flow();
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
  const [after] = await korea.rows('SELECT envelope, leaf FROM outbox');
  assert.deepEqual(after, before);
  assert.equal(await thailand.count('envelope_in'), 1);
});

test('a bureau that stops between its commit and its receipt gives the receipt after its start', async () => {
  const { korea, thailand, cable } = await pair();
  const id = await korea.file({ to: [thailand] });
  await korea.sealed();
  await cable.give(thailand, await cable.pullAll(korea, 2));
  cable.takeReceipts(thailand);
  await replace(thailand, korea, cable);
  await cable.up();
  await until('the receipt waits', () => cable.end(thailand).receipts.length > 0);
  await cable.flow();
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
  assert.deepEqual(await thailand.received(), ['An invented report']);
});

test('a bureau whose memory is lost after every single step delivers everything once', async () => {
  const { korea, thailand, cable } = await pair();
  const wanted = titles('report', 6);
  for (const title of wanted) {
    await korea.file({ to: [thailand], title });
    await korea.sealed();
    await replace(korea, thailand, cable);
    await cable.up();
    const copies = await cable.pullAll(korea, 2);
    await replace(korea, thailand, cable);
    await replace(thailand, korea, cable);
    await cable.up();
    await cable.give(thailand, copies);
    await replace(thailand, korea, cable);
    await replace(korea, thailand, cable);
    await cable.up();
  }
  await until('the receipts come', async () => {
    await cable.flow();
    return (await korea.count(`outbox WHERE state <> 'verified'`)) === 0;
  });
  assert.deepEqual(await thailand.received(), wanted);
  assert.equal(await thailand.count('quarantine'), 0);
  assert.deepEqual(await korea.rows('SELECT * FROM alarm'), []);
});

/** The process is gone with all it remembered; another one starts on the same database. */
async function replace(bureau: TestBureau, peer: TestBureau, cable: Cable): Promise<void> {
  cable.cut();
  await bureau.running.stop();
  bureau.running = await bureau.start(endOf(bureau, peer, cable));
  cable.hand(bureau.running);
}

test('when the database breaks every connection while reports are filed, sealed and taken, nothing is lost or blamed', async () => {
  const { korea, thailand, cable } = await pair();
  let isOver = false;
  const breaking = Promise.all([korea, thailand].map((bureau) => breakConnections(bureau, () => isOver)));
  const wanted = titles('report', 30);
  for (const title of wanted) await surely(() => korea.file({ to: [thailand], title }));
  const endMs = performance.now() + 4_000;
  while (performance.now() < endMs) {
    // A receive that fails ends the link; the next one begins with a hello.
    await cable.flow().catch(() => cable.cut());
    if (!cable.isUp) await cable.up().catch(() => false);
  }
  isOver = true;
  await breaking;
  cable.cut();
  await surely(async () => assert.ok(await cable.up()));
  await korea.sealed();
  await until('every receipt is here', async () => {
    await cable.flow();
    return (await korea.count(`outbox WHERE state <> 'verified'`)) === 0;
  });
  // A filing whose commit succeeded without a word was filed again under another id: the desk's key prevents that.
  assert.deepEqual([...new Set(await thailand.received())].sort(), [...wanted].sort());
  assert.equal(await thailand.count('quarantine'), 0);
  assert.deepEqual(await korea.rows('SELECT kind, code FROM alarm'), []);
  await assertChainsWhole(korea);
});

async function surely<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await new Promise((next) => setTimeout(next, 20));
    }
  }
}

async function breakConnections(bureau: TestBureau, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await bureau
      .rows(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      .catch(() => undefined);
    await new Promise((next) => setTimeout(next, 60 + Math.random() * 120));
  }
}

test('sealing and receipts lock the chains of many nations in one order, so none waits for another in a circle', async () => {
  const { korea } = await pair();
  const store = postgresExchangeStore(korea.running.store, {
    random: randomBytes,
    log: { appendInTx: async () => {} },
  });
  const peers = Array.from({ length: 6 }, () => new Uint8Array(randomBytes(16)));
  const chains = peers.flatMap((peer) => ([1, 2, 3] as const).map((lane) => ({ peer, lane })));
  const sorted = [...chains].sort((a, b) => compareBytes(a.peer, b.peer) || a.lane - b.lane);
  await store.transact((tx) => tx.lockOut(sorted));
  const again = async (work: (round: number) => Promise<unknown>) => {
    for (let round = 0; round < 60; round += 1) await work(round);
  };
  const sealing = () => store.transact((tx) => tx.lockOut(sorted));
  const receipting = (round: number) => {
    const from = round % chains.length;
    const turned = [...chains.slice(from), ...chains.slice(0, from)].reverse();
    return store.transact((tx) => tx.dropCopies(turned.map((chain) => ({ ...chain, from: 1, to: 1 }))));
  };
  await Promise.all([again(sealing), again(receipting), again(sealing), again(receipting)]);
  const [seen] = await korea.rows('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
  assert.equal(Number(seen?.deadlocks), 0);
});
