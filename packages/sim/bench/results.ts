/** bench/results.json: of each benchmark its newest run, with the day, the machine and the load of that very run. */
import type { Measured } from './figures.ts';
import type { load } from './machine.ts';

type Load = ReturnType<typeof load>;

/** What a run prints. */
export interface Result extends Measured {
  name: string;
  load: { before: Load; after: Load };
}

/** What is kept of it. */
export interface KeptResult extends Result {
  /** When the run ended: ISO 8601, UTC. */
  date: string;
  node: string;
  platform: string;
}

export interface Kept {
  results: KeptResult[];
}

/** The new run stands in the old one's place; what was not measured now stays as it was. Unknown names go. */
export function kept(before: Kept, now: KeptResult, names: readonly string[]): Kept {
  const all = new Map([...before.results, now].map((result) => [result.name, result]));
  return { results: names.flatMap((name) => all.get(name) ?? []) };
}
