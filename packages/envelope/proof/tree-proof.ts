import { sameBytes } from '../cbor/index.ts';
import { EMPTY_ROOT, nodeHash, type ReadHash } from './tree.ts';

/** Proofs of RFC 9162 §2.1.3 and §2.1.4 over the tree of RFC 6962: lists of hashes (32 bytes each), leaf side first. */
export type TreeProof = readonly Uint8Array[];

/** Largest power of two below `count` (count ≥ 2). */
function splitAt(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** Hash over the entries [from, to); complete subtrees are read, the ragged right edge is put together. */
function rangeHash(read: ReadHash, from: number, to: number): Uint8Array {
  const count = to - from;
  if (isPowerOfTwo(count) && from % count === 0) return read(Math.round(Math.log2(count)), from / count);
  const middle = from + splitAt(count);
  return nodeHash(rangeHash(read, from, middle), rangeHash(read, middle, to));
}

/** Root of the tree when it had `size` entries. */
export const rootAt = (read: ReadHash, size: number): Uint8Array =>
  size === 0 ? EMPTY_ROOT : rangeHash(read, 0, size);

/** That the entry at `index` is in the tree of `size`; throws RangeError when it cannot be. */
export function inclusionProof(read: ReadHash, index: number, size: number): Uint8Array[] {
  if (index < 0 || index >= size) throw new RangeError('no such entry');
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const middle = from + splitAt(to - from);
    return index < middle
      ? [...path(from, middle), rangeHash(read, middle, to)]
      : [...path(middle, to), rangeHash(read, from, middle)];
  };
  return path(0, size);
}

/** That the tree of `size` grew out of that of `oldSize` (≥ 1); throws RangeError when it cannot have. */
export function consistencyProof(read: ReadHash, oldSize: number, size: number): Uint8Array[] {
  if (oldSize < 1 || oldSize > size) throw new RangeError('no such earlier tree');
  const path = (from: number, to: number, isWhole: boolean): Uint8Array[] => {
    if (oldSize === to) return isWhole ? [] : [rangeHash(read, from, to)];
    const middle = from + splitAt(to - from);
    return oldSize <= middle
      ? [...path(from, middle, isWhole), rangeHash(read, middle, to)]
      : [...path(middle, to, false), rangeHash(read, from, middle)];
  };
  return path(0, size, true);
}

/** Whether `proof` shows a leaf hash at `index` under `root` of `size` entries (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: TreeProof,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const step of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(step, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      hash = nodeHash(hash, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

/**
 * Whether `proof` shows that the tree under `root` grew out of the one under `oldRoot` (RFC 9162 §2.1.4.2).
 * An `oldSize` of 0 is refused: it would prove nothing.
 */
export function verifyConsistency(
  oldSize: number,
  size: number,
  oldRoot: Uint8Array,
  root: Uint8Array,
  proof: TreeProof,
): boolean {
  if (!isCount(oldSize) || !isCount(size) || oldSize === 0 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && sameBytes(oldRoot, root);
  if (!areHashes([oldRoot, root, ...proof])) return false;
  const steps = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const first = steps.shift();
  if (first === undefined) return false;
  let [at, last] = [oldSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [older, newer] = [first, first];
  for (const step of steps) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = nodeHash(step, older);
      newer = nodeHash(step, newer);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      newer = nodeHash(newer, step);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(older, oldRoot) && sameBytes(newer, root);
}

const half = (count: number): number => Math.floor(count / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
/** Exact, unlike a logarithm alone, which rounds 2^53 − 1 up. */
const isPowerOfTwo = (count: number): boolean => 2 ** Math.round(Math.log2(count)) === count;
const areHashes = (proof: TreeProof): boolean => proof.every((hash) => hash.length === 32);
