import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Founded, found, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, CableEnd, connected } from './cable-for-tests.ts';

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

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `report ${String(at + 1).padStart(4, '0')}`);
const ABSENT = 500;
const CAUGHT_UP_MS_MAX = 20_000;

test('a nation that was away gets the five hundred reports of its absence, once, in order', async (t) => {
  const { korea, thailand, cable } = await pair();
  cable.cut();
  for (const title of numbered(ABSENT)) await korea.file({ to: [thailand], title });
  await korea.sealed();
  const startMs = performance.now();
  await cable.up();
  await cable.flow();
  const ms = performance.now() - startMs;
  t.diagnostic(`${ABSENT} reports of an absence: read, verified and receipted in ${(ms / 1000).toFixed(1)} s`);
  assert.deepEqual(await thailand.received(), numbered(ABSENT));
  assert.equal(await thailand.count('envelope_in'), ABSENT);
  assert.equal(await korea.count(`outbox WHERE state <> 'verified'`), 0);
  assert.equal(await korea.count('copy_out'), 0);
  assert.ok(ms < CAUGHT_UP_MS_MAX, `${ms} ms`);
});

test('what comes back piece by piece, with a cut after each, arrives once and in order', async () => {
  const { korea, thailand, cable } = await pair();
  cable.cut();
  for (const title of numbered(40)) await korea.file({ to: [thailand], title });
  await korea.sealed();
  for (let cut = 0; cut < 20; cut += 1) {
    await cable.up();
    // A few copies pass; what else was pulled, and every receipt, goes down with the cable.
    const copies = await cable.pull(korea, 2);
    await cable.give(thailand, copies.slice(0, 1 + (cut % 4)));
    cable.cut();
  }
  await cable.up();
  await until('every receipt is here', async () => {
    await cable.flow();
    return (await korea.count(`outbox WHERE state <> 'verified'`)) === 0;
  });
  assert.deepEqual(await thailand.received(), numbered(40));
  assert.equal(await thailand.count('quarantine'), 0);
});

test('an urgent report is sealed before the bulk that waits, and read before the bulk that is missing', async () => {
  const { korea, thailand, cable } = await pair();
  await korea.running.stop();
  const quiet = await korea.start(new CableEnd(korea));
  await quiet.exchange.stop();
  for (const title of numbered(90)) await korea.file({ to: [thailand], title, bulk: true }, quiet);
  const urgent = await korea.file({ to: [thailand], title: 'urgent', urgency: 'urgent' }, quiet);
  const end = new CableEnd(korea);
  end.plug(thailand.id, cable);
  korea.running = await korea.start(end);
  cable.hand(korea.running);
  await korea.sealed();
  const [first] = await korea.rows(`SELECT min(sealed_at) AS at FROM outbox`);
  const [own] = await korea.rows(`SELECT sealed_at AS at FROM outbox WHERE item = '${urgent}'`);
  assert.deepEqual(own, first);
  await cable.up();
  await cable.pullAll(korea, 3);
  await cable.give(thailand, await cable.pullAll(korea, 1));
  assert.deepEqual(await thailand.received(), ['urgent']);
  await cable.giveReceipts(korea, cable.takeReceipts(thailand));
  assert.deepEqual(await korea.ticks(urgent), { TH: 'verified' });
});

test('what waits for an absent nation keeps nobody else’s waiting', async () => {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  const cables = await connected([korea, thailand, laos]);
  cables(korea, thailand).cut();
  for (const title of numbered(30)) await korea.file({ to: [thailand, laos], title });
  await korea.sealed();
  await cables(korea, laos).flow();
  assert.deepEqual(await laos.received(), numbered(30));
  assert.equal(await korea.count(`outbox WHERE nation = 'LA' AND state <> 'verified'`), 0);
  // The part that all copies share stays for Thailand.
  assert.equal(await korea.count('envelope_out'), 30);
  await cables(korea, thailand).up();
  await cables(korea, thailand).flow();
  assert.deepEqual(await thailand.received(), numbered(30));
  assert.equal(await korea.count('envelope_out'), 0);
});
