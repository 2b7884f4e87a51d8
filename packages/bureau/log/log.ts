import { append, type Leaf } from './append.ts';
import { beatNumber, type Cadence, makeBeat } from './beat.ts';
import { BATCH_LEAVES_MAX, integrateBatch, type LogIdentity } from './integrate.ts';
import type { AppendTx, Clock, InTx, Random, Transact } from './ports.ts';
import {
  type ConsistencyProof,
  type Head,
  type InclusionProof,
  proveConsistency,
  proveInclusion,
  readHead,
  type Which,
} from './prove.ts';

/** One signature and one commit for all leaves of this time (wire.md §8): integration is quick, heads leave on the beat. */
export const INTEGRATION_MS = 250;
/** Without leaves of its own, a process looks less often whether another one of the bureau left some. */
const IDLE_ROUNDS = 4;
/** Leaves are told of before their transaction commits; so long after one the integrator stays wide awake. */
const AWAKE_MS = 2_000;

export type LogOptions = LogIdentity & {
  readonly transact: Transact;
  readonly clock: Clock;
  readonly random: Random;
  /** The beat of the charter in force; null while there is none: then nothing leaves and no dummy is made. */
  readonly cadence: () => Cadence | null;
  /** Told when a beat failed; the next beat tries again. */
  readonly trouble?: (reason: unknown) => void;
};

/** The nation's append-only record. Knows entries of 32 bytes, not what they stand for. */
export type Log = {
  readonly origin: string;
  /** Durable with the caller's transaction, integrated within about a beat after it. */
  readonly appendInTx: (tx: AppendTx, leaves: Leaf | readonly Leaf[]) => Promise<void>;
  /** Newest checkpoint; null before the first. */
  readonly head: (tx: InTx) => Promise<Head | null>;
  /** `pending` while durable only; null when there is no such entry. */
  readonly prove: (tx: InTx, which: Which) => Promise<InclusionProof | 'pending' | null>;
  /** From the tree of `from` entries (≥ 1) to the newest head; null when there was no such tree. */
  readonly consistency: (tx: InTx, from: number) => Promise<ConsistencyProof | null>;
  /** Integrates everything that is durable now; returns how many leaves. Several processes may call it at once. */
  readonly integrate: () => Promise<number>;
  /** Makes the beat of this moment, when no process of the bureau has made it yet. */
  readonly beat: () => Promise<void>;
  /** Integrates round by round and makes the beats until the signal aborts; then resolves. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

export function openLog(options: LogOptions): Log {
  const { transact, clock, trouble = () => {} } = options;
  let lastAppendMs = Number.NEGATIVE_INFINITY;

  const integrate = async (): Promise<number> => {
    let total = 0;
    for (;;) {
      const count = await transact((tx) => integrateBatch(tx, options, clock.nowMs()));
      total += count;
      if (count < BATCH_LEAVES_MAX) return total;
    }
  };

  let lastBeat: number | null = null;

  const beat = async (): Promise<void> => {
    const cadence = options.cadence();
    if (cadence === null || beatNumber(clock.nowMs(), cadence) === lastBeat) return;
    const nowMs = clock.nowMs();
    for (;;) {
      const outcome = await transact((tx) => makeBeat(tx, options, cadence, options.random, nowMs));
      if (outcome === 'done') lastBeat = beatNumber(nowMs, cadence);
      if (outcome !== 'more') return;
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    for (let round = 1; !signal.aborted; round += 1) {
      await clock.sleep(INTEGRATION_MS, signal);
      if (signal.aborted) return;
      await beat().catch(trouble);
      const isAwake = clock.monotonicMs() - lastAppendMs < AWAKE_MS;
      if (isAwake || round % IDLE_ROUNDS === 0) await integrate().catch(trouble);
    }
  };

  return {
    origin: options.origin,
    appendInTx: async (tx, leaves) => {
      await append(tx, Array.isArray(leaves) ? leaves : [leaves as Leaf]);
      lastAppendMs = clock.monotonicMs();
    },
    head: readHead,
    prove: proveInclusion,
    consistency: proveConsistency,
    integrate,
    beat,
    run,
  };
}
