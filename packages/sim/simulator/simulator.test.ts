import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { campaign, hunt, idle } from './campaign.ts';
import { keptSeeds } from './kept-seeds.ts';
import { mutants } from './mutants.ts';
import { optionsOf, readOptions, writeOptions } from './plan.ts';
import { run } from './run.ts';

/** Enough that every invariant is put to the test hundreds of times; a release runs a million. */
const SCHEDULES = 500;
const HUNT_SEEDS = 400;
const REAL_CRYPTO_SCHEDULES = 8;

test('through crashes, cuts, lies and old backups nothing acknowledged is lost, doubled, misdirected or late', async (t) => {
  const { violations, exercised, failed, schedules, cpuMs, events } = await campaign({ from: 1, count: SCHEDULES });
  t.diagnostic(
    `${schedules} schedules, ${events} events, ${Math.round((schedules * 1000) / cpuMs)} schedules a CPU second`,
  );
  const says = failed.map(({ seed, options, breaches }) => ({ seed, options: writeOptions(options), breaches }));
  assert.deepEqual(says, []);
  assert.equal(violations, 0);
  assert.deepEqual(idle(exercised), [], 'never put to the test');
});

test('with real cryptography it is the same', async () => {
  const { violations, failed } = await campaign(
    { from: 1, count: REAL_CRYPTO_SCHEDULES },
    { ...small, crypto: 'real' },
  );
  assert.equal(violations, 0, JSON.stringify(failed.map(({ breaches }) => breaches)));
});

const small = { bureaus: 3, operations: 12, faultMs: 2_500 } as const;

test('a seed gives the same run again, event for event, and another seed another run', async () => {
  const traces: string[] = [];
  for (const seed of [11, 12, 13]) {
    const [first, second] = [await run(seed), await run(seed)];
    assert.equal(first.trace, second.trace);
    assert.equal(first.events, second.events);
    traces.push(first.trace);
  }
  assert.equal(new Set(traces).size, traces.length);
});

test('the options of a run are read back as they are printed, and others are refused', () => {
  for (const seed of [1, 2, 3]) {
    const options = optionsOf(seed);
    assert.deepEqual(readOptions(writeOptions(options)), options);
    assert.deepEqual(optionsOf(seed, readOptions(writeOptions(options)) ?? {}), options);
  }
  for (const text of ['bureaus=1', 'bureaus=seven', 'weather=bad', 'ordered=maybe', 'bureaus'])
    assert.equal(readOptions(text), null, text);
});

describe('a seed that once found a mistake finds it when it is put back, and nothing without it', () => {
  for (const { seed, options, mutant } of keptSeeds)
    test(`seed ${seed}: ${mutant}`, async () => {
      const wrong = mutants.find(({ name }) => name === mutant);
      assert.notDeepEqual((await run(seed, options, wrong?.hand)).breaches, []);
      assert.deepEqual((await run(seed, options)).breaches, []);
    });
});

describe('a bureau that was wrong in one thing is found out', () => {
  for (const mutant of mutants)
    test(mutant.name, async (t) => {
      const { seed, invariant, tried } = await hunt(mutant, { from: 1, count: HUNT_SEEDS });
      t.diagnostic(`found by ${invariant} after ${tried} schedules`);
      assert.notEqual(seed, null);
    });
});
