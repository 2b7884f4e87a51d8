/** One report in a list: who says it, what, how urgent, how marked, how graded, read or not. */
import { useLingui } from '@lingui/react/macro';
import type { ReportLine } from '@tripoint/bureau/desks/reports/contract';
import type { MouseEvent } from 'react';
import { clockText, dateText, listText, nationName } from '../../format/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { MarkingLine } from '../../ui/marking.tsx';
import { DeliveryChips } from './delivery.tsx';
import css from './row.module.css';
import { Author, Original, ReadState, Urgency } from './words.tsx';

interface Props {
  line: ReportLine;
  chosen: boolean;
  marked: boolean;
  offline: boolean;
  onChoose: () => void;
  onOpen: () => void;
  onMark: () => void;
  onAcknowledge: () => void;
}

export function Row({ line, chosen, marked, offline, onChoose, onOpen, onMark, onAcknowledge }: Props) {
  const { t } = useLingui();
  const unread = !line.own && line.openedAt === null;
  const onClick = (event: MouseEvent) => {
    // A click with a modifier is the browser's: it opens the address in a new tab.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    // A double click opens, and so does Enter: a click that no pointer made.
    if (event.detail === 2 || event.detail === 0) onOpen();
    else onChoose();
  };
  return (
    <li className={css.row} data-report={line.id} data-unread={unread} aria-current={chosen ? 'true' : undefined}>
      <label className={css.mark}>
        <input type="checkbox" checked={marked} onChange={onMark} tabIndex={-1} aria-label={t`Select`} />
      </label>
      <div className={css.body}>
        <div className={css.top}>
          {line.own ? <Recipients nations={line.recipients} /> : <Author line={line} />}
          <Urgency urgency={line.urgency} />
          <time
            className={css.time}
            dateTime={line.arrivedAt}
            title={`${dateText(line.arrivedAt)} ${clockText(line.arrivedAt)}`}
          >
            {isToday(line.arrivedAt) ? clockText(line.arrivedAt) : dateText(line.arrivedAt)}
          </time>
        </div>
        <a className={css.title} href={`/reports/${line.id}`} onClick={onClick}>
          {unread && <span className="only-heard">{t`Unread`}. </span>}
          <Original lang={line.lang}>{line.title}</Original>
        </a>
        <div className={css.bottom}>
          <MarkingLine marking={line.marking} grade={line.grade} />
          {line.own ? <DeliveryChips id={line.id} /> : line.acknowledgedAt !== null && <ReadState line={line} />}
        </div>
      </div>
      {!line.own && line.acknowledgedAt === null && (
        <button
          type="button"
          className={css.acknowledge}
          disabled={offline}
          onClick={onAcknowledge}
          title={t`Acknowledge`}
          aria-label={`${t`Acknowledge`}: ${line.title}`}
        >
          <Icon name="check" />
        </button>
      )}
    </li>
  );
}

function Recipients({ nations }: { nations: readonly string[] }) {
  return (
    <span className={css.recipients} title={listText(nations.map(nationName))}>
      <Icon name="arrow" size={13} />
      {nations.map((nation) => (
        <span key={nation} className="nation">
          {nation}
        </span>
      ))}
    </span>
  );
}

const isToday = (instant: string): boolean => new Date(instant).toDateString() === new Date().toDateString();
