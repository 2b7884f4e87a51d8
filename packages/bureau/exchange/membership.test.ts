import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Founded, found, hex, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, connected } from './cable-for-tests.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

interface Three {
  korea: TestBureau;
  thailand: TestBureau;
  laos: TestBureau;
  cables: (a: TestBureau, b: TestBureau) => Cable;
}

async function three(): Promise<Three> {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  return { korea, thailand, laos, cables: await connected([korea, thailand, laos]) };
}

/** Korea's charter says so of Thailand from now on; null: it is no member any more. */
function standing(korea: TestBureau, thailand: TestBureau, status: 'active' | 'suspended' | null): void {
  const { memberId } = thailand;
  const { member } = korea.keys;
  korea.otherwise = {
    ...korea.otherwise,
    member: (id) => {
      if (hex(id) !== hex(memberId)) return member(id);
      return status === null ? null : { nation: 'TH', status };
    },
  };
}

const sealedFor = (bureau: TestBureau, nation: string) =>
  bureau.count(`outbox WHERE nation = '${nation}' AND state <> 'queued'`);

for (const [word, status] of [
  ['suspended', 'suspended'],
  ['removed', null],
] as const)
  test(`nothing is sealed for a nation that was ${word}, and the others get theirs`, async () => {
    const { korea, thailand, laos, cables } = await three();
    standing(korea, thailand, status);
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) ids.push(await korea.file({ to: [thailand, laos], title: `report ${at}` }));
    await until('Laos’ are sealed', async () => (await sealedFor(korea, 'LA')) === 3);
    await cables(korea, laos).flow();
    assert.deepEqual(await laos.received(), ['report 0', 'report 1', 'report 2']);
    for (const id of ids) assert.deepEqual(await korea.ticks(id), { LA: 'verified', TH: 'queued' });
    assert.deepEqual(await cables(korea, thailand).pullAll(korea, 2), []);
    assert.equal(await korea.count(`copy_out WHERE peer = '\\x${hex(thailand.memberId)}'`), 0);
  });

test('the link of a suspended nation does not come up, and what was sealed before stays at home', async () => {
  const { korea, thailand, cables } = await three();
  const cable = cables(korea, thailand);
  cable.cut();
  await korea.file({ to: [thailand] });
  await korea.sealed();
  standing(korea, thailand, 'suspended');
  assert.equal(await cable.up(), false);
  assert.equal(await cable.flow(), 0);
  assert.deepEqual(await thailand.received(), []);
});

test('when a suspension ends, what waited is sealed and read', async () => {
  const { korea, thailand, cables } = await three();
  standing(korea, thailand, 'suspended');
  const id = await korea.file({ to: [thailand], title: 'waited' });
  standing(korea, thailand, 'active');
  await korea.sealed();
  await cables(korea, thailand).flow();
  assert.deepEqual(await thailand.received(), ['waited']);
  assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('however much waits for a nation that cannot be sealed to, the others’ reports leave at once', async () => {
  const { korea, thailand, laos, cables } = await three();
  standing(korea, thailand, 'suspended');
  for (let at = 0; at < 200; at += 1) await korea.file({ to: [thailand], title: `waits ${at}` });
  await korea.file({ to: [laos], title: 'passes' });
  await until('Laos’ is sealed', async () => (await sealedFor(korea, 'LA')) === 1);
  await cables(korea, laos).flow();
  assert.deepEqual(await laos.received(), ['passes']);
  assert.equal(await korea.count(`outbox WHERE state = 'queued'`), 200);
});

test('a report for a nation whose key is too old waits as queued and leaves when a key comes', async () => {
  const { korea, thailand, cables } = await three();
  korea.otherwise = { kemFor: () => null };
  const id = await korea.file({ to: [thailand], title: 'waited for a key' });
  await new Promise((next) => setTimeout(next, 100));
  assert.deepEqual(await korea.ticks(id), { TH: 'queued' });
  korea.otherwise = {};
  korea.exchange.wake();
  await korea.sealed();
  await cables(korea, thailand).flow();
  assert.deepEqual(await thailand.received(), ['waited for a key']);
});

test('under an expired charter urgent reports still leave, and the others wait', async () => {
  const { korea, thailand, cables } = await three();
  korea.otherwise = { maySeal: (lane) => lane <= 1 };
  for (let at = 0; at < 70; at += 1) await korea.file({ to: [thailand], title: `waits ${at}` });
  const urgent = await korea.file({ to: [thailand], title: 'urgent', urgency: 'flash' });
  await until('the urgent one is sealed', async () => (await sealedFor(korea, 'TH')) === 1);
  await cables(korea, thailand).flow();
  assert.deepEqual(await thailand.received(), ['urgent']);
  assert.deepEqual(await korea.ticks(urgent), { TH: 'verified' });
});

test('a bureau that meets another charter of the same version takes no link and raises an alarm', async () => {
  const { korea, thailand, cables } = await three();
  const cable = cables(korea, thailand);
  cable.cut();
  const { charter } = thailand.keys;
  thailand.otherwise = { charter: () => ({ ...charter(), hash: new Uint8Array(32) }) };
  assert.equal(await cable.up(), false);
  assert.deepEqual(await korea.rows('SELECT kind, code, nation FROM alarm'), [
    { kind: 'charter', code: 'charter_conflict', nation: 'TH' },
  ]);
});
