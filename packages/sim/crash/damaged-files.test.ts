import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damagedFiles } from './damaged-files.ts';

/** For each class of file; the sealed ones take a twentieth of a second each, which is what guards their passphrase. */
const FLIPS = 25;
const seed = Number(process.env.TRIPOINT_SEED ?? Date.now() % 1_000_000);

test('no file a bureau keeps is read with a bit turned over or its end cut off', async (t) => {
  const { figures, wrong } = await damagedFiles({ flips: FLIPS, seed });
  t.diagnostic(JSON.stringify({ seed, ...figures }));
  assert.deepEqual(wrong, []);
});
