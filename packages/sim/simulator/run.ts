/** One run, from its seed to the verdict. */
import type { Bureau, Hand } from './bureau.ts';
import { type Exercised, isRollbackSeen, judge } from './invariants.ts';
import { optionsOf, planOf, type RunOptions } from './plan.ts';
import { type Breach, rightHand, World } from './world.ts';

/** All outboxes are empty this long after healing (I10), virtual ms. */
export const HEALED_WITHIN_MS = 60_000;
/** How often it is looked whether all is done, virtual ms. */
const LOOK_MS = 200;

export interface Verdict {
  seed: number;
  options: RunOptions;
  breaches: Breach[];
  exercised: Exercised;
  /** Things that happened, and their hash: the same seed gives the same. */
  events: number;
  trace: string;
  virtualMs: number;
  /** Turns of the kernel. */
  steps: number;
}

export async function run(seed: number, given: Partial<RunOptions> = {}, hand: Hand = rightHand): Promise<Verdict> {
  const options = optionsOf(seed, given);
  const world = new World(seed, options, planOf(seed, options), hand);
  world.begin();
  const lastMs = options.faultMs + HEALED_WITHIN_MS;
  const look = () => {
    if (isDone(world) || world.kernel.nowMs >= lastMs) world.kernel.stop();
    else world.kernel.after(LOOK_MS, look);
  };
  world.kernel.after(options.faultMs + LOOK_MS, look);
  await world.kernel.run();
  const { breaches, exercised } = judge(world);
  const { trace, kernel } = world;
  for (const bureau of world.bureaus) bureau.powerCut();
  return {
    seed,
    options,
    breaches,
    exercised,
    events: trace.events,
    trace: trace.hash,
    virtualMs: kernel.nowMs,
    steps: kernel.steps,
  };
}

const isLinked = ({ bureaus }: World, a: number, b: number): boolean => {
  const [one, other] = [bureaus[a] as Bureau, bureaus[b] as Bureau];
  return one.isLinkedTo(other) && other.isLinkedTo(one);
};

/** Nothing waits between those who are on good terms. */
function isDone(world: World): boolean {
  const all = world.bureaus.map(({ db }) => db.visible);
  for (const [at, { wasBehind }] of world.ledger.restored) {
    const { db, id } = world.bureaus[at] as Bureau;
    if (wasBehind && !isRollbackSeen(db.visible, id, all)) return false;
  }
  return world.bureaus.every((bureau, at) => !world.isHonest(at) || isEmpty(world, bureau, at));
}

function isEmpty(world: World, { db }: Bureau, at: number): boolean {
  if (db.open > 0) return false;
  const indexOf = (peer: string) => world.members.findIndex(({ id }) => id === peer);
  const { outbox, openedOwed, chainOut } = db.visible;
  if (openedOwed.size > 0) return false;
  for (const { state, peer, item } of outbox.values()) {
    const isOver = state === 'verified' || state === 'opened' || state === 'refused' || state === 'recalled';
    const isGone = state === 'queued' && world.ledger.erased.has(item);
    if (!isOver && !isGone && world.isClean(at, indexOf(peer))) return false;
  }
  for (const { peer, seq, acked } of chainOut.values())
    if (seq > acked && world.isClean(at, indexOf(peer))) return false;
  // Also with one that came from a backup: it is at this contact that it is found out.
  const { suspended } = world.ledger;
  const isAway = (to: number) => to === at || !world.isHonest(to) || suspended.has(to) || suspended.has(at);
  return world.members.every((_, to) => isAway(to) || isLinked(world, at, to));
}
