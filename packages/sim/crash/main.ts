/**
 * `npm run crash -- [name …] [--kills 200] [--cuts 20] [--flips 100] [--rounds 10] [--seed n]`: one JSON line a scenario
 * on the output, a table at the end on the other one. Ends with 1 when anything was wrong; what this machine cannot
 * run says why.
 */
import { parseArgs } from 'node:util';
import type { Outcome, Scenario } from './outcome.ts';
import { scenarios } from './scenarios.ts';

const count = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: { kills: count, cuts: count, flips: count, rounds: count, seed: count },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
const numbers = Object.entries(values).filter(([, value]) => !/^[1-9]\d{0,6}$/.test(value));
if (unknown.length > 0 || numbers.length > 0) {
  const known = scenarios.map(({ name }) => name).join(', ');
  if (unknown.length > 0) console.error(`there is no scenario ${unknown.join(', ')}; there are ${known}`);
  for (const [name] of numbers) console.error(`--${name} wants a whole number above 0`);
  process.exit(2);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000);

interface Row {
  name: string;
  outcome: 'holds' | 'wrong' | 'skipped';
  sec: number;
  why: string;
}

async function runOne(scenario: Scenario): Promise<Row> {
  const { name } = scenario;
  const why = scenario.whyNot();
  if (why !== null) {
    console.log(JSON.stringify({ name, outcome: 'skipped', why }));
    return { name, outcome: 'skipped', sec: 0, why };
  }
  console.error(`${name} …`);
  const startMs = performance.now();
  const times = (usual: number) => Number(values[scenario.counts] ?? usual);
  const { figures, wrong } = await scenario.run({ seed, times }).catch((reason: unknown): Outcome => {
    return { figures: {}, wrong: [reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)] };
  });
  const sec = Math.round((performance.now() - startMs) / 1000);
  const outcome = wrong.length === 0 ? 'holds' : 'wrong';
  console.log(JSON.stringify({ name, outcome, seed, figures, wrong, sec }));
  return { name, outcome, sec, why: wrong[0]?.split('\n')[0] ?? '' };
}

const rows: Row[] = [];
for (const scenario of scenarios) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  rows.push(await runOne(scenario));
}
const width = Math.max(...rows.map(({ name }) => name.length));
for (const { name, outcome, sec, why } of rows)
  console.error(`${name.padEnd(width)}  ${outcome.padEnd(7)}  ${String(sec).padStart(5)} s  ${why}`);
process.exit(rows.some(({ outcome }) => outcome === 'wrong') ? 1 : 0);
