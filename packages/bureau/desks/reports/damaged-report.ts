/** A report kept here that does not open: whoever may read it learns so, and the administrator is told once. */
import { Refused } from '../../door/index.ts';
import { alarmDamaged } from '../../exchange/index.ts';
import { AtRestDamaged, newUuid } from '../../store/index.ts';
import type { ReportsDesk } from './reports-desk.ts';

/** Refuses with `report-damaged` where the work meets bytes that do not open. */
export async function unlessDamaged<T>(desk: ReportsDesk, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (reason) {
    if (!(reason instanceof AtRestDamaged)) throw reason;
    await tellDamaged(desk);
    throw new Refused({ code: 'report-damaged' });
  }
}

export async function tellDamaged(desk: ReportsDesk): Promise<void> {
  await desk.store.transact(async (tx) => {
    if (await alarmDamaged(tx.db, newUuid(desk.random), desk.clock.nowMs()))
      tx.emit({ kind: 'alarm', item: null, desk: 'reports' });
  });
}
