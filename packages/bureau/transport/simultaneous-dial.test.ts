import assert from 'node:assert/strict';
import test from 'node:test';
import { bureaus, introduce, until } from './loopback.fixture.ts';

test('when two bureaus dial each other at once, exactly one link stays: the one the lower member id dialled', async (t) => {
  let clashes = 0;
  for (let round = 0; round < 8; round += 1) {
    const [seoul, bangkok] = await bureaus(t, 2, { yieldMs: 0 });
    introduce([seoul!, bangkok!]);
    const settled = () => seoul!.openWires().length === 1 && bangkok!.openWires().length === 1;
    await until(() => settled() && seoul!.transport.links().get(bangkok!.id) === 'up');
    await new Promise((later) => setTimeout(later, 50));
    assert.ok(settled());
    assert.equal(bangkok!.transport.links().get(seoul!.id), 'up');
    if (seoul!.wires.length > 1) {
      clashes += 1;
      assert.equal(seoul!.openWires()[0]!.dialledBy, 'us');
    }
    seoul!.post(bangkok!, 2);
    bangkok!.post(seoul!, 2);
    await until(() => bangkok!.door.inbox.length === 1 && seoul!.door.inbox.length === 1);
    await Promise.all([seoul!.transport.stop(), bangkok!.transport.stop()]);
  }
  assert.ok(clashes > 0, 'they never met half-way');
});

test('copies under way on the link that goes arrive all the same', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2, { yieldMs: 0 });
  for (let i = 0; i < 500; i += 1) {
    seoul!.door.post(bangkok!.id, 2, new Uint8Array(2_000));
    bangkok!.door.post(seoul!.id, 2, new Uint8Array(2_000));
  }
  introduce([seoul!, bangkok!]);
  const all = Array.from({ length: 500 }, (_, at) => BigInt(at + 1));
  await until(
    () => new Set(bangkok!.arrived(seoul!, 2)).size === 500 && new Set(seoul!.arrived(bangkok!, 2)).size === 500,
  );
  assert.deepEqual([...new Set(bangkok!.arrived(seoul!, 2))], all);
  assert.deepEqual([...new Set(seoul!.arrived(bangkok!, 2))], all);
});
