/** What a crash scenario found. Figures are for reading; anything in `wrong` fails it. */
export type Figures = Record<string, number | string>;

export interface Outcome {
  figures: Figures;
  /** One sentence for each thing that must not be; ids and nations only. */
  wrong: string[];
}

/** How often, and by which dice. A count that was not asked for is the scenario's own. */
export interface Wanted {
  seed: number;
  times(usual: number): number;
}

export interface Scenario {
  name: string;
  /** Which option of the command sets the count. */
  counts: 'kills' | 'cuts' | 'flips' | 'rounds';
  /** Why it cannot run on this machine, in one sentence; null when it can. */
  whyNot(): string | null;
  run(wanted: Wanted): Promise<Outcome>;
}

export const seconds = (ms: number): number => Math.round(ms / 100) / 10;
