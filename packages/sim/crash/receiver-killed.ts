/**
 * Whole or not there: the receiver dies while it stores a report of a thousand statements. Where it dies is no chance: a
 * lock on a table in its database stops the taking transaction at that table, and only then the blow falls.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOf } from '../constellation/data-folder.ts';
import { type Database, openDatabase } from '../scenarios/fixtures/database.ts';
import { fileOne, type Ledger, randomFrom } from './ledger.ts';
import { type Figures, type Outcome, seconds } from './outcome.ts';
import { allLines, surely, type Whole } from './outside.ts';
import { type CrashPlace, openPlace } from './place.ts';
import { BureauProcesses, type Doomed } from './process-tree.ts';
import { outboxesEmpty, reckon } from './reckoning.ts';
import { partOf } from './watchers.ts';

const STATEMENTS = 1_000;
/** In the order the taking transaction writes them: nothing written yet, the item, its statements, all but the end. */
const tables = ['item', 'statement', 'receipt_out', 'log_pending'];
const parts: readonly Doomed[] = ['node', 'both'];
const STUCK_WITHIN_MS = 30_000;
const EMPTY_WITHIN_MS = 90_000;
const LOOK_MS = 10;

export async function receiverKilled({ rounds, seed }: { rounds: number; seed: number }): Promise<Outcome> {
  await using place = await openPlace(['KR', 'PH']);
  const random = randomFrom(seed);
  const ledger: Ledger = { acknowledged: [], repeats: 0 };
  const wrong: string[] = [];
  const processes = new BureauProcesses();
  let backMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const table = tables[round % tables.length] as string;
    const doomed = parts[Math.floor(round / tables.length) % parts.length] as Doomed;
    backMs = Math.max(backMs, await one(place, processes, { table, doomed }, random, ledger, wrong));
  }
  const { deliveries, ...faults } = await reckon(place.constellation.cards, ledger.acknowledged);
  wrong.push(...Object.entries(faults).flatMap(([fault, those]) => those.map((at) => `${fault}: ${at}`)));
  const figures: Figures = {
    rounds,
    statements: STATEMENTS,
    tables: tables.join(' '),
    deliveries,
    lost: faults.lost.length,
    doubled: faults.doubled.length,
    partial: faults.partial.length,
    deliveredAfterReturnMaxSec: seconds(backMs),
  };
  return { figures, wrong };
}

/** Milliseconds from the start of the return to the sender's last verified receipt. */
async function one(
  { constellation, card, dataDir }: CrashPlace,
  processes: BureauProcesses,
  { table, doomed }: { table: string; doomed: Doomed },
  random: () => number,
  ledger: Ledger,
  wrong: string[],
): Promise<number> {
  const [sender, receiver] = [card('KR'), card('PH')];
  const before = (await allLines(receiver, 'received')).length;
  {
    await using database = await openDatabase(ownerOf(dataDir, receiver.nation));
    await database.rows('BEGIN');
    await database.rows(`LOCK TABLE ${table} IN SHARE MODE`);
    await fileOne(sender, [receiver.nation], STATEMENTS, random, ledger);
    await waitsFor(database, table);
    // Readers are not held up by this lock, so they are asked in the very middle as well.
    const seen = (await allLines(receiver, 'received')).length;
    if (seen !== before) wrong.push(`${seen - before} reports are listed before they were stored (${table})`);
    processes.kill(constellation.child(receiver.nation)?.pid as number, doomed);
  }
  const startMs = performance.now();
  await constellation.restart(receiver.nation);
  const id = ledger.acknowledged.at(-1)?.id;
  const whole = (await allLines(receiver, 'received')).some((line) => line.id === id)
    ? await surely<Whole>(receiver, `/api/reports/${id}`)
    : null;
  const fault = whole ? partOf(whole) : null;
  if (fault) wrong.push(`after the return (${table}, ${doomed}): ${fault}`);
  await outboxesEmpty([sender], EMPTY_WITHIN_MS);
  return performance.now() - startMs;
}

/** The taking transaction stands before this table. */
async function waitsFor(database: Database, table: string): Promise<void> {
  const untilMs = performance.now() + STUCK_WITHIN_MS;
  for (;;) {
    const waiting = await database.rows(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass LIMIT 1`,
    );
    if (waiting.length > 0) return;
    if (performance.now() > untilMs) throw new Error(`nobody came to ${table} within ${STUCK_WITHIN_MS} ms`);
    await sleep(LOOK_MS);
  }
}

/** A running server writes where its socket lies into its own data (postmaster.pid, lines 4 and 5). */
export function ownerOf(dataDir: string, nation: string) {
  const file = join(dataDir, clusterOf(nation), 'postmaster.pid');
  const [, , , port, host] = readFileSync(file, 'utf8').split('\n');
  const database = `tripoint_${nation.toLowerCase()}`;
  return { host: host as string, port: Number(port), user: 'tripoint_owner', database, ssl: false };
}
