import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeReceipt, type Receipt, signReceipt } from '@tripoint/envelope/proof';
import { type Founded, found, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, connected } from './cable-for-tests.ts';
import { oweOpened } from './index.ts';

const DAY_MS = 86_400_000;

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH']);
});
after(() => founded.close());

async function pair(): Promise<{ korea: TestBureau; thailand: TestBureau; cable: Cable }> {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = (await connected([korea, thailand]))(korea, thailand);
  return { korea, thailand, cable };
}

function read(bytes: Uint8Array): Receipt {
  const decoded = decodeReceipt(bytes);
  assert.ok(decoded.ok);
  return decoded.signed.receipt;
}

/** One delivered report and its receipt, not yet given back. */
async function receipted(conditions: readonly { code: string }[] = []) {
  const all = await pair();
  const id = await all.korea.file({ to: [all.thailand], conditions });
  await all.korea.sealed();
  await all.cable.give(all.thailand, await all.cable.pullAll(all.korea, 2));
  const [bytes] = all.cable.takeReceipts(all.thailand);
  return { ...all, id, bytes: bytes as Uint8Array };
}

const deliveryOf = async (bureau: TestBureau, id: string) =>
  (await bureau.rows(`SELECT * FROM outbox WHERE item = '${id}'`))[0] as Record<string, Date | string | null>;

test('without a signed receipt of the recipient nothing is called delivered', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted();
  assert.equal((await thailand.read(id))?.id, id);
  // The link's own acknowledgement came; it proves nothing.
  await until('Korea marked it sent', async () => (await korea.ticks(id)).TH === 'sent');
  assert.equal((await deliveryOf(korea, id)).verified_at, null);
  await cable.giveReceipts(korea, [bytes]);
  const { state, verified_at, receipted_at } = await deliveryOf(korea, id);
  assert.equal(state, 'verified');
  assert.ok(verified_at && receipted_at);
});

test('a receipt with one bit turned, or of somebody else, turns no tick', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted();
  for (let at = 3; at < bytes.length; at += 401) {
    const turned = Uint8Array.from(bytes);
    turned[at] = (turned[at] as number) ^ 0x01;
    await cable.giveReceipts(korea, [turned]);
  }
  const { signerKid: _, ...receipt } = read(bytes);
  const byKorea = signReceipt(receipt, korea.keys.signer);
  const toSomebodyElse = signReceipt({ ...receipt, senderId: thailand.memberId }, thailand.keys.signer);
  await cable.giveReceipts(korea, [byKorea, toSomebodyElse, new Uint8Array(0), new Uint8Array(5_000)]);
  assert.notEqual((await korea.ticks(id)).TH, 'verified');
  assert.equal(await korea.count('receipt_in'), 0);
});

test('a receipt for what was never sent raises an alarm and turns no tick', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted();
  const { signerKid: _, ...receipt } = read(bytes);
  const lies = [
    { ...receipt, leafAtToSeq: new Uint8Array(32) },
    { ...receipt, toSeq: 9 },
    { ...receipt, lane: 1 as const },
  ];
  await cable.giveReceipts(
    korea,
    lies.map((lie) => signReceipt(lie, thailand.keys.signer)),
  );
  assert.notEqual((await korea.ticks(id)).TH, 'verified');
  assert.deepEqual(await korea.rows('SELECT kind, code, nation, count FROM alarm'), [
    { kind: 'fork', code: 'receipt_mismatch', nation: 'TH', count: 3 },
  ]);
});

test('a receipt over more than can ever be open is evidence and looks at nothing', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted();
  const { signerKid: _, ...receipt } = read(bytes);
  const many = 1_000_000;
  await korea.rows(`UPDATE outbox SET seq = ${many}`);
  const wide = signReceipt({ ...receipt, fromSeq: 1, toSeq: many }, thailand.keys.signer);
  await cable.giveReceipts(korea, [wide]);
  assert.notEqual((await korea.ticks(id)).TH, 'verified');
  assert.equal(await korea.count('receipt_in'), 0);
  assert.deepEqual(await korea.rows('SELECT kind, code, nation FROM alarm'), [
    { kind: 'fork', code: 'receipt_mismatch', nation: 'TH' },
  ]);
  // As wide as a full queue: good, however many of them say the same.
  const full = Array.from({ length: 40 }, (_, at) => ({ ...receipt, fromSeq: many - 100_000 + at, toSeq: many }));
  await cable.giveReceipts(
    korea,
    full.map((one) => signReceipt(one, thailand.keys.signer)),
  );
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('a tick never goes back, in whatever order a nation’s receipts come', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted();
  const { signerKid: _, stateAtMs: __, ...receipt } = read(bytes);
  const received = signReceipt({ ...receipt, state: 'received' }, thailand.keys.signer);
  await cable.giveReceipts(korea, [bytes]);
  await cable.giveReceipts(korea, [received]);
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('several receipts about one delivery in one frame all count', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted([{ code: 'read-receipt' }]);
  await thailand.open(id);
  await until('the receipt is signed', () => cable.end(thailand).receipts.length > 0);
  const [opened] = cable.takeReceipts(thailand);
  assert.ok(opened);
  await cable.giveReceipts(korea, [opened, bytes]);
  const { state, verified_at, opened_at, receipted_at } = await deliveryOf(korea, id);
  assert.equal(state, 'opened');
  assert.ok(verified_at && opened_at && receipted_at);
});

test('that a report was opened is told by the day, and names no officer and no agency', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted([{ code: 'read-receipt' }]);
  await cable.giveReceipts(korea, [bytes]);
  await thailand.open(id);
  await until('the receipt is signed', () => cable.end(thailand).receipts.length > 0);
  const [opened] = cable.takeReceipts(thailand);
  const receipt = read(opened as Uint8Array);
  assert.equal(receipt.state, 'opened');
  assert.equal((receipt.stateAtMs as number) % DAY_MS, 0);
  assert.deepEqual(
    Object.keys(receipt).sort(),
    [...Object.keys(read(bytes))].sort(),
    'an opened receipt says no more than any other',
  );
  await cable.giveReceipts(korea, [opened as Uint8Array]);
  const delivery = await deliveryOf(korea, id);
  assert.equal(delivery.state, 'opened');
  assert.equal((delivery.opened_at as Date).getTime() % DAY_MS, 0);
});

