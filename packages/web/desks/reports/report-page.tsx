/** One report on a page of its own: text, statements, versions, and for an own report how far it is on its way. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReportView } from '@tripoint/bureau/desks/reports/contract';
import { useEffect, useState } from 'react';
import { nationName } from '../../format/index.ts';
import { useLive } from '../../live/live.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useCommands } from '../../ui/keyboard.tsx';
import { Keycap } from '../../ui/keycap.tsx';
import { markingText } from '../../ui/marking-text.ts';
import { useSession } from '../../ui/session.ts';
import { Aged, Loading, Refusal } from '../../ui/states.tsx';
import { acknowledge, markOpened } from './acknowledge.ts';
import { DeliveryTable } from './delivery.tsx';
import { Evidence } from './evidence.tsx';
import { useReport } from './preview-pane.tsx';
import { ReportBody } from './report-body.tsx';
import css from './report-page.module.css';
import { Instant } from './words.tsx';

export function ReportPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: '/reports/$id' });
  const client = useQueryClient();
  const { session } = useSession();
  const { offline } = useLive();
  const [failure, setFailure] = useState<unknown>(null);
  const [copied, setCopied] = useState(false);
  const found = useReport(id);
  const report = found.data;
  useEffect(() => {
    if (report !== undefined) void markOpened(report).catch(() => {});
  }, [report]);

  const takeNote = async () => {
    if (report === undefined) return;
    setFailure(null);
    try {
      await acknowledge(report, session.officer.name);
      await client.invalidateQueries({ queryKey: ['report', id] });
    } catch (error) {
      setFailure(error);
    }
  };
  const isOpen = report !== undefined && !report.own && report.acknowledgedAt === null;
  useCommands(isOpen && !offline ? { acknowledge: () => void takeNote() } : {});
  const copy = async (whole: ReportView) => {
    await navigator.clipboard.writeText(`${markingText(whole.marking, whole.grade)}\n${whole.title}\n\n${whole.text}`);
    setCopied(true);
  };
  return (
    <div className={css.page}>
      <div className={`${css.tools} not-printed`}>
        <Link to={report?.own === true ? '/sent' : '/'} className="button" data-kind="quiet">
          <Icon name="back" /> {report?.own === true ? <Trans>Sent</Trans> : <Trans>Inbox</Trans>}
        </Link>
        {isOpen && (
          <button type="button" className="button" data-kind="main" disabled={offline} onClick={() => void takeNote()}>
            <Icon name="check" /> <Trans>Acknowledge</Trans> <Keycap>e</Keycap>
          </button>
        )}
        {report !== undefined && (
          <>
            <button type="button" className="button" onClick={() => void copy(report)}>
              <Icon name="copy" /> {copied ? <Trans>Copied, with its marking</Trans> : <Trans>Copy</Trans>}
            </button>
            <button type="button" className="button" onClick={() => window.print()}>
              <Icon name="print" /> <Trans>Print</Trans>
            </button>
            {found.dataUpdatedAt > 0 && offline && <Aged readAtMs={found.dataUpdatedAt} />}
          </>
        )}
      </div>
      {failure !== null && <Refusal error={failure} />}
      {found.isPending && <Loading rows={8} />}
      {found.isError && report === undefined && <Refusal error={found.error} again={() => void found.refetch()} />}
      {report !== undefined && (
        <div className={css.sheet}>
          <ReportBody report={report} heading="h1">
            {report.own && <DeliveryTable id={report.id} />}
          </ReportBody>
          <Evidence id={report.id} />
          {report.versions.length > 1 && (
            <section className={css.versions} aria-label={t`Versions`}>
              <h2>
                <Trans>Versions</Trans>
              </h2>
              <ol>
                {report.versions.map((version) => (
                  <li key={version.version} aria-current={version.version === report.version ? 'true' : undefined}>
                    <strong className="tabular">{version.version}</strong> <Instant at={version.releasedAt} />{' '}
                    <span className="quiet">{nationName(version.says)}</span>
                  </li>
                ))}
              </ol>
            </section>
          )}
        </div>
      )}
    </div>
  );
}
