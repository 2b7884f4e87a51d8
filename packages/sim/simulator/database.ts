/**
 * The simulated database of one bureau: what is committed and visible, the row locks, and the way of a COMMIT over the
 * write-ahead list. Several processes may share it; it goes only with the power.
 */
import type { Chance } from './chance.ts';
import { type Kernel, Life } from './kernel.ts';
import { apply, type Change, Disk, type TableName, type Tables } from './tables.ts';

/** How slow and how moody the database is. Times are virtual milliseconds, at most. */
export interface Weather {
  beforeCommitMs: number;
  syncMs: number;
  afterCommitMs: number;
  /** A statement that takes its time, and how much. */
  slowStatement: number;
  slowStatementMs: number;
  /** The connection breaks: before the COMMIT, or behind it, when nobody knows any more whether it was done. */
  lostBefore: number;
  lostBehind: number;
}

export const calm: Weather = {
  beforeCommitMs: 2,
  syncMs: 2,
  afterCommitMs: 2,
  slowStatement: 0,
  slowStatementMs: 0,
  lostBefore: 0,
  lostBehind: 0,
};

/** What PostgreSQL says, as the driver hands it on. */
export function said(code: string): Error {
  return Object.assign(new Error(`the database said ${code}`), { code, severity: 'ERROR' });
}

/** Whoever holds locks: one transaction. */
export interface Holder {
  waitsFor: string | null;
}

export class Database {
  readonly kernel: Kernel;
  readonly disk: Disk;
  readonly chance: Chance;
  weather: Weather;
  life = new Life();
  visible: Tables;
  /** Transactions that have begun and not ended. */
  open = 0;
  #holders = new Map<string, Holder>();
  #queues = new Map<string, { holder: Holder; enter: () => void }[]>();
  #serials = new Map<string, number>();
  /** Told of each commit in the moment in which it becomes visible. */
  onCommit: (changes: readonly Change[]) => void = () => {};

  constructor(kernel: Kernel, chance: Chance, weather: Weather = calm, disk = new Disk()) {
    this.kernel = kernel;
    this.chance = chance;
    this.weather = weather;
    this.disk = disk;
    this.visible = disk.tables();
  }

  /** Everything not on disk is gone, and whoever waited waits for ever. */
  powerCut(): void {
    const unsynced = this.disk.entries.length - this.disk.synced;
    this.disk.cut(this.chance.below(unsynced + 1));
    this.#begin();
  }

  restore(upTo: number): void {
    this.disk.restore(upTo);
    this.#begin();
  }

  #begin(): void {
    this.life.isOver = true;
    this.life = new Life();
    this.visible = this.disk.tables();
    this.open = 0;
    this.#holders = new Map();
    this.#queues = new Map();
    this.#serials = new Map();
  }

  /** The next number of a table; a rolled back one is lost. */
  serial(table: TableName): number {
    const known = this.#serials.get(table) ?? largestSerial(this.visible, table);
    this.#serials.set(table, known + 1);
    return known + 1;
  }

  pause(mostMs: number): Promise<void> {
    return this.kernel.sleep(this.chance.between(0, mostMs), this.life);
  }

  isLockedByOther(holder: Holder, key: string): boolean {
    const held = this.#holders.get(key);
    return held !== undefined && held !== holder;
  }

  /** null: it is ours at once. Rejects when waiting would never end (40P01). */
  lock(holder: Holder, key: string): Promise<void> | null {
    const held = this.#holders.get(key);
    if (held === undefined || held === holder) {
      this.#holders.set(key, holder);
      return null;
    }
    for (let next: Holder | undefined = held; next; next = this.#holders.get(next.waitsFor ?? ''))
      if (next === holder) return Promise.reject(said('40P01'));
    holder.waitsFor = key;
    return new Promise((resolve) => {
      const enter = () => {
        holder.waitsFor = null;
        resolve();
      };
      const queue = this.#queues.get(key);
      if (queue) queue.push({ holder, enter });
      else this.#queues.set(key, [{ holder, enter }]);
    });
  }

  release(holder: Holder, keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#holders.get(key) !== holder) continue;
      const next = this.#queues.get(key)?.shift();
      if (next) this.#holders.set(key, next.holder);
      else this.#holders.delete(key);
      next?.enter();
    }
  }

  /** A session went away while it stood in a queue. */
  forget(holder: Holder): void {
    for (const [key, queue] of this.#queues)
      this.#queues.set(
        key,
        queue.filter((one) => one.holder !== holder),
      );
  }

  /** Resolves when the commit is on disk and visible. */
  async commit(changes: readonly Change[], askedUnder: number): Promise<void> {
    const number = this.disk.append({ changes, askedUnder });
    await this.pause(this.weather.syncMs);
    this.disk.sync(number);
    this.show(changes);
  }

  show(changes: readonly Change[]): void {
    apply(this.visible, changes);
    this.onCommit(changes);
  }
}

function largestSerial(tables: Tables, table: TableName): number {
  let largest = 0;
  for (const row of tables[table].values()) {
    const { serial, id, index } = row as { serial?: number; id?: number; index?: number };
    largest = Math.max(largest, serial ?? (typeof id === 'number' ? id : (index ?? 0)));
  }
  return largest;
}
