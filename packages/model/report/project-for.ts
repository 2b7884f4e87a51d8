import { propertyTypeOf } from '@tripoint/model/entity';
import { type Condition, canonicalMarking, conditionList, type Marking, type Nation } from '@tripoint/model/marking';
import { hidesRecipients } from './audience.ts';
import type { Report, WireStatement } from './report.ts';

/**
 * Exactly what one recipient nation receives. Under hide-recipients every list of nations becomes that one
 * addressee. A statement that may not reach the nation falls away, together with edges that would dangle:
 * composing already refuses such a report, this is the second look from the other side.
 * Throws for a nation that is no recipient: sending to it is our own mistake.
 */
export function projectFor(report: Report, nation: Nation): Report {
  if (!report.recipients.includes(nation)) throw new RangeError('not a recipient of this report');
  const statements = withoutDangling(report.statements.filter((statement) => mayReach(statement.marking, nation)));
  if (!hidesRecipients(report)) return { ...report, statements };
  return {
    ...report,
    recipients: [nation],
    marking: onlyThisNation(report.marking, nation),
    statements: statements.map((statement) =>
      statement.marking ? { ...statement, marking: onlyThisNation(statement.marking, nation) } : statement,
    ),
  };
}

function mayReach(marking: Marking | undefined, nation: Nation): boolean {
  const nations = marking ? conditionList(marking, 'recipients-only') : null;
  return nations === null || nations.includes(nation);
}

function onlyThisNation(marking: Marking, nation: Nation): Marking {
  const narrow = (condition: Condition): Condition =>
    condition.code === 'recipients-only' ? { code: condition.code, param: [nation] } : condition;
  return canonicalMarking({ ...marking, conditions: marking.conditions.map(narrow) });
}

function withoutDangling(statements: WireStatement[]): WireStatement[] {
  const told = new Set(statements.map((statement) => statement.entity));
  const dangling = new Set(
    statements
      .filter((statement) => refersTo(statement) && !told.has(Number(statement.value)))
      .map(({ entity }) => entity),
  );
  if (dangling.size === 0) return statements;
  return withoutDangling(statements.filter((statement) => !dangling.has(statement.entity)));
}

function refersTo(statement: WireStatement): boolean {
  return propertyTypeOf(statement.schema, statement.property) === 'entity' && !statement.unparsed;
}
