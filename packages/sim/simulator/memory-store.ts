/** The exchange's store port in memory: what `postgres-store.ts` says in SQL, said in loops. One suite holds both to the same. */
import type { ExchangeStore, ExchangeTx, KeptReceipt } from '@tripoint/bureau/exchange';
import { aftermath } from './aftermath.ts';
import type { Database } from './database.ts';
import { said } from './database.ts';
import type { Life } from './kernel.ts';
import { MemoryTx } from './memory-tx.ts';
import { placeKey, toPeer } from './place-key.ts';
import type { Change, CopyRow, KeptReceiptRow, Tables } from './tables.ts';
import { wayIn } from './way-in.ts';
import { wayOut } from './way-out.ts';

export interface MemoryStore extends ExchangeStore {
  /** A transaction over everything the bureau keeps: what desks and the charter do beside the exchange. */
  within<T>(work: (tx: MemoryTx) => Promise<T>): Promise<T>;
  /** The process is gone: what it had begun is rolled back; a COMMIT that was asked for goes on without it. */
  abandon(): void;
}

export function exchangeTx(tx: MemoryTx): ExchangeTx {
  return { ...wayOut(tx), ...wayIn(tx), ...aftermath(tx) };
}

export function memoryStore(db: Database, life: Life): MemoryStore {
  const running = new Set<MemoryTx>();
  const pause = (mostMs: number) => db.kernel.sleep(db.chance.between(0, mostMs), life);

  async function within<T>(work: (tx: MemoryTx) => Promise<T>): Promise<T> {
    await pause(db.weather.beforeCommitMs);
    const tx = new MemoryTx(db, life);
    running.add(tx);
    db.open += 1;
    const result = await work(tx)
      .then(async (value) => {
        await tx.settled();
        return value;
      })
      .catch((reason: unknown) => {
        end(tx);
        throw reason;
      });
    // From here on it is the database's business: the process may die, the commit goes on.
    running.delete(tx);
    const changes = tx.changes();
    if (changes.length === 0) {
      end(tx);
      return result;
    }
    const outcome = await commit(tx, changes).catch((reason: unknown) => ({ reason }));
    if (life.isOver) return new Promise<T>(() => {});
    await pause(db.weather.afterCommitMs);
    if (outcome) throw outcome.reason;
    return result;
  }

  function end(tx: MemoryTx): void {
    running.delete(tx);
    db.open -= 1;
    tx.end();
  }

  async function commit(tx: MemoryTx, changes: readonly Change[]): Promise<void> {
    // Versions follow each other from 1.
    const askedUnder = db.visible.charter.size;
    await db.pause(db.weather.beforeCommitMs);
    if (db.chance.often(db.weather.lostBefore)) {
      end(tx);
      throw said('57P01');
    }
    await db.commit(changes, askedUnder);
    end(tx);
    if (db.chance.often(db.weather.lostBehind)) throw said('08006');
  }

  async function reading<T>(read: (tables: Tables) => T): Promise<T> {
    await pause(db.weather.beforeCommitMs);
    return read(db.visible);
  }

  return {
    within,
    transact: (work) => within((tx) => work(exchangeTx(tx))),
    abandon() {
      for (const tx of running) db.forget(tx);
      for (const tx of running) tx.end();
      db.open -= running.size;
      running.clear();
    },
    copies: (peer, lane, from, limits) =>
      reading((tables) => copiesFrom(tables, toPeer(peer), peer, lane, from, limits)),
    heads: (peer) => reading((tables) => headsWith(tables, toPeer(peer), peer)),
    unreceipted: () =>
      reading(({ chainOut }) =>
        [...chainOut.values()]
          .filter(({ seq, acked }) => seq > acked)
          .map(({ peer, lane, seq }) => ({ peer: placeKey.bytes(peer), lane, seq })),
      ),
    receiptsAbove: (peer, lane, seq, after, limit) =>
      reading(({ receiptOut }) =>
        [...receiptOut.values()]
          .filter((row) => isOn(row, peer, lane) && row.toSeq > seq && row.state !== 'opened' && row.id > after)
          .sort((a, b) => a.id - b.id)
          .slice(0, limit)
          .map(kept),
      ),
    openedOwed: (limit) =>
      reading(({ openedOwed }) =>
        [...openedOwed.values()]
          .sort((a, b) => a.openedAtMs - b.openedAtMs)
          .slice(0, limit)
          .map(({ item }) => item),
      ),
    receiptsOpened: (peer, lane, limit) =>
      reading(({ receiptOut }) =>
        [...receiptOut.values()]
          .filter((row) => isOn(row, peer, lane) && row.state === 'opened')
          .sort((a, b) => b.id - a.id)
          .slice(0, limit)
          .map(kept),
      ),
  };
}

const isOn = (row: KeptReceiptRow, peer: Uint8Array, lane: number) =>
  row.lane === lane && toPeer(row.peer) === toPeer(peer);

const kept = ({ id, ...row }: KeptReceiptRow): KeptReceipt => ({ ...row, id: BigInt(id) });

function copiesFrom(
  { copyOut, envelopeOut }: Tables,
  key: string,
  peer: Uint8Array,
  lane: 0 | 1 | 2 | 3,
  from: number,
  limits: { maxCopies: number; maxBytes: number },
): Awaited<ReturnType<ExchangeStore['copies']>> {
  const rows: CopyRow[] = [];
  for (const row of copyOut.values()) if (row.peer === key && row.lane === lane && row.seq >= from) rows.push(row);
  rows.sort((a, b) => a.seq - b.seq);
  const copies: Awaited<ReturnType<ExchangeStore['copies']>> = [];
  let sizeBytes = 0;
  for (const { seq, envelope, middle } of rows.slice(0, limits.maxCopies)) {
    const shared = envelopeOut.get(envelope);
    if (!shared) continue;
    const bytes = Buffer.concat([shared.front, middle, shared.rear]);
    sizeBytes += bytes.length;
    if (sizeBytes > limits.maxBytes && copies.length > 0) break;
    copies.push({ peer, lane, seq, bytes: new Uint8Array(bytes) });
  }
  return copies;
}

function headsWith(tables: Tables, key: string, peer: Uint8Array): Awaited<ReturnType<ExchangeStore['heads']>> {
  const of = (table: 'chainOut' | 'chainIn') => [...tables[table].values()].filter((row) => row.peer === key);
  return {
    out: of('chainOut').map(({ lane, seq, head, acked }) => ({
      peer,
      lane,
      seq,
      head: seq === 0 ? null : head,
      acked,
    })),
    in: of('chainIn').map(({ lane, seq, head }) => ({ peer, lane, seq, head })),
  };
}
