import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import { admitViewer } from '@tripoint/model/policy';
import { machineClock, testStore } from '../store/store-for-tests.ts';
import { EventFacts, writeLive } from './live.ts';

const DAY_MS = 86_400_000;
let aheadMs = 0;
const clock = { ...machineClock, now: () => machineClock.now() + aheadMs };
const opened = await testStore([], { clock });
after(() => opened[Symbol.asyncDispose]());
const { store } = opened;

const viewer = admitViewer({ nation: 'KR', officer: 'o1', agency: null, roles: ['desk-officer'] });
const emit = (kind: string) => store.transact(async (tx) => tx.emit({ kind, item: null, desk: 'reports' }));

/** What a screen hears that was away since `lastId`, until this event comes. */
async function heard(lastId: string | null, last: string): Promise<string[]> {
  const ending = new AbortController();
  const kinds: string[] = [];
  const write = (text: string) => {
    for (const [, kind] of text.matchAll(/^event: (.*)$/gm)) kinds.push(kind as string);
    if (text.includes('event: hello')) void emit(last);
    if (text.includes(`event: ${last}`)) ending.abort();
    return true;
  };
  const response = { write, writableLength: 0 } as unknown as ServerResponse;
  const ports = { nowMs: clock.now, sleep: clock.sleep };
  await writeLive(
    { store, facts: new EventFacts({ store, clock: ports }), clock: ports, nation: 'KR' },
    viewer,
    response,
    lastId,
    ending.signal,
  );
  return kinds;
}

/** The place of the newest event, as this screen carries it away. */
async function bookmark(): Promise<string> {
  const ending = new AbortController();
  let serial = 0;
  for await (const event of store.feed.follow({ from: 0, signal: ending.signal })) {
    serial = event.serial;
    if (event.kind === 'noted') ending.abort();
  }
  return store.bookmark(viewer, serial);
}

test('a screen that was away for less than two weeks hears what it missed; one away for longer is told to start anew', async () => {
  await emit('noted');
  const place = await bookmark();
  await emit('missed');
  aheadMs = 13 * DAY_MS;
  await store.forgetEvents();
  assert.deepEqual(await heard(place, 'first'), ['hello', 'missed', 'first']);
  aheadMs = 15 * DAY_MS;
  assert.deepEqual(await heard(place, 'second'), ['hello', 'reset', 'second'], 'also before it is tidied');
  await store.forgetEvents();
  assert.deepEqual(await heard(place, 'third'), ['hello', 'reset', 'third']);
});
