/** What stands beside a condition: a day, a rule, minutes, or a list of nations, purposes or posts. */
import { useLingui } from '@lingui/react/macro';
import { nationName } from '../../format/index.ts';
import { type ConditionCode, conditionShapes, onwardRules, purposes } from '../../ui/codes.ts';
import { word } from '../../ui/word.ts';
import css from './pickers.module.css';

interface Props {
  code: ConditionCode;
  param: string | string[];
  nations: readonly string[];
  onChange: (param: string | string[]) => void;
}

export function ConditionParam({ code, param, nations, onChange }: Props) {
  const { t } = useLingui();
  const shape = conditionShapes[code];
  const text = typeof param === 'string' ? param : '';
  const list = Array.isArray(param) ? param : [];
  const label = word('condition', code);
  if (shape === 'date') {
    return (
      <input
        type="date"
        className={css.param}
        aria-label={label}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (shape === 'minutes') {
    return (
      <span className={css.param}>
        <input
          type="number"
          min={1}
          max={129_600}
          aria-label={t`Minutes`}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />{' '}
        min
      </span>
    );
  }
  if (shape === 'rule') {
    return (
      <select
        className={css.param}
        aria-label={label}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t`Choose`}</option>
        {onwardRules.map((rule) => (
          <option key={rule} value={rule}>
            {word('onward', rule)}
          </option>
        ))}
      </select>
    );
  }
  if (shape === 'posts') {
    return (
      <input
        type="text"
        className={css.param}
        aria-label={t`Posts, separated by commas`}
        defaultValue={list.join(', ')}
        onBlur={(event) =>
          onChange(
            event.currentTarget.value
              .split(',')
              .map((post) => post.trim())
              .filter((post) => post !== ''),
          )
        }
      />
    );
  }
  const options = shape === 'nations' ? nations : purposes;
  const nameOf = (option: string) => (shape === 'nations' ? nationName(option) : word('purpose', option));
  const toggle = (option: string) =>
    onChange(list.includes(option) ? list.filter((held) => held !== option) : [...list, option]);
  return (
    <fieldset className={`choices ${css.param}`} aria-label={label}>
      {options.map((option) => (
        <label key={option} className="choice">
          <input type="checkbox" checked={list.includes(option)} onChange={() => toggle(option)} />
          <span>{nameOf(option)}</span>
        </label>
      ))}
    </fieldset>
  );
}
