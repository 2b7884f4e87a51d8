/** The narcotics list from the command's first byte to its last receipt: filed at Seoul, verified at all five. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intoReports, readOfacSdn } from '@tripoint/model/interop';
import { type BureauCard, nations } from '../constellation/index.ts';
import { allSaid, from, tripoint } from '../import/command.ts';
import { dataSet } from '../import/data-sets.ts';
import { inventedList, writeList } from '../import/invented-list.ts';
import { type Coalition, card, Receipts, startCoalition } from './coalition.ts';
import { type Bench, type Figures, percentile, round } from './figures.ts';
import { cpuMsOf, cpuMsOfTree } from './machine.ts';
import { benchDir, benchPort } from './places.ts';

/** Of which three quarters stand under narcotics programmes, as many as in the real list. */
const INVENTED_ENTRIES = 2_085;
const RUNS = 5;

export const importList: Bench = {
  name: 'import',
  async run() {
    const dataDir = join(benchDir, 'import');
    const list = listIn(dataDir);
    const coalition = await startCoalition({ port: benchPort + 100, dataDir, processes: true, fresh: true });
    try {
      const runs: Once[] = [];
      // The first warms the bureaus up and is not counted.
      for (let i = 0; i <= RUNS; i += 1) runs.push(await once(coalition, list.path, i));
      const floor = parsing(list.path);
      return { figures: { list: list.name, ...figuresOf(runs.slice(1), floor.cpuMs) }, floor: floorOf(floor) };
    } finally {
      await coalition.stop();
    }
  },
};

/** The real list where it lies beside the checkout, else an invented one of its size. */
function listIn(dataDir: string): { name: string; path: string } {
  const real = dataSet('ofac-sdn');
  if (real !== null) return { name: 'ofac-sdn', path: real };
  console.error('../shared/data/ofac-sdn not present: an invented list of the same shape is measured instead');
  const path = join(dataDir, 'list');
  mkdirSync(path, { recursive: true });
  writeList(path, inventedList(INVENTED_ENTRIES));
  return { name: 'invented', path };
}

interface Once {
  reports: number;
  statements: number;
  /** From the command's start: to its end, and to the last of the five nations' receipts. */
  commandMs: number;
  wallMs: number;
  commandCpuMs: number;
  seoulCpuMs: number;
  seoulCpuMsWithDatabase: number;
}

async function once(coalition: Coalition, path: string, run: number): Promise<Once> {
  const seoul = card(coalition, 'KR');
  const receipts = new Receipts(seoul);
  await receipts.ready;
  const before = spent(seoul);
  const startMs = performance.now();
  const five = nations.filter((nation) => nation !== seoul.nation);
  // Another offence makes it another import: the same one again would file nothing.
  const again = ['--offence', `invented run ${run}`];
  const words = ['import', path, ...from(seoul, five), '--only', 'narcotics', ...allSaid, ...again, '--json'];
  const { code, stderr, figures, elapsedMs } = await tripoint(words);
  if (code !== 0 || figures === null) throw new Error(`the import ended with ${code}: ${stderr}`);
  for (const id of figures.reportIds) await receipts.all(id);
  const wallMs = performance.now() - startMs;
  const after = spent(seoul);
  receipts.stop();
  return {
    reports: figures.reports,
    statements: figures.statements,
    commandMs: elapsedMs,
    wallMs,
    commandCpuMs: after.ended - before.ended,
    seoulCpuMs: after.seoul - before.seoul,
    seoulCpuMsWithDatabase: after.seoulTree - before.seoulTree,
  };
}

/** CPU time so far; `ended` is that of our own children that have ended, of which the command is one. */
function spent(seoul: BureauCard): { ended: number; seoul: number; seoulTree: number } {
  const { user, system } = process.cpuUsage();
  return {
    ended: cpuMsOf(process.pid) - (user + system) / 1000,
    seoul: cpuMsOf(seoul.pid),
    seoulTree: cpuMsOfTree(seoul.pid),
  };
}

function figuresOf(runs: readonly Once[], floorCpuMs: number): Figures {
  const median = (of: (run: Once) => number, digits = 2) =>
    round(
      percentile(
        runs.map((run) => of(run) * 1e4),
        0.5,
      ) / 1e4,
      digits,
    );
  return {
    reports: median((run) => run.reports),
    statements: median((run) => run.statements),
    wallSec: median((run) => run.wallMs / 1000),
    commandSec: median((run) => run.commandMs / 1000),
    statementsPerSec: median((run) => (run.statements * 1000) / run.wallMs, 0),
    seoulCpuMsPerStatement: median((run) => run.seoulCpuMs / run.statements, 4),
    seoulCpuMsPerStatementWithDatabase: median((run) => run.seoulCpuMsWithDatabase / run.statements, 4),
    commandCpuMsPerStatement: median((run) => run.commandCpuMs / run.statements, 4),
    commandCpuRatioToFloor: median((run) => run.commandCpuMs / floorCpuMs),
  };
}

interface Parsing {
  statements: number;
  cpuMs: number;
  wallMs: number;
}

/** What reading the three files and cutting them into reports costs, alone and warm: the least of several runs. */
function parsing(path: string): Parsing {
  const runs = Array.from({ length: RUNS }, () => {
    const [startMs, before] = [performance.now(), process.cpuUsage()];
    const [sdn, alt, add] = ['sdn.csv', 'alt.csv', 'add.csv'].map((name) => readFileSync(join(path, name), 'utf8'));
    const read = readOfacSdn({ sdn: sdn ?? '', alt: alt ?? '', add: add ?? '' }, { only: 'narcotics' });
    const cut = read.ok ? intoReports(read.value) : read;
    if (!cut.ok) throw new Error(`the list is refused: ${cut.refusal.code}`);
    const { user, system } = process.cpuUsage(before);
    const statements = cut.value.reduce((sum, part) => sum + part.statements.length, 0);
    return { statements, cpuMs: (user + system) / 1000, wallMs: performance.now() - startMs };
  });
  return runs.reduce((least, run) => (run.cpuMs < least.cpuMs ? run : least));
}

function floorOf({ statements, cpuMs, wallMs }: Parsing): Figures {
  return {
    parsingCpuMs: round(cpuMs),
    parsingCpuMsPerStatement: round(cpuMs / statements, 4),
    parsingStatementsPerSec: Math.round((statements * 1000) / wallMs),
  };
}
