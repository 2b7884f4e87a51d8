import assert from 'node:assert/strict';
import test from 'node:test';
import type { ItemAck } from './door.ts';
import { bureaus, introduce, linked, random, until } from './loopback.fixture.ts';

const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name)).length;

test('stop leaves no socket, no listener and no timer behind', async (t) => {
  const before = sockets();
  const all = await linked(t, 3);
  assert.ok(sockets() > before);
  await Promise.all(all.map((bureau) => bureau.transport.stop()));
  await until(() => sockets() <= before, 2_000);
  for (const bureau of all) assert.equal(bureau.openWires().length, 0);
});

test('a commit that runs when the bureau stops is still acknowledged', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const begun = Promise.withResolvers<void>();
  bangkok!.door.commit = async (_peer, copies) => {
    begun.resolve();
    await new Promise((later) => setTimeout(later, 100));
    return copies.map(({ lane, seq }): ItemAck => ({ lane, seq, state: 'durable' }));
  };
  seoul!.post(bangkok!, 2);
  await begun.promise;
  await bangkok!.transport.stop();
  await until(() => seoul!.door.acks.length === 1);
  assert.ok(seoul!.door.states.some(({ why }) => why === 'stopping'));
});

test('stop while nobody can be reached ends at once', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  await bangkok!.transport.stop();
  introduce([seoul!]);
  bangkok!.address.port = Math.abs(bangkok!.address.port);
  seoul!.transport.refresh();
  await until(() => seoul!.lines.some(({ text }) => text.includes('could not be reached')));
  const startMs = performance.now();
  await seoul!.transport.stop();
  assert.ok(performance.now() - startMs < 500);
});

test('a bureau that comes back receives what waited for it', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  await bangkok!.transport.stop();
  for (let i = 0; i < 50; i += 1) seoul!.post(bangkok!, 2, random(500));
  bangkok!.address.port = (await bangkok!.transport.start()).port;
  const startMs = performance.now();
  await until(() => bangkok!.arrived(seoul!, 2).length === 50);
  assert.ok(performance.now() - startMs < 3_000);
});
