/** Marking and grade: every part is chosen by hand or typed in short; nothing is chosen beforehand and nothing is remembered. */
import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useState } from 'react';
import {
  type ConditionCode,
  conditionShapes,
  type GradeScheme,
  gradeSchemes,
  handlingCodes,
  papCodes,
} from '../../ui/codes.ts';
import { MarkingShape } from '../../ui/marking.tsx';
import { word } from '../../ui/word.ts';
import { ConditionParam } from './condition-param.tsx';
import { type GradeForm, type MarkingForm, noGrade } from './draft.ts';
import css from './pickers.module.css';
import { readQuickEntry } from './quick-entry.ts';

interface MarkingProps {
  value: MarkingForm;
  onChange: (value: MarkingForm) => void;
  error?: string | undefined;
  nations: readonly string[];
}

export function MarkingPicker({ value, onChange, error, nations }: MarkingProps) {
  const { t } = useLingui();
  const name = useId();
  const toggle = (code: (typeof handlingCodes)[number]) => {
    const others = value.handling.filter((held) => held !== code && held !== 'H0');
    const handling = value.handling.includes(code) ? others : code === 'H0' ? [code] : [...others, code];
    onChange({ ...value, handling: code === 'H0' && value.handling.includes('H0') ? [] : handling });
  };
  return (
    <div className={css.picker} data-at="marking" data-wrong={error !== undefined}>
      <fieldset className={css.group}>
        <legend>
          <Trans>Handling</Trans>
        </legend>
        <div className="choices">
          {handlingCodes.map((code) => (
            <label key={code} className="choice" title={word('handling-meaning', code)}>
              <input type="checkbox" checked={value.handling.includes(code)} onChange={() => toggle(code)} />
              <span>
                <MarkingShape code={code} /> {code} <span className={css.gloss}>{word('handling', code)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {value.handling.includes('H3') && (
        <label className={css.terms}>
          <span>
            <Trans>Own terms, in full</Trans>
          </span>
          <textarea
            rows={2}
            value={value.terms}
            onChange={(event) => onChange({ ...value, terms: event.currentTarget.value })}
          />
        </label>
      )}
      <fieldset className={css.group}>
        <legend>
          <Trans>PAP: how far one may go with it</Trans>
        </legend>
        <div className="choices">
          {papCodes.map((code) => (
            <label key={code} className="choice" title={word('pap', code)}>
              <input
                type="radio"
                name={name}
                checked={value.pap === code}
                onChange={() => onChange({ ...value, pap: code })}
              />
              <span>
                <MarkingShape code={code} /> {code}
              </span>
            </label>
          ))}
        </div>
        {value.pap !== null && <p className={css.meaning}>{word('pap', value.pap)}</p>}
      </fieldset>
      <Conditions value={value} onChange={onChange} nations={nations} label={t`Conditions`} />
      {error !== undefined && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function Conditions({ value, onChange, nations, label }: Omit<MarkingProps, 'error'> & { label: string }) {
  const { t } = useLingui();
  const set = new Map(value.conditions.map((condition) => [condition.code, condition.param]));
  const codes = Object.keys(conditionShapes) as ConditionCode[];
  const change = (code: ConditionCode, param: string | string[] | null, on: boolean) => {
    const others = value.conditions.filter((condition) => condition.code !== code);
    onChange({ ...value, conditions: on ? [...others, { code, param }] : others });
  };
  const emptyParam = (code: ConditionCode) => {
    const shape = conditionShapes[code];
    if (shape === 'none') return null;
    return shape === 'nations' || shape === 'purposes' || shape === 'posts' ? [] : '';
  };
  return (
    <details className={css.conditions} open={value.conditions.length > 0 ? true : undefined}>
      <summary>
        {label} {value.conditions.length > 0 && <span className="tabular">({value.conditions.length})</span>}
      </summary>
      <ul className={css.conditionList} aria-label={t`Conditions`}>
        {codes.map((code) => (
          <li key={code}>
            <label>
              <input
                type="checkbox"
                checked={set.has(code)}
                onChange={(event) => change(code, emptyParam(code), event.currentTarget.checked)}
              />
              <span>{word('condition', code)}</span>
            </label>
            {set.has(code) && conditionShapes[code] !== 'none' && (
              <ConditionParam
                code={code}
                param={set.get(code) ?? ''}
                nations={nations}
                onChange={(param) => change(code, param, true)}
              />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface GradeProps {
  value: GradeForm;
  onChange: (value: GradeForm) => void;
  error?: string | undefined;
}

export function GradePicker({ value, onChange, error }: GradeProps) {
  const { t } = useLingui();
  const name = useId();
  const scheme = value.scheme;
  const axis = (key: 'source' | 'information', legend: string) =>
    scheme !== null && (
      <fieldset className={css.group}>
        <legend>{legend}</legend>
        <div className="choices">
          {gradeSchemes[scheme][key].map((symbol) => (
            <label key={symbol} className="choice">
              <input
                type="radio"
                name={`${name}-${key}`}
                checked={value[key] === symbol}
                onChange={() => onChange({ ...value, [key]: symbol })}
              />
              <span>
                <strong>{symbol}</strong>{' '}
                <span className={css.gloss}>{word('grade', `${scheme}:${key}:${symbol}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    );
  return (
    <div className={css.picker} data-at="grade" data-wrong={error !== undefined}>
      <fieldset className={css.group}>
        <legend>
          <Trans>Grading scheme</Trans>
        </legend>
        <div className="choices">
          {(Object.keys(gradeSchemes) as GradeScheme[]).map((code) => (
            <label key={code} className="choice">
              <input
                type="radio"
                name={`${name}-scheme`}
                checked={scheme === code}
                onChange={() => onChange({ ...noGrade, scheme: code })}
              />
              <span>{code}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {axis('source', t`Source`)}
      {axis('information', t`Information`)}
      {error !== undefined && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface QuickProps {
  marking: MarkingForm;
  grade: GradeForm;
  onChange: (value: { marking: MarkingForm; grade: GradeForm }) => void;
}

/** One line that fills both pickers: `h1 amber b2`, then Enter. */
export function QuickEntryField({ marking, grade, onChange }: QuickProps) {
  const { t } = useLingui();
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState<string[]>([]);
  const apply = () => {
    const entry = readQuickEntry(text, grade.scheme);
    const added = (entry.conditions ?? []).filter((code) => marking.conditions.every((held) => held.code !== code));
    onChange({
      grade: entry.grade ?? grade,
      marking: {
        ...marking,
        handling: entry.handling ?? marking.handling,
        pap: entry.pap ?? marking.pap,
        conditions: [...marking.conditions, ...added.map((code) => ({ code, param: null }))],
      },
    });
    setUnknown(entry.unknown);
    setText(entry.unknown.join(' '));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    apply();
  };
  const rest = unknown.join(', ');
  return (
    <div className={css.quick}>
      <label>
        <span>{t`Short form`}</span>
        <input
          type="text"
          className={css.quickInput}
          value={text}
          placeholder="h1 amber b2"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby="quick-help"
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={() => text.trim() !== '' && apply()}
        />
      </label>
      <p id="quick-help" className="small quiet">
        <Trans>Type handling, PAP and grade in any order, then Enter.</Trans>
      </p>
      {rest !== '' && (
        <p className={css.error} role="alert">
          <Trans>Not understood: {rest}</Trans>
        </p>
      )}
    </div>
  );
}
