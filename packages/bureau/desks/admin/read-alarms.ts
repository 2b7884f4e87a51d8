/** What did not verify or waits too long. */
import type { Viewer } from '@tripoint/model/policy';
import { notFound, Refused } from '../../door/index.ts';
import { type Alarm, acknowledgeAlarm, alarmsOf } from '../../exchange/index.ts';
import type { AdminDesk } from './admin-desk.ts';
import type { AlarmView } from './contract.ts';
import { maySeeAlarms } from './rules.ts';

export async function readAlarms(desk: AdminDesk, viewer: Viewer): Promise<{ items: AlarmView[] }> {
  if (!maySeeAlarms(viewer)) throw new Refused({ code: 'not-allowed' });
  return desk.store.read(viewer, async (reader) => ({ items: (await alarmsOf(reader.db)).map(viewOf) }));
}

export async function noteAlarm(desk: AdminDesk, viewer: Viewer, id: string): Promise<null> {
  if (!maySeeAlarms(viewer)) throw notFound();
  await desk.store.transact(async (tx) => {
    if (!(await acknowledgeAlarm(tx.db, id, viewer.officer, desk.clock.nowMs()))) throw notFound();
    tx.emit({ kind: 'alarm', item: null, desk: 'admin' });
  });
  return null;
}

const instant = (atMs: number) => new Date(atMs).toISOString();

function viewOf(alarm: Alarm): AlarmView {
  return {
    id: alarm.id,
    kind: alarm.kind as AlarmView['kind'],
    code: alarm.code as AlarmView['code'],
    nation: alarm.nation,
    count: alarm.count,
    firstAt: instant(alarm.firstAtMs),
    lastAt: instant(alarm.lastAtMs),
    acknowledgedAt: alarm.acknowledgedAtMs === null ? null : instant(alarm.acknowledgedAtMs),
  };
}
