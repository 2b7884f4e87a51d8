import type { Tx } from '../store/index.ts';

/** Time as the integrator needs it: wall time for the record, monotonic time for its beat. `sleep` never rejects. */
export type Clock = {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** A transaction of the store; the log uses only its tables. */
export type InTx = Pick<Tx, 'db'>;

/** Everything in `work` becomes true together, or nothing does. */
export type Transact = <R>(work: (tx: InTx) => Promise<R>) => Promise<R>;
