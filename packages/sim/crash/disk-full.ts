/**
 * Seoul's disk fills while everybody writes: first into its reserve, then to the last block, and then its database dies
 * for want of room. Its officers are told in plain words, nothing acknowledged is lost, and with room again everything
 * goes on by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../scenarios/fixtures/database.ts';
import { fileOne, type Ledger, randomFrom } from './ledger.ts';
import type { LoopDisk } from './loop-disk.ts';
import { type Figures, type Outcome, seconds } from './outcome.ts';
import { ask, surely } from './outside.ts';
import { type CrashPlace, openPlace } from './place.ts';
import { ontoDisk } from './power-cut.ts';
import { ownerOf } from './receiver-killed.ts';
import { underLoad } from './under-load.ts';

const NATIONS = ['KR', 'PH', 'TH'];
const VICTIM = 'KR';
const DISK_MIB = 640;
const MIB = 1024 * 1024;
/** Below the bureau's reserve, and enough that the database itself runs on. */
const NEARLY_FULL_BYTES = 40 * MIB;
/** The bureau looks at its disk on a beat of its own. */
const REFUSES_WITHIN_MS = 20_000;
const FULL_FOR_MS = 12_000;
const BACK_WITHIN_MS = 60_000;
const PAUSE_MS = 100;
/** One entry of the database's log that nobody reads; so many together are more than all segments it keeps. */
const DROP_BYTES = 8 * MIB;
const DROPS_MAX = 64;

export async function diskFull({ rounds, seed }: { rounds: number; seed: number }): Promise<Outcome> {
  await using place = await openPlace(NATIONS);
  const random = randomFrom(seed);
  await using disk = await ontoDisk(place, VICTIM, DISK_MIB);
  const wrong: string[] = [];
  const { figures, wrong: more } = await underLoad(place, random, {}, async (ledger) => {
    const told = new Told();
    const ending = new AbortController();
    const officer = fileAlways(place, random, ledger, told, ending.signal);
    officer.catch(() => {});
    let backMs = 0;
    for (let round = 0; round < rounds; round += 1)
      backMs = Math.max(backMs, await fillAndEmpty(place, disk.loop, told, wrong));
    ending.abort();
    await officer;
    if (told.count('500 failed') > 0) wrong.push('an officer was told of a mistake instead of the full disk');
    return { rounds, ...told.figures(), filedAgainMaxSec: seconds(backMs) };
  });
  return { figures, wrong: [...wrong, ...more] };
}

/** What the bureau answered to its officer, and how often. */
class Told {
  readonly #counts = new Map<string, number>();

  hear(answer: string): void {
    this.#counts.set(answer, this.count(answer) + 1);
  }

  count(answer: string): number {
    return this.#counts.get(answer) ?? 0;
  }

  /** Resolves with true when this answer is heard again, with false when it is not in time. */
  async again(answer: string, withinMs: number): Promise<boolean> {
    const [before, untilMs] = [this.count(answer), performance.now() + withinMs];
    while (this.count(answer) === before) {
      if (performance.now() > untilMs) return false;
      await sleep(PAUSE_MS);
    }
    return true;
  }

  figures(): Figures {
    return Object.fromEntries([...this.#counts].map(([answer, count]) => [`answered ${answer}`, count]));
  }
}

async function fileAlways(
  place: CrashPlace,
  random: () => number,
  ledger: Ledger,
  told: Told,
  ending: AbortSignal,
): Promise<void> {
  const others = NATIONS.filter((nation) => nation !== VICTIM);
  while (!ending.aborted) {
    await fileOne(place.card(VICTIM), others, 12, random, ledger, (answer) => told.hear(answer));
    await sleep(PAUSE_MS);
  }
}

/** Milliseconds from the moment there is room until a report is filed again. */
async function fillAndEmpty(place: CrashPlace, disk: LoopDisk, told: Told, wrong: string[]): Promise<number> {
  const card = place.card(VICTIM);
  const pid = place.constellation.child(VICTIM)?.pid as number;
  disk.fill(NEARLY_FULL_BYTES);
  if (!(await told.again('507 disk-full', REFUSES_WITHIN_MS)))
    wrong.push(`with ${NEARLY_FULL_BYTES} bytes left nobody is told that the disk is full`);
  const read = await ask(card, '/api/reports');
  if (read?.status !== 200) wrong.push(`on a disk that is nearly full nothing can be read: ${read?.status}`);
  // Whoever else writes there does not know of our reserve.
  disk.fill(0);
  if (!(await drown(ownerOf(place.dataDir, VICTIM)))) wrong.push('the database found room on a full disk');
  await sleep(FULL_FOR_MS);
  disk.empty();
  const startMs = performance.now();
  if (!(await told.again('201', BACK_WITHIN_MS))) throw new Error('with room again nothing can be filed');
  const backMs = performance.now() - startMs;
  await surely(card, '/api/coalition');
  const child = place.constellation.child(VICTIM);
  if (child?.pid !== pid || child?.exitCode !== null) wrong.push('the bureau did not live through its full disk');
  return backMs;
}

/** Fills the database's log until its server dies of it, as it does when a segment finds no room. false: it never did. */
async function drown(owner: Parameters<typeof openDatabase>[0]): Promise<boolean> {
  await using database = await openDatabase(owner);
  for (let drop = 0; drop < DROPS_MAX; drop += 1) {
    const sql = `SELECT pg_logical_emit_message(false, 'crash', repeat('x', ${DROP_BYTES}))`;
    const lives = await database.rows(sql).then(
      () => true,
      () => false,
    );
    if (!lives) return true;
  }
  return false;
}
