/** What every reader hands on: what the file says in the model's words, and what it says beyond them. */
import type { Marking } from '@tripoint/model/marking';
import type { Language } from '@tripoint/model/property';
import type { StatementDraft } from '@tripoint/model/report';

/** Something of the file that became no statement; it stays in the report's text in its own words. */
export type Unmapped = {
  /** Where in the file, such as `sdn.csv row 12, remarks` or an object's id. */
  where: string;
  /** The source's own wording. */
  reported: string;
  /** Why it is no statement, in plain English. */
  reason: string;
  /** Names an agency or a person of the source: it is told to the officer who imports and never leaves in a report. */
  homeOnly?: true;
  /** Label of the entity it belongs to, so that both travel in one report; absent when it is the file's. */
  entity?: string;
};

export type Imported = {
  title: string;
  text: string;
  /** BCP 47 primary subtag of the text; `und` when the file does not say. */
  lang: Language;
  /** Labels stand for entities: equal label, equal entity, within this file. */
  statements: StatementDraft[];
  unmapped: Unmapped[];
  /** Records, objects or lines that were read. */
  rows: number;
  /** What was counted on the way, by name; for the officer who imports. */
  counts: Record<string, number>;
  /** What the officer who imports should know, one sentence each. */
  notes: string[];
  /**
   * The strictest of what the source itself asks (TLP, PAP, distribution), or absent when it asks nothing.
   * The report's marking is joined with it, so an import can tighten and never loosen.
   */
  sourceMarking?: Marking;
};
