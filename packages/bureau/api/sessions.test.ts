import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { testStore } from '../store/store-for-tests.ts';
import { createSessions, REVOCATION_MS_MAX, SESSION_IDLE_MS, SESSION_KEPT_MS, SESSION_LIFE_MS } from './sessions.ts';

const tables = { room: 'api', sql: readFileSync(join(import.meta.dirname, 'tables.sql'), 'utf8') };
const kept = await testStore([tables]);
after(() => kept[Symbol.asyncDispose]());

async function signedIn() {
  let nowMs = Date.UTC(2026, 10, 23);
  const ports = { clock: { nowMs: () => nowMs }, random: kept.options.random };
  const [here, elsewhere] = [createSessions(kept.store, ports), createSessions(kept.store, ports)];
  const id = await here.begin('kr-analyst');
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { here, elsewhere, id, wait };
}

test('an officer who does nothing is signed out, even with a stream left open', async () => {
  const { here, id, wait } = await signedIn();
  for (let waitedMs = 0; waitedMs < SESSION_IDLE_MS; waitedMs += 60_000) {
    assert.equal(await here.isOpen(id), true);
    wait(60_000);
  }
  assert.equal(await here.isOpen(id), false);
  assert.equal(await here.officerOf(id), null);
});

test('an officer who goes on working stays signed in for eight hours and no longer', async () => {
  const { here, id, wait } = await signedIn();
  for (let workedMs = 0; workedMs < SESSION_LIFE_MS; workedMs += SESSION_IDLE_MS / 2) {
    assert.equal(await here.officerOf(id), 'kr-analyst');
    wait(SESSION_IDLE_MS / 2);
  }
  assert.equal(await here.officerOf(id), null);
  assert.equal(await here.isOpen(id), false);
});

test('a session ended in another process of the bureau is over here in time', async () => {
  const { here, elsewhere, id, wait } = await signedIn();
  assert.equal(await here.officerOf(id), 'kr-analyst');
  await elsewhere.end(id);
  wait(REVOCATION_MS_MAX);
  assert.equal(await here.officerOf(id), null);
  assert.equal(await here.isOpen(id), false);
});

test('whatever an officer does and whenever it is tidied, no session that still lives is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('use', 'forget', 'end'), fc.nat(SESSION_IDLE_MS * 2)), { maxLength: 12 }),
      async (steps) => {
        const { here, elsewhere, id, wait } = await signedIn();
        for (const [step, ms] of steps) {
          wait(ms);
          const before = await here.isOpen(id);
          if (step === 'use') await here.officerOf(id);
          else if (step === 'end') await elsewhere.end(id);
          else {
            await elsewhere.forgetOver();
            assert.equal(await here.isOpen(id), before);
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('a day after its life was over nothing is left of a session', async () => {
  const { here, wait } = await signedIn();
  const left = async () => {
    const counted = sql<{ count: bigint }>`SELECT count(*) FROM session`;
    return Number((await kept.store.transact((tx) => counted.execute(tx.db))).rows[0]?.count);
  };
  wait(SESSION_LIFE_MS + SESSION_KEPT_MS);
  await here.forgetOver();
  assert.ok((await left()) > 0);
  wait(1);
  assert.ok((await here.forgetOver()) > 0);
  assert.equal(await left(), 0);
});
