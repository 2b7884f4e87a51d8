/** Every crash scenario, in the order `npm run crash` runs them. */
import { nations } from '../constellation/index.ts';
import { damagedDatabase } from './damaged-database.ts';
import { damagedFiles } from './damaged-files.ts';
import { diskFull } from './disk-full.ts';
import { kill9 } from './kill9.ts';
import { all, loopDevice, program, root } from './needs.ts';
import type { Scenario } from './outcome.ts';
import { powerCut } from './power-cut.ts';
import { receiverKilled } from './receiver-killed.ts';

const anywhere = () => null;
const ownDisk = all(root, loopDevice, program('mkfs.ext4', 'e2fsprogs'));

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
  {
    name: 'damaged-files',
    counts: 'flips',
    whyNot: anywhere,
    run: ({ seed, times }) => damagedFiles({ flips: times(500), seed }),
  },
  {
    name: 'damaged-database',
    counts: 'flips',
    whyNot: anywhere,
    run: ({ seed, times }) => damagedDatabase({ flips: times(50), seed }),
  },
  {
    name: 'power-cut',
    counts: 'cuts',
    whyNot: ownDisk,
    run: ({ seed, times }) => powerCut({ cuts: times(20), seed }),
  },
  {
    name: 'disk-full',
    counts: 'rounds',
    whyNot: ownDisk,
    run: ({ seed, times }) => diskFull({ rounds: times(2), seed }),
  },
];
