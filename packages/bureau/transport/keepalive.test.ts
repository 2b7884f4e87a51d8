import assert from 'node:assert/strict';
import test from 'node:test';
import { cableWorld, handClock, quiet } from './cable.fixture.ts';
import { peerIdOf } from './door.ts';
import { failuresAfter, redialDelayMs } from './keepalive.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { random } from './loopback.fixture.ts';
import { createRehearsalDoor } from './rehearsal.ts';
import { createTransport } from './transport.ts';

const log = { info() {}, warn() {} };

async function twoBureaus(limits: Partial<Limits> = {}) {
  const clock = handClock();
  const world = cableWorld();
  const members = [1, 2].map((digit) => ({
    memberId: new Uint8Array(16).fill(digit),
    pin: new Uint8Array(32).fill(digit),
  }));
  const peers = () => members.map(({ memberId, pin }) => ({ memberId, host: 'cable', port: 1, pins: [pin] }));
  const both = members.map(({ memberId, pin }) => {
    const door = createRehearsalDoor(memberId);
    const network = world.networkOf(memberId, Buffer.from(pin).toString('hex'));
    const self = { memberId, tls: { keyPem: '', certPem: '' } };
    const listen = { host: 'cable', port: 0 };
    const open = () => createTransport({ self, peers, listen, door, clock, random, log, limits, network });
    return { id: peerIdOf(memberId), door, transport: open(), open };
  });
  const [seoul, bangkok] = both as [(typeof both)[0], (typeof both)[0]];
  await Promise.all(both.map(({ transport }) => transport.start()));
  await clock.advance(500);
  assert.equal(seoul.transport.links().get(bangkok.id), 'up');
  assert.equal(world.openCables(), 1);
  const stop = async () => {
    const stopping = Promise.all([seoul.transport.stop(), bangkok.transport.stop()]);
    await clock.advance(10_000);
    await stopping;
  };
  return { clock, world, seoul, bangkok, stop };
}

test('a quiet link stays up for hours', async () => {
  const { clock, world, seoul, bangkok, stop } = await twoBureaus({ refreshMs: 600_000 });
  await clock.advance(6 * 3_600_000);
  assert.equal(world.openCables(), 1);
  assert.deepEqual(
    seoul.door.states.map(({ state }) => state),
    ['greeting', 'up'],
  );
  assert.equal(seoul.transport.links().get(bangkok.id), 'up');
  await stop();
});

test('a cable that dies without a word is noticed after 45 seconds and replaced', async () => {
  const { clock, world, seoul, bangkok, stop } = await twoBureaus();
  await clock.advance(3_000);
  world.goDead();
  const downs = () => seoul.door.states.filter(({ why }) => why === 'silent').length;
  await clock.advance(40_000);
  assert.equal(downs(), 0);
  await clock.advance(20_000);
  assert.equal(downs(), 1);
  await clock.advance(2_000);
  assert.equal(seoul.transport.links().get(bangkok.id), 'up');
  await stop();
});

test('a bureau that lost its power and dials again is not kept out by its own dead link', async () => {
  const { clock, world, seoul, bangkok, stop } = await twoBureaus();
  await clock.advance(20_000);
  // Bangkok's side is gone without a word to Seoul, whose link (dialled by the lower id) seems to live.
  world.goDead();
  const again = bangkok.open();
  await again.start();
  await clock.advance(4_000);
  assert.equal(again.links().get(seoul.id), 'up');
  assert.equal(seoul.transport.links().get(bangkok.id), 'up');
  seoul.door.post(bangkok.id, 1, random(100));
  seoul.transport.wake(bangkok.id, 1);
  await quiet();
  assert.equal(bangkok.door.inbox.length, 1);
  const stopping = again.stop();
  await clock.advance(10_000);
  await stopping;
  await stop();
});

test('a link that breaks again and again is redialled within seconds, a peer that ends it is left alone for longer', () => {
  const { steadyMs } = defaultLimits;
  const after = (failures: number, upMs: number, isBroken: boolean) =>
    failuresAfter(failures, { upMs, isBroken }, defaultLimits);
  assert.equal(after(9, 300, true), 3);
  assert.equal(after(1, 300, true), 2);
  assert.equal(after(9, 300, false), 10);
  assert.equal(after(9, 0, true), 10);
  assert.equal(after(9, steadyMs, false), 0);
  assert.equal(redialDelayMs(after(9, 300, true), defaultLimits, 1), 4_000);
});

test('redialling waits anything up to a ceiling that doubles from half a second to a minute', () => {
  const ceilings = [0, 1, 2, 3, 7, 50].map((failures) => redialDelayMs(failures, defaultLimits, 1));
  assert.deepEqual(ceilings, [500, 1_000, 2_000, 4_000, 60_000, 60_000]);
  assert.equal(redialDelayMs(5, defaultLimits, 0), 0);
});
