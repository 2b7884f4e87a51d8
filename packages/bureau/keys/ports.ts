import type { Tx } from '../store/index.ts';

/** Wall time in milliseconds since 1970; the only notion of time this room has. */
export type Clock = { readonly nowMs: () => number };

/** A source of random bytes, given by whoever puts the bureau together. */
export type Random = (sizeBytes: number) => Uint8Array;

/** A transaction of the store; this room uses only its own tables. */
export type InTx = Pick<Tx, 'db' | 'tell'>;

/** Everything in `work` becomes true together, or nothing does. */
export type Transact = <R>(work: (tx: InTx) => Promise<R>) => Promise<R>;

/** An entry for the nation's log, appended in the transaction that makes it true. `log.appendInTx` fits. */
export type KeyLeaf = { readonly kind: 'charter' | 'key'; readonly leaf: Uint8Array; readonly ref: string };
export type AppendLeaves = (tx: InTx, leaves: readonly KeyLeaf[]) => Promise<void>;
