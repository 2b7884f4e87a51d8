/** From the keyboard's POST to all five signed receipts verified at the sender. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BureauCard, nations } from '../constellation/index.ts';
import { type Coalition, call, card, file, invented, Receipts, startCoalition } from './coalition.ts';
import { type Bench, type Figures, percentile, round } from './figures.ts';
import { measureFloor } from './floor.ts';
import { cpuMsOf, cpuMsOfTree, memoryMib } from './machine.ts';
import { benchDir, benchPort } from './places.ts';

async function delivered(sender: BureauCard, receipts: Receipts, statements: number, runs: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const report = invented(sender.nation, statements, `${statements}-${i}`);
    const startMs = performance.now();
    await receipts.all(await file(sender, report));
    took.push(performance.now() - startMs);
  }
  return took;
}

async function latencies(coalition: Coalition): Promise<Figures> {
  const sender = card(coalition, 'KR');
  const receipts = new Receipts(sender);
  await receipts.ready;
  await delivered(sender, receipts, 10, 20);
  const ten = await delivered(sender, receipts, 10, 150);
  const thousand = await delivered(sender, receipts, 1_000, 12);
  receipts.stop();
  return {
    report10P50Ms: percentile(ten, 0.5),
    report10P95Ms: percentile(ten, 0.95),
    report1000P50Ms: percentile(thousand, 0.5),
    report1000P95Ms: percentile(thousand, 0.95),
  };
}

/** A recipient that looks a thousand times while large reports arrive: whole or not there. */
async function partialViews(coalition: Coalition): Promise<Figures> {
  const [sender, recipient] = [card(coalition, 'KR'), card(coalition, 'PH')];
  const receipts = new Receipts(sender);
  await receipts.ready;
  let [polls, partial, seen] = [0, 0, 0];
  while (polls < 1_000) {
    const filed = file(sender, invented('KR', 1_000, `whole-${polls}`));
    let id: string | null = null;
    void filed.then((filedId) => {
      id = filedId;
    });
    for (let i = 0; i < 100 && polls < 1_000; i += 1) {
      polls += 1;
      const list = (await (await call(recipient, '/api/reports?limit=1&box=received')).json()) as {
        items: { id: string; statementCount: number }[];
      };
      const at = id ?? list.items[0]?.id;
      if (!at) continue;
      const response = await call(recipient, `/api/reports/${at}`);
      if (response.status === 404) continue;
      seen += 1;
      const view = (await response.json()) as { title: string; statements: unknown[] };
      if (view.title.startsWith('Bench whole') && view.statements.length !== 1_000) partial += 1;
    }
    await receipts.all(await filed);
  }
  receipts.stop();
  return { polls, pollsThatSawIt: seen, partialViews: partial };
}

export const deliveryTogether: Bench = {
  name: 'delivery',
  async run() {
    const floor = await measureFloor(benchDir);
    const coalition = await startCoalition({
      port: benchPort,
      dataDir: join(benchDir, 'together'),
      processes: false,
      fresh: true,
    });
    try {
      const figures = await latencies(coalition);
      return {
        figures: { ...figures, ...(await partialViews(coalition)), memoryMib: memoryMib(coalition.pid) },
        floor: { ...floor },
      };
    } finally {
      await coalition.stop();
    }
  },
};

export const deliveryApart: Bench = {
  name: 'delivery-processes',
  async run() {
    const coalition = await startCoalition({
      port: benchPort + 40,
      dataDir: join(benchDir, 'apart'),
      processes: true,
      fresh: true,
    });
    try {
      const figures = await latencies(coalition);
      return {
        figures: { ...figures, ...(await senderCost(coalition)), memoryMib: memoryMib(coalition.pid) },
        floor: {},
      };
    } finally {
      await coalition.stop();
    }
  },
};

