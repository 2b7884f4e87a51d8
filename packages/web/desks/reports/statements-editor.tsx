/** Single statements, one a row: about which entity, which property, which value; grade and marking as the report unless said otherwise. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { word } from '../../ui/word.ts';
import { type Fault, newStatement, noGrade, noMarking, type StatementForm } from './draft.ts';
import { GradePicker, MarkingPicker } from './pickers.tsx';
import { edges, isReference, schemata } from './schemata.ts';
import css from './statements-editor.module.css';

/** As the model bounds them: entity names in a report, and a value, in characters. */
const entityLengthMax = 64;
const valueLengthMax = 4000;

interface Props {
  statements: StatementForm[];
  faults: Fault[];
  nations: readonly string[];
  onChange: (statements: StatementForm[]) => void;
}

export function StatementsEditor({ statements, faults, nations, onChange }: Props) {
  const { t } = useLingui();
  const entities = [...new Set(statements.map((statement) => statement.entity.trim()).filter((name) => name !== ''))];
  const change = (key: number, part: Partial<StatementForm>) =>
    onChange(statements.map((statement) => (statement.key === key ? { ...statement, ...part } : statement)));
  return (
    <section className={css.editor} aria-label={t`Statements`} data-at="statements">
      <header className={css.head}>
        <h2>
          <Trans>Statements</Trans>
        </h2>
        <p className="small quiet">
          <Trans>One claim a row. Rows with the same entity name are about the same thing.</Trans>
        </p>
      </header>
      <datalist id="entities">
        {entities.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <ol className={css.rows}>
        {statements.map((statement, row) => (
          <StatementRow
            key={statement.key}
            row={row}
            statement={statement}
            faults={faults.filter((fault) => fault.at.startsWith(`statements.${row}.`))}
            nations={nations}
            onChange={(part) => change(statement.key, part)}
            onRemove={() => onChange(statements.filter((other) => other.key !== statement.key))}
          />
        ))}
      </ol>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...statements, newStatement(statements.at(-1))])}
        >
          <Icon name="plus" size={14} /> <Trans>Add a statement</Trans>
        </button>
      </p>
    </section>
  );
}

interface RowProps {
  row: number;
  statement: StatementForm;
  faults: Fault[];
  nations: readonly string[];
  onChange: (part: Partial<StatementForm>) => void;
  onRemove: () => void;
}

function StatementRow({ row, statement, faults, nations, onChange, onRemove }: RowProps) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const wrong = (field: string) =>
    faults.some((fault) => fault.at.endsWith(`.${field}`) || fault.at.includes(`.${field}.`));
  const first = faults[0];
  const properties = schemata[statement.schema] ?? [];
  const number = row + 1;
  const own = statement.grade !== null || statement.marking !== null;
  const setSchema = (schema: string) => {
    const keeps = schemata[schema]?.includes(statement.property) === true;
    onChange({ schema, ...(keeps ? {} : { property: '' }) });
  };
  return (
    <li className={css.row}>
      <fieldset className={css.line} aria-label={t`Statement ${number}`}>
        <span className={css.number} aria-hidden="true">
          {number}
        </span>
        <input
          type="text"
          list="entities"
          maxLength={entityLengthMax}
          placeholder={t`Entity`}
          aria-label={t`Entity`}
          aria-invalid={wrong('entity')}
          value={statement.entity}
          onChange={(event) => onChange({ entity: event.currentTarget.value })}
        />
        <select
          aria-label={t`Kind`}
          aria-invalid={wrong('schema')}
          value={statement.schema}
          onChange={(event) => setSchema(event.currentTarget.value)}
        >
          <option value="">{t`Kind`}</option>
          <optgroup label={t`Things and events`}>
            {Object.keys(schemata)
              .filter((schema) => !edges.has(schema))
              .map(option('schema'))}
          </optgroup>
          <optgroup label={t`Relations`}>{[...edges].map(option('schema'))}</optgroup>
        </select>
        <select
          aria-label={t`Property`}
          aria-invalid={wrong('property')}
          value={statement.property}
          disabled={statement.schema === ''}
          onChange={(event) => onChange({ property: event.currentTarget.value })}
        >
          <option value="">{t`Property`}</option>
          {properties.map(option('property'))}
        </select>
        <input
          type="text"
          className={css.value}
          maxLength={valueLengthMax}
          {...(isReference(statement.property) ? { list: 'entities' } : {})}
          placeholder={isReference(statement.property) ? t`Name of the other entity` : t`Value`}
          aria-label={t`Value`}
          aria-invalid={wrong('value')}
          value={statement.value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
        <button type="button" className={css.tool} aria-expanded={open} onClick={() => setOpen(!open)}>
          {own ? t`Own marking` : t`As the report`}
        </button>
        <button type="button" className={css.tool} aria-label={t`Remove statement ${number}`} onClick={onRemove}>
          <Icon name="cross" size={14} />
        </button>
      </fieldset>
      {first !== undefined && (
        <p className={css.error} role="alert">
          {word('refusal', first.code)}
        </p>
      )}
      {open && <OwnMarking statement={statement} nations={nations} onChange={onChange} />}
    </li>
  );
}

const option = (kind: 'schema' | 'property') => (code: string) => (
  <option key={code} value={code}>
    {word(kind, code)}
  </option>
);

function OwnMarking({ statement, nations, onChange }: Pick<RowProps, 'statement' | 'nations' | 'onChange'>) {
  return (
    <div className={css.own}>
      <label>
        <input
          type="checkbox"
          checked={statement.grade !== null}
          onChange={(event) => onChange({ grade: event.currentTarget.checked ? noGrade : null })}
        />
        <Trans>Its own grade</Trans>
      </label>
      {statement.grade !== null && <GradePicker value={statement.grade} onChange={(grade) => onChange({ grade })} />}
      <label>
        <input
          type="checkbox"
          checked={statement.marking !== null}
          onChange={(event) => onChange({ marking: event.currentTarget.checked ? noMarking : null })}
        />
        <Trans>Its own marking</Trans>
      </label>
      {statement.marking !== null && (
        <MarkingPicker value={statement.marking} nations={nations} onChange={(marking) => onChange({ marking })} />
      )}
    </div>
  );
}
