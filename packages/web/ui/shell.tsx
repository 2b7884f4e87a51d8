/** The frame of the console: bar above, screens at the left (below on a narrow screen), the screen itself. */
import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import { useAlarms } from '../desks/admin/coalition.ts';
import { clockText } from '../format/index.ts';
import { useBox } from '../live/box.ts';
import { useLive } from '../live/live.tsx';
import { Help } from './help.tsx';
import { Icon, type IconName } from './icon.tsx';
import { useCommands } from './keyboard.tsx';
import { Palette } from './palette.tsx';
import { useSession } from './session.ts';
import css from './shell.module.css';
import { TopBar } from './top-bar.tsx';

interface Place {
  to: '/' | '/sent' | '/compose' | '/admin';
  icon: IconName;
  label: string;
  count?: number;
}

function usePlaces(): Place[] {
  const { t } = useLingui();
  const { session } = useSession();
  const box = useBox('received', session.mayReadReports);
  const alarms = useAlarms(session.mayAdminister);
  const unread = box.lines.shown.concat(box.lines.waiting).filter((line) => line.openedAt === null).length;
  const open = alarms.data?.items.filter((alarm) => alarm.acknowledgedAt === null).length ?? 0;
  return [
    ...(session.mayReadReports
      ? [
          { to: '/' as const, icon: 'inbox' as const, label: t`Inbox`, count: unread },
          { to: '/sent' as const, icon: 'sent' as const, label: t`Sent` },
        ]
      : []),
    ...(session.mayFile ? [{ to: '/compose' as const, icon: 'pen' as const, label: t`New report` }] : []),
    ...(session.mayAdminister
      ? [{ to: '/admin' as const, icon: 'shield' as const, label: t`Administration`, count: open }]
      : []),
  ];
}

function Rail({ places }: { places: Place[] }) {
  const { t } = useLingui();
  return (
    <nav className={`${css.rail} not-printed`} aria-label={t`Screens`}>
      <ul className={css.places}>
        {places.map((place) => (
          <li key={place.to}>
            <Link
              to={place.to}
              className={css.place}
              activeOptions={{ exact: true }}
              activeProps={{ 'aria-current': 'page' }}
            >
              <Icon name={place.icon} size={18} />
              <span className={css.label}>{place.label}</span>
              {place.count !== undefined && place.count > 0 && <span className={css.count}>{place.count}</span>}
            </Link>
          </li>
        ))}
      </ul>
      <p className={css.legend}>
        <kbd className="keycap">?</kbd> <Trans>Keys</Trans> · <kbd className="keycap">Ctrl K</kbd> <Trans>Find</Trans>
      </p>
    </nav>
  );
}

/** Broken lines are said aloud once, in plain words, above the work and never over it. */
function LineState() {
  const { feed, offline, lastHeardMs } = useLive();
  const heardAt = clockText(new Date(lastHeardMs));
  if (offline) {
    return (
      <p className={css.banner} data-tone="bad" role="status">
        <Icon name="alert" />
        <span>
          <Trans>
            This device is offline. You see what was known at {heardAt}; nothing can be changed until the line is back.
          </Trans>
        </span>
      </p>
    );
  }
  if (feed === 'silent') {
    return (
      <p className={css.banner} data-tone="warn" role="status">
        <Icon name="alert" />
        <span>
          <Trans>The live line is silent since {heardAt}. The screen asks again every 10 seconds.</Trans>
        </span>
      </p>
    );
  }
  return null;
}

function UrgentVoice() {
  const { t } = useLingui();
  const { urgentCount } = useLive();
  return (
    <p className="only-heard" role="alert">
      {urgentCount > 0 ? t`Urgent items arrived: ${urgentCount}` : ''}
    </p>
  );
}

export function Shell() {
  const navigate = useNavigate();
  const { session } = useSession();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const places = usePlaces();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const firstPath = useRef(path);
  useLayoutEffect(() => {
    // After a change of screen the focus follows, so that the keyboard and a screen reader stand at the new content.
    // At once: a moment later it would be taken from a field that the officer is already typing in.
    if (firstPath.current !== path) main.current?.focus({ preventScroll: true });
    firstPath.current = path;
  }, [path]);
  const go = (to: Place['to'], may = true) => (may ? () => void navigate({ to }) : undefined);
  useCommands({
    palette: () => setPalette(true),
    help: () => setHelp(true),
    compose: go('/compose', session.mayFile),
    'go-inbox': go('/', session.mayReadReports),
    'go-sent': go('/sent', session.mayReadReports),
    'go-compose': go('/compose', session.mayFile),
    'go-admin': go('/admin', session.mayAdminister),
  });
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        <Trans>To the content</Trans>
      </a>
      <TopBar onPalette={() => setPalette(true)} onHelp={() => setHelp(true)} />
      <Rail places={places} />
      <main ref={main} id="main" className={css.main} tabIndex={-1}>
        <LineState />
        <Outlet />
      </main>
      <UrgentVoice />
      {palette && <Palette onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />}
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}
