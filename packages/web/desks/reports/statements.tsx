/** Statements grouped by the entity they are about. Nobody's claim is merged into another's: each line says whose it is. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReportView, StatementView } from '@tripoint/bureau/desks/reports/contract';
import { nationName } from '../../format/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { MarkingLine } from '../../ui/marking.tsx';
import { hasWord, word } from '../../ui/word.ts';
import css from './statements.module.css';
import { Original } from './words.tsx';

export interface EntityGroup {
  entity: number;
  schema: string;
  statements: StatementView[];
}

/** Entities in the order of their numbers, statements in the order they were written. */
export function groupByEntity(statements: readonly StatementView[]): EntityGroup[] {
  const groups = new Map<number, EntityGroup>();
  for (const statement of statements) {
    const { entity, schema } = statement;
    const group = groups.get(entity) ?? { entity, schema, statements: [] };
    group.statements.push(statement);
    groups.set(entity, group);
  }
  return [...groups.values()].sort((a, b) => a.entity - b.entity);
}

/** How an entity is called on this screen: its name if a statement gives one, else its first value. */
function labelOf(group: EntityGroup): StatementView | undefined {
  return group.statements.find((statement) => statement.property === 'name') ?? group.statements[0];
}

export function Statements({ report }: { report: ReportView }) {
  return (
    <div className={css.groups}>
      {groupByEntity(report.statements).map((group) => (
        <Group key={group.entity} group={group} report={report} />
      ))}
    </div>
  );
}

function Group({ group, report }: { group: EntityGroup; report: ReportView }) {
  const label = labelOf(group);
  return (
    <section className={css.group}>
      <h4 className={css.entity}>
        <span className={css.number}>{group.entity}</span>
        <span className={css.schema}>{word('schema', group.schema)}</span>
        {label !== undefined && <Original lang={label.lang}>{label.value}</Original>}
      </h4>
      <ul className={css.statements}>
        {group.statements.map((statement) => (
          <Statement key={statement.id} statement={statement} report={report} />
        ))}
      </ul>
    </section>
  );
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function Statement({ statement, report }: { statement: StatementView; report: ReportView }) {
  const { t } = useLingui();
  const { value, reported } = statement;
  const method = statement.method.split('@')[0] ?? statement.method;
  const own = !sameJson(statement.grade, report.grade) || !sameJson(statement.marking, report.marking);
  return (
    <li className={css.statement}>
      <span className={css.property}>{word('property', statement.property)}</span>
      <span className={css.value}>
        <Original lang={statement.lang}>{value}</Original>
        {reported !== value && (
          <span className={css.reported}>
            <Trans>as reported:</Trans> <Original lang={statement.lang}>{reported}</Original>
          </span>
        )}
        <Flags statement={statement} />
      </span>
      <span className={css.source} title={hasWord('method', method) ? word('method', method) : statement.method}>
        <span className="nation" title={nationName(statement.says)}>
          {statement.says}
        </span>
        <span data-own={own} className={css.marking} title={own ? t`Differs from the report` : undefined}>
          <MarkingLine marking={statement.marking} grade={statement.grade} />
        </span>
      </span>
    </li>
  );
}

function Flags({ statement }: { statement: StatementView }) {
  const { observedFrom, observedTo } = statement;
  const span = [observedFrom, observedTo].filter((day) => day !== null).join(' – ');
  return (
    <>
      {span !== '' && (
        <span className={css.reported}>
          <Trans>observed</Trans> <span className="tabular">{span}</span>
        </span>
      )}
      {!statement.understood && (
        <span className="badge" data-tone="warn">
          <Icon name="alert" size={12} /> <Trans>not understood by this version</Trans>
        </span>
      )}
      {statement.unparsed && (
        <span className="badge" data-tone="plain">
          <Trans>kept as written</Trans>
        </span>
      )}
    </>
  );
}
