import { codes } from '@tripoint/model/codes';
import { z } from 'zod';

/**
 * A grade is three things: scheme, source symbol, information symbol (grading.json).
 * It stays in the scheme its originator chose; nothing here converts one scheme into another.
 */
export interface Grade {
  scheme: string;
  source: string;
  information: string;
}

const symbols = new Set(codes.grading.codes.map((row) => row.code));

/** Do both symbols belong to the scheme? */
export function isKnownGrade(grade: Grade): boolean {
  return (
    symbols.has(`${grade.scheme}:source:${grade.source}`) &&
    symbols.has(`${grade.scheme}:information:${grade.information}`)
  );
}

export const gradeSchema = z
  .strictObject({
    scheme: z.string().max(16),
    source: z.string().max(4),
    information: z.string().max(4),
  })
  .refine(isKnownGrade, { error: 'grade-unknown' })
  .meta({ id: 'Grade', description: 'scheme, source symbol, information symbol of grading.json' });

/** A grade as it is shown. A received one may be of a scheme that a newer version brought: it stands as it came. */
export const shownGrade = z.object({ scheme: z.string(), source: z.string(), information: z.string() });

/** `B2 (4x4)`: both symbols, and the scheme in which alone they mean something. */
export function formatGrade(grade: Grade): string {
  return `${grade.source}${grade.information} (${grade.scheme})`;
}

export function sameGrade(a: Grade, b: Grade): boolean {
  return a.scheme === b.scheme && a.source === b.source && a.information === b.information;
}
