/** The home of the console: what arrived (or was sent), newest first, with the chosen item beside it. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import type { ReportLine } from '@tripoint/bureau/desks/reports/contract';
import { useMemo, useRef, useState } from 'react';
import { type BoxName, readHead, readOlder, takeInWaiting, useBox } from '../../live/box.ts';
import { useLive } from '../../live/live.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useCommands } from '../../ui/keyboard.tsx';
import { Keycap } from '../../ui/keycap.tsx';
import { useSession } from '../../ui/session.ts';
import { Aged, Empty, Loading, Refusal } from '../../ui/states.tsx';
import { acknowledge } from './acknowledge.ts';
import css from './inbox.module.css';
import { PreviewPane } from './preview-pane.tsx';
import { Row } from './row.tsx';

type Filter = 'all' | 'unread' | 'open' | 'urgent';

const passes: Record<Filter, (line: ReportLine) => boolean> = {
  all: () => true,
  unread: (line) => line.openedAt === null,
  open: (line) => line.acknowledgedAt === null,
  urgent: (line) => line.urgency !== 'routine',
};

/** Wide enough for list and preview side by side; below, Enter and click open the whole page. */
const wideQuery = matchMedia('(min-width: 961px)');

export function Inbox({ box: name }: { box: BoxName }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { session } = useSession();
  const box = useBox(name);
  const { offline } = useLive();
  const [filter, setFilter] = useState<Filter>('all');
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<unknown>(null);
  const list = useRef<HTMLUListElement>(null);

  const { shown, waiting, begun, next } = box.lines;
  // A line that stops passing the filter (because it was just read) stays until the filter is chosen again.
  const lines = useMemo(() => shown.filter((line) => passes[filter](line) || kept.has(line.id)), [shown, filter, kept]);
  const current = lines.find((line) => line.id === chosen) ?? null;

  const choose = (line: ReportLine) => {
    setChosen(line.id);
    setKept((known) => (known.has(line.id) ? known : new Set(known).add(line.id)));
  };
  const openWhole = (line: ReportLine) => void navigate({ to: '/reports/$id', params: { id: line.id } });
  const step = (by: 1 | -1) => {
    const at = lines.findIndex((line) => line.id === chosen);
    const line = lines[at < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))];
    if (line === undefined) return;
    choose(line);
    list.current?.querySelector<HTMLElement>(`[data-report="${line.id}"] a`)?.focus({ preventScroll: false });
  };
  const takeNote = async (targets: ReportLine[]) => {
    setFailure(null);
    const open = targets.filter((line) => !line.own && line.acknowledgedAt === null);
    setKept((known) => new Set([...known, ...open.map((line) => line.id)]));
    const outcomes = await Promise.allSettled(open.map((line) => acknowledge(line, session.officer.name)));
    setFailure(outcomes.find((outcome) => outcome.status === 'rejected')?.reason ?? null);
    setMarked(new Set());
  };
  const mark = (id: string) => {
    setMarked((known) => {
      const changed = new Set(known);
      if (!changed.delete(id)) changed.add(id);
      return changed;
    });
  };
  const several = lines.filter((line) => marked.has(line.id));
  const selectedCount = several.length;
  const newCount = waiting.length;
  useCommands({
    next: () => step(1),
    previous: () => step(-1),
    ...(current === null ? {} : { open: () => openWhole(current), select: () => mark(current.id) }),
    ...(offline || (current === null && several.length === 0)
      ? {}
      : { acknowledge: () => void takeNote(several.length > 0 ? several : current === null ? [] : [current]) }),
    ...(waiting.length === 0 ? {} : { 'take-in': () => takeInWaiting(name) }),
  });

  const filterNames: Record<Filter, string> = {
    all: t`All`,
    unread: t`Unread`,
    open: t`Not acknowledged`,
    urgent: t`Urgent`,
  };
  const title = name === 'received' ? t`Inbox` : t`Sent`;
  return (
    <div className={css.split}>
      <section className={css.listSide} aria-labelledby="list-title">
        <header className={css.head}>
          <h1 id="list-title">{title}</h1>
          {box.readAtMs !== null && <Aged readAtMs={box.readAtMs} afterMs={120_000} />}
          {name === 'received' && (
            <fieldset className={css.filters} aria-label={t`Show`}>
              {(Object.keys(filterNames) as Filter[]).map((key) => (
                <button
                  key={key}
                  type="button"
                  className={css.filter}
                  aria-pressed={filter === key}
                  onClick={() => {
                    setFilter(key);
                    setKept(new Set());
                  }}
                >
                  {filterNames[key]}
                </button>
              ))}
            </fieldset>
          )}
        </header>
        {several.length > 0 && (
          <div className={css.bulk} role="toolbar" aria-label={t`For the selected items`}>
            <span>
              <Trans>Selected: {selectedCount}</Trans>
            </span>
            {name === 'received' && (
              <button
                type="button"
                className="button"
                data-size="s"
                disabled={offline}
                onClick={() => void takeNote(several)}
              >
                <Icon name="check" size={14} /> <Trans>Acknowledge</Trans>
              </button>
            )}
            <button
              type="button"
              className="button"
              data-kind="quiet"
              data-size="s"
              onClick={() => setMarked(new Set())}
            >
              <Trans>Clear</Trans>
            </button>
          </div>
        )}
        <div className={css.scroll}>
          <div aria-live="polite">
            {waiting.length > 0 && (
              <button type="button" className={css.fresh} onClick={() => takeInWaiting(name)} aria-keyshortcuts="n">
                <Icon name="arrow" size={14} />
                <Trans>{newCount} new</Trans>
                <Keycap>n</Keycap>
              </button>
            )}
          </div>
          {failure !== null && <Refusal error={failure} />}
          {box.error !== null && <Refusal error={box.error} again={() => void readHead(name)} />}
          {!begun && box.error === null && <Loading rows={8} />}
          {begun && lines.length === 0 && box.error === null && <NothingHere box={name} filtered={filter !== 'all'} />}
          <ul ref={list} className={css.list} aria-label={title}>
            {lines.map((line) => (
              <Row
                key={line.id}
                line={line}
                chosen={line.id === chosen}
                marked={marked.has(line.id)}
                offline={offline}
                onChoose={() => (wideQuery.matches ? choose(line) : openWhole(line))}
                onOpen={() => openWhole(line)}
                onMark={() => mark(line.id)}
                onAcknowledge={() => void takeNote([line])}
              />
            ))}
          </ul>
          {next !== null && (
            <p className={css.more}>
              <button
                type="button"
                className="button"
                disabled={box.loadingOlder || offline}
                onClick={() => void readOlder(name)}
              >
                <Trans>Older items</Trans>
              </button>
            </p>
          )}
        </div>
      </section>
      <PreviewPane line={current} onAcknowledge={() => current !== null && void takeNote([current])} />
    </div>
  );
}

function NothingHere({ box, filtered }: { box: BoxName; filtered: boolean }) {
  const { t } = useLingui();
  const { session } = useSession();
  if (filtered) {
    return (
      <Empty title={t`Nothing of this kind`}>
        <p>
          <Trans>Choose another view above to see the other items.</Trans>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title={box === 'received' ? t`Nothing has arrived yet` : t`Nothing has been sent yet`}>
      <p>
        {box === 'received' ? (
          <Trans>Reports that other nations address to this bureau appear here by themselves.</Trans>
        ) : (
          <Trans>Reports of this bureau appear here, with how far each is on its way to every nation.</Trans>
        )}
      </p>
      {session.mayFile && (
        <p>
          <a className="button" href="/compose">
            <Icon name="pen" /> <Trans>New report</Trans>
          </a>
        </p>
      )}
    </Empty>
  );
}
