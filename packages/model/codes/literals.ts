/**
 * The lists whose codes the program itself decides on, as literal tuples.
 * JSON imports give `string`; these give the compiler the words. A test holds each equal to its data file.
 */

export const handlingCodes = ['H0', 'H1', 'H2', 'H3'] as const;

/** Strictest first, as ranked in pap.json. */
export const papCodes = ['PAP:RED', 'PAP:AMBER', 'PAP:GREEN', 'PAP:CLEAR'] as const;

export const handlingConditionCodes = [
  'named-officers-only',
  'recipients-only',
  'hide-recipients',
  'no-third-nation',
  'onward',
  'sanitise-before-onward',
  'purpose-limit',
  'expires',
  'no-death-penalty-use',
  'no-contact',
  'no-copy',
  'acknowledge',
  'read-receipt',
  'step-up',
  'second-person',
] as const;

export const purposeCodes = [
  'prevention',
  'detection',
  'investigation',
  'operation',
  'controlled-delivery',
  'public-security',
  'asset-recovery',
  'precursor-control',
  'prosecution',
  'statistics',
  'oversight',
  'training',
] as const;

export const reportStateCodes = [
  'draft',
  'reviewed',
  'released',
  'amended',
  'withdrawn',
  'expired',
  'discarded',
] as const;

export const onwardRules = ['members', 'ask', 'never'] as const;

export const gradeSchemes = ['4x4', 'admiralty', '5x5x5', '3x5x2'] as const;

export type HandlingCode = (typeof handlingCodes)[number];
export type PapCode = (typeof papCodes)[number];
export type HandlingConditionCode = (typeof handlingConditionCodes)[number];
export type PurposeCode = (typeof purposeCodes)[number];
export type ReportStateCode = (typeof reportStateCodes)[number];
export type OnwardRule = (typeof onwardRules)[number];
export type GradeScheme = (typeof gradeSchemes)[number];

/** List → its literal codes; a list not named here has codes of type string. */
export interface LiteralCodes {
  handling: HandlingCode;
  pap: PapCode;
  handlingConditions: HandlingConditionCode;
  purposes: PurposeCode;
  reportStates: ReportStateCode;
}