/** CPU time of the sender's own process, everything in: HTTP, policy, composing, sealing, links, receipts. */
async function senderCost(coalition: Coalition): Promise<Figures> {
  const sender = card(coalition, 'KR');
  const receipts = new Receipts(sender);
  await receipts.ready;
  const cost = async (statements: number, runs: number) => {
    const before = [cpuMsOf(sender.pid), cpuMsOfTree(sender.pid)] as const;
    await delivered(sender, receipts, statements, runs);
    return { process: (cpuMsOf(sender.pid) - before[0]) / runs, all: (cpuMsOfTree(sender.pid) - before[1]) / runs };
  };
  const ten = await cost(10, 100);
  const bulk = await cost(2_000, 6);
  receipts.stop();
  return {
    senderCpuMsPerReport10: round(ten.process),
    senderCpuMsPerReport10WithDatabase: round(ten.all),
    senderCpuMsPerStatementBulk2000: round(bulk.process / 2_000, 4),
    senderCpuMsPerStatementBulk2000WithDatabase: round(bulk.all / 2_000, 4),
  };
}

const SUSTAINED_MS = 12_000;
/** Reports of one bureau that wait for a receipt at a time: enough for group commits, far from a backlog. */
const WAITING_MAX = 150;
const WRITERS_EACH = 3;

export const sustained: Bench = {
  name: 'sustained',
  async run() {
    const floor = await measureFloor(benchDir);
    const coalition = await startCoalition({
      port: benchPort + 20,
      dataDir: join(benchDir, 'sustained'),
      processes: false,
      fresh: true,
    });
    try {
      return { figures: await load(coalition, floor.reportCpuMs), floor: { ...floor } };
    } finally {
      await coalition.stop();
    }
  },
};

/** All six file as fast as their five recipients receipt; the clock stops when the last receipt is verified. */
async function load(coalition: Coalition, floorCpuMs: number): Promise<Figures> {
  const waiting = new Map<string, number>();
  const [startMs, beforeMs] = [performance.now(), cpuMsOfTree(coalition.pid)];
  const untilMs = startMs + SUSTAINED_MS;
  let reports = 0;
  const writer = async (nation: string, number: number) => {
    for (let i = 0; performance.now() < untilMs; i += 1) {
      while ((waiting.get(nation) ?? 0) > WAITING_MAX) await sleep(20);
      await file(card(coalition, nation), invented(nation, 10, `${number}-${i}`));
      reports += 1;
    }
  };
  const watcher = async (nation: string) => {
    do {
      waiting.set(nation, await queued(card(coalition, nation)));
      await sleep(100);
    } while (performance.now() < untilMs || (waiting.get(nation) ?? 0) > 0);
  };
  await Promise.all(
    nations.flatMap((nation) => [
      watcher(nation),
      ...Array.from({ length: WRITERS_EACH }, (_, n) => writer(nation, n)),
    ]),
  );
  const [tookMs, cpuMs] = [performance.now() - startMs, cpuMsOfTree(coalition.pid) - beforeMs];
  const cpuMsPerReport = cpuMs / reports;
  return {
    reportsPerSec: round((reports * 1000) / tookMs),
    reports,
    cpuMsPerReport: round(cpuMsPerReport),
    ratioToFloor: round(cpuMsPerReport / floorCpuMs),
  };
}

async function queued(of: BureauCard): Promise<number> {
  const view = (await (await call(of, '/api/coalition', { role: 'administrator' })).json()) as {
    members: { queued: number }[];
  };
  return view.members.reduce((sum, member) => sum + member.queued, 0);
}

export const coldStart: Bench = {
  name: 'cold-start',
  async run() {
    const options = { port: benchPort + 60, dataDir: join(benchDir, 'cold'), processes: false };
    const first = await startCoalition({ ...options, fresh: true });
    const memory = memoryMib(first.pid);
    await first.stop();
    const second = await startCoalition({ ...options, fresh: false });
    await second.stop();
    const apart = await startCoalition({
      ...options,
      port: benchPort + 80,
      dataDir: join(benchDir, 'cold-apart'),
      processes: true,
      fresh: true,
    });
    const memoryApart = memoryMib(apart.pid);
    await apart.stop();
    return {
      figures: {
        readyFirstMs: first.readyMs,
        readyAgainMs: second.readyMs,
        readyProcessesFirstMs: apart.readyMs,
        memoryIdleMib: memory,
        memoryIdleProcessesMib: memoryApart,
      },
      floor: { goalReadyMs: 10_000 },
    };
  },
};
