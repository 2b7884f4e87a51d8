/**
 * Acknowledged means kept, whoever dies. Bureaus, each with its own database server, are killed with -9 under load, now
 * Node alone, now together with its database, now the database under it or only its postmaster, and come back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pace, randomFrom } from './ledger.ts';
import { type Figures, type Outcome, seconds } from './outcome.ts';
import { surely } from './outside.ts';
import { type CrashPlace, openPlace } from './place.ts';
import { BureauProcesses, type Doomed } from './process-tree.ts';
import { underLoad } from './under-load.ts';

const parts: readonly Doomed[] = ['node', 'both', 'database', 'both', 'node', 'postmaster'];
/** A supervisor gives a database up after more deaths than this in ten minutes; a new Node begins to count anew. */
const DATABASE_DEATHS_MAX = 4;
/** Between two kills; another bureau may still be on its way back. */
const BETWEEN_MS = 300;
const BETWEEN_MS_MORE = 900;
const DOWN_MS_MORE = 800;
/** So many may be down at once; with all of them away there would be no load to survive. */
const AWAY_MAX = 2;

export async function kill9(options: {
  nations: readonly string[];
  kills: number;
  seed: number;
  pace?: Pace;
}): Promise<Outcome> {
  await using place = await openPlace(options.nations);
  const random = randomFrom(options.seed);
  const load = options.pace ? { pace: options.pace } : {};
  return await underLoad(place, random, load, () => killing(place, options.kills, random));
}

/** Kills and restarts until all kills are spent and everybody is back. */
async function killing(place: CrashPlace, kills: number, random: () => number): Promise<Figures> {
  const { constellation, nations } = place;
  const processes = new Map(nations.map((nation) => [nation, new BureauProcesses()]));
  const databaseDeaths = new Map<string, number>();
  const away = new Map<string, Promise<void>>();
  const backMs: number[] = [];
  const counted: Record<Doomed, number> = { node: 0, both: 0, database: 0, postmaster: 0 };
  const bringBack = async (nation: string, doomed: Doomed) => {
    const hasNode = doomed === 'database' || doomed === 'postmaster';
    if (!hasNode) await sleep(random() * DOWN_MS_MORE);
    const startMs = performance.now();
    if (hasNode) await surely(place.card(nation), '/api/coalition');
    else await constellation.restart(nation);
    const child = constellation.child(nation);
    if (!child || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${nation} ended with its database`);
    backMs.push(performance.now() - startMs);
    away.delete(nation);
  };
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(BETWEEN_MS + random() * BETWEEN_MS_MORE);
    while (away.size >= AWAY_MAX) await Promise.race(away.values());
    const alive = nations.filter((nation) => !away.has(nation));
    const victim = alive[Math.floor(random() * alive.length)] as string;
    const wished = parts[kill % parts.length] as Doomed;
    const deaths = databaseDeaths.get(victim) ?? 0;
    const doomed = deaths >= DATABASE_DEATHS_MAX ? 'both' : wished;
    databaseDeaths.set(victim, doomed === 'node' || doomed === 'both' ? 0 : deaths + 1);
    counted[doomed] += 1;
    processes.get(victim)?.kill(constellation.child(victim)?.pid as number, doomed);
    const back = bringBack(victim, doomed);
    // Shown where it is awaited; without this the whole process would end before the places are cleared.
    back.catch(() => {});
    away.set(victim, back);
  }
  await Promise.all(away.values());
  backMs.sort((a, b) => a - b);
  return {
    kills,
    ...counted,
    backP50Sec: seconds(backMs.at(Math.floor(backMs.length / 2)) ?? 0),
    backMaxSec: seconds(backMs.at(-1) ?? 0),
  };
}
