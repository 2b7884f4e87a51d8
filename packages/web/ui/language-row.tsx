/** The seven languages in a row, each by its own name; for pages where nobody is signed in. */
import { useLingui } from '@lingui/react/macro';
import { changeLanguage } from './language.ts';
import css from './language-row.module.css';
import { languages, ownNames } from './languages.ts';

export function LanguageRow() {
  const { t, i18n } = useLingui();
  return (
    <nav className={css.row} aria-label={t`Language`}>
      {languages.map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          className={css.language}
          aria-pressed={i18n.locale === code}
          onClick={() => void changeLanguage(code)}
        >
          {ownNames[code]}
        </button>
      ))}
    </nav>
  );
}
