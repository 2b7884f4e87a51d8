/**
 * One transaction in memory, as PostgreSQL would run it (read committed): statements one after the other, each seeing
 * what is committed by then and what this transaction wrote; rows are locked until its end; a failed statement fails all
 * that follow, for the reason it had.
 */
import { type Database, type Holder, said } from './database.ts';
import type { Life } from './kernel.ts';
import type { Change, Rows, TableName } from './tables.ts';

export class MemoryTx implements Holder {
  readonly db: Database;
  readonly life: Life;
  waitsFor: string | null = null;
  readonly #locked = new Set<string>();
  readonly #written = new Map<TableName, Map<string, Rows[TableName] | null>>();
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;

  constructor(db: Database, life: Life) {
    this.db = db;
    this.life = life;
  }

  /** Runs a statement after those before it. */
  statement<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(() => this.#run(work));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    const { weather, chance, kernel } = this.db;
    if (weather.slowStatement > 0 && chance.often(weather.slowStatement))
      await kernel.sleep(chance.between(0, weather.slowStatementMs), this.life);
    try {
      return await work();
    } catch (reason) {
      this.#failure = reason;
      throw reason;
    }
  }

  /** When all statements have answered. Rejects when one of them failed: nothing of this transaction may stand. */
  async settled(): Promise<void> {
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async lock(key: string): Promise<void> {
    const waiting = this.db.lock(this, key);
    if (waiting) await waiting;
    this.#locked.add(key);
  }

  /** Takes the lock when nobody else has it. */
  tryLock(key: string): boolean {
    if (this.db.isLockedByOther(this, key)) return false;
    void this.db.lock(this, key);
    this.#locked.add(key);
    return true;
  }

  get<Name extends TableName>(table: Name, key: string): Rows[Name] | undefined {
    const own = this.#written.get(table)?.get(key);
    if (own === null) return undefined;
    return (own as Rows[Name] | undefined) ?? this.db.visible[table].get(key);
  }

  /** All rows of a table, those of this transaction last. */
  *all<Name extends TableName>(table: Name): Generator<Rows[Name]> {
    const own = this.#written.get(table) as Map<string, Rows[Name] | null> | undefined;
    for (const [key, row] of this.db.visible[table]) if (!own?.has(key)) yield row;
    if (own) for (const row of own.values()) if (row !== null) yield row;
  }

  put<Name extends TableName>(table: Name, key: string, row: Rows[Name]): void {
    this.#write(table, key, row);
  }

  delete(table: TableName, key: string): void {
    this.#write(table, key, null);
  }

  /** A new row under a key that must be free (23505). Another one who is about to write it is waited for. */
  async insert<Name extends TableName>(table: Name, key: string, row: Rows[Name]): Promise<void> {
    await this.lock(`${table}/${key}`);
    if (this.get(table, key) !== undefined) throw said('23505');
    this.put(table, key, row);
  }

  #write(table: TableName, key: string, row: Rows[TableName] | null): void {
    let written = this.#written.get(table);
    if (!written) {
      written = new Map();
      this.#written.set(table, written);
    }
    written.set(key, row);
  }

  changes(): Change[] {
    const changes: Change[] = [];
    for (const [table, rows] of this.#written) for (const [key, row] of rows) changes.push({ table, key, row });
    return changes;
  }

  /** Committed, rolled back, or its session is gone. */
  end(): void {
    this.db.forget(this);
    this.db.release(this, this.#locked);
    this.#locked.clear();
  }
}
