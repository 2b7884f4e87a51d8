/** Which bureau, which links stand, whether the screen is live, what time it is here and in UTC. */

import { Trans, useLingui } from '@lingui/react/macro';
import { Menu, Popover } from '@mantine/core';
import type { CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { useCoalition } from '../desks/admin/coalition.ts';
import { clockText, dateText, nationName, offsetText, zuluText } from '../format/index.ts';
import { ask } from '../live/ask.ts';
import { useLive } from '../live/live.tsx';
import { Icon } from './icon.tsx';
import { Keycap } from './keycap.tsx';
import { changeLanguage } from './language.ts';
import { isLanguage, languages, ownNames } from './languages.ts';
import { LinkState } from './link-state.tsx';
import { chooseLook, looks, useLook } from './look.ts';
import { useSession } from './session.ts';
import { useNow } from './states.tsx';
import css from './top-bar.module.css';
import { word } from './word.ts';

type Member = CoalitionView['members'][number];

function Links() {
  const { t } = useLingui();
  const coalition = useCoalition();
  const { offline } = useLive();
  const others = coalition.data?.members.filter((member) => !member.self) ?? [];
  if (others.length === 0) return null;
  const up = others.filter((member) => member.link === 'up').length;
  // A device without network knows nothing of the links: what it knew before is no good news.
  const tone = up === others.length && !offline ? 'good' : 'warn';
  return (
    <>
      <ul className={css.links} aria-label={t`Links to the other nations`}>
        {others.map((member) => (
          <li key={member.nation}>
            <LinkChip member={member} offline={offline} />
          </li>
        ))}
      </ul>
      <Popover position="bottom-end" withArrow width={280} trapFocus>
        <Popover.Target>
          <button type="button" className={css.linksSummary} data-tone={tone}>
            <Icon name={tone === 'good' ? 'check' : 'alert'} size={14} />
            <span className="tabular">
              {offline ? '–' : up}/{others.length}
            </span>
            <span className="only-heard">{t`Links to the other nations`}</span>
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <ul className={css.linksList}>
            {others.map((member) => (
              <li key={member.nation}>
                <span className="nation">{member.nation}</span> <LinkState member={member} />
              </li>
            ))}
          </ul>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function LinkChip({ member, offline }: { member: Member; offline: boolean }) {
  const { t } = useLingui();
  const name = nationName(member.nation);
  const since = member.sinceAt === null ? '' : clockText(member.sinceAt);
  const up = member.link === 'up';
  const queued = member.queued;
  const time = since;
  const down =
    queued === null
      ? t`${name}: out of reach since ${time}`
      : t`${name}: out of reach since ${since}; queued: ${queued}`;
  const known = up ? t`${name}: link up since ${since}` : down;
  const label = offline ? `${t`Offline`} · ${known}` : known;
  return (
    <span className={css.chip} data-up={offline ? 'unknown' : up} title={label}>
      <span className={css.dot} aria-hidden="true" />
      <span aria-hidden="true">{member.nation}</span>
      {!up && queued !== null && queued > 0 && (
        <span className="tabular" aria-hidden="true">
          {queued}
        </span>
      )}
      <span className="only-heard">{label}</span>
    </span>
  );
}

function Clock() {
  const now = new Date(useNow(1000));
  return (
    <time className={css.clock} dateTime={now.toISOString()}>
      <span className={css.date}>{dateText(now)}</span>
      <strong>{clockText(now)}</strong>
      <span className="quiet">{offsetText(now)}</span>
      <span className={css.zulu}>{zuluText(now)}</span>
    </time>
  );
}

function LiveMark() {
  const { t } = useLingui();
  const { feed, offline } = useLive();
  const live = feed === 'live' && !offline;
  const words = offline ? t`Offline` : live ? t`Live` : feed === 'silent' ? t`Every 10 s` : t`Connecting`;
  return (
    <span className={css.live} data-live={live}>
      <span className={css.pulse} aria-hidden="true" />
      <span>{words}</span>
    </span>
  );
}

function LanguageMenu() {
  const { t, i18n } = useLingui();
  return (
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false} shadow="none">
      <Menu.Target>
        <button type="button" className={css.tool} aria-label={`${t`Language`}: ${i18n.locale}`}>
          <Icon name="language" size={18} />
          <span className={css.toolText}>{i18n.locale}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={i18n.locale}
          onChange={(code) => {
            if (typeof code === 'string' && isLanguage(code)) void changeLanguage(code);
          }}
        >
          {languages.map((code) => (
            <Menu.RadioItem key={code} value={code} lang={code} closeMenuOnClick>
              {ownNames[code]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function OfficerMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useLingui();
  const look = useLook();
  const { session, onSignedOut } = useSession();
  const lookNames = { system: t`As the system`, light: t`Light`, dark: t`Dark`, contrast: t`High contrast` };
  const signOut = () => {
    // Whatever the server says, this screen forgets: a lost answer must not leave an officer signed in.
    ask('/api/session', { method: 'DELETE' })
      .catch(() => {})
      .finally(onSignedOut);
  };
  return (
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false} shadow="none" width={240}>
      <Menu.Target>
        <button type="button" className={css.tool} aria-label={`${session.officer.name}: ${t`Officer and settings`}`}>
          <Icon name="people" size={18} />
          <span className={css.officer}>{session.officer.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.officer.name} · {word('role', session.officer.role)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Colours</Trans>
        </Menu.Label>
        <Menu.RadioGroup
          value={look}
          onChange={(next) => {
            const known = looks.find((name) => name === next);
            if (known !== undefined) chooseLook(known);
          }}
        >
          {looks.map((name) => (
            <Menu.RadioItem key={name} value={name}>
              {lookNames[name]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="help" />} onClick={onHelp}>
          <Trans>Keys and help</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="out" />} onClick={signOut}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function TopBar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const { t } = useLingui();
  const { session } = useSession();
  return (
    <header className={`${css.bar} not-printed`}>
      <span className={css.bureau}>
        <img src="/mark.svg" alt="Tripoint" width="24" height="24" />
        <span className="nation">{session.nation}</span>
        <strong className={css.bureauName}>{nationName(session.nation)}</strong>
        {session.demo && (
          <span className="badge" data-tone="warn" title={t`Everything here is invented`}>
            <Trans>Demo</Trans>
          </span>
        )}
      </span>
      <Links />
      <LiveMark />
      <Clock />
      <span className={css.tools}>
        <button type="button" className={css.find} onClick={onPalette} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="search" />
          <span className={css.findText}>
            <Trans>Find or do</Trans>
          </span>
          <Keycap>Ctrl K</Keycap>
        </button>
        <LanguageMenu />
        <OfficerMenu onHelp={onHelp} />
      </span>
    </header>
  );
}
