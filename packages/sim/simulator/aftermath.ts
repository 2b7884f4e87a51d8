/** What follows from carrying, in memory: what is set aside, alarms, log entries, events. */
import { type ExchangeTx, QUARANTINE_RAW_MAX } from '@tripoint/bureau/exchange';
import { toHex } from '@tripoint/envelope/cbor';
import type { AlarmCode, AlarmKind } from '@tripoint/model/codes';
import type { MemoryTx } from './memory-tx.ts';
import { placeKey, toPeer } from './place-key.ts';
import { itemKey } from './way-out.ts';

type Aftermath = Pick<ExchangeTx, 'keepEvidence' | 'heldSince' | 'setAside' | 'alarm' | 'appendLog' | 'announce'>;

export function aftermath(tx: MemoryTx): Aftermath {
  return {
    heldSince: (beforeMs) =>
      tx.statement(() => {
        const found = new Map<string, { peer: Uint8Array; code: AlarmCode }>();
        for (const { state, peer, code, receivedAtMs } of tx.all('envelopeIn'))
          if (state === 'held' && receivedAtMs < beforeMs)
            found.set(`${toPeer(peer)}/${code}`, { peer: placeKey.bytes(toPeer(peer)), code: code as AlarmCode });
        return [...found.values()];
      }),
    // Nobody in a simulation goes to court: what it says is not kept, only that it was.
    keepEvidence: async (all) => {
      if (all.length === 0) return;
      await tx.statement(() => {
        for (const { item, version, leaf } of all)
          if (tx.get('item', itemKey(item, version))?.payload) tx.put('evidence', toHex(leaf), { item, version });
      });
    },
    setAside: ({ peer, lane, seq, code, leaf, raw }) =>
      tx.statement(() => {
        const key = toPeer(peer);
        let kept = 0;
        for (const row of tx.all('quarantine')) if (row.peer === key && row.raw) kept += 1;
        const id = tx.db.serial('quarantine');
        const whole = kept < QUARANTINE_RAW_MAX ? raw : null;
        tx.put('quarantine', String(id), { id, peer: key, lane, seq, code, leaf, raw: whole });
      }),
    alarm: (kind, code, nation, atMs) => tx.statement(() => raise(tx, kind, code, nation, atMs)),
    appendLog: (leaves) =>
      tx.statement(() => {
        for (const { kind, leaf } of leaves) {
          const index = tx.db.serial('log');
          tx.put('log', String(index), { index, kind, leaf: toHex(leaf) });
        }
      }),
    announce: (events) =>
      tx.statement(() => {
        for (const event of events) {
          const serial = tx.db.serial('event');
          tx.put('event', String(serial), { ...event, serial });
        }
      }),
  };
}

async function raise(
  tx: MemoryTx,
  kind: AlarmKind,
  code: AlarmCode,
  nation: string | null,
  atMs: number,
): Promise<void> {
  const key = `${kind}/${code}/${nation ?? ''}`;
  await tx.lock(`alarm/${key}`);
  const open = tx.get('alarm', key);
  tx.put('alarm', key, {
    ...{ kind, code, nation },
    count: (open?.count ?? 0) + 1,
    firstAtMs: open?.firstAtMs ?? atMs,
    lastAtMs: atMs,
  });
}
