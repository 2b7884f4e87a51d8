import { type CodeListName, codes } from './lists.ts';
import type { LiteralCodes } from './literals.ts';

/** The codes of a list: literals where the program decides on them, else string. */
export type CodeOf<L extends CodeListName> = L extends keyof LiteralCodes ? LiteralCodes[L] : string;

/** One row of a list; further columns differ from list to list (see the data file). */
export interface CodeRow {
  readonly code: string;
  readonly label_en: string;
  readonly meaning: string;
}

const rowsByList = new Map<CodeListName, ReadonlyMap<string, CodeRow>>(
  (Object.keys(codes) as CodeListName[]).map((list) => [
    list,
    new Map((codes[list].codes as readonly CodeRow[]).map((row) => [row.code, row])),
  ]),
);

/** Is this text a code of the list? Case matters: codes are written one way only. */
export function isCode<L extends CodeListName>(list: L, code: unknown): code is CodeOf<L> {
  return typeof code === 'string' && rowsByList.get(list)!.has(code);
}

/** The row of a code, or undefined for a code of another version or of nobody. */
export function codeRow<L extends CodeListName>(list: L, code: string): (typeof codes)[L]['codes'][number] | undefined {
  return rowsByList.get(list)!.get(code) as (typeof codes)[L]['codes'][number] | undefined;
}

/** English label; an unknown code is its own label, so that nothing is hidden from the reader. */
export function labelOf(list: CodeListName, code: string): string {
  return rowsByList.get(list)!.get(code)?.label_en ?? code;
}

/** All codes of a list in the order of the data file. */
export function codesOf<L extends CodeListName>(list: L): readonly CodeOf<L>[] {
  return [...rowsByList.get(list)!.keys()] as CodeOf<L>[];
}

/** The codes of one axis of a list that holds several, such as how, in what and where a thing was hidden. */
export function codesOnAxis<L extends CodeListName>(list: L, axis: string): readonly CodeOf<L>[] {
  const rows = [...rowsByList.get(list)!.values()] as readonly (CodeRow & { readonly axis?: string })[];
  return rows.filter((row) => row.axis === axis).map(({ code }) => code as CodeOf<L>);
}

/** Date of the list, kept beside a stored code so that a later change of the list can be seen. */
export function versionOf(list: CodeListName): string {
  return codes[list].version;
}
