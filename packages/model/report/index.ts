/** The spontaneous report: draft, body on the wire, projection. Knows no keys, no envelopes and no store. */

export { hidesRecipients } from './audience.ts';
export * from './bounds.ts';
export * from './compose-report.ts';
export type { Note } from './compose-statements.ts';
export type { Composing } from './composing.ts';
export {
  isInstant,
  isObservedTime,
  languageSchema,
  type ParsedDraft,
  type ReportDraft,
  reportDraft,
  type StatementDraft,
  statementDraft,
} from './draft.ts';
export { draftRefusals, type ReportRefusal, type ReportRefusalCode, reportRefusalCodes } from './draft-refusals.ts';
export { canonicalText, encodeReport } from './encode-report.ts';
export * from './parse-report.ts';
export { projectFor } from './project-for.ts';
export * from './report.ts';
export type { SourceRefs } from './source-refs.ts';
export { type Claim, type Hash, sourceRefHash, statementId } from './statement-id.ts';
