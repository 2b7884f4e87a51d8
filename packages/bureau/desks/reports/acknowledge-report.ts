/** Opened and acknowledged are two things: a screen showed it, and a named officer took note of it. */
import type { Viewer } from '@tripoint/model/policy';
import { sql } from 'kysely';
import { notFound, Refused } from '../../door/index.ts';
import { oweOpened } from '../../exchange/index.ts';
import type { Tx } from '../../store/index.ts';
import { unlessDamaged } from './damaged-report.ts';
import type { ReportsDesk } from './reports-desk.ts';

type Reading = { openedAt: string | null; acknowledgedAt: string | null; acknowledgedBy: string | null };

/** Notes the first display; when the marking asks for a read receipt, the sender is told the day, and nothing else. */
export async function openReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<null> {
  const isOwed = await unlessDamaged(desk, () => desk.store.transact((tx) => noteDisplay(desk, tx, viewer, id)));
  if (isOwed) await desk.exchange.tellOpened();
  return null;
}

/** true when the sender is to be told. */
async function noteDisplay(desk: ReportsDesk, tx: Tx, viewer: Viewer, id: string): Promise<boolean> {
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
}

export async function acknowledgeReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<Reading> {
  const { reading, isOwed } = await unlessDamaged(desk, () =>
    desk.store.transact((tx) => noteByOfficer(desk, tx, viewer, id)),
  );
  if (isOwed) await desk.exchange.tellOpened();
  return reading;
}

async function noteByOfficer(
  desk: ReportsDesk,
  tx: Tx,
  viewer: Viewer,
  id: string,
): Promise<{ reading: Reading; isOwed: boolean }> {
  const item = await tx.as(viewer).item(id);
  if (!item) throw notFound();
  if (item.own) throw new Refused({ code: 'own-report' });
  if (!(await tx.as(viewer).may('acknowledge', id))) throw notFound();
  const { reading, isFirstDisplay } = await takeNote(desk, tx, viewer, id);
  const isOwed = isFirstDisplay && item.conditions.includes('read-receipt');
  if (isOwed) await oweOpened(tx.db, id, desk.clock.nowMs());
  return { reading, isOwed };
}

type Row = { opened_at: Date; acknowledged_at: Date; acknowledged_by: string };

/** Who was first stays: a second officer learns that a colleague took note, and nothing is announced again. */
async function takeNote(
  desk: ReportsDesk,
  tx: Tx,
  viewer: Viewer,
  id: string,
): Promise<{ reading: Reading; isFirstDisplay: boolean }> {
  const now = new Date(desk.clock.nowMs());
  const { rows } = await sql<Row & { is_new: boolean }>`
    INSERT INTO report_reading (item, opened_at, acknowledged_at, acknowledged_by) VALUES (${id}, ${now}, ${now}, ${viewer.officer})
    ON CONFLICT (item) DO UPDATE SET
      opened_at = COALESCE(report_reading.opened_at, EXCLUDED.opened_at),
      acknowledged_at = EXCLUDED.acknowledged_at, acknowledged_by = EXCLUDED.acknowledged_by
      WHERE report_reading.acknowledged_at IS NULL
    RETURNING opened_at, acknowledged_at, acknowledged_by, xmax = 0 AS is_new`.execute(tx.db);
  const [taken] = rows;
  if (taken) tx.emit({ kind: 'report.read', item: id, desk: 'reports' });
  return { reading: readingOf(desk, taken ?? (await notedBefore(tx, id))), isFirstDisplay: taken?.is_new ?? false };
}

async function notedBefore(tx: Tx, id: string): Promise<Row> {
  const { rows } = await sql<Row>`SELECT opened_at, acknowledged_at, acknowledged_by FROM report_reading
    WHERE item = ${id}`.execute(tx.db);
  return rows[0] as Row;
}

function readingOf(desk: ReportsDesk, row: Row): Reading {
  return {
    openedAt: row.opened_at.toISOString(),
    acknowledgedAt: row.acknowledged_at.toISOString(),
    acknowledgedBy: desk.officerName(row.acknowledged_by),
  };
}
