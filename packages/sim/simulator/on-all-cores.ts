/** A campaign cut into slices, one for each core. A seed's run is the same wherever it runs. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Caught, campaign, type Figures, hunt } from './campaign.ts';
import { type InvariantName, invariantNames } from './invariants.ts';
import { mutants } from './mutants.ts';
import type { RunOptions } from './plan.ts';
import type { Verdict } from './run.ts';

/** Tells such a worker from any other that loads this file. */
const WORKER = 'simulator';

interface Seeds {
  from: number;
  count: number;
}
type Work = { kind: 'campaign'; seeds: Seeds; given: Partial<RunOptions> } | { kind: 'hunt'; seeds: Seeds; of: number };

/** Runs make much that lives briefly: with room for it, collecting costs half as much. MiB. */
const YOUNG_MIB = 64;
/** So many seeds at once: a slow core keeps nobody waiting long at the end. */
const SLICE = 100;

/** A worker for each core takes the next piece of work when it is done with one, and keeps what it has warmed up. */
async function shared<T>(pieces: readonly Work[], took: (answer: T) => void = () => {}): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const core = async () => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: WORKER,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    const failed = once(worker, 'error').then(([reason]) => Promise.reject(reason));
    failed.catch(() => undefined);
    while (next < pieces.length) {
      const at = next;
      next += 1;
      worker.postMessage(pieces[at]);
      const [answer] = (await Promise.race([once(worker, 'message'), failed])) as [T];
      answers[at] = answer;
      took(answer);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), pieces.length) }, core));
  return answers;
}

export async function campaignOnAllCores(
  seeds: Seeds,
  given: Partial<RunOptions>,
  tell: (verdict: Verdict) => void,
): Promise<Figures> {
  const slices = Array.from({ length: Math.ceil(seeds.count / SLICE) }, (_, at) => ({
    from: seeds.from + at * SLICE,
    count: Math.min(SLICE, seeds.count - at * SLICE),
  }));
  const before = process.cpuUsage();
  const work = slices.map((slice): Work => ({ kind: 'campaign', seeds: slice, given }));
  const parts = await shared<Figures>(work, ({ failed }) => failed.forEach(tell));
  const { user, system } = process.cpuUsage(before);
  return { ...together(parts), cpuMs: (user + system) / 1_000 };
}

function together(parts: readonly Figures[]): Omit<Figures, 'cpuMs'> {
  const sum = (of: (part: Figures) => number) => parts.reduce((total, part) => total + of(part), 0);
  const exercised = Object.fromEntries(
    invariantNames.map((name) => [name, sum((part) => part.exercised[name])]),
  ) as Record<InvariantName, number>;
  return {
    schedules: sum((part) => part.schedules),
    events: sum((part) => part.events),
    violations: sum((part) => part.violations),
    exercised,
    firstFailingSeed: parts.find((part) => part.firstFailingSeed !== null)?.firstFailingSeed ?? null,
    failed: parts.flatMap(({ failed }) => failed),
  };
}

export const huntOnAllCores = (seeds: Seeds): Promise<Caught[]> =>
  shared<Caught>(mutants.map((_, of): Work => ({ kind: 'hunt', seeds, of })));

const answer = (work: Work): Promise<Figures | Caught> =>
  work.kind === 'campaign'
    ? campaign(work.seeds, work.given)
    : hunt(mutants[work.of] as (typeof mutants)[number], work.seeds);

if (!isMainThread && workerData === WORKER)
  parentPort?.on('message', (work: Work) => void answer(work).then((done) => parentPort?.postMessage(done)));
