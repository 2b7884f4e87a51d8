import { purposeCodes } from '@tripoint/model/codes';
import { gradeSchema, isDay, markingSchema, nationSchema } from '@tripoint/model/marking';
import { isBlank, isScript, type Lines, languages, textFault } from '@tripoint/model/property';
import { z } from 'zod';
import {
  entityLabelLengthMax,
  offenceLengthMax,
  recipientsMax,
  sourceRefLengthMax,
  statementsMax,
  textLengthMax,
  titleLengthMax,
  valueLengthMax,
  wordLengthMax,
} from './bounds.ts';
import { urgencies } from './report.ts';

export const languageSchema = z.enum(languages, { error: 'language-unknown' }).meta({ id: 'Language' });

// A closed refusal code is the message of its zod issue; draft-refusals.ts turns issues into refusals.
function safeText(lengthMax: number, lines: Lines) {
  return z
    .string()
    .max(lengthMax)
    .overwrite((text) => (lines === 'many-lines' ? text.replaceAll('\r\n', '\n') : text))
    .superRefine((text, context) => {
      const reason = textFault(text, lines);
      if (reason) context.addIssue({ code: 'custom', message: 'control-characters', params: { reason } });
      else if (isBlank(text)) context.addIssue({ code: 'custom', message: 'invalid', params: { reason: 'empty' } });
    });
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/;

/** 2026-11-23T08:31:00Z, with milliseconds or without; always UTC, so that no zone tells where an author sits. */
export function isInstant(text: string): boolean {
  return instantPattern.test(text) && isDay(text.slice(0, 10));
}

/** A year, a month, a day or an instant. */
export function isObservedTime(text: string): boolean {
  if (text.length > 10) return isInstant(text);
  if (text.length === 10) return isDay(text);
  return text.length === 7 ? isDay(`${text}-01`) : /^\d{4}$/.test(text);
}

const observedTime = z
  .string()
  .max(24)
  .refine(isObservedTime, { error: 'invalid', params: { reason: 'time' } });
const word = z
  .string()
  .max(wordLengthMax)
  .regex(/^[A-Za-z][A-Za-z0-9]*$/);
const statementId = z.string().regex(/^[0-9a-f]{32}$/);

/** How a claim came to be: never free text, which could name an agency. */
export const methodPattern = /^(person|derived|(extractor|import)(@\d{1,6}(\.\d{1,6}){0,2})?)$/;

export const statementDraft = z
  .strictObject({
    /** The author's own label for the entity inside this report. */
    entity: safeText(entityLabelLengthMax, 'one-line'),
    schema: word,
    property: word,
    value: safeText(valueLengthMax, 'many-lines'),
    lang: languageSchema.exactOptional(),
    script: z
      .string()
      .refine(isScript, { error: 'invalid', params: { reason: 'script' } })
      .exactOptional(),
    observedFrom: observedTime.exactOptional(),
    observedTo: observedTime.exactOptional(),
    grade: gradeSchema.exactOptional(),
    marking: markingSchema.exactOptional(),
    /** The originator's own record; it leaves only as a salted hash. */
    sourceRef: safeText(sourceRefLengthMax, 'one-line').exactOptional(),
    method: z.string().regex(methodPattern).exactOptional(),
    supersedes: statementId.exactOptional(),
    retracts: statementId.exactOptional(),
  })
  .meta({ id: 'StatementDraft' });

export const reportDraft = z
  .strictObject({
    title: safeText(titleLengthMax, 'one-line'),
    text: safeText(textLengthMax, 'many-lines'),
    lang: languageSchema,
    recipients: z
      .array(nationSchema)
      .min(1)
      .max(recipientsMax)
      .refine((nations) => new Set(nations).size === nations.length, { error: 'invalid', params: { reason: 'twice' } }),
    purpose: z.enum(purposeCodes, { error: 'purpose-unknown' }),
    offence: safeText(offenceLengthMax, 'one-line').exactOptional(),
    urgency: z.enum(urgencies).default('routine'),
    grade: gradeSchema,
    marking: markingSchema,
    statements: z.array(statementDraft).max(statementsMax),
    /** Hash of the preview the officer looked at; when given, it must still be true. */
    previewHash: z.string().max(128).exactOptional(),
  })
  .meta({ id: 'ReportDraft' });

export type StatementDraft = z.input<typeof statementDraft>;
export type ReportDraft = z.input<typeof reportDraft>;
export type ParsedDraft = z.output<typeof reportDraft>;
export type ParsedStatementDraft = z.output<typeof statementDraft>;
