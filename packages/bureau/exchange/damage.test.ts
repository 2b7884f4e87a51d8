import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Founded, found, type TestBureau, until } from './bureaus-for-tests.ts';
import { connected } from './cable-for-tests.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

async function three() {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  const cable = await connected([korea, thailand, laos]);
  return { korea, thailand, laos, toThailand: cable(korea, thailand), toLaos: cable(korea, laos) };
}

/** Files while nothing is sealed, so that the test can lay hands on what waits. */
async function whileNothingIsSealed(bureau: TestBureau, work: () => Promise<void>): Promise<void> {
  bureau.otherwise = { maySeal: () => false };
  await work();
  bureau.otherwise = {};
  bureau.exchange.wake();
  await bureau.sealed();
}

const alarms = (bureau: TestBureau) => bureau.rows('SELECT kind, code, nation FROM alarm');
const turnOneBit = (column: string, id: string) =>
  `UPDATE item SET ${column} = set_byte(${column}, 20, get_byte(${column}, 20) # 4) WHERE id = '${id}'`;

for (const column of ['body', 'key'])
  test(`a report whose ${column} was damaged on the disk is refused with an alarm, and all others leave for every nation`, async () => {
    const { korea, thailand, laos, toThailand, toLaos } = await three();
    const ids: string[] = [];
    await whileNothingIsSealed(korea, async () => {
      for (const title of ['before', 'damaged', 'after'])
        ids.push(await korea.file({ to: [thailand, laos], title, conditions: [{ code: 'hide-recipients' }] }));
      await korea.rows(turnOneBit(column, ids[1] as string));
    });
    await toThailand.flow();
    await toLaos.flow();
    assert.deepEqual(await thailand.received(), ['before', 'after']);
    assert.deepEqual(await laos.received(), ['before', 'after']);
    assert.deepEqual(await korea.ticks(ids[1] as string), { LA: 'refused', TH: 'refused' });
    assert.equal(await korea.count(`outbox WHERE state = 'refused' AND reason = 'not-sealable'`), 2);
    assert.deepEqual(await alarms(korea), [{ kind: 'hold', code: 'item_damaged', nation: null }]);
  });

test('a report that was erased while it waited ends as recalled for every nation, also for one that gets nothing now', async () => {
  const { korea, thailand, laos, toThailand } = await three();
  const ids: string[] = [];
  await whileNothingIsSealed(korea, async () => {
    for (const title of ['stays', 'erased']) ids.push(await korea.file({ to: [thailand, laos], title }));
    await korea.running.store.transact((tx) => tx.erase(ids[1] as string));
    // Laos is suspended: what is for it waits, and what waits blocks its queue.
    const { member } = korea.keys;
    const isLaos = (id: Uint8Array) => Buffer.compare(id, laos.memberId) === 0;
    korea.otherwise = { member: (id) => (isLaos(id) ? { nation: 'LA', status: 'suspended' } : member(id)) };
    korea.exchange.wake();
    const sealed = async () => (await korea.count(`outbox WHERE state = 'queued'`)) === 1;
    await until('Korea has looked at all of them', sealed);
  });
  assert.deepEqual(await korea.ticks(ids[1] as string), { LA: 'recalled', TH: 'recalled' });
  await toThailand.flow();
  assert.deepEqual(await thailand.received(), ['stays']);
  assert.deepEqual(await alarms(korea), [], 'nothing is wrong with it');
});

test('a nation whose key cannot be sealed to keeps no other nation of the same report waiting', async () => {
  const { korea, thailand, laos, toThailand } = await three();
  let id = '';
  await whileNothingIsSealed(korea, async () => {
    id = await korea.file({ to: [thailand, laos], title: 'to both' });
    const { kemFor } = korea.keys;
    const isLaos = (member: Uint8Array) => Buffer.compare(member, laos.memberId) === 0;
    korea.otherwise = {
      kemFor: (member, nowMs) => (isLaos(member) ? new Uint8Array(7) : kemFor(member, nowMs)),
    };
    korea.exchange.wake();
    await until('Korea has looked at both', async () => (await korea.count(`outbox WHERE state = 'queued'`)) === 0);
  });
  await toThailand.flow();
  assert.deepEqual(await thailand.received(), ['to both']);
  assert.deepEqual(await korea.ticks(id), { LA: 'refused', TH: 'verified' });
});
