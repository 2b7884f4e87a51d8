/** The port's operations of the way out, in memory. The order of locks is that of the statements in `postgres-store.ts`. */
import type {
  ChainHead,
  ExchangeTx,
  GivenReceipt,
  OutRow,
  OutState,
  PlaceRange,
  QueuedItem,
} from '@tripoint/bureau/exchange';
import { toHex } from '@tripoint/envelope/cbor';
import { said } from './database.ts';
import type { MemoryTx } from './memory-tx.ts';
import { placeKey, toPeer } from './place-key.ts';
import type { CopyRow, OutboxRow } from './tables.ts';

type WayOut = Pick<
  ExchangeTx,
  | 'takeQueued'
  | 'payloadOf'
  | 'lockOut'
  | 'saveSealed'
  | 'outRows'
  | 'markOut'
  | 'markSent'
  | 'dropCopies'
  | 'keepReceipts'
>;

export const itemKey = (item: string, version: number) => `${item}/${version}`;
export const outboxLock = (id: string) => `outbox/${id}`;
const open: ReadonlySet<OutState> = new Set(['sealed', 'sent', 'held', 'received']);

const byPlace = (a: OutboxRow, b: OutboxRow) =>
  (a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0) || a.lane - b.lane || (a.seq ?? 0) - (b.seq ?? 0);

