/** The memory adapter for the suite that holds both: virtual time runs by itself, as fast as it can. */
import type { Subject } from '../../bureau/exchange/postgres-subject-for-tests.ts';
import { chanceOf } from './chance.ts';
import { Database } from './database.ts';
import { Kernel, Life } from './kernel.ts';
import { memoryStore } from './memory-store.ts';
import { toPeer } from './place-key.ts';
import { itemKey } from './way-out.ts';

export async function memorySubject(): Promise<Subject> {
  const chance = chanceOf(1, 'subject');
  const kernel = new Kernel();
  const db = new Database(kernel, chance);
  const store = memoryStore(db, new Life());
  let isOpen = true;
  void (async () => {
    while (isOpen) {
      await kernel.run();
      await new Promise((next) => setImmediate(next));
    }
  })();
  return {
    store,
    file: (report, payload, lane, to) =>
      store.within(async (tx) => {
        const { id, says, recipients } = report;
        const item = { id, version: 1, says, own: true, recipients, conditions: [], agency: null, payload };
        await tx.insert('item', itemKey(id, 1), item);
        for (const { memberId, nation } of to) {
          const row = chance.uuid();
          tx.put('outbox', row, {
            ...{ id: row, item: id, version: 1, peer: toPeer(memberId), nation, lane, serial: db.serial('outbox') },
            ...{ sealing: 0, state: 'queued', reason: null, envelope: null, seq: null, leaf: null, queuedAtMs: 0 },
            ...{ sealedAtMs: null, sentAtMs: null, receivedAtMs: null, verifiedAtMs: null, openedAtMs: null },
            receiptedAtMs: null,
          });
        }
      }),
    erase: (item) =>
      store.within(async (tx) => {
        const row = tx.get('item', itemKey(item, 1));
        if (row) tx.put('item', itemKey(item, 1), { ...row, payload: null });
      }),
    owe: (item, openedAtMs) =>
      store.within(async (tx) => {
        if (!tx.get('openedOwed', item)) tx.put('openedOwed', item, { item, openedAtMs });
      }),
    async counts() {
      const { copyOut, envelopeOut, quarantine, evidence, log, event, alarm } = db.visible;
      const rawSetAside = [...quarantine.values()].filter(({ raw }) => raw !== null).length;
      return {
        ...{ copies: copyOut.size, envelopes: envelopeOut.size, rawSetAside },
        evidence: evidence.size,
        ...{ log: log.size, events: event.size, alarms: alarm.size },
      };
    },
    async close() {
      isOpen = false;
    },
  };
}
