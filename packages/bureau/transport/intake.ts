import type { ItemAck, Lane, OutCopy } from './door.ts';
import { createLaneTurns } from './lane-turns.ts';
import type { Limits } from './limits.ts';
import type { Turnstile } from './turnstile.ts';

export interface Batch {
  lane: Lane;
  number: number;
  copies: OutCopy[];
  sizeBytes: number;
  from: BatchSource;
}

/** The link a batch came by. */
export interface BatchSource {
  committed(answers: { batch: Batch; acks: ItemAck[] }[]): void;
  /** The door could not take them; nothing was acknowledged. */
  failed(error: unknown): void;
}

/**
 * One peer's way into the bureau: one commit at a time, whatever the number of links. While a commit runs, what arrives
 * gathers for the next; nothing ever waits for company. Bounded by the credit the link has given.
 */
export interface Intake {
  offer(batch: Batch): void;
  /** Forget what came by this link and has not begun to commit. */
  forget(source: BatchSource): void;
  /** Resolves when no commit runs. */
  idle(): Promise<void>;
}

export function createIntake(options: {
  limits: Pick<Limits, 'groupCopies' | 'groupBytes'>;
  receive: (copies: OutCopy[]) => Promise<ItemAck[]>;
  turnstile: Turnstile;
}): Intake {
  const queues: [Batch[], Batch[], Batch[], Batch[]] = [[], [], [], []];
  const turns = createLaneTurns();
  let draining: Promise<void> | null = null;

  async function drain(): Promise<void> {
    // Frames that came in one read of the socket join the same commit.
    await Promise.resolve();
    while (queues.some((queue) => queue.length > 0)) await options.turnstile(commitGroup);
    draining = null;
  }

  async function commitGroup(): Promise<void> {
    const group = takeGroup();
    if (group.length === 0) return;
    try {
      const copies = group.flatMap((batch) => batch.copies);
      share(group, inOrder(copies, await options.receive(copies)));
    } catch (error) {
      for (const source of new Set(group.map((batch) => batch.from))) source.failed(error);
    }
  }

  function takeGroup(): Batch[] {
    const group: Batch[] = [];
    let copies = 0;
    let sizeBytes = 0;
    for (;;) {
      const lane = turns.next((candidate) => queues[candidate].length > 0);
      const batch = lane === null ? undefined : queues[lane][0];
      if (lane === null || batch === undefined) return group;
      copies += batch.copies.length;
      sizeBytes += batch.sizeBytes;
      if (group.length > 0 && (copies > options.limits.groupCopies || sizeBytes > options.limits.groupBytes))
        return group;
      turns.served(lane, batch.sizeBytes);
      queues[lane].shift();
      group.push(batch);
    }
  }

  return {
    offer(batch) {
      queues[batch.lane].push(batch);
      draining ??= drain();
    },
    forget(source) {
      for (const lane of [0, 1, 2, 3] as const) queues[lane] = queues[lane].filter((batch) => batch.from !== source);
    },
    idle: () => draining ?? Promise.resolve(),
  };
}

/** The door's answers, one a copy in the copies' order; anything else is the bureau's mistake. */
function inOrder(copies: OutCopy[], acks: ItemAck[]): ItemAck[] {
  const fits =
    copies.length === acks.length &&
    copies.every((copy, at) => copy.lane === acks[at]?.lane && copy.seq === acks[at]?.seq);
  if (!fits) throw new Error('the door answered other copies than it was given');
  return acks;
}

function share(group: Batch[], acks: ItemAck[]): void {
  let at = 0;
  const answers = group.map((batch) => {
    const from = at;
    at += batch.copies.length;
    return { batch, acks: acks.slice(from, at) };
  });
  for (const source of new Set(group.map((batch) => batch.from))) {
    source.committed(answers.filter((answer) => answer.batch.from === source));
  }
}