export function wayOut(tx: MemoryTx): WayOut {
  /** Rows, locked one after the other, as they stand once the lock is held; those that fit no more fall away. */
  async function locked(rows: readonly OutboxRow[], fits: (row: OutboxRow) => boolean): Promise<OutboxRow[]> {
    const held: OutboxRow[] = [];
    for (const { id } of rows) {
      await tx.lock(outboxLock(id));
      const row = tx.get('outbox', id);
      if (row && fits(row)) held.push(row);
    }
    return held;
  }

  async function outRows(ranges: readonly PlaceRange[]): Promise<OutRow[]> {
    const wanted = ranges.map((range) => ({ ...range, peer: toPeer(range.peer) }));
    const fits = (row: OutboxRow) =>
      row.seq !== null &&
      wanted.some(
        ({ peer, lane, from, to }) =>
          peer === row.peer &&
          lane === row.lane &&
          (row.seq as number) >= from &&
          (row.seq as number) <= to &&
          (row.seq === to || isOpen(row)),
      );
    const rows = await locked([...tx.all('outbox')].filter(fits).sort(byPlace), fits);
    return rows.map(({ id, item, peer, nation, lane, seq, leaf, state }) => ({
      ...{ id, item, nation, lane, state },
      peer: placeKey.bytes(peer),
      seq: seq as number,
      leaf: Buffer.from(leaf as string, 'hex'),
    }));
  }

  /** Those that end at what was sealed for their place. */
  function matching(receipts: readonly GivenReceipt[]): GivenReceipt[] {
    const leaves = new Map<string, string | null>();
    for (const { peer, lane, seq, leaf } of tx.all('outbox'))
      if (seq !== null) leaves.set(placeKey.place(peer, lane, seq), leaf);
    return receipts.filter(
      ({ peer, lane, toSeq, leafAtToSeq }) => leaves.get(placeKey.place(peer, lane, toSeq)) === toHex(leafAtToSeq),
    );
  }

  return {
    takeQueued: (limit, blocked) =>
      tx.statement(() => {
        const isBlocked = new Set(blocked.map(({ peer, lane }) => placeKey.chain(peer, lane)));
        const due = [...tx.all('outbox')].filter((row) => isDue(tx, row, isBlocked)).sort(byTurn);
        const taken: QueuedItem[] = [];
        // Behind a row that another process works on nothing of its chain is taken.
        const waiting = new Set<string>();
        for (const row of due) {
          if (taken.length === limit) break;
          const chain = placeKey.chain(row.peer, row.lane);
          const item = queuedItem(tx, row);
          if ((item.isRecalled || !waiting.has(chain)) && tx.tryLock(outboxLock(row.id))) taken.push(item);
          else waiting.add(chain);
        }
        return taken;
      }),
    payloadOf: (item, version) =>
      tx.statement(() => {
        const row = tx.get('item', itemKey(item, version));
        return row ? (row.payload ?? 'recalled') : null;
      }),
    lockOut: (places) =>
      tx.statement(async () => {
        const heads: ChainHead[] = [];
        const sorted = [...places].sort((a, b) => Buffer.compare(a.peer, b.peer) || a.lane - b.lane);
        for (const { peer, lane } of sorted) {
          const key = placeKey.chain(peer, lane);
          await tx.lock(`chainOut/${key}`);
          const row = tx.get('chainOut', key);
          if (!row) tx.put('chainOut', key, { peer: toPeer(peer), lane, seq: 0, head: new Uint8Array(0), acked: 0 });
          heads.push({ peer, lane, seq: row?.seq ?? 0, head: row && row.seq > 0 ? row.head : null });
        }
        return heads;
      }),
    saveSealed: (envelopes, rows, atMs) =>
      tx.statement(async () => {
        for (const { id, leaf, front, rear } of envelopes)
          await tx.insert('envelopeOut', toHex(id), { id: toHex(id), leaf: toHex(leaf), front, rear });
        for (const row of rows) {
          const { lane, seq, middle } = row;
          const [peer, envelope] = [toPeer(row.peer), toHex(row.envelope)];
          await tx.insert('copyOut', placeKey.place(peer, lane, seq), { peer, lane, seq, envelope, middle });
          const key = placeKey.chain(peer, lane);
          const chain = tx.get('chainOut', key);
          if (chain && seq > chain.seq) tx.put('chainOut', key, { ...chain, seq, head: row.leaf });
          const before = tx.get('outbox', row.outbox);
          if (!before) throw said('P0002');
          tx.put('outbox', row.outbox, {
            ...before,
            state: 'sealed',
            envelope,
            seq,
            leaf: toHex(row.leaf),
            sealedAtMs: atMs,
            sealing: before.sealing + 1,
          });
        }
      }),
    outRows: (ranges) => tx.statement(() => outRows(ranges)),
    markOut: (ticks, atMs) =>
      tx.statement(async () => {
        for (const tick of ticks) {
          await tx.lock(outboxLock(tick.id));
          const row = tx.get('outbox', tick.id);
          if (row) tx.put('outbox', tick.id, marked(row, tick, atMs));
        }
      }),
    markSent: (places) =>
      tx.statement(async () => {
        const at = new Map(places.map((place) => [placeKey.place(place.peer, place.lane, place.seq), place.atMs]));
        const fits = (row: OutboxRow) =>
          row.sentAtMs === null && at.has(placeKey.place(row.peer, row.lane, row.seq ?? 0));
        for (const row of await locked([...tx.all('outbox')].filter(fits).sort(byPlace), fits))
          tx.put('outbox', row.id, {
            ...row,
            sentAtMs: at.get(placeKey.place(row.peer, row.lane, row.seq ?? 0)) ?? null,
            state: row.state === 'sealed' ? 'sent' : row.state,
          });
      }),
    dropCopies: (ranges) => tx.statement(() => dropCopies(tx, ranges)),
    keepReceipts: (receipts) =>
      tx.statement(async () => {
        const match = matching(receipts);
        const fresh: GivenReceipt[] = [];
        for (const receipt of match) {
          const key = toHex(receipt.leaf);
          await tx.lock(`receiptIn/${key}`);
          if (tx.get('receiptIn', key)) continue;
          const { leafAtToSeq: _, ...row } = receipt;
          tx.put('receiptIn', key, row);
          fresh.push(receipt);
        }
        const ranges = fresh.map(({ peer, lane, fromSeq, toSeq }) => ({ peer, lane, from: fromSeq, to: toSeq }));
        const leavesOf = (all: readonly GivenReceipt[]) => all.map(({ leaf }) => leaf);
        return { matching: leavesOf(match), fresh: leavesOf(fresh), rows: await outRows(ranges) };
      }),
  };
}

