/**
 * The eyes of the others on each bureau's log: what stood in it when something left the bureau must stand in it after any
 * restart (I8). Everything below a witnessed head, no matter what came above it.
 */
import type { Bureau } from './bureau.ts';
import type { Hex, LogRow } from './tables.ts';
import type { Breach } from './world.ts';

interface Seen {
  /** Leaves in the order in which they became visible. */
  leaves: Hex[];
  /** How many of them stood there when something left. */
  upTo: number;
}

export class Witness {
  readonly #seen = new Map<Bureau, Seen>();
  /** Heads compared after a restart or at the end. */
  compared = 0;

  follow(bureau: Bureau, noted: (changes: number) => void): void {
    const seen: Seen = { leaves: [], upTo: 0 };
    this.#seen.set(bureau, seen);
    const onCommit = bureau.db.onCommit;
    bureau.db.onCommit = (changes) => {
      onCommit(changes);
      for (const { table, row } of changes) if (table === 'log' && row) seen.leaves.push((row as LogRow).leaf);
      noted(changes.length);
    };
  }

  see(bureau: Bureau): void {
    const seen = this.#seen.get(bureau);
    if (seen) seen.upTo = seen.leaves.length;
  }

  /** After a restart; one from an old backup is known to lie behind and is looked for elsewhere. */
  check(bureau: Bureau, isRestored: boolean): Breach[] {
    const seen = this.#seen.get(bureau);
    if (!seen) return [];
    const now = [...bureau.db.disk.tables().log.values()].map(({ leaf }) => leaf);
    const kept = new Set(now);
    const lost = isRestored ? [] : seen.leaves.slice(0, seen.upTo).filter((leaf) => !kept.has(leaf));
    if (seen.upTo > 0 && !isRestored) this.compared += 1;
    this.#seen.set(bureau, seen);
    seen.leaves = now;
    seen.upTo = Math.min(seen.upTo, now.length);
    return lost.length === 0
      ? []
      : [{ invariant: 'I8', says: `${bureau.nation} lost ${lost.length} entries of its log below a witnessed head` }];
  }
}