test('that a report was opened on another day than its arrival does not tell the hour of its arrival', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted([{ code: 'read-receipt' }]);
  await cable.giveReceipts(korea, [bytes]);
  const arrivedAtMs = read(bytes).receivedAtMs;
  thailand.clock.aheadMs = 3 * DAY_MS;
  await thailand.open(id);
  await until('the receipt is signed', () => cable.end(thailand).receipts.length > 0);
  const receipt = read(cable.takeReceipts(thailand)[0] as Uint8Array);
  assert.equal(receipt.receivedAtMs, arrivedAtMs);
  assert.equal(receipt.stateAtMs, Math.floor((arrivedAtMs + 3 * DAY_MS) / DAY_MS) * DAY_MS);
});

test('a bureau that is killed between the display and the read receipt tells the sender after its restart, once', async () => {
  const { korea, thailand, cable, id, bytes } = await receipted([{ code: 'read-receipt' }]);
  await cable.giveReceipts(korea, [bytes]);
  // What the desk commits; what it would do next is never done.
  await thailand.running.store.transact((tx) => oweOpened(tx.db, id, thailand.clock.nowMs()));
  await until('the exchange finds what is owed', () => cable.end(thailand).receipts.length > 0);
  await Promise.all([thailand.exchange.tellOpened(), thailand.exchange.tellOpened()]);
  assert.equal(await thailand.count(`receipt_out WHERE state = 'opened'`), 1);
  assert.equal(await thailand.count('opened_owed'), 0);
  await cable.giveReceipts(korea, cable.takeReceipts(thailand));
  assert.deepEqual(await korea.ticks(id), { TH: 'opened' });
});

test('a thousand old read receipts do not keep a lost one from being sent again', async () => {
  const { korea, thailand, cable, id } = await receipted();
  await thailand.rows(`INSERT INTO receipt_out (peer, lane, from_seq, to_seq, state, bytes)
    SELECT peer, lane, 1, 1, 'opened', bytes FROM receipt_out, generate_series(1, 1200)`);
  const late = await korea.file({ to: [thailand] });
  await korea.sealed();
  await cable.give(thailand, await cable.pullAll(korea, 2));
  cable.cut();
  await cable.up();
  await until('receipts wait on the cable', () => cable.end(thailand).receipts.length >= 200);
  await cable.giveReceipts(korea, cable.takeReceipts(thailand));
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
  assert.deepEqual(await korea.ticks(late), { TH: 'verified' });
});

test('after a long absence every receipt is sent again, however many there are', async () => {
  const { korea, thailand, cable, bytes } = await receipted();
  await thailand.rows(`INSERT INTO receipt_out (peer, lane, from_seq, to_seq, state, bytes)
    SELECT peer, lane, 1, 1, 'verified', bytes FROM receipt_out, generate_series(1, 2300)`);
  cable.cut();
  await cable.up();
  await until('all receipts wait on the cable', () => cable.end(thailand).receipts.length === 2301);
  await cable.giveReceipts(korea, [bytes]);
  assert.equal(await korea.count('receipt_in'), 1);
});

test('receipts that come while the database is away are kept until it is back', async () => {
  const { korea, cable, id, bytes } = await receipted();
  const killing = cutEverything(korea);
  await cable.giveReceipts(korea, [bytes]);
  await killing;
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

/** Ends every connection of the bureau's database, again and again, for a moment. */
async function cutEverything(bureau: TestBureau, forMs = 700): Promise<void> {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    await bureau
      .rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      .catch(() => undefined);
    await new Promise((next) => setTimeout(next, 5));
  }
}
