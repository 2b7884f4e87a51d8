import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiverKilled } from './receiver-killed.ts';

/** Every table the taking transaction stops at, once: the whole bureau dies in the second half of a longer run. */
const ROUNDS = 4;
const seed = Number(process.env.TRIPOINT_SEED ?? Date.now() % 1_000_000);

test('a bureau killed while it stores a thousand statements shows none of them, and all of them once after its return', async (t) => {
  const { figures, wrong } = await receiverKilled({ rounds: ROUNDS, seed });
  t.diagnostic(JSON.stringify({ seed, ...figures }));
  assert.deepEqual(wrong, []);
  assert.equal(figures.deliveries, ROUNDS);
});
