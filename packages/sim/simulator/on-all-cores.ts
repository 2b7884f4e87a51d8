/** A campaign cut into slices, one for each core. A seed's run is the same wherever it runs. */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Caught, campaign, type Figures, hunt } from './campaign.ts';
import { type InvariantName, invariantNames } from './invariants.ts';
import { mutants } from './mutants.ts';
import type { RunOptions } from './plan.ts';
import type { Verdict } from './run.ts';

interface Seeds {
  from: number;
  count: number;
}
type Work =
  | { kind: 'campaign'; seeds: Seeds; given: Partial<RunOptions> }
  | { kind: 'hunt'; seeds: Seeds; of: number[] };

/** Runs make much that lives briefly: with room for it, collecting costs half as much. MiB. */
const YOUNG_MIB = 64;
/** A worker takes so many seeds at once: a slow one keeps nobody waiting long at the end. */
const SLICE = 250;

function onWorker<T>(work: Work): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: work,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    worker.once('message', (answer: T) => resolve(answer));
    worker.once('error', reject);
  });
}

/** Each core takes the next piece of work when it is done with one. */
async function shared<Piece, T>(pieces: readonly Piece[], work: (piece: Piece) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const core = async () => {
    while (next < pieces.length) {
      const at = next;
      next += 1;
      answers[at] = await work(pieces[at] as Piece);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, core));
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
  const parts = await shared(slices, async (slice) => {
    const part = await onWorker<Figures>({ kind: 'campaign', seeds: slice, given });
    for (const verdict of part.failed) tell(verdict);
    return part;
  });
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

export async function huntOnAllCores(seeds: Seeds): Promise<Caught[]> {
  const halves = [0, 1].map((half) => mutants.map((_, at) => at).filter((at) => at % 2 === half));
  const found = await shared(halves, (of) => onWorker<Caught[]>({ kind: 'hunt', seeds, of }));
  return found.flat();
}

async function answer(work: Work): Promise<Figures | Caught[]> {
  if (work.kind === 'campaign') return campaign(work.seeds, work.given);
  const caught: Caught[] = [];
  for (const at of work.of) caught.push(await hunt(mutants[at] as (typeof mutants)[number], work.seeds));
  return caught;
}

if (!isMainThread && workerData) parentPort?.postMessage(await answer(workerData as Work));
