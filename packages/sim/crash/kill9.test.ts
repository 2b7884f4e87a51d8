/**
 * Acknowledged means kept, whoever dies. Four bureaus, each with its own database server, are killed with -9 under load,
 * now Node alone, now together with its database, now only the database under it, and come back after a moment.
 * `TRIPOINT_KILLS=1000` for a release; `TRIPOINT_SEED` repeats the choice of victims.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BureauCard, type Constellation, openConstellation } from '../constellation/index.ts';
import { takePortBlock } from '../scenarios/fixtures/port-block.ts';
import { type Ledger, randomFrom, write } from './ledger.ts';
import { surely } from './outside.ts';
import { BureauProcesses, type Doomed } from './process-tree.ts';
import { outboxesEmpty, reckon } from './reckoning.ts';
import { type Watched, watch } from './watchers.ts';

const nations = ['KR', 'PH', 'KH', 'VN'];
const parts: readonly Doomed[] = ['node', 'both', 'database', 'both'];
const kills = Number(process.env.TRIPOINT_KILLS ?? 20);
const seed = Number(process.env.TRIPOINT_SEED ?? Date.now() % 1_000_000);
const FIRST_PORT = 7600;
/** Between two kills; another bureau may still be on its way back. */
const BETWEEN_MS = 300;
const BETWEEN_MS_MORE = 900;
const DOWN_MS_MORE = 800;
/** So many may be down at once; with all of them away there would be no load to survive. */
const AWAY_MAX = 2;
const EMPTY_WITHIN_MS = 30_000;

test('no nation loses, doubles or half shows an acknowledged report when bureaus are killed', async (t) => {
  const startMs = performance.now();
  await using place = await temporaryPlace();
  const { constellation } = place;
  const random = randomFrom(seed);
  const [ending, watching] = [new AbortController(), new AbortController()];
  const ledger: Ledger = { acknowledged: [], repeats: 0 };
  const watched: Watched = { reads: 0, halves: [] };
  const writers = constellation.cards.map((card) => write(card, nations, random, ledger, ending.signal));
  const watchers = constellation.cards.map((card) => watch(card, watched, watching.signal));
  for (const one of [...writers, ...watchers]) one.catch(() => {});
  const backMs = await killing(constellation, random);
  ending.abort();
  await Promise.all(writers);
  const emptyMs = await outboxesEmpty(constellation.cards, EMPTY_WITHIN_MS);
  watching.abort();
  await Promise.all(watchers);
  const { deliveries, ...wrong } = await reckon(constellation.cards, ledger.acknowledged);
  const alarms = await Promise.all(
    constellation.cards.map((card) => surely<{ items: object[] }>(card, '/api/alarms', 'administrator')),
  );
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  t.diagnostic(
    `kill -9: seed ${seed}, ${kills} kills (Node, both, the database, both …), ${ledger.acknowledged.length} reports ` +
      `acknowledged (${ledger.repeats} asked again), ${deliveries} deliveries: ${wrong.lost.length} lost, ` +
      `${wrong.doubled.length} doubled, ${watched.halves.length} half visible in ${watched.reads} reads; back after ` +
      `${seconds(backMs.at(Math.floor(backMs.length / 2)) ?? 0)} s (worst ${seconds(backMs.at(-1) ?? 0)} s), outboxes empty ` +
      `${seconds(emptyMs)} s after the last; ${seconds(performance.now() - startMs)} s`,
  );
  assert.deepEqual(wrong, { lost: [], doubled: [], partial: [], unproven: [], strays: [] });
  assert.deepEqual(watched.halves, []);
  assert.deepEqual(
    alarms.flatMap(({ items }) => items),
    [],
  );
  assert.ok(deliveries > kills);
});

/** Kills and restarts until all kills are spent and everybody is back. Returns how long each took to answer again, sorted. */
async function killing(constellation: Constellation, random: () => number): Promise<number[]> {
  const processes = new Map(nations.map((nation) => [nation, new BureauProcesses()]));
  const away = new Map<string, Promise<void>>();
  const backMs: number[] = [];
  const bringBack = async (nation: string, doomed: Doomed) => {
    if (doomed !== 'database') await sleep(random() * DOWN_MS_MORE);
    const startMs = performance.now();
    if (doomed !== 'database') await constellation.restart(nation);
    else await surely(constellation.cards.find((card) => card.nation === nation) as BureauCard, '/api/coalition');
    const child = constellation.child(nation);
    assert.ok(child && child.exitCode === null && child.signalCode === null, `${nation} ended with its database`);
    backMs.push(performance.now() - startMs);
    away.delete(nation);
  };
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(BETWEEN_MS + random() * BETWEEN_MS_MORE);
    while (away.size >= AWAY_MAX) await Promise.race(away.values());
    const alive = nations.filter((nation) => !away.has(nation));
    const victim = alive[Math.floor(random() * alive.length)] as string;
    const doomed = parts[kill % parts.length] as Doomed;
    processes.get(victim)?.kill(constellation.child(victim)?.pid as number, doomed);
    away.set(victim, bringBack(victim, doomed));
  }
  await Promise.all(away.values());
  return backMs.sort((a, b) => a - b);
}

async function temporaryPlace(): Promise<{ constellation: Constellation } & AsyncDisposable> {
  const block = await takePortBlock(FIRST_PORT);
  const dataDir = mkdtempSync(join(tmpdir(), 'tripoint-kill9-'));
  // PostgreSQL runs as an account of its own, which must be able to walk to its data.
  chmodSync(dataDir, 0o711);
  const constellation = await openConstellation({
    dataDir,
    firstPort: block.firstPort,
    processes: true,
    webRoot: null,
    nations,
    say: () => {},
  });
  return {
    constellation,
    async [Symbol.asyncDispose]() {
      await constellation.stop();
      await block.release();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
