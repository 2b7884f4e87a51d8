/** Every screen and every command by name: Ctrl K. What is typed here stays here. */

import { useLingui } from '@lingui/react/macro';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { takeInWaiting, useBox } from '../live/box.ts';
import { Icon, type IconName } from './icon.tsx';
import { useKeyboard } from './keyboard.tsx';
import { Keycap } from './keycap.tsx';
import { changeLanguage } from './language.ts';
import { languages, ownNames } from './languages.ts';
import { chooseLook, looks } from './look.ts';
import { useSession } from './session.ts';

export function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { session } = useSession();
  const { singleKeys, setSingleKeys } = useKeyboard();
  const box = useBox('received', session.mayReadReports);
  useEffect(() => {
    spotlight.open();
    return () => spotlight.close();
  }, []);

  const action = (id: string, label: string, icon: IconName, onClick: () => void, keys?: string) => ({
    id,
    label,
    leftSection: <Icon name={icon} size={18} />,
    onClick,
    ...(keys === undefined ? {} : { rightSection: <Keycap>{keys}</Keycap> }),
  });
  const lookNames = { system: t`As the system`, light: t`Light`, dark: t`Dark`, contrast: t`High contrast` };
  const known = box.lines.shown.slice(0, 200);
  const actions: SpotlightActionGroupData[] = [
    {
      group: t`Screens`,
      actions: [
        ...(session.mayReadReports
          ? [
              action('inbox', t`Inbox`, 'inbox', () => void navigate({ to: '/' }), 'g i'),
              action('sent', t`Sent`, 'sent', () => void navigate({ to: '/sent' }), 'g s'),
            ]
          : []),
        ...(session.mayFile
          ? [action('compose', t`New report`, 'pen', () => void navigate({ to: '/compose' }), 'g c')]
          : []),
        ...(session.mayAdminister
          ? [action('admin', t`Administration`, 'shield', () => void navigate({ to: '/admin' }), 'g a')]
          : []),
      ],
    },
    {
      group: t`Commands`,
      actions: [
        action('take-in', t`Take in what is new`, 'arrow', () => takeInWaiting('received'), 'n'),
        action('help', t`Keys and help`, 'help', onHelp, '?'),
        action('keys', singleKeys ? t`Switch single keys off` : t`Switch single keys on`, 'help', () =>
          setSingleKeys(!singleKeys),
        ),
        action('print', t`Print this screen`, 'print', () => window.print()),
        ...looks.map((name) =>
          action(`look-${name}`, `${t`Colours`}: ${lookNames[name]}`, 'look', () => chooseLook(name)),
        ),
        ...languages.map((code) =>
          action(`language-${code}`, `${t`Language`}: ${ownNames[code]}`, 'language', () => void changeLanguage(code)),
        ),
      ],
    },
    {
      group: t`Reports on this screen`,
      actions: known.map((line) =>
        action(line.id, line.title, 'inbox', () => void navigate({ to: '/reports/$id', params: { id: line.id } })),
      ),
    },
  ];
  return (
    <Spotlight
      shortcut={null}
      overlayProps={{ blur: 0, backgroundOpacity: 0.5 }}
      actions={actions}
      onSpotlightClose={onClose}
      limit={40}
      maxHeight={420}
      scrollable
      highlightQuery
      nothingFound={t`Nothing of that name`}
      searchProps={{
        placeholder: t`A screen, a command, a report`,
        'aria-label': t`Find or do`,
        leftSection: <Icon name="search" />,
      }}
    />
  );
}
