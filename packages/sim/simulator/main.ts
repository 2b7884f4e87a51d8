/**
 * `npm run -s sim -- --seeds N [--from S] [--json]`: many schedules and all mutants.
 * `npm run -s sim -- --seed S [--options bureaus=3,ordered=true,…]`: one schedule again, event for event.
 */
import { parseArgs } from 'node:util';
import { idle, LARGE_RUN } from './campaign.ts';
import { invariantNames } from './invariants.ts';
import { mutants } from './mutants.ts';
import { campaignOnAllCores, huntOnAllCores } from './on-all-cores.ts';
import { optionsOf, readOptions, writeOptions } from './plan.ts';
import { run, type Verdict } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    options: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    'no-mutants': { type: 'boolean', default: false },
  },
});

const given = readOptions(values.options);
if (given === null)
  stop('options are written as name=value,name=value; the names are those of a schedule that is printed');
const whole = (text: string, name: string): number => {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= 0 ? number : stop(`--${name} takes a whole number`);
};

function stop(sentence: string): never {
  console.error(`tripoint: ${sentence}`);
  process.exit(2);
}

function tell({ seed, options, trace, breaches }: Verdict): void {
  console.error(`seed ${seed} fails, trace ${trace}`);
  console.error(`  npm run -s sim -- --seed ${seed} --options ${writeOptions(options)}`);
  for (const { invariant, says } of breaches.slice(0, 5)) console.error(`  ${invariant}: ${says}`);
}

/** A mutant that so many schedules do not find counts as not found. */
const HUNT_SEEDS = 400;

if (values.seed === undefined) await many(whole(values.seeds, 'seeds'), whole(values.from, 'from'));
else await one(whole(values.seed, 'seed'));

async function one(seed: number): Promise<void> {
  const verdict = await run(seed, given ?? {});
  const { breaches, events, trace, virtualMs, exercised } = verdict;
  const options = writeOptions(optionsOf(seed, given ?? {}));
  const seen = { seed, options, events, virtualMs: Math.round(virtualMs), trace, exercised, breaches };
  console.log(values.json ? JSON.stringify(seen) : JSON.stringify(seen, null, 2));
  process.exitCode = breaches.length === 0 ? 0 : 1;
}

async function many(count: number, from: number): Promise<void> {
  const startedMs = performance.now();
  const figures = await campaignOnAllCores({ from, count }, given ?? {}, tell);
  const hunted = values['no-mutants'] ? [] : await huntOnAllCores({ from, count: HUNT_SEEDS });
  const caught = hunted.filter(({ seed }) => seed !== null);
  const never = idle(figures.exercised);
  const { schedules, events, violations, firstFailingSeed, exercised, cpuMs } = figures;
  const seen = {
    ...{ schedules, events, violations },
    mutants: { planted: hunted.length, caught: caught.length },
    ...{ firstFailingSeed, exercised },
    schedulesPerCpuSec: Math.round((schedules * 1_000) / cpuMs),
    cpuSec: Math.round(cpuMs / 100) / 10,
    wallSec: Math.round((performance.now() - startedMs) / 100) / 10,
  };
  console.log(values.json ? JSON.stringify(seen) : JSON.stringify(seen, null, 2));
  for (const { mutant, seed } of hunted) if (seed === null) console.error(`not found: ${mutant}`);
  if (never.length > 0) console.error(`never put to the test: ${never.join(', ')} of ${invariantNames.length}`);
  const isVacuous = schedules >= LARGE_RUN && never.length > 0;
  const isMissed = !values['no-mutants'] && caught.length < mutants.length;
  process.exitCode = violations === 0 && !isVacuous && !isMissed ? 0 : 1;
}
