import { codeRow, type HandlingCode, isCode, onwardRules, type PapCode, papCodes } from '@tripoint/model/codes';
import type { AcknowledgeParam, Condition, ConditionParam } from './condition.ts';
import { canonicalMarking, type Marking } from './marking.ts';

/**
 * What an item without any marking reads as, also on import: ask before court and before passing on, to nobody
 * new, no step outside. A missing marking never becomes an open one (pap.json, handling.json).
 */
export const unmarkedReadsAs: Marking = {
  conditions: [{ code: 'onward', param: 'never' }],
  handling: ['H1', 'H2'],
  pap: 'PAP:RED',
};

/**
 * The join of the markings of an item's parents (handling.json, handling-conditions.json): union of handling codes
 * and conditions, strictest PAP, intersection of nations, posts and purposes, earliest expiry.
 * An empty list in the result means that the derived item cannot leave. No parents at all: unmarkedReadsAs.
 */
export function strictest(markings: readonly Marking[]): Marking {
  if (markings.length === 0) return canonicalMarking(unmarkedReadsAs);
  return markings.map(canonicalMarking).reduce(join);
}

function join(a: Marking, b: Marking): Marking {
  const terms = joinTerms(a.terms, b.terms);
  return canonicalMarking({
    handling: joinHandling(a.handling, b.handling),
    conditions: joinConditions(a.conditions, b.conditions),
    pap: joinPap(a.pap, b.pap),
    ...(terms === undefined ? {} : { terms }),
  });
}

function joinHandling(a: readonly HandlingCode[], b: readonly HandlingCode[]): HandlingCode[] {
  const union = new Set([...a, ...b]);
  if (union.size > 1) union.delete('H0');
  return [...union];
}

function joinPap(a: PapCode, b: PapCode): PapCode {
  return papCodes.indexOf(a) <= papCodes.indexOf(b) ? a : b;
}

const termsBreak = '\n\n';

/** Terms are kept paragraph by paragraph, each once: nobody's terms are shortened, none is written twice. */
function joinTerms(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return [...new Set([...a.split(termsBreak), ...b.split(termsBreak)])].sort().join(termsBreak);
}

function joinConditions(a: readonly Condition[], b: readonly Condition[]): Condition[] {
  const joined = new Map<string, Condition>();
  for (const condition of [...a, ...b]) {
    // A code of a newer version cannot be joined by a rule we do not have: every wording of it stands.
    const key = isCode('handlingConditions', condition.code) ? condition.code : JSON.stringify(condition);
    const before = joined.get(key);
    joined.set(key, before ? joinCondition(before, condition) : condition);
  }
  return [...joined.values()];
}

function joinCondition(a: Condition, b: Condition): Condition {
  if (a.param === undefined || b.param === undefined) return a.param === undefined ? b : a;
  return { code: a.code, param: joinParam(codeRow('handlingConditions', a.code)?.join, a.param, b.param) };
}

function joinParam(rule: string | undefined, a: ConditionParam, b: ConditionParam): ConditionParam {
  switch (rule) {
    case 'intersection':
      return (a as string[]).filter((value) => (b as string[]).includes(value));
    case 'strictest':
      return onwardRules[Math.max(onwardRules.indexOf(a as never), onwardRules.indexOf(b as never))] ?? 'never';
    case 'earliest':
      return (a as string) < (b as string) ? a : b;
    case 'minimum of within_ms; posts unite':
      return joinAcknowledge(a as AcknowledgeParam, b as AcknowledgeParam);
    default:
      return a;
  }
}

// Absent posts mean any acting post. Posts named by either side must still be asked, so named ones stand.
function joinAcknowledge(a: AcknowledgeParam, b: AcknowledgeParam): AcknowledgeParam {
  const posts = a.posts || b.posts ? [...new Set([...(a.posts ?? []), ...(b.posts ?? [])])] : undefined;
  return { within_ms: Math.min(a.within_ms, b.within_ms), ...(posts ? { posts } : {}) };
}
