/** The witnessed log: entries and proofs a CPU-second, and how long a court's check of one report's evidence takes. */
import { join } from 'node:path';
import {
  logTables,
  migrate,
  openLog,
  openStore,
  proveUnder,
  startServer,
  storeTables,
  systemClock,
  systemRandom,
} from '@tripoint/bureau/main';
import { benchEvidence, benchTree } from '@tripoint/envelope/bench';
import { logKeyFromSeed } from '@tripoint/envelope/suite';
import { type Bench, type Figures, round } from './figures.ts';
import { cpuMsOf, cpuMsOfTree } from './machine.ts';
import { benchDir } from './places.ts';

/** As the exchange appends under load: a transaction of this many, then a round of integration now and then. */
const BATCH = 64;
const BATCHES = 200;
const PROOFS = 1_000;

export const log: Bench = {
  name: 'log',
  async run() {
    const stored = await storedLog();
    const evidence = await benchEvidence();
    const tree = benchTree();
    const figures: Figures = {
      ...stored,
      evidenceBytes: evidence.fileBytes,
      evidenceCheckCpuMs: round(evidence.checkCpuMs),
      evidenceCheckRatioToFloor: round(evidence.checkCpuMs / evidence.signaturesCpuMs),
    };
    const floor: Figures = {
      treeLeavesPerCpuSec: tree.leavesPerCpuSec,
      treeChecksPerCpuSec: tree.checksPerCpuSec,
      evidenceSignaturesCpuMs: round(evidence.signaturesCpuMs),
    };
    return { figures, floor };
  },
};

/** This process and its database together: appending and integrating, then proving from what is stored. */
async function storedLog(): Promise<{ leavesPerCpuSec: number; proofsPerCpuSec: number }> {
  const server = await startServer({ dataDir: join(benchDir, 'log'), label: 'log', log: () => {} });
  try {
    await server.ensureDatabase('log', 'log');
    const connection = server.connection('log', 'log');
    await migrate(connection, [...storeTables(), ...logTables()]);
    const key = systemRandom(32);
    const store = await openStore({ connection, kek: key, indexKey: key, clock: systemClock, random: systemRandom });
    const nation = openLog({
      transact: store.transact,
      clock: systemClock,
      random: systemRandom,
      cadence: () => null,
      origin: 'tripoint/bench/bench',
      logKey: logKeyFromSeed(systemRandom(32)),
    });
    const spentMs = () => cpuMsOf(process.pid) + cpuMsOfTree(server.pid ?? 0);
    const entries: Uint8Array[] = [];
    const batch = () => {
      const leaves = Array.from({ length: BATCH }, () => systemRandom(32));
      entries.push(...leaves);
      return store.transact((tx) =>
        nation.appendInTx(
          tx,
          leaves.map((leaf) => ({ kind: 'env', leaf, ref: '' })),
        ),
      );
    };
    const before = spentMs();
    for (let i = 0; i < BATCHES; i += 1) {
      await batch();
      if (i % 10 === 9) await nation.integrate();
    }
    const appended = spentMs();
    const head = await store.transact((tx) => nation.head(tx));
    if (head === null) throw new Error('nothing was integrated');
    for (let i = 0; i < PROOFS; i += 1) {
      const entry = entries[(i * 7_919) % entries.length] as Uint8Array;
      const proof = await store.transact((tx) => proveUnder(tx, { entry }, head));
      if (proof === null || proof === 'pending') throw new Error('an entry was not proven');
    }
    const proven = spentMs();
    await store.close();
    return {
      leavesPerCpuSec: Math.round((BATCH * BATCHES * 1000) / (appended - before)),
      proofsPerCpuSec: Math.round((PROOFS * 1000) / (proven - appended)),
    };
  } finally {
    await server.stop();
  }
}
