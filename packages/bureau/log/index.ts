/** Append, integrate, prove. Entries are 32 opaque bytes; this room knows nothing of what they stand for. */
export type { Leaf, LeafKind } from './append.ts';
export { append as appendLeaves, LEAF_KINDS } from './append.ts';
export type { Log, LogOptions } from './log.ts';
export { BEAT_MS, openLog } from './log.ts';
export type { Clock, InTx, Transact } from './ports.ts';
export type { ConsistencyProof, Head, InclusionProof, Which } from './prove.ts';
