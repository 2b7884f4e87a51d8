/** The keys, and the switch that turns single keys off. */

import { Trans, useLingui } from '@lingui/react/macro';
import { Modal } from '@mantine/core';
import css from './help.module.css';
import { useKeyboard } from './keyboard.tsx';

export function Help({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { singleKeys, setSingleKeys } = useKeyboard();
  const keys: [string, string][] = [
    ['j', t`Next item`],
    ['k', t`Previous item`],
    ['Enter', t`Open the item`],
    ['e', t`Acknowledge`],
    ['x', t`Select for several at once`],
    ['n', t`Take in what is new`],
    ['c', t`New report`],
    ['g i', t`Go to: Inbox`],
    ['g s', t`Go to: Sent`],
    ['g c', t`Go to: New report`],
    ['g a', t`Go to: Administration`],
    ['Ctrl K', t`Find or do`],
    ['?', t`This page`],
  ];
  return (
    <Modal opened onClose={onClose} title={t`Keys and help`} size="md" closeButtonProps={{ 'aria-label': t`Close` }}>
      <dl className={css.keys}>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part} className="keycap">
                  {part}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label className={css.switch}>
        <input type="checkbox" checked={singleKeys} onChange={(event) => setSingleKeys(event.currentTarget.checked)} />
        <span>
          <Trans>Single keys act (they never do while you type)</Trans>
        </span>
      </label>
      <p className={css.note}>
        <Trans>Delivered means: the other nation's bureau has signed for it. Sent alone proves nothing.</Trans>
      </p>
    </Modal>
  );
}
