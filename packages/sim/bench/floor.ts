/** What cannot be avoided: one seal, five opens and six commits of a ten-statement report, alone, in CPU time. */

import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  itemOfReport,
  migrate,
  openStore,
  startServer,
  storeTables,
  systemClock,
  systemRandom,
} from '@tripoint/bureau/main';
import { benchOpen, benchSeal } from '@tripoint/envelope/bench';
import { composeReport, encodeReport } from '@tripoint/model/report';
import { invented } from './coalition.ts';
import { round } from './figures.ts';
import { cpuMsOf, cpuMsOfTree } from './machine.ts';

export interface Floor {
  sealsPerCpuSec: number;
  opensPerCpuSec: number;
  /** One transaction that stores the report, its statements and nothing else: this process and its database. */
  commitCpuMs: number;
  /** One seal, five opens, six commits. */
  reportCpuMs: number;
}

const COMMITS = 200;

export async function measureFloor(dataDir: string): Promise<Floor> {
  const seal = benchSeal();
  const open = benchOpen();
  const commitCpuMs = await commitCost(dataDir);
  const reportCpuMs = 1000 / seal.perCpuSec + (5 * 1000) / open.perCpuSec + 6 * commitCpuMs;
  return {
    sealsPerCpuSec: seal.perCpuSec,
    opensPerCpuSec: open.perCpuSec,
    commitCpuMs: round(commitCpuMs),
    reportCpuMs: round(reportCpuMs),
  };
}

async function commitCost(dataDir: string): Promise<number> {
  const server = await startServer({ dataDir: join(dataDir, 'floor'), label: 'floor', log: () => {} });
  try {
    await server.ensureDatabase('floor', 'floor');
    const connection = server.connection('floor', 'floor');
    await migrate(connection, storeTables());
    const store = await openStore({
      connection,
      kek: systemRandom(32),
      indexKey: systemRandom(32),
      clock: systemClock,
      random: systemRandom,
    });
    const commit = () => store.transact((tx) => put(tx));
    for (let i = 0; i < 30; i += 1) await commit();
    const beforeMs = cpuMsOf(process.pid) + cpuMsOfTree(server.pid ?? 0);
    for (let i = 0; i < COMMITS; i += 1) await commit();
    const afterMs = cpuMsOf(process.pid) + cpuMsOfTree(server.pid ?? 0);
    await store.close();
    return (afterMs - beforeMs) / COMMITS;
  } finally {
    await server.stop();
  }
}

type Tx = Parameters<Parameters<Awaited<ReturnType<typeof openStore>>['transact']>[0]>[0];

async function put(tx: Tx): Promise<void> {
  const composed = composeReport(invented('KR', 10, 'floor'), {
    id: randomUUID(),
    salt: systemRandom(16),
    says: 'KR',
    at: new Date(systemClock.nowMs()).toISOString(),
    hash: (bytes) => createHash('sha256').update(bytes).digest(),
  });
  if (!composed.ok) throw new Error('the floor report is refused');
  const item = itemOfReport(composed.report, { own: true, agency: null, payload: encodeReport(composed.report) });
  await tx.putItem(item.record, item.statements, item.contents);
}
