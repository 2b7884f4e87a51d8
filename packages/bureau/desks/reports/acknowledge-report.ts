/** Opened and acknowledged are two things: a screen showed it, and a named officer took note of it. */
import type { Viewer } from '@tripoint/model/policy';
import { sql } from 'kysely';
import { notFound, Refused } from '../../door/index.ts';
import { oweOpened } from '../../exchange/index.ts';
import type { Tx } from '../../store/index.ts';
import type { ReportsDesk } from './reports-desk.ts';

type Reading = { openedAt: string | null; acknowledgedAt: string | null; acknowledgedBy: string | null };

/** Notes the first display; when the marking asks for a read receipt, the sender is told the day, and nothing else. */
export async function openReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<null> {
  const isOwed = await desk.store.transact(async (tx) => {
    const item = await tx.as(viewer).item(id);
    if (!item) throw notFound();
    if (item.own) return false;
    const { rows } =
      await sql`INSERT INTO report_reading (item, opened_at) VALUES (${id}, ${new Date(desk.clock.nowMs())})
      ON CONFLICT (item) DO UPDATE SET opened_at = EXCLUDED.opened_at WHERE report_reading.opened_at IS NULL
      RETURNING item`.execute(tx.db);
    if (rows.length === 0) return false;
    tx.emit({ kind: 'report.read', item: id, desk: 'reports' });
    if (!item.conditions.includes('read-receipt')) return false;
    await oweOpened(tx.db, id, desk.clock.nowMs());
    return true;
  });
  if (isOwed) await desk.exchange.tellOpened();
  return null;
}

export async function acknowledgeReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<Reading> {
  const taken = await desk.store.transact(async (tx) => {
    const item = await tx.as(viewer).item(id);
    if (!item) throw notFound();
    if (item.own) throw new Refused({ code: 'own-report' });
    if (!(await tx.as(viewer).may('acknowledge', id))) throw notFound();
    const { reading, isFirstDisplay } = await takeNote(desk, tx, viewer, id);
    const isOwed = isFirstDisplay && item.conditions.includes('read-receipt');
    if (isOwed) await oweOpened(tx.db, id, desk.clock.nowMs());
    return { reading, isOwed };
  });
  if (taken.isOwed) await desk.exchange.tellOpened();
  return taken.reading;
}

/** Who was first stays: a second officer learns that a colleague took note. */
async function takeNote(
  desk: ReportsDesk,
  tx: Tx,
  viewer: Viewer,
  id: string,
): Promise<{ reading: Reading; isFirstDisplay: boolean }> {
  const now = new Date(desk.clock.nowMs());
  const { rows } = await sql<{ opened_at: Date; acknowledged_at: Date; acknowledged_by: string; is_new: boolean }>`
    INSERT INTO report_reading (item, opened_at, acknowledged_at, acknowledged_by) VALUES (${id}, ${now}, ${now}, ${viewer.officer})
    ON CONFLICT (item) DO UPDATE SET
      opened_at = COALESCE(report_reading.opened_at, EXCLUDED.opened_at),
      acknowledged_at = COALESCE(report_reading.acknowledged_at, EXCLUDED.acknowledged_at),
      acknowledged_by = COALESCE(report_reading.acknowledged_by, EXCLUDED.acknowledged_by)
    RETURNING opened_at, acknowledged_at, acknowledged_by, xmax = 0 AS is_new`.execute(tx.db);
  const row = rows[0] as { opened_at: Date; acknowledged_at: Date; acknowledged_by: string; is_new: boolean };
  tx.emit({ kind: 'report.read', item: id, desk: 'reports' });
  const reading = {
    openedAt: row.opened_at.toISOString(),
    acknowledgedAt: row.acknowledged_at.toISOString(),
    acknowledgedBy: desk.officerName(row.acknowledged_by),
  };
  return { reading, isFirstDisplay: row.is_new };
}
