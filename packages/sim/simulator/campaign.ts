/** Many runs: how many schedules, what they exercised, what they found, and which mutants they found. */
import { type Exercised, type InvariantName, invariantNames } from './invariants.ts';
import { type Mutant, mutants } from './mutants.ts';
import type { RunOptions } from './plan.ts';
import { run, type Verdict } from './run.ts';

export interface Figures {
  schedules: number;
  events: number;
  violations: number;
  exercised: Exercised;
  firstFailingSeed: number | null;
  /** The runs that failed, the first few of them. */
  failed: Verdict[];
  cpuMs: number;
}

const FAILED_KEPT = 10;

export async function campaign(
  seeds: { from: number; count: number },
  given: Partial<RunOptions> = {},
  tell: (verdict: Verdict) => void = () => {},
): Promise<Figures> {
  const before = process.cpuUsage();
  const exercised = Object.fromEntries(invariantNames.map((name) => [name, 0])) as Exercised;
  const figures: Figures = {
    ...{ schedules: 0, events: 0, violations: 0, exercised },
    ...{ firstFailingSeed: null, failed: [], cpuMs: 0 },
  };
  for (let seed = seeds.from; seed < seeds.from + seeds.count; seed += 1) {
    const verdict = await run(seed, given);
    figures.schedules += 1;
    figures.events += verdict.events;
    for (const name of invariantNames) exercised[name] += verdict.exercised[name];
    if (verdict.breaches.length > 0) {
      figures.violations += 1;
      figures.firstFailingSeed ??= seed;
      if (figures.failed.length < FAILED_KEPT) figures.failed.push(verdict);
      tell(verdict);
    }
  }
  const { user, system } = process.cpuUsage(before);
  figures.cpuMs = (user + system) / 1_000;
  return figures;
}

/** Invariants that this many runs never put to the test: a verdict over nothing is none. */
export const idle = (exercised: Exercised): InvariantName[] => invariantNames.filter((name) => exercised[name] === 0);

/** Below this many runs an invariant may stay unexercised by chance. */
export const LARGE_RUN = 200;

export interface Caught {
  mutant: string;
  /** The first seed that found it, and what it said; null: nothing did. */
  seed: number | null;
  invariant: string | null;
  tried: number;
}

/** Tries seeds until a mutant is found by an invariant that is there to find it. */
export async function hunt(
  { name, against, hand, options }: Mutant,
  seeds: { from: number; count: number },
): Promise<Caught> {
  for (let tried = 1; tried <= seeds.count; tried += 1) {
    const seed = seeds.from + tried - 1;
    const { breaches } = await run(seed, { ...HUNTED, ...options }, hand);
    const found = breaches.find(({ invariant }) => against.includes(invariant));
    if (found) return { mutant: name, seed, invariant: found.invariant, tried };
  }
  return { mutant: name, seed: null, invariant: null, tried: seeds.count };
}

/** Small runs among honest members find most mistakes, and cost least. */
const HUNTED: Partial<RunOptions> = {
  ...{ bureaus: 3, operations: 12, faultMs: 2_500 },
  ...{ crypto: 'stub', links: 'plain', byzantine: false, restore: false, suspend: 'never' },
};

export async function huntAll(seeds: { from: number; count: number }): Promise<Caught[]> {
  const all: Caught[] = [];
  for (const mutant of mutants) all.push(await hunt(mutant, seeds));
  return all;
}
