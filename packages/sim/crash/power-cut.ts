/**
 * Power goes in Seoul. Its bureau lives on a disk image; in one moment everything of it is frozen, the image is copied
 * without what only memory knew, the processes die, and the bureau starts from the copy. Two others go on meanwhile.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopLeftServer } from '@tripoint/bureau/main';
import { clusterOf } from '../constellation/data-folder.ts';
import { randomFrom } from './ledger.ts';
import { LoopDisk } from './loop-disk.ts';
import { type Figures, type Outcome, seconds } from './outcome.ts';
import { surely } from './outside.ts';
import { type CrashPlace, openPlace, temporaryFolder } from './place.ts';
import { BureauProcesses } from './process-tree.ts';
import { underLoad } from './under-load.ts';

const NATIONS = ['KR', 'PH', 'TH'];
const VICTIM = 'KR';
const DISK_MIB = 1_024;
const BETWEEN_MS = 600;
const BETWEEN_MS_MORE = 2_000;
/** After the return the load must reach it again, or the next cut finds nothing to lose. */
const pace = { pauseMs: 250, pauseMsMore: 250 };

export async function powerCut({ cuts, seed }: { cuts: number; seed: number }): Promise<Outcome> {
  await using place = await openPlace(NATIONS);
  const random = randomFrom(seed);
  await using disk = await ontoDisk(place, VICTIM, DISK_MIB);
  return await underLoad(place, random, { pace }, () => cutting(place, disk, cuts, random));
}

async function cutting(place: CrashPlace, disk: BureauOnDisk, cuts: number, random: () => number): Promise<Figures> {
  const { constellation } = place;
  const processes = new BureauProcesses();
  const backMs: number[] = [];
  let copies = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    await sleep(BETWEEN_MS + random() * BETWEEN_MS_MORE);
    const pid = constellation.child(VICTIM)?.pid as number;
    processes.freeze(pid);
    copies += disk.loop.picture(disk.picture);
    processes.kill(pid, 'both');
    await disk.loop.becomes(disk.picture);
    const startMs = performance.now();
    await constellation.restart(VICTIM);
    await surely(place.card(VICTIM), '/api/coalition');
    backMs.push(performance.now() - startMs);
  }
  backMs.sort((a, b) => a - b);
  return {
    cuts,
    copies,
    backP50Sec: seconds(backMs.at(Math.floor(backMs.length / 2)) ?? 0),
    backMaxSec: seconds(backMs.at(-1) ?? 0),
  };
}

export interface BureauOnDisk extends AsyncDisposable {
  loop: LoopDisk;
  /** Where a picture of the disk may be put. */
  picture: string;
}

/** One bureau of a running place moves onto a disk of its own, and comes up there. */
export async function ontoDisk(place: CrashPlace, nation: string, sizeMib: number): Promise<BureauOnDisk> {
  const folder = temporaryFolder();
  const processes = new BureauProcesses();
  processes.kill(place.constellation.child(nation)?.pid as number, 'both');
  const loop = LoopDisk.make(join(folder, 'disk.img'), join(folder, 'disk'), sizeMib);
  loop.settle(place.dataDir, nation);
  await place.constellation.restart(nation);
  return {
    loop,
    picture: join(folder, 'picture.img'),
    async [Symbol.asyncDispose]() {
      processes.kill(place.constellation.child(nation)?.pid as number, 'both');
      // One that came back by itself was never seen.
      await stopLeftServer(join(place.dataDir, clusterOf(nation)));
      await loop.unmount();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
