/** The chosen report at the right of the list. Shown for a moment longer than a passing glance, it counts as opened. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReportLine, ReportView } from '@tripoint/bureau/desks/reports/contract';
import { useEffect } from 'react';
import { ask } from '../../live/ask.ts';
import { useLive } from '../../live/live.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Keycap } from '../../ui/keycap.tsx';
import { Loading, Refusal } from '../../ui/states.tsx';
import { markOpened } from './acknowledge.ts';
import { DeliveryTable } from './delivery.tsx';
import css from './preview-pane.module.css';
import { ReportBody } from './report-body.tsx';

/** Running down the list with j opens nothing; resting on an item does. */
const restMs = 700;

export const useReport = (id: string | null) =>
  useQuery({
    queryKey: ['report', id],
    enabled: id !== null,
    queryFn: ({ signal }) => ask<ReportView>(`/api/reports/${id}`, { signal }),
  });

export function PreviewPane({ line, onAcknowledge }: { line: ReportLine | null; onAcknowledge: () => void }) {
  const { t } = useLingui();
  const { offline } = useLive();
  const report = useReport(line?.id ?? null);
  const isShown = report.data !== undefined && report.data.id === line?.id;
  useEffect(() => {
    if (line === null || !isShown) return;
    const timer = setTimeout(() => void markOpened(line).catch(() => {}), restMs);
    return () => clearTimeout(timer);
  }, [line, isShown]);
  if (line === null) {
    return (
      <aside className={css.pane} aria-label={t`Preview`}>
        <div className={css.nothing}>
          <p>
            <Trans>Choose an item to read it here.</Trans>
          </p>
          <p className="small">
            <kbd className="keycap">j</kbd> <kbd className="keycap">k</kbd> <Trans>move</Trans> ·{' '}
            <kbd className="keycap">e</kbd> <Trans>acknowledge</Trans> · <kbd className="keycap">Enter</kbd>{' '}
            <Trans>whole page</Trans>
          </p>
        </div>
      </aside>
    );
  }
  return (
    <aside className={css.pane} aria-label={t`Preview`}>
      <div className={css.tools}>
        {!line.own && line.acknowledgedAt === null && (
          <button type="button" className="button" data-kind="main" disabled={offline} onClick={onAcknowledge}>
            <Icon name="check" /> <Trans>Acknowledge</Trans> <Keycap>e</Keycap>
          </button>
        )}
        <Link to="/reports/$id" params={{ id: line.id }} className="button">
          <Icon name="open" /> <Trans>Whole page</Trans>
        </Link>
      </div>
      {report.isPending && <Loading rows={7} />}
      {report.isError && <Refusal error={report.error} again={() => void report.refetch()} />}
      {report.data !== undefined && (
        <ReportBody report={{ ...report.data, ...readingOf(line) }} heading="h2">
          {line.own && <DeliveryTable id={line.id} />}
        </ReportBody>
      )}
    </aside>
  );
}

const readingOf = ({ openedAt, acknowledgedAt, acknowledgedBy }: ReportLine) => ({
  openedAt,
  acknowledgedAt,
  acknowledgedBy,
});
