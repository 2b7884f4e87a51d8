/** A report as it is read: marking above and below, text in its own language, statements by entity, each with its source. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReportView } from '@tripoint/bureau/desks/reports/contract';
import type { ClipboardEvent, ReactNode } from 'react';
import { languageName, listText, nationName } from '../../format/index.ts';
import { MarkingLine } from '../../ui/marking.tsx';
import { gradeWording, markingFacts, markingText } from '../../ui/marking-text.ts';
import { word } from '../../ui/word.ts';
import css from './report-body.module.css';
import { Statements } from './statements.tsx';
import { Author, Instant, Original, ReadState, Urgency } from './words.tsx';

/** Whatever is copied out of a report carries its marking as the first line. */
function copyWithMarking(report: ReportView) {
  return (event: ClipboardEvent) => {
    const text = document.getSelection()?.toString() ?? '';
    if (text === '') return;
    event.clipboardData.setData('text/plain', `${markingText(report.marking, report.grade)}\n${text}`);
    event.preventDefault();
  };
}

interface Props {
  report: ReportView;
  heading: 'h1' | 'h2';
  /** Stands between the facts and the text: how far an own report is on its way. */
  children?: ReactNode;
}

export function ReportBody({ report, heading: Heading, children }: Props) {
  const { t } = useLingui();
  const language = languageName(report.lang);
  const count = report.statements.length;
  return (
    <article className={css.report} onCopy={copyWithMarking(report)}>
      <p className={css.printMark} aria-hidden="true">
        {markingText(report.marking, report.grade)}
      </p>
      <header className={css.head}>
        <div className={css.tags}>
          <MarkingLine marking={report.marking} grade={report.grade} />
          <Urgency urgency={report.urgency} />
          <ReadState line={report} />
        </div>
        <Heading className={css.title}>
          <Original lang={report.lang}>{report.title}</Original>
        </Heading>
        <dl className={css.facts}>
          <Fact name={t`Says`}>
            <Author line={report} name />
          </Fact>
          <Fact name={t`Recipients`}>{listText(report.recipients.map(nationName))}</Fact>
          <Fact name={t`Purpose`}>{word('purpose', report.purpose)}</Fact>
          {report.offence !== null && (
            <Fact name={t`Offence`}>
              <Original lang={report.lang}>{report.offence}</Original>
            </Fact>
          )}
          <Fact name={t`Grade`}>{gradeWording(report.grade)}</Fact>
          <Fact name={t`Handling`}>{markingFacts(report.marking).wording}</Fact>
          {report.marking.terms !== undefined && (
            <Fact name={t`Own terms`}>
              <Original lang={null}>{report.marking.terms}</Original>
            </Fact>
          )}
          <Fact name={t`Language`}>{language}</Fact>
          <Fact name={t`Released`}>
            <Instant at={report.releasedAt} />
          </Fact>
          {!report.own && (
            <Fact name={t`Arrived`}>
              <Instant at={report.arrivedAt} />
            </Fact>
          )}
          {report.version > 1 && <Fact name={t`Version`}>{String(report.version)}</Fact>}
        </dl>
      </header>
      {children}
      {report.text !== '' && (
        <div className={css.text} lang={report.lang} dir="auto">
          <Original lang={report.lang}>{report.text}</Original>
        </div>
      )}
      <section className={css.section} aria-label={t`Statements`}>
        <h3>
          <Trans>Statements</Trans> <span className="quiet tabular">{count}</span>
        </h3>
        {count === 0 ? (
          <p className="quiet">
            <Trans>This report holds text only, no single statements.</Trans>
          </p>
        ) : (
          <Statements report={report} />
        )}
      </section>
      <p className={css.printMark} aria-hidden="true">
        {markingText(report.marking, report.grade)}
      </p>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
