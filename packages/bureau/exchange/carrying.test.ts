import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Founded, found, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, connected } from './cable-for-tests.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

/** Korea and Thailand, started, with a cable that is up. */
async function pair(): Promise<{ korea: TestBureau; thailand: TestBureau; cable: Cable }> {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = (await connected([korea, thailand]))(korea, thailand);
  return { korea, thailand, cable };
}

async function fileMany(from: TestBureau, to: TestBureau, titles: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const title of titles) ids.push(await from.file({ to: [to], title }));
  await from.sealed();
  return ids;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `report ${String(at + 1).padStart(4, '0')}`);

test('what Korea files, Thailand reads, in the order it was filed, and every tick turns', async () => {
  const { korea, thailand, cable } = await pair();
  const ids = await fileMany(korea, thailand, numbered(5));
  await cable.flow();
  assert.deepEqual(await thailand.received(), numbered(5));
  for (const id of ids) assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
  assert.equal(await korea.count('copy_out'), 0);
  assert.equal(await korea.count('envelope_out'), 0);
  assert.deepEqual(await thailand.rows('SELECT * FROM alarm'), []);
});

test('a copy that comes twice is acknowledged twice, receipted twice and stored once', async () => {
  const { korea, thailand, cable } = await pair();
  const [id] = await fileMany(korea, thailand, ['once']);
  const copies = await cable.pullAll(korea, 2);
  assert.deepEqual(
    (await cable.give(thailand, [...copies, ...copies])).map(({ state }) => state),
    ['durable', 'durable'],
  );
  assert.deepEqual(
    (await cable.give(thailand, copies)).map(({ state }) => state),
    ['durable'],
  );
  assert.deepEqual(await thailand.received(), ['once']);
  assert.equal(await thailand.count('quarantine'), 0);
  const receipts = cable.takeReceipts(thailand);
  assert.ok(receipts.length >= 2);
  await cable.giveReceipts(korea, receipts.slice(-1));
  assert.deepEqual(await korea.ticks(id as string), { TH: 'verified' });
  await cable.giveReceipts(korea, receipts);
  assert.equal(await korea.count('receipt_in'), 1);
});

test('what comes before its turn is held and not shown, asked for, and shown in order once the missing one is there', async () => {
  const { korea, thailand, cable } = await pair();
  const ids = await fileMany(korea, thailand, numbered(4));
  const [first, second, third, fourth] = await cable.pullAll(korea, 2);
  await cable.give(thailand, [first!]);
  assert.deepEqual(
    (await cable.give(thailand, [third!, fourth!])).map(({ state }) => state),
    ['held', 'held'],
  );
  assert.deepEqual(await thailand.received(), numbered(1));
  assert.equal(await thailand.read(ids[2]!), null);
  const [need] = cable.end(thailand).needs;
  assert.deepEqual(need, { lane: 2, from: 2n, to: 2n });
  await cable.give(thailand, [second!]);
  assert.deepEqual(await thailand.received(), numbered(4));
  await cable.flow();
  for (const id of ids) assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('copies that changed places within one frame are all shown at once', async () => {
  const { korea, thailand, cable } = await pair();
  const ids = await fileMany(korea, thailand, numbered(4));
  const copies = await cable.pullAll(korea, 2);
  await cable.give(thailand, [copies[3]!, copies[1]!, copies[0]!, copies[2]!]);
  assert.deepEqual(await thailand.received(), numbered(4));
  await cable.flow();
  for (const id of ids) assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('however many wait behind a missing one, they are all shown when it comes', async () => {
  const { korea, thailand, cable } = await pair();
  await fileMany(korea, thailand, numbered(300));
  const [first, ...rest] = await cable.pullAll(korea, 2);
  await cable.give(thailand, rest.slice(0, 150));
  await cable.give(thailand, rest.slice(150));
  assert.equal(await thailand.count(`envelope_in WHERE state = 'held'`), 299);
  await cable.give(thailand, [first!]);
  assert.equal(await thailand.count(`envelope_in WHERE state = 'held'`), 0);
  assert.deepEqual(await thailand.received(), numbered(300));
});

test('what was held before a cut is shown after it, when it comes again', async () => {
  const { korea, thailand, cable } = await pair();
  await fileMany(korea, thailand, numbered(3));
  const copies = await cable.pullAll(korea, 2);
  await cable.give(thailand, copies.slice(1));
  cable.cut();
  await cable.up();
  await cable.flow();
  assert.deepEqual(await thailand.received(), numbered(3));
});

test('a receipt that was lost with its link is sent again after the hello', async () => {
  const { korea, thailand, cable } = await pair();
  const ids = await fileMany(korea, thailand, numbered(3));
  await cable.give(thailand, await cable.pullAll(korea, 2));
  cable.cut();
  for (const id of ids) assert.notDeepEqual(await korea.ticks(id), { TH: 'verified' });
  await cable.up();
  await untilReceipts(cable, thailand);
  assert.equal((await cable.pullAll(korea, 2)).length, 0);
  await cable.flow();
  for (const id of ids) assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('when only the later of two receipts arrives, the earlier one is asked for and comes', async () => {
  const { korea, thailand, cable } = await pair();
  const [early, late] = await fileMany(korea, thailand, numbered(2));
  const copies = await cable.pullAll(korea, 2);
  await cable.give(thailand, [copies[0]!]);
  cable.takeReceipts(thailand);
  await cable.give(thailand, [copies[1]!]);
  await cable.flow();
  assert.deepEqual(await korea.ticks(late!), { TH: 'verified' });
  // The copy whose receipt is not here yet is kept.
  assert.equal(await korea.count('copy_out'), 1);
  cable.cut();
  await cable.up();
  await untilReceipts(cable, thailand);
  await cable.flow();
  assert.deepEqual(await korea.ticks(early!), { TH: 'verified' });
  assert.equal(await korea.count('copy_out'), 0);
});

async function untilReceipts(cable: Cable, from: TestBureau): Promise<void> {
  await until('receipts wait on the cable', () => cable.end(from).receipts.length > 0);
}
