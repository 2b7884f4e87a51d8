/** The exchange's store on a fresh PostgreSQL database, with what desks do beside it, for the suite that holds both adapters. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Report } from '@tripoint/model/report';
import { sql } from 'kysely';
import { appendLeaves, type Leaf, type Log } from '../log/index.ts';
import { testDatabase } from '../postgres/index.ts';
import { migrate, openStore } from '../store/index.ts';
import { systemClock } from '../system-ports.ts';
import { type ExchangeStore, handOver, itemOfReport, oweOpened, postgresExchangeStore } from './index.ts';

const rooms = ['store', 'log', 'exchange'].map((room) => ({
  room,
  sql: readFileSync(new URL(`../${room}/tables.sql`, import.meta.url), 'utf8'),
}));
const appendInTx: Log['appendInTx'] = (tx, leaves) => appendLeaves(tx, [leaves].flat() as Leaf[]);

export interface Subject {
  store: ExchangeStore;
  /** Files an own report for these members, as the desk does. */
  file(report: Report, payload: Uint8Array, lane: 0 | 1 | 2 | 3, to: readonly Addressee[]): Promise<void>;
  erase(item: string): Promise<void>;
  /** An officer saw a received item that asks for it. */
  owe(item: string, atMs: number): Promise<void>;
  /** How much is kept. */
  counts(): Promise<{
    copies: number;
    envelopes: number;
    rawSetAside: number;
    evidence: number;
    log: number;
    events: number;
    alarms: number;
  }>;
  close(): Promise<void>;
}

export interface Addressee {
  memberId: Uint8Array;
  nation: string;
}

export async function postgresSubject(): Promise<Subject> {
  const database = await testDatabase('exchange_port', (connection) => migrate(connection, rooms));
  const [kek, indexKey] = [randomBytes(32), randomBytes(32)];
  const store = await openStore({
    connection: database.connection,
    kek,
    indexKey,
    clock: systemClock,
    random: randomBytes,
  });
  const count = async (from: string): Promise<number> => {
    const { rows } = await store.transact((tx) =>
      sql.raw<{ count: bigint }>(`SELECT count(*) FROM ${from}`).execute(tx.db),
    );
    return Number(rows[0]?.count);
  };
  return {
    store: postgresExchangeStore(store, { random: randomBytes, log: { appendInTx } }),
    async file(report, payload, lane, to) {
      const item = itemOfReport(report, { own: true, agency: null, payload });
      await store.transact(async (tx) => {
        await tx.putItem(item.record, item.statements, item.contents);
        const recipients = to.map(({ memberId, nation }) => ({ row: randomUUID(), memberId, nation }));
        await handOver(tx, { item: report.id, version: 1, lane, recipients }, systemClock.now());
      });
    },
    erase: async (item) => void (await store.transact((tx) => tx.erase(item))),
    owe: (item, atMs) => store.transact((tx) => oweOpened(tx.db, item, atMs)),
    async counts() {
      return {
        copies: await count('copy_out'),
        envelopes: await count('envelope_out'),
        rawSetAside: await count('quarantine WHERE raw IS NOT NULL'),
        evidence: await count('envelope_evidence'),
        log: await count('log_pending'),
        events: await count('event'),
        alarms: await count('alarm'),
      };
    },
    async close() {
      await store.close();
      await database.drop();
    },
  };
}
