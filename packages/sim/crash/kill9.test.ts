/** `TRIPOINT_KILLS=1000` for a release, or `npm run crash -- kill9 --kills 1000`; `TRIPOINT_SEED` repeats the victims. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nations } from '../constellation/index.ts';
import { kill9 } from './kill9.ts';

const kills = Number(process.env.TRIPOINT_KILLS ?? 20);
const seed = Number(process.env.TRIPOINT_SEED ?? Date.now() % 1_000_000);
/** Slower than the command's writers: what is asked here is whether anything is lost, on two cores, within a minute. */
const pace = { pauseMs: 900, pauseMsMore: 900 };

test('no nation loses, doubles or half shows an acknowledged report when six bureaus are killed', async (t) => {
  const startMs = performance.now();
  const { figures, wrong } = await kill9({ nations, kills, seed, pace });
  t.diagnostic(
    `kill -9: ${JSON.stringify({ seed, ...figures })}; ${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  );
  assert.deepEqual(wrong, []);
  assert.ok(Number(figures.deliveries) > kills);
});
