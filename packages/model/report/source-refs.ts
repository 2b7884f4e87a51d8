/** The originator's own record names: kept at home in full, and nowhere else (entities.md §1.3). */
import type { ParsedDraft } from './draft.ts';
import type { WireStatement } from './report.ts';

/** Statement id (32 hex digits) → the records it comes from, as written and in that order. Never part of a payload. */
export type SourceRefs = Readonly<Record<string, readonly string[]>>;

/** `claims` stand in the order of the draft's statements; a claim made twice keeps the records of both. */
export function sourceRefsOf(draft: ParsedDraft, claims: readonly Pick<WireStatement, 'id'>[]): SourceRefs {
  const refs = new Map<string, string[]>();
  claims.forEach(({ id }, index) => {
    const ref = draft.statements[index]?.sourceRef;
    const known = refs.get(id) ?? [];
    if (ref !== undefined && !known.includes(ref)) refs.set(id, [...known, ref]);
  });
  return Object.fromEntries(refs);
}
