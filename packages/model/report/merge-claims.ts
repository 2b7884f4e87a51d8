import { sameGrade, strictest } from '@tripoint/model/marking';
import type { ParsedDraft } from './draft.ts';
import type { ReportRefusal } from './draft-refusals.ts';
import type { WireStatement } from './report.ts';

/**
 * The same claim made twice is one statement: stricter marking, wider observed period, the rest as first written.
 * Two different grades for one claim are refused: the author has to decide, a machine never averages.
 */
export function mergeClaims(
  claims: readonly WireStatement[],
  draft: ParsedDraft,
  refusals: ReportRefusal[],
): WireStatement[] {
  const byId = new Map<string, WireStatement>();
  claims.forEach((claim, index) => {
    const before = byId.get(claim.id);
    if (before && !sameGrade(before.grade ?? draft.grade, claim.grade ?? draft.grade)) {
      refusals.push({ code: 'claim-twice', at: `statements.${index}` });
    }
    byId.set(claim.id, before ? mergeTwo(before, claim, draft) : claim);
  });
  return [...byId.values()];
}

function mergeTwo(first: WireStatement, second: WireStatement, draft: ParsedDraft): WireStatement {
  const from = earlier(first.observedFrom, second.observedFrom);
  const to = later(first.observedTo, second.observedTo);
  return {
    ...first,
    ...(from === undefined ? {} : { observedFrom: from }),
    ...(to === undefined ? {} : { observedTo: to }),
    marking: strictest([first.marking ?? draft.marking, second.marking ?? draft.marking]),
  };
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
