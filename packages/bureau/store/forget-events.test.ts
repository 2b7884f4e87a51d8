import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { EVENTS_FORGOTTEN_AT_ONCE, EVENTS_KEPT_MARGIN_MS, EVENTS_KEPT_MS } from './bounds.ts';
import type { Store } from './index.ts';
import { machineClock, testStore } from './store-for-tests.ts';

let aheadMs = 0;
const clock = { ...machineClock, now: () => machineClock.now() + aheadMs };
const opened = await testStore([], { clock });
after(() => opened[Symbol.asyncDispose]());
const { store } = opened;

const emit = (kind: string) => store.transact(async (tx) => tx.emit({ kind, item: null, desk: 'reports' }));

/** Serials of what follows a place until `last` was heard. */
async function heardAfter(from: number, last: string, of: Store = store): Promise<string[]> {
  const ending = new AbortController();
  const heard: string[] = [];
  for await (const event of of.feed.follow({ from, signal: ending.signal })) {
    heard.push(event.kind);
    if (event.kind === last) ending.abort();
  }
  return heard;
}

async function serialOf(kind: string): Promise<number> {
  const ending = new AbortController();
  for await (const event of store.feed.follow({ from: 0, signal: ending.signal }))
    if (event.kind === kind) {
      ending.abort();
      return event.serial;
    }
  throw new Error('not heard');
}

let round = 0;

test('however events are spread over weeks, a place that counts as kept misses none of what came after it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(EVENTS_KEPT_MS / 2), { minLength: 2, maxLength: 8 }), async (pauses) => {
      round += 1;
      const kinds: string[] = [];
      const serials: number[] = [];
      for (const [at, pauseMs] of pauses.entries()) {
        aheadMs += pauseMs;
        await emit(`event.${round}-${at}`);
        kinds.push(`event.${round}-${at}`);
        serials.push(await serialOf(kinds[at] as string));
        await store.forgetEvents();
      }
      for (const [at, serial] of serials.entries()) {
        const isYoung = pauses.slice(at + 1).reduce((sum, ms) => sum + ms, 0) < EVENTS_KEPT_MS - 60_000;
        const isKept = await store.feed.isKept(serial);
        if (isYoung) assert.ok(isKept);
        if (isKept && at < kinds.length - 1)
          assert.deepEqual(await heardAfter(serial, kinds.at(-1) as string), kinds.slice(at + 1));
      }
    }),
    { numRuns: 12 },
  );
});

test('a place from before the kept days is told from one that is kept, and many old events go at once', async () => {
  await emit('old');
  const old = await serialOf('old');
  assert.ok(await store.feed.isKept(old));
  await Promise.all(
    Array.from({ length: 3 }, () =>
      store.transact(async (tx) => {
        for (let n = 0; n < EVENTS_FORGOTTEN_AT_ONCE / 2.5; n += 1)
          tx.emit({ kind: 'many', item: null, desk: 'reports' });
      }),
    ),
  );
  aheadMs += EVENTS_KEPT_MS + 1_000;
  assert.ok(!(await store.feed.isKept(old)), 'no longer promised');
  await emit('new');
  await store.forgetEvents();
  assert.equal(await serialOf('old'), old, 'and kept a little longer all the same');
  aheadMs += EVENTS_KEPT_MARGIN_MS;
  assert.ok((await store.forgetEvents()) > EVENTS_FORGOTTEN_AT_ONCE);
  assert.deepEqual(await heardAfter(0, 'new'), ['new']);
});
