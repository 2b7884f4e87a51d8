/** How many small schedules a CPU second the simulator runs over the real exchange: 3 bureaus, 12 operations. */
import { encodeReport, parseReport } from '@tripoint/model/report';
import { Kernel } from '../simulator/kernel.ts';
import { memberOf } from '../simulator/members.ts';
import { draftFor } from '../simulator/reports.ts';
import { run, type Verdict } from '../simulator/run.ts';
import { type Bench, round } from './figures.ts';

const SMALL = { bureaus: 3, operations: 12, faultMs: 1_500, crypto: 'stub' } as const;
const WARM_UP = 300;
const SCHEDULES = 1_500;
const TURNS = 200_000;
const PARSES = 20_000;

export const simulator: Bench = {
  name: 'sim',
  async run() {
    for (let seed = 1; seed <= WARM_UP; seed += 1) await run(seed, SMALL);
    const verdicts: Verdict[] = [];
    const cpuMs = await cpuMsOf(async () => {
      for (let seed = 1; seed <= SCHEDULES; seed += 1) verdicts.push(await run(seed, SMALL));
    });
    const mean = (of: (verdict: Verdict) => number) => verdicts.reduce((sum, one) => sum + of(one), 0) / SCHEDULES;
    const floor = await floorOf(
      mean(({ steps }) => steps),
      mean(({ exercised }) => exercised.I5),
    );
    return {
      figures: {
        schedules: SCHEDULES,
        violations: verdicts.filter(({ breaches }) => breaches.length > 0).length,
        schedulesPerCpuSec: round((SCHEDULES * 1_000) / cpuMs, 0),
        cpuMsPerSchedule: round(cpuMs / SCHEDULES),
        turnsPerSchedule: round(
          mean(({ steps }) => steps),
          0,
        ),
        ratioToFloor: round(cpuMs / SCHEDULES / floor.scheduleCpuMs),
      },
      floor,
    };
  },
};

async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What a schedule cannot do without: its turns of an empty kernel, and each delivered report written once and read twice. */
async function floorOf(turns: number, deliveries: number): Promise<{ turnsPerCpuSec: number; scheduleCpuMs: number }> {
  const turnCpuMs = (await cpuMsOf(emptyTurns)) / TURNS;
  const to = [{ member: memberOf('TH', 'stub'), row: '' }];
  const { payload } = draftFor('KR', { item: '00000000-0000-4000-a000-000000000001', lane: 2, to, condition: null }, 0);
  const parsed = parseReport(payload);
  if (!parsed.ok) throw new Error('the report of a run does not parse');
  const reportCpuMs = await cpuMsOf(async () => {
    for (let at = 0; at < PARSES; at += 1) {
      parseReport(payload);
      parseReport(payload);
      encodeReport(parsed.report);
    }
  });
  const scheduleCpuMs = turns * turnCpuMs + (deliveries * reportCpuMs) / PARSES;
  return { turnsPerCpuSec: round(1_000 / turnCpuMs, 0), scheduleCpuMs: round(scheduleCpuMs, 3) };
}

function emptyTurns(): Promise<void> {
  const kernel = new Kernel();
  let left = TURNS;
  const turn = () => {
    left -= 1;
    if (left > 0) kernel.after(1, turn);
  };
  kernel.after(1, turn);
  return kernel.run();
}