const byTurn = (a: OutboxRow, b: OutboxRow) => a.lane - b.lane || a.serial - b.serial;
const isOpen = (row: OutboxRow) => open.has(row.state) || (row.state === 'opened' && row.verifiedAtMs === null);

function isDue(tx: MemoryTx, row: OutboxRow, blocked: ReadonlySet<string>): boolean {
  const kept = tx.get('item', itemKey(row.item, row.version));
  if (row.state !== 'queued' || !kept) return false;
  return kept.payload === null || !blocked.has(placeKey.chain(row.peer, row.lane));
}

export function queuedItem(tx: MemoryTx, row: OutboxRow): QueuedItem {
  const { id, item, version, peer, nation, lane, sealing } = row;
  const kept = tx.get('item', itemKey(item, version));
  return {
    ...{ id, item, version, nation, lane, sealing },
    peer: placeKey.bytes(peer),
    agency: kept?.agency ?? null,
    conditions: kept?.conditions ?? [],
    isRecalled: kept?.payload === null,
  };
}

type Tick = Parameters<ExchangeTx['markOut']>[0][number];

function marked(row: OutboxRow, tick: Tick, atMs: number): OutboxRow {
  const isEnd = row.state === 'refused' || row.state === 'recalled';
  const stays = isEnd || (row.state === 'opened' && tick.state !== 'recalled');
  const afterSealing = (ms: number | undefined) => (ms === undefined ? null : Math.max(ms, row.sealedAtMs ?? ms));
  return {
    ...row,
    state: stays ? row.state : tick.state,
    reason: tick.reason ?? row.reason,
    sentAtMs: row.sentAtMs ?? tick.receivedAtMs ?? null,
    receivedAtMs: row.receivedAtMs ?? afterSealing(tick.receivedAtMs),
    verifiedAtMs: row.verifiedAtMs ?? afterSealing(tick.verifiedAtMs),
    openedAtMs: row.openedAtMs ?? tick.openedAtMs ?? null,
    receiptedAtMs: row.receiptedAtMs ?? (tick.verifiedAtMs === undefined ? null : atMs),
  };
}

/** Copies whose receipts are here, and how far nothing waits for one any more. */
export async function dropCopies(tx: MemoryTx, ranges: Parameters<ExchangeTx['dropCopies']>[0]): Promise<void> {
  const wanted = ranges.map((range) => ({ ...range, peer: toPeer(range.peer) }));
  const isWanted = ({ peer, lane, seq }: CopyRow) =>
    wanted.some((one) => one.peer === peer && one.lane === lane && seq >= one.from && seq <= one.to);
  const envelopes = new Set([...tx.all('copyOut')].filter(isWanted).map(({ envelope }) => envelope));
  for (const envelope of [...envelopes].sort()) await tx.lock(`envelopeOut/${envelope}`);
  const gone = new Set<string>();
  for (const copy of [...tx.all('copyOut')].filter(isWanted)) {
    tx.delete('copyOut', placeKey.place(copy.peer, copy.lane, copy.seq));
    gone.add(copy.envelope);
  }
  const used = new Set([...tx.all('copyOut')].map(({ envelope }) => envelope));
  for (const envelope of gone) if (!used.has(envelope)) tx.delete('envelopeOut', envelope);
  const chains = new Map(wanted.map(({ peer, lane }) => [placeKey.chain(peer, lane), { peer, lane }]));
  for (const [key, { peer, lane }] of [...chains].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await tx.lock(`chainOut/${key}`);
    const chain = tx.get('chainOut', key);
    if (!chain) continue;
    let [first, last] = [Number.POSITIVE_INFINITY, 0];
    for (const row of tx.all('outbox')) {
      if (row.peer !== peer || row.lane !== lane || row.seq === null) continue;
      if (isOpen(row)) first = Math.min(first, row.seq);
      last = Math.max(last, row.seq);
    }
    const acked = Number.isFinite(first) ? first - 1 : last;
    tx.put('chainOut', key, { ...chain, acked: Math.max(chain.acked, acked) });
  }
}
