/** Colours, for pages where nobody is signed in. */
import { useLingui } from '@lingui/react/macro';
import css from './language-row.module.css';
import { chooseLook, looks, useLook } from './look.ts';

export function LookRow() {
  const { t } = useLingui();
  const look = useLook();
  const names = { system: t`As the system`, light: t`Light`, dark: t`Dark`, contrast: t`High contrast` };
  return (
    <nav className={css.row} aria-label={t`Colours`}>
      {looks.map((name) => (
        <button
          key={name}
          type="button"
          className={css.language}
          aria-pressed={look === name}
          onClick={() => chooseLook(name)}
        >
          {names[name]}
        </button>
      ))}
    </nav>
  );
}
