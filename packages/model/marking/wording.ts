import type { Condition } from './condition.ts';
import { canonicalMarking, type Marking } from './marking.ts';

/**
 * Short stable text of a marking, equal for equal policy classes: `H1+H2/PAP:AMBER` or
 * `H2/PAP:RED/hide-recipients,purpose-limit=detection|operation`. It may stand in a plain column:
 * terms and names of posts are left out.
 */
export function markingClass(marking: Marking): string {
  const { handling, conditions, pap } = canonicalMarking(marking);
  const base = `${handling.join('+')}/${pap}`;
  return conditions.length === 0 ? base : `${base}/${conditions.map(conditionClass).join(',')}`;
}

function conditionClass({ code, param }: Condition): string {
  if (param === undefined || code === 'named-officers-only') return code;
  if (typeof param === 'string') return `${code}=${param}`;
  if (Array.isArray(param)) return `${code}=${param.join('|')}`;
  return `${code}=${param.within_ms}`;
}

/** One line for people and for print: `H1+H2 · PAP:AMBER · hide-recipients`. Terms stand beside it, in full. */
export function formatMarking(marking: Marking): string {
  const { handling, conditions, pap } = canonicalMarking(marking);
  return [handling.join('+'), pap, ...conditions.map(formatCondition)].join(' · ');
}

function formatCondition({ code, param }: Condition): string {
  if (param === undefined) return code;
  if (typeof param === 'string') return `${code} ${param}`;
  if (Array.isArray(param)) return `${code} ${param.length === 0 ? '(none)' : param.join(', ')}`;
  return `${code} ${Math.ceil(param.within_ms / 60_000)} min`;
}
