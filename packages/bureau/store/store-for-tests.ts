/** A store on real PostgreSQL for one test file: a clone of a migrated template, the machine's clock and randomness. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '../postgres/index.ts';
import { type Clock, migrate, openStore, type RoomTables, type Store, type StoreOptions } from './index.ts';

export const storeTables: RoomTables = {
  room: 'store',
  sql: readFileSync(new URL('tables.sql', import.meta.url), 'utf8'),
};

export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

export type TestStore = AsyncDisposable & {
  readonly store: Store;
  readonly options: StoreOptions;
  /** Reported by the feed and the connections; a test that breaks them on purpose looks here. */
  readonly troubles: unknown[];
};

/** `rooms` are the desks' own tables, after the store's. */
export async function testStore(
  rooms: readonly RoomTables[] = [],
  more: Partial<StoreOptions> = {},
): Promise<TestStore> {
  const all = [storeTables, ...rooms];
  const database = await testDatabase('store', (connection) => migrate(connection, all), JSON.stringify(all));
  const troubles: unknown[] = [];
  const options: StoreOptions = {
    connection: database.connection,
    kek: randomBytes(32),
    indexKey: randomBytes(32),
    clock: machineClock,
    random: randomBytes,
    trouble: (reason) => troubles.push(reason),
    ...more,
  };
  const store = await openStore(options);
  return {
    store,
    options,
    troubles,
    async [Symbol.asyncDispose]() {
      await store.close();
      await database.drop();
    },
  };
}
