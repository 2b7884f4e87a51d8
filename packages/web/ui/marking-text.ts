/** Words of markings and grades: one line for rows, copies and print. The codes are the same in all languages. */
import type { Grade, Marking } from '@tripoint/model/marking';
import { word } from './word.ts';

export interface MarkingFacts {
  handling: string[];
  /** Each condition as its code and parameter. */
  conditions: string[];
  grade: string | null;
  /** The long wording in the console language. */
  wording: string;
}

export const gradeText = (grade: Grade): string => `${grade.source}${grade.information} (${grade.scheme})`;

function conditionText(condition: Marking['conditions'][number], name: string): string {
  const { param } = condition;
  if (param === undefined) return name;
  if (typeof param === 'string') return `${name} ${param}`;
  if (Array.isArray(param)) return `${name} ${param.join(', ')}`;
  return `${name} ${Math.ceil(param.within_ms / 60_000)} min`;
}

/** `H1+H2 · PAP:AMBER · hide-recipients · B2 (4x4)`: what stands first in every copy and on every printed page. */
export function markingText(marking: Marking, grade?: Grade): string {
  const parts = [[...marking.handling].sort().join('+'), marking.pap];
  for (const condition of marking.conditions) parts.push(conditionText(condition, condition.code));
  if (grade !== undefined) parts.push(gradeText(grade));
  return parts.join(' · ');
}

export function gradeWording(grade: Grade): string {
  const symbol = (axis: string, letter: string) => word('grade', `${grade.scheme}:${axis}:${letter}`);
  return `${gradeText(grade)}: ${symbol('source', grade.source)} / ${symbol('information', grade.information)}`;
}

export function markingFacts(marking: Marking, grade?: Grade): MarkingFacts {
  const handling = [...marking.handling].sort();
  const wording = [
    ...handling.map((code) => `${code}: ${word('handling', code)}`),
    `${marking.pap}: ${word('pap', marking.pap)}`,
    ...marking.conditions.map((condition) => conditionText(condition, word('condition', condition.code))),
    ...(grade === undefined ? [] : [gradeWording(grade)]),
  ].join(' · ');
  return {
    handling,
    conditions: marking.conditions.map((condition) => conditionText(condition, condition.code)),
    grade: grade === undefined ? null : gradeText(grade),
    wording,
  };
}
