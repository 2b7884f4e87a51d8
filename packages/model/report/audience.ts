import { conditionList, hasCondition, type Marking, type Nation } from '@tripoint/model/marking';
import type { ReportRefusal } from './draft-refusals.ts';
import type { Report } from './report.ts';

/** What the sender's own marking already forbids at the moment of sending (handling-conditions.json). */
export function markingRefusals(
  marking: Marking,
  at: string,
  sending: { recipients: readonly Nation[]; purpose: string; day: string },
): ReportRefusal[] {
  const refusals: ReportRefusal[] = [];
  const nations = conditionList(marking, 'recipients-only');
  for (const nation of nations ? sending.recipients : []) {
    if (!nations!.includes(nation)) refusals.push({ code: 'condition', at, condition: 'recipients-only', nation });
  }
  const purposes = conditionList(marking, 'purpose-limit');
  if (purposes && !purposes.includes(sending.purpose)) refusals.push({ code: 'purpose', at });
  const expires = marking.conditions.find((condition) => condition.code === 'expires')?.param;
  if (typeof expires === 'string' && expires < sending.day)
    refusals.push({ code: 'condition', at, condition: 'expires' });
  return refusals;
}

/** Must no addressee learn of another? One statement that says so is enough for the whole item. */
export function hidesRecipients(report: Report): boolean {
  return (
    hasCondition(report.marking, 'hide-recipients') ||
    report.statements.some((statement) => statement.marking && hasCondition(statement.marking, 'hide-recipients'))
  );
}
