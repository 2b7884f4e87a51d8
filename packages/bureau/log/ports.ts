import type { Tx } from '../store/index.ts';

/** Time as the integrator needs it: wall time for the record, monotonic time for its beat. `sleep` never rejects. */
export type Clock = {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** A source of random bytes, given by whoever puts the bureau together: dummies are drawn from it. */
export type Random = (sizeBytes: number) => Uint8Array;

/** A transaction of the store; the log uses only its tables. */
export type InTx = Pick<Tx, 'db'>;

/** The same, in which something is appended. */
export type AppendTx = Pick<Tx, 'tell'>;

/** Everything in `work` becomes true together, or nothing does. */
export type Transact = <R>(work: (tx: InTx & AppendTx) => Promise<R>) => Promise<R>;
