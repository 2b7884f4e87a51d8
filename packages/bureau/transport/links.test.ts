import assert from 'node:assert/strict';
import test from 'node:test';
import type { ItemAck } from './door.ts';
import { linked, random, until } from './loopback.fixture.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, at) => BigInt(at + 1));

test('three bureaus send to each other and every lane arrives in order', async (t) => {
  const all = await linked(t, 3);
  for (const from of all) {
    for (const to of all) {
      if (from === to) continue;
      for (const lane of [0, 1, 2, 3] as const) for (let i = 0; i < 40; i += 1) from.post(to, lane);
    }
  }
  await until(() => all.every((bureau) => bureau.door.inbox.length === 2 * 4 * 40));
  for (const to of all) {
    for (const from of all) {
      if (from === to) continue;
      for (const lane of [0, 1, 2, 3] as const) assert.deepEqual(to.arrived(from, lane), numbers(40));
    }
  }
});

test('the bytes that arrive are the bytes that were sent, up to the largest copy', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const largest = random(1_114_112);
  seoul!.post(bangkok!, 2, largest);
  await until(() => bangkok!.door.inbox.length === 1);
  assert.deepEqual(Buffer.compare(bangkok!.door.inbox[0]!.copy.bytes, largest), 0);
});

test('a copy above the bounds is refused at home and does not stop the ones behind it', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  seoul!.post(bangkok!, 2, new Uint8Array(1_114_113));
  seoul!.post(bangkok!, 2);
  await until(() => bangkok!.door.inbox.length === 1);
  assert.deepEqual(bangkok!.arrived(seoul!, 2), [2n]);
  assert.deepEqual(seoul!.door.acks[0]?.ack, { lane: 2, seq: 1n, state: 'refused', code: 'too_large' });
});

test('an urgent item overtakes a queue of bulk', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  for (let i = 0; i < 200; i += 1) seoul!.door.post(bangkok!.id, 3, random(100_000));
  seoul!.transport.wake(bangkok!.id, 3);
  await until(() => bangkok!.door.inbox.length > 0);
  seoul!.post(bangkok!, 1);
  await until(() => bangkok!.door.inbox.length === 201);
  const place = bangkok!.door.inbox.findIndex(({ copy }) => copy.lane === 1);
  assert.ok(place < 150, `it came as number ${place} of 201`);
});

test('nothing is acknowledged before the recipient has committed', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const commit = Promise.withResolvers<void>();
  bangkok!.door.commit = async (_peer, copies) => {
    await commit.promise;
    return copies.map(({ lane, seq }): ItemAck => ({ lane, seq, state: 'durable' }));
  };
  seoul!.post(bangkok!, 2);
  await new Promise((later) => setTimeout(later, 100));
  assert.equal(seoul!.door.acks.length, 0);
  commit.resolve();
  await until(() => seoul!.door.acks.length === 1);
});

test('each copy has its own answer: durable, held or refused with a code', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  bangkok!.door.commit = async (_peer, copies) =>
    copies.map(({ lane, seq }): ItemAck => {
      if (seq === 2n) return { lane, seq, state: 'held' };
      return seq === 3n ? { lane, seq, state: 'refused', code: 'signature_invalid' } : { lane, seq, state: 'durable' };
    });
  for (let i = 0; i < 3; i += 1) seoul!.post(bangkok!, 0);
  await until(() => seoul!.door.acks.length === 3);
  assert.deepEqual(
    seoul!.door.acks.map(({ ack }) => (ack.state === 'refused' ? ack.code : ack.state)),
    ['durable', 'held', 'signature_invalid'],
  );
});

test('copies that arrive while a commit runs share the next commit', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const groups: number[] = [];
  bangkok!.door.commit = async (_peer, copies) => {
    groups.push(copies.length);
    await new Promise((later) => setTimeout(later, 50));
    return copies.map(({ lane, seq }): ItemAck => ({ lane, seq, state: 'durable' }));
  };
  for (let i = 0; i < 300; i += 1) {
    seoul!.post(bangkok!, 2, random(100));
    if (i % 20 === 0) await new Promise((later) => setImmediate(later));
  }
  await until(() => seoul!.door.acks.length === 300);
  assert.ok(groups.length < 10, `${groups.length} commits`);
  assert.ok(Math.max(...groups) <= 256);
});

test('a sender whose peer does not commit stops at its credit, and goes on when credit comes back', async (t) => {
  const [seoul, bangkok] = await linked(t, 2, { creditBytes: [50_000, 50_000, 200_000, 200_000] });
  const commit = Promise.withResolvers<void>();
  bangkok!.door.commit = async (_peer, copies) => {
    await commit.promise;
    return copies.map(({ lane, seq }): ItemAck => ({ lane, seq, state: 'durable' }));
  };
  const sent = [0, 0, 0, 0];
  seoul!.door.sent = (_peer, copies) => {
    for (const { lane } of copies) sent[lane]! += 1;
  };
  for (let i = 0; i < 200; i += 1) seoul!.post(bangkok!, 2, random(10_000));
  await new Promise((later) => setTimeout(later, 200));
  assert.ok(sent[2]! >= 18 && sent[2]! <= 20, `${sent[2]} copies of 10,000 bytes under 200,000 bytes of credit`);
  seoul!.post(bangkok!, 1, random(10_000));
  // The urgent lane has credit of its own.
  await until(() => sent[1] === 1);
  commit.resolve();
  await until(() => bangkok!.door.inbox.length === 201);
  assert.deepEqual(bangkok!.arrived(seoul!, 2), numbers(200));
});

