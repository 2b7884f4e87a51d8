import type { Grade, Marking, Nation } from '@tripoint/model/marking';

export const urgencies = ['routine', 'urgent', 'flash'] as const;
export type Urgency = (typeof urgencies)[number];

/**
 * One claim, whole: which entity, which property, which value, who says so, how graded, under which marking.
 * Its id and bytes are the same at every recipient.
 */
export interface Statement {
  /** 32 hex digits; hash over the item's secret salt and the claim, so it can be repeated but not guessed. */
  id: string;
  /** Number of the entity inside its item, from 1. */
  entity: number;
  schema: string;
  property: string;
  /** Canonical text of the property's type; for an entity reference the other entity's number. */
  value: string;
  /** As it was reported, when that differs from `value`. */
  reported?: string;
  lang?: string;
  /** ISO 15924 */
  script?: string;
  says: Nation;
  grade: Grade;
  marking: Marking;
  /** Partial date (2026, 2026-11, 2026-11-23) or UTC instant. */
  observedFrom?: string;
  observedTo?: string;
  /** UTC instant. */
  assertedAt: string;
  /** person, extractor@version, import@version or derived. */
  method: string;
  /** Salted hash of the originator's record name, 32 hex digits. */
  sourceRef?: string;
  /** Statement id this one replaces; only the nation that said it may do so. */
  supersedes?: string;
  /** Statement id this one takes back; only the nation that said it may do so. */
  retracts?: string;
  /** The value could not be cleaned by its property type, or this version does not know the property. */
  unparsed?: true;
}

/** A statement as it stands in a report: grade and marking only where they differ from the report's. */
export type WireStatement = Omit<Statement, 'grade' | 'marking'> & Partial<Pick<Statement, 'grade' | 'marking'>>;

/** Body of a report item: exactly what a recipient nation receives. */
export interface Report {
  /** uuid */
  id: string;
  /** From 1; an amendment is the next version of the same id. */
  version: number;
  title: string;
  text: string;
  lang: string;
  says: Nation;
  purpose: string;
  offence?: string;
  urgency: Urgency;
  /** Ascending; under hide-recipients just the addressee. */
  recipients: Nation[];
  grade: Grade;
  marking: Marking;
  statements: WireStatement[];
  /** UTC instant. */
  releasedAt: string;
}

/** The statement with the grade and marking it has, its own or its report's. */
export function expandStatement(report: Report, statement: WireStatement): Statement {
  return { ...statement, grade: statement.grade ?? report.grade, marking: statement.marking ?? report.marking };
}
