/** The port's operations of the way in, in memory. */
import type { ArrivedRow, ChainHead, ExchangeTx } from '@tripoint/bureau/exchange';
import { toHex } from '@tripoint/envelope/cbor';
import type { MemoryTx } from './memory-tx.ts';
import { placeKey, toPeer } from './place-key.ts';
import type { KeptReceiptRow } from './tables.ts';
import { itemKey } from './way-out.ts';

type WayIn = Pick<
  ExchangeTx,
  'lockIn' | 'takeOpenedOwed' | 'arrivedItem' | 'saveTaken' | 'held' | 'heldSize' | 'putItem' | 'receiptsCovering'
>;
type Lane = ArrivedRow['lane'];

const arrivedKey = (peer: string, id: string) => `${peer}/${id}`;

export function wayIn(tx: MemoryTx): WayIn {
  return {
    lockIn: (peer, ids) =>
      tx.statement(async () => {
        const key = toPeer(peer);
        await tx.lock(`in/${key}`);
        const heads: ChainHead[] = [];
        for (const { lane, seq, head, peer: of } of tx.all('chainIn'))
          if (of === key) heads.push({ peer, lane, seq, head });
        const arrived = ids.flatMap((id) => tx.get('envelopeIn', arrivedKey(key, toHex(id))) ?? []);
        const heldLanes = new Set<Lane>();
        for (const row of tx.all('envelopeIn'))
          if (row.state === 'held' && toPeer(row.peer) === key) heldLanes.add(row.lane);
        return { heads, arrived, heldLanes: [...heldLanes] };
      }),
    takeOpenedOwed: (item) =>
      tx.statement(async () => {
        await tx.lock(`openedOwed/${item}`);
        const owed = tx.get('openedOwed', item);
        if (owed) tx.delete('openedOwed', item);
        return owed?.openedAtMs ?? null;
      }),
    arrivedItem: (item) =>
      tx.statement(() => {
        let found: ArrivedRow | null = null;
        for (const row of tx.all('envelopeIn'))
          if (row.item === item && row.state === 'verified' && row.seq >= (found?.seq ?? 0)) found = row;
        return found;
      }),
    saveTaken: ({ arrived, heads, receipts }) =>
      tx.statement(async () => {
        for (const row of arrived) await saveArrived(tx, row);
        for (const receipt of receipts) {
          const id = tx.db.serial('receiptOut');
          tx.put('receiptOut', String(id), { ...receipt, id });
        }
        for (const { peer, lane, seq, head } of heads) {
          const key = placeKey.chain(peer, lane);
          await tx.lock(`chainIn/${key}`);
          tx.put('chainIn', key, { peer: toPeer(peer), lane, seq, head, acked: 0 });
        }
      }),
    held: (peer, lane, from, limit) =>
      tx.statement(() => {
        const key = toPeer(peer);
        const rows: ArrivedRow[] = [];
        for (const row of tx.all('envelopeIn'))
          if (row.state === 'held' && row.lane === lane && row.seq >= from && toPeer(row.peer) === key) rows.push(row);
        return rows.sort((a, b) => a.seq - b.seq).slice(0, limit);
      }),
    heldSize: (peer) =>
      tx.statement(() => {
        const key = toPeer(peer);
        const size = { envelopes: 0, sizeBytes: 0 };
        for (const row of tx.all('envelopeIn')) {
          if (row.state !== 'held' || toPeer(row.peer) !== key) continue;
          size.envelopes += 1;
          size.sizeBytes += row.raw?.length ?? 0;
        }
        return size;
      }),
    putItem: ({ report, payload }) =>
      tx.statement(async () => {
        const { id, version, says, recipients, marking } = report;
        await tx.lock(`item/${id}`);
        const versions = [...tx.all('item')].filter((row) => row.id === id);
        if (versions.some((row) => row.says !== says)) return 'id-of-another-nation';
        if (versions.some((row) => row.version === version)) return 'already-stored';
        const conditions = marking.conditions.map(({ code }) => code);
        const row = { id, version, says, own: false, recipients, conditions, agency: null, payload };
        tx.put('item', itemKey(id, version), row);
        return 'stored';
      }),
    receiptsCovering: (peer, places) =>
      tx.statement(() => {
        const key = toPeer(peer);
        const covers = (row: KeptReceiptRow) =>
          toPeer(row.peer) === key &&
          places.some(({ lane, seq }) => lane === row.lane && seq >= row.fromSeq && seq <= row.toSeq);
        const rows = [...tx.all('receiptOut')].filter(covers).sort((a, b) => a.id - b.id);
        return rows.map(({ id: _, ...row }) => row);
      }),
  };
}

/** One that is here already changes only while it is held. */
async function saveArrived(tx: MemoryTx, row: ArrivedRow): Promise<void> {
  const key = arrivedKey(toPeer(row.peer), toHex(row.id));
  await tx.lock(`envelopeIn/${key}`);
  const before = tx.get('envelopeIn', key);
  if (!before) return tx.put('envelopeIn', key, row);
  if (before.state !== 'held') return;
  const { state, code, item, alias, raw, verifiedAtMs } = row;
  tx.put('envelopeIn', key, { ...before, state, code, item, alias, raw, verifiedAtMs });
}
