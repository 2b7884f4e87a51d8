/** Small pieces of a report that several screens show. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReportLine } from '@tripoint/bureau/desks/reports/contract';
import { useEffect } from 'react';
import { clockText, dateText, nationName, offsetText, zuluText } from '../../format/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { isKorean, loadKoreanLetters } from '../../ui/korean.ts';
import { word } from '../../ui/word.ts';

/** Text as somebody wrote it, in its own language and never as markup. */
export function Original({ lang, children, className }: { lang: string | null; children: string; className?: string }) {
  useEffect(() => {
    if (lang === 'ko' || isKorean(children)) loadKoreanLetters();
  }, [lang, children]);
  return (
    <span className={`isolate ${className ?? ''}`} dir="auto" {...(lang === null ? {} : { lang })}>
      {children}
    </span>
  );
}

export function Urgency({ urgency }: { urgency: ReportLine['urgency'] }) {
  if (urgency === 'routine') return null;
  return (
    <span className="badge" data-tone="bad">
      <Icon name="alert" size={13} />
      {word('urgency', urgency)}
    </span>
  );
}

/** The agency abroad is a pseudonym such as KH-7f3a; the bureau itself is the bare nation. */
export function Author({ line, name = false }: { line: Pick<ReportLine, 'says' | 'author'>; name?: boolean }) {
  return (
    <span title={nationName(line.says)}>
      <span className="nation" aria-hidden="true">
        {line.says}
      </span>{' '}
      <span className={name ? undefined : 'only-heard'}>{nationName(line.says)}</span>{' '}
      {line.author === line.says ? null : <span className="tabular quiet">{line.author}</span>}
    </span>
  );
}

/** Reader's time with offset, UTC beside it. */
export function Instant({ at }: { at: string }) {
  return (
    <time dateTime={at} className="tabular">
      {dateText(at)} {clockText(at)} <span className="quiet">({offsetText(at)})</span> · {zuluText(at)}
    </time>
  );
}

export function ReadState({ line }: { line: ReportLine }) {
  const { t } = useLingui();
  if (line.own) return null;
  if (line.acknowledgedAt !== null) {
    const who = line.acknowledgedBy ?? t`a colleague`;
    const when = clockText(line.acknowledgedAt);
    return (
      <span className="badge" data-tone="good">
        <Icon name="check" size={13} />
        <Trans>
          Acknowledged by {who}, {when}
        </Trans>
      </span>
    );
  }
  if (line.openedAt === null) {
    return (
      <span className="badge" data-tone="plain">
        <Trans>Unread</Trans>
      </span>
    );
  }
  return (
    <span className="badge" data-tone="plain">
      <Trans>Not acknowledged</Trans>
    </span>
  );
}
