/** Every crash scenario, in the order `npm run crash` runs them. */
import { nations } from '../constellation/index.ts';
import { kill9 } from './kill9.ts';
import type { Scenario } from './outcome.ts';
import { receiverKilled } from './receiver-killed.ts';

const anywhere = () => null;

export const scenarios: readonly Scenario[] = [
  {
    name: 'kill9',
    counts: 'kills',
    whyNot: anywhere,
    run: ({ seed, times }) => kill9({ nations, kills: times(200), seed }),
  },
  {
    name: 'receiver-killed',
    counts: 'rounds',
    whyNot: anywhere,
    run: ({ seed, times }) => receiverKilled({ rounds: times(40), seed }),
  },
];
