/** What can be proven later: signed receipts, the append-only log's arithmetic, signed checkpoints. Stores nothing. */
export type { Checkpoint, CheckpointRefusal, NoteSignature, SignedNote } from './checkpoint.ts';
export {
  bareNote,
  formatCheckpoint,
  logOrigin,
  NOTE_BYTES_MAX,
  parseCheckpoint,
  parseNote,
  signCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export { cosignCheckpoint, verifyCosignature, witnessName } from './cosignature.ts';
export type { Fork, ForkKind, ForkVerdict } from './fork.ts';
export { decodeFork, encodeFork, FORK_KINDS, forkLeaf, verifyFork } from './fork.ts';
export type { Receipt, ReceiptException, ReceiptRefusal, ReceiptState, SignedReceipt } from './receipt.ts';
export {
  decodeReceipt,
  encodeReceipt,
  RECEIPT_CONTEXT,
  RECEIPT_STATES,
  receiptLeaf,
  signReceipt,
  signReceiptLater,
  verifyReceipt,
  verifyReceiptLater,
} from './receipt.ts';
export type { Frontier, ReadHash, TreeHash } from './tree.ts';
export { appendEntry, EMPTY_FRONTIER, EMPTY_ROOT, frontierRoot, leafHash, MemoryTree, nodeHash } from './tree.ts';
export type { TreeProof } from './tree-proof.ts';
export { consistencyProof, inclusionProof, rootAt, verifyConsistency, verifyInclusion } from './tree-proof.ts';
