import assert from 'node:assert/strict';
import test from 'node:test';
import { createBucket } from './bucket.ts';
import type { ItemAck, Lane, OutCopy } from './door.ts';
import { type Batch, type BatchSource, createIntake } from './intake.ts';
import { createLaneTurns } from './lane-turns.ts';
import { createTurnstile } from './turnstile.ts';

test('control goes before urgent, urgent before the rest, and normal has four bytes for one of bulk', () => {
  const turns = createLaneTurns();
  assert.equal(
    turns.next(() => true),
    0,
  );
  assert.equal(
    turns.next((lane) => lane > 0),
    1,
  );
  const bytes = [0, 0, 0, 0];
  for (let turn = 0; turn < 1_000; turn += 1) {
    const lane = turns.next((one) => one >= 2)!;
    const sizeBytes = 5_000 + ((turn * 7_919) % 60_000);
    bytes[lane]! += sizeBytes;
    turns.served(lane, sizeBytes);
  }
  const share = bytes[2]! / bytes[3]!;
  assert.ok(share > 3.7 && share < 4.3, `${share} : 1`);
});

test('bulk that had the link for itself for hours does not then wait for hours', () => {
  const turns = createLaneTurns();
  for (let turn = 0; turn < 10_000; turn += 1) turns.served(3, 1_000_000);
  let beforeBulk = 0;
  while (turns.next((lane) => lane >= 2) === 2) {
    turns.served(2, 100_000);
    beforeBulk += 100_000;
  }
  assert.ok(beforeBulk <= 5_000_000, `${beforeBulk} bytes of normal items went first`);
});

test('an allowance refills with time, never above the burst, and a debt is paid first', () => {
  let nowMs = 0;
  const bucket = createBucket(1_000, 200, () => nowMs);
  assert.equal(bucket.take(200), true);
  assert.equal(bucket.take(1), false);
  nowMs = 100;
  assert.equal(bucket.take(101), false);
  assert.equal(bucket.take(100), true);
  bucket.spend(50);
  assert.equal(bucket.waitMs(10), 60);
  nowMs = 1_000_000;
  assert.equal(bucket.take(201), false);
  assert.equal(bucket.take(200), true);
});

test('members wait their turn at the database: a busy one gets one commit, then the next member', async () => {
  const turnstile = createTurnstile(1);
  const order: string[] = [];
  const commits = (member: string, count: number) =>
    Array.from({ length: count }).reduce<Promise<void>>(
      (before) => before.then(() => turnstile(async () => void order.push(member))),
      Promise.resolve(),
    );
  await Promise.all([commits('flooding', 4), commits('quiet', 1), commits('other', 2)]);
  assert.deepEqual(order.slice(0, 3).sort(), ['flooding', 'other', 'quiet']);
});

const durable = (copies: OutCopy[]): ItemAck[] => copies.map(({ lane, seq }) => ({ lane, seq, state: 'durable' }));

function batch(from: BatchSource, lane: Lane, number: number, count: number, sizeBytes = 100): Batch {
  const copies = Array.from({ length: count }, (_, at) => ({
    lane,
    seq: BigInt(number * 1_000 + at),
    bytes: new Uint8Array(0),
  }));
  return { lane, number, copies, sizeBytes, from };
}

function source() {
  const committed: number[] = [];
  const failures: unknown[] = [];
  const from: BatchSource = {
    committed: (answers) => committed.push(...answers.map((answer) => answer.batch.number)),
    failed: (error) => failures.push(error),
  };
  return { from, committed, failures };
}

test('a first copy is committed at once; a group keeps to 256 copies and 8 MiB; urgent goes into the next group', async () => {
  const groups: Lane[][] = [];
  const gates: (() => void)[] = [];
  const intake = createIntake({
    limits: { groupCopies: 256, groupBytes: 8_000_000 },
    turnstile: createTurnstile(1),
    async receive(copies) {
      groups.push(copies.map((copy) => copy.lane));
      await new Promise<void>((open) => gates.push(open));
      return durable(copies);
    },
  });
  const { from, committed } = source();
  const next = async () => {
    await new Promise((turn) => setImmediate(turn));
    gates.shift()?.();
    await new Promise((turn) => setImmediate(turn));
  };
  intake.offer(batch(from, 2, 1, 1));
  await new Promise((turn) => setImmediate(turn));
  assert.equal(groups.length, 1);
  intake.offer(batch(from, 3, 2, 200));
  intake.offer(batch(from, 3, 3, 200));
  intake.offer(batch(from, 3, 4, 1, 7_999_000));
  intake.offer(batch(from, 1, 5, 1));
  for (let turn = 0; turn < 4; turn += 1) await next();
  await intake.idle();
  assert.deepEqual(
    groups.map((group) => group.length),
    [1, 201, 201],
  );
  assert.equal(groups[1]?.[0], 1);
  assert.deepEqual(committed, [1, 5, 2, 3, 4]);
});

test('when the door fails, every link of the group hears it and nothing is answered', async () => {
  const intake = createIntake({
    limits: { groupCopies: 256, groupBytes: 8_000_000 },
    turnstile: createTurnstile(1),
    receive: async () => [],
  });
  const { from, committed, failures } = source();
  intake.offer(batch(from, 2, 1, 3));
  await intake.idle();
  assert.deepEqual(committed, []);
  assert.match(String(failures), /other copies than it was given/);
});