test('a cut cable loses nothing: the sender goes on where the recipient stands', async (t) => {
  const [seoul, bangkok] = await linked(t, 2, { redialMinMs: 20, steadyMs: 0 });
  bangkok!.door.commit = async (_peer, copies) => {
    await new Promise((later) => setTimeout(later, 3));
    return copies.map(({ lane, seq }): ItemAck => ({ lane, seq, state: 'durable' }));
  };
  for (let i = 0; i < 400; i += 1) {
    seoul!.post(bangkok!, 2, random(5_000));
    if (i % 10 === 0) await new Promise((later) => setTimeout(later, 2));
    if (i % 100 !== 50) continue;
    await until(() => seoul!.openWires().length > 0 && seoul!.transport.links().get(bangkok!.id) === 'up');
    for (const wire of seoul!.openWires()) wire.cut();
  }
  await until(() => new Set(bangkok!.arrived(seoul!, 2)).size === 400);
  const firstTimes = [...new Set(bangkok!.arrived(seoul!, 2))];
  assert.deepEqual(firstTimes, numbers(400));
  assert.ok(seoul!.wires.length >= 5, 'it was cut indeed');
});

test('what was committed before the cut is not sent again after it', async (t) => {
  const [seoul, bangkok] = await linked(t, 2, { redialMinMs: 20 });
  for (let i = 0; i < 30; i += 1) seoul!.post(bangkok!, 2);
  await until(() => seoul!.door.acks.length === 30);
  for (const wire of seoul!.openWires()) wire.cut();
  for (let i = 0; i < 5; i += 1) seoul!.post(bangkok!, 2);
  await until(() => seoul!.door.acks.length === 35);
  assert.deepEqual(bangkok!.arrived(seoul!, 2), numbers(35));
});

test('a range asked for again is sent again, that range only', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  for (let i = 0; i < 20; i += 1) seoul!.post(bangkok!, 2);
  await until(() => bangkok!.door.inbox.length === 20);
  assert.equal(bangkok!.transport.need(seoul!.id, 2, 5n, 8n), true);
  await until(() => bangkok!.door.inbox.length === 24);
  assert.deepEqual(bangkok!.arrived(seoul!, 2).slice(20), [5n, 6n, 7n, 8n]);
  seoul!.post(bangkok!, 2);
  await until(() => bangkok!.door.inbox.length === 25);
});

test('receipts and control business travel beside the copies, and an answer comes back as the same kind', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const receipts: Uint8Array[] = [];
  const controls: string[] = [];
  seoul!.door.receipts = async (_peer, some) => {
    receipts.push(...some);
  };
  bangkok!.door.control = async (_peer, kind, payload) => {
    controls.push(`bangkok ${kind} ${payload.length}`);
    return new Uint8Array(7);
  };
  seoul!.door.control = async (_peer, kind, payload) => {
    controls.push(`seoul ${kind} ${payload.length}`);
    return null;
  };
  const two = [random(4_000), random(3_000)];
  assert.equal(bangkok!.transport.sendReceipts(seoul!.id, two), true);
  assert.equal(seoul!.transport.control(bangkok!.id, 'log', random(5)), true);
  await until(() => receipts.length === 2 && controls.length === 2);
  assert.deepEqual(
    receipts.map((one) => Buffer.from(one)),
    two.map((one) => Buffer.from(one)),
  );
  assert.deepEqual(controls, ['bangkok log 5', 'seoul log 7']);
  assert.equal(seoul!.transport.control('ff'.repeat(16), 'keys', random(5)), false);
});

test('receipts of weeks go in as many frames as they need', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  const receipts: Uint8Array[] = [];
  seoul!.door.receipts = async (_peer, some) => {
    receipts.push(...some);
  };
  const weeks = Array.from({ length: 3_000 }, () => random(4_000));
  assert.equal(bangkok!.transport.sendReceipts(seoul!.id, weeks), true);
  await until(() => receipts.length === 3_000);
  assert.ok(receipts.every((one, at) => Buffer.compare(one, weeks[at]!) === 0));
  assert.equal(bangkok!.transport.control(seoul!.id, 'log', new Uint8Array(5_000_000)), false);
  assert.equal(seoul!.transport.links().get(bangkok!.id), 'up');
});

test('when the bureau cannot commit, nothing is acknowledged and the link comes back to try again', async (t) => {
  const [seoul, bangkok] = await linked(t, 2, { redialMinMs: 10 });
  const honest = bangkok!.door.commit;
  bangkok!.door.commit = async () => {
    throw new Error('disk full');
  };
  seoul!.post(bangkok!, 2);
  await until(() => seoul!.door.states.some(({ why }) => why === 'inner_failure'));
  assert.equal(seoul!.door.acks.length, 0);
  bangkok!.door.commit = honest;
  await until(() => seoul!.door.acks.length === 1);
});
