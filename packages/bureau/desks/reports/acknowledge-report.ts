/** Opened and acknowledged are two things: a screen showed it, and a named officer took note of it. */
import type { Viewer } from '@tripoint/model/policy';
import { sql } from 'kysely';
import { notFound, Refused } from '../../door/index.ts';
import type { Tx } from '../../store/index.ts';
import type { ReportsDesk } from './reports-desk.ts';

type Reading = { openedAt: string | null; acknowledgedAt: string | null; acknowledgedBy: string | null };

/** Notes the first display; when the marking asks for a read receipt, the sender is told the day, and nothing else. */
export async function openReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<null> {
  const told = await desk.store.transact(async (tx) => {
    const item = await tx.as(viewer).item(id);
    if (!item) throw notFound();
    if (item.own) return false;
    const { rows } =
      await sql`INSERT INTO report_reading (item, opened_at) VALUES (${id}, ${new Date(desk.clock.nowMs())})
      ON CONFLICT (item) DO UPDATE SET opened_at = EXCLUDED.opened_at WHERE report_reading.opened_at IS NULL
      RETURNING item`.execute(tx.db);
    if (rows.length === 0) return false;
    tx.emit({ kind: 'report.read', item: id, desk: 'reports' });
    return item.conditions.includes('read-receipt');
  });
  if (told) await desk.exchange.noteOpened(id);
  return null;
}

export async function acknowledgeReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<Reading> {
  return desk.store.transact(async (tx) => {
    const item = await tx.as(viewer).item(id);
    if (!item) throw notFound();
    if (item.own) throw new Refused({ code: 'own-report' });
    if (!(await tx.as(viewer).may('acknowledge', id))) throw notFound();
    return takeNote(desk, tx, viewer, id);
  });
}

/** Who was first stays: a second officer learns that a colleague took note. */
async function takeNote(desk: ReportsDesk, tx: Tx, viewer: Viewer, id: string): Promise<Reading> {
  const now = new Date(desk.clock.nowMs());
  const { rows } = await sql<{ opened_at: Date; acknowledged_at: Date; acknowledged_by: string; fresh: boolean }>`
    INSERT INTO report_reading (item, opened_at, acknowledged_at, acknowledged_by) VALUES (${id}, ${now}, ${now}, ${viewer.officer})
    ON CONFLICT (item) DO UPDATE SET
      opened_at = COALESCE(report_reading.opened_at, EXCLUDED.opened_at),
      acknowledged_at = COALESCE(report_reading.acknowledged_at, EXCLUDED.acknowledged_at),
      acknowledged_by = COALESCE(report_reading.acknowledged_by, EXCLUDED.acknowledged_by)
    RETURNING opened_at, acknowledged_at, acknowledged_by`.execute(tx.db);
  const row = rows[0] as { opened_at: Date; acknowledged_at: Date; acknowledged_by: string };
  tx.emit({ kind: 'report.read', item: id, desk: 'reports' });
  return {
    openedAt: row.opened_at.toISOString(),
    acknowledgedAt: row.acknowledged_at.toISOString(),
    acknowledgedBy: desk.officerName(row.acknowledged_by),
  };
}
