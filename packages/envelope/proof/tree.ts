import { sha256 } from '../suite/index.ts';

/**
 * The append-only tree of RFC 6962: leaves are H(0x00 ‖ entry), inner hashes H(0x01 ‖ left ‖ right), the left
 * subtree is the largest power of two. Sizes and indexes are whole numbers up to 2^53 − 1.
 */
const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** Hash of an entry; our entries are 32 opaque bytes, the tree does not care. */
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(LEAF, entry);

export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(INNER, left, right);

/** Root of a tree without entries. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** A hash inside the tree: level 0 holds leaf hashes, index counts from the left. */
export type TreeHash = { readonly level: number; readonly index: number; readonly hash: Uint8Array };

/** All that appending needs: the size and the roots of its perfect subtrees, largest first. */
export type Frontier = { readonly size: number; readonly roots: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] };

/** Appends one entry. `finished` are the hashes that never change again, to be stored for proofs: leaf first. */
export function appendEntry(
  frontier: Frontier,
  entry: Uint8Array,
): { readonly frontier: Frontier; readonly finished: readonly TreeHash[] } {
  const roots = [...frontier.roots];
  let [level, index, hash] = [0, frontier.size, leafHash(entry)];
  const finished: TreeHash[] = [{ level, index, hash }];
  while (index % 2 === 1) {
    hash = nodeHash(roots.pop() as Uint8Array, hash);
    level += 1;
    index = (index - 1) / 2;
    finished.push({ level, index, hash });
  }
  return { frontier: { size: frontier.size + 1, roots: [...roots, hash] }, finished };
}

/** Root hash (32 bytes) of everything appended so far. */
export const frontierRoot = ({ roots }: Frontier): Uint8Array =>
  roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right));

/** Reads one finished hash; asked only for subtrees that are complete. */
export type ReadHash = (level: number, index: number) => Uint8Array;

/** A whole tree in memory, for small logs and tests; a bureau keeps the frontier and reads hashes from its store. */
export class MemoryTree {
  #frontier = EMPTY_FRONTIER;
  readonly #levels: Uint8Array[][] = [];

  get size(): number {
    return this.#frontier.size;
  }

  append(entry: Uint8Array): void {
    const { frontier, finished } = appendEntry(this.#frontier, entry);
    this.#frontier = frontier;
    for (const { level, hash } of finished) {
      const hashes = this.#levels[level];
      if (hashes === undefined) this.#levels[level] = [hash];
      else hashes.push(hash);
    }
  }

  root(): Uint8Array {
    return frontierRoot(this.#frontier);
  }

  readonly read: ReadHash = (level, index) => {
    const hash = this.#levels[level]?.[index];
    if (hash === undefined) throw new RangeError('no such hash in the tree');
    return hash;
  };
}
