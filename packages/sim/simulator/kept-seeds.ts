/** Runs that once failed, kept for ever: with the mistake put back (a mutant) each must fail again, and without it hold. */
import type { RunOptions } from './plan.ts';

export interface KeptSeed {
  seed: number;
  options: Partial<RunOptions>;
  /** The mutant that is the mistake. */
  mutant: string;
}

const small: Partial<RunOptions> = {
  ...{ bureaus: 3, operations: 12, faultMs: 2_500, crypto: 'stub' },
  ...{ restore: false, suspend: 'never', byzantine: false },
};

export const keptSeeds: readonly KeptSeed[] = [
  { seed: 8, options: { ...small, ordered: false, operations: 24 }, mutant: 'an opened delivery counts as proven' },
  { seed: 1, options: { ...small, byzantine: true }, mutant: 'two who let go at once leave it to each other' },
];
