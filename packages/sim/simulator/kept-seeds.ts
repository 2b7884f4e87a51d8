/** Runs that once failed, kept for ever: with the mistake put back (a mutant) each must fail again, and without it hold. */
import type { RunOptions } from './plan.ts';

export interface KeptSeed {
  seed: number;
  options: Partial<RunOptions>;
  /** The mutant that is the mistake. */
  mutant: string;
}

const small: Partial<RunOptions> = {
  ...{ bureaus: 3, operations: 12, faultMs: 2_500, crypto: 'stub', links: 'plain' },
  ...{ restore: false, suspend: 'never', byzantine: false },
};

export const keptSeeds: readonly KeptSeed[] = [
  { seed: 15, options: { ...small, ordered: false, operations: 24 }, mutant: 'an opened delivery counts as proven' },
  {
    seed: 62,
    options: { ...small, byzantine: true, operations: 36 },
    mutant: 'two who let go at once leave it to each other',
  },
  {
    seed: 30,
    options: { ...small, second: true, moody: true, operations: 40 },
    mutant: 'one process overtakes another',
  },
  {
    seed: 24,
    options: { ...small, links: 'real', second: true, moody: true, operations: 40 },
    mutant: 'a chain that never began is shown with an empty head',
  },
  { seed: 6, options: { ...small, ordered: false }, mutant: 'a late receipt settles its own range alone' },
];
