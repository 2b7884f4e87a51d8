/** Taking note for the bureau: shown at once, taken back when the bureau refuses. */
import type { ReportLine } from '@tripoint/bureau/desks/reports/contract';
import { ask } from '../../live/ask.ts';
import { changeReport } from '../../live/box.ts';

type Reading = Pick<ReportLine, 'openedAt' | 'acknowledgedAt' | 'acknowledgedBy'>;

export async function acknowledge(line: ReportLine, officerName: string): Promise<void> {
  if (line.own || line.acknowledgedAt !== null) return;
  const { openedAt, acknowledgedAt, acknowledgedBy } = line;
  const now = new Date().toISOString();
  changeReport(line.id, (known) => ({ ...known, acknowledgedAt: now, acknowledgedBy: officerName }));
  try {
    const reading = await ask<Reading>(`/api/reports/${line.id}/acknowledge`, { method: 'POST' });
    changeReport(line.id, (known) => ({ ...known, ...reading }));
  } catch (error) {
    changeReport(line.id, (known) => ({ ...known, openedAt, acknowledgedAt, acknowledgedBy }));
    throw error;
  }
}

/** Says once that a screen showed the report. A lost answer is harmless: the next display says it again. */
export async function markOpened(line: Pick<ReportLine, 'id' | 'own' | 'openedAt'>): Promise<void> {
  if (line.own || line.openedAt !== null) return;
  await ask(`/api/reports/${line.id}/opened`, { method: 'POST' });
  const now = new Date().toISOString();
  changeReport(line.id, (known) => ({ ...known, openedAt: known.openedAt ?? now }));
}
