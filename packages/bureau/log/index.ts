/** Append, integrate, prove, witness. Entries are 32 opaque bytes; this room knows nothing of what they stand for. */
export type { Leaf, LeafKind } from './append.ts';
export { append as appendLeaves, LEAF_KINDS } from './append.ts';
export type { Cadence, WitnessedHead } from './beat.ts';
export { newestBeat, newestWitnessed } from './beat.ts';
export type { ElsewhereProof } from './elsewhere.ts';
export { elsewhere } from './elsewhere.ts';
export type { Log, LogOptions } from './log.ts';
export { INTEGRATION_MS, openLog } from './log.ts';
export type { Clock, InTx, Random, Transact } from './ports.ts';
export type { ConsistencyProof, Head, InclusionProof, Which } from './prove.ts';
export { proveUnder } from './prove.ts';
export type { FoundFork } from './witnessed-heads.ts';
export { keptForks } from './witnessed-heads.ts';
export type { LogAlarm, Witnessing, WitnessKeys, WitnessOptions } from './witnessing.ts';
export { openWitnessing } from './witnessing.ts';
