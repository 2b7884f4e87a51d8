/** Opens the store: the only way to a bureau's data. */
import { type AnyViewer, type MachinePurpose, machineViewer, type Viewer } from '@tripoint/model/policy';
import type pg from 'pg';
import { itemVault } from './at-rest.ts';
import { openPool, type Row, Session, StatementNames } from './connection.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Feed, FeedHub } from './feed.ts';
import { Hints } from './hints.ts';
import { ITEM_COLUMNS, type StoredItem, storedItem } from './item.ts';
import type { Clock, Random } from './ports.ts';
import { type Reader, type Reading, readerOf } from './reader.ts';
import { tokensOf } from './tokens.ts';
import { type Tx, transactionOf } from './transaction.ts';

export type StoreOptions = {
  /** Database of this bureau; already migrated. */
  readonly connection: pg.PoolConfig;
  /** Key-encryption key, 32 bytes: without it nothing can be opened. */
  readonly kek: Uint8Array;
  /** 32 bytes: blind tokens and entity keys hang on it, so it never changes. */
  readonly indexKey: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of lost connections and failed polls; carries no contents. */
  readonly trouble?: (reason: unknown) => void;
};

export type Store = {
  /** Everything in `work` becomes true together, or nothing does. Never open another transaction inside. */
  transact<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /** Reads one moment of the store as an officer. */
  read<R>(viewer: Viewer, work: (reader: Reader) => Promise<R>): Promise<R>;
  /** The bureau's own background work, limited by the policy to one purpose. */
  machine(purpose: MachinePurpose): Pick<Reader, 'item' | 'items'>;
  /** Plain facts of an item's latest version, for the policy over events: no contents. null when it is not there. */
  factsOf(item: string): Promise<StoredItem | null>;
  readonly feed: Feed;
  /** Forgets events that are older than the feed keeps; how many. */
  forgetEvents(): Promise<number>;
  /** A place in the feed as this viewer may carry it away: serials themselves tell how much is hidden. */
  bookmark(viewer: Viewer, serial: number): string;
  /** The serial of a bookmark; throws `CursorRefused` when it is not this viewer's. */
  serialOf(viewer: Viewer, bookmark: string): number;
  close(): Promise<void>;
};

export async function openStore(options: StoreOptions): Promise<Store> {
  const { clock, random, trouble = () => {} } = options;
  const reading: Reading = {
    keys: { vault: itemVault(options.kek, random), tokens: tokensOf(options.indexKey) },
    clock,
    random,
    trouble,
  };
  const pool = openPool(options.connection);
  pool.on('error', trouble);
  // A connection cut while a transaction has it: the query in hand fails by itself, the process must not.
  pool.on('connect', (client) => client.on('error', trouble));
  const names = new StatementNames();
  const hub = new FeedHub({
    query: (sql, params) => pool.query<Row>({ text: sql, values: [...params], name: names.of(sql) as string }),
    clock,
    listen: () => hints.listen(),
    trouble,
  });
  const hints = new Hints({ connection: options.connection, clock, heard: () => hub.wake(), trouble });
  await forgetForeignTxids(pool);

  const within = async <R>(begin: string, work: (session: Session) => Promise<R>): Promise<R> => {
    const client = await pool.connect();
    const session = new Session(client, names);
    let broken: Error | undefined;
    try {
      session.begin(begin);
      const result = await work(session);
      await session.commit();
      return result;
    } catch (reason) {
      await session.finish();
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw reason;
    } finally {
      client.release(broken);
    }
  };
  const readAs = <R>(viewer: AnyViewer, work: (reader: Reader) => Promise<R>) =>
    within(BEGIN_READ, (session) => work(readerOf(session, viewer, reading)));

  return {
    async transact(work) {
      let events = 0;
      const result = await within('BEGIN', async (session) => {
        const { tx, flush } = transactionOf(session, reading);
        const value = await work(tx);
        events = flush();
        return value;
      });
      if (events > 0) {
        hub.wake();
        hints.send();
      }
      return result;
    },
    read: (viewer, work) => readAs(viewer, work),
    machine: (purpose) => ({
      item: (id, version) => readAs(machineViewer(purpose), (reader) => reader.item(id, version)),
      items: (query) => readAs(machineViewer(purpose), (reader) => reader.items(query)),
    }),
    factsOf: async (item) => {
      const { rows } = await pool.query<Row>({ text: FACTS, values: [item], name: names.of(FACTS) as string });
      return rows[0] === undefined ? null : storedItem(rows[0]);
    },
    feed: hub,
    forgetEvents: () => hub.forgetOld(),
    bookmark: (viewer, serial) => writeCursor(reading.keys.tokens.cursorKey, random, viewer, FEED, BigInt(serial)),
    serialOf: (viewer, bookmark) => Number(readCursor(reading.keys.tokens.cursorKey, viewer, FEED, bookmark)),
    async close() {
      await hub.close();
      await hints.close();
      await pool.end();
    },
  };
}

/** No list has this name: lists are named by kind and box. */
const FEED = 'feed';

const FACTS = `SELECT ${ITEM_COLUMNS} FROM item WHERE id = $1 AND latest`;

// One snapshot for all queries of a read, so that a list and its count agree.
const BEGIN_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * A database restored into another cluster carries transaction ids that mean nothing there and may lie in its future,
 * where the feed would never reach them. They become 0: then their serials order them, before everything new.
 */
async function forgetForeignTxids(pool: pg.Pool): Promise<void> {
  await pool.query(`UPDATE event SET txid = '0' WHERE txid >= pg_snapshot_xmax(pg_current_snapshot())`);
}
