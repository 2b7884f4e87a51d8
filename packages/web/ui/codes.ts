/**
 * The codes the console offers in its pickers, in the order shown. The lists themselves live in @tripoint/model/codes,
 * which is too large to send to a browser; codes.test.ts fails when the two differ.
 */
export const purposes = [
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

export const handlingCodes = ['H0', 'H1', 'H2', 'H3'] as const;
export type HandlingCode = (typeof handlingCodes)[number];

export const papCodes = ['PAP:RED', 'PAP:AMBER', 'PAP:GREEN', 'PAP:CLEAR'] as const;
export type PapCode = (typeof papCodes)[number];

export const urgencies = ['routine', 'urgent', 'flash'] as const;

/** Conditions an officer sets here, with the shape of what stands beside each. */
export const conditionShapes = {
  'hide-recipients': 'none',
  'no-third-nation': 'none',
  onward: 'rule',
  'sanitise-before-onward': 'none',
  'purpose-limit': 'purposes',
  expires: 'date',
  'no-death-penalty-use': 'none',
  'no-contact': 'none',
  'no-copy': 'none',
  'read-receipt': 'none',
  'step-up': 'none',
  'second-person': 'none',
  acknowledge: 'minutes',
  'recipients-only': 'nations',
  'named-officers-only': 'posts',
} as const;
export type ConditionCode = keyof typeof conditionShapes;

export const onwardRules = ['members', 'ask', 'never'] as const;

/** Symbols of each grading scheme, best source first as the scheme itself lists them. */
export const gradeSchemes = {
  '4x4': { source: ['A', 'B', 'C', 'X'], information: ['1', '2', '3', '4'] },
  admiralty: { source: ['A', 'B', 'C', 'D', 'E', 'F', 'G'], information: ['1', '2', '3', '4', '5', '6'] },
  '5x5x5': { source: ['A', 'B', 'C', 'D', 'E'], information: ['1', '2', '3', '4', '5'] },
  '3x5x2': { source: ['1', '2', '3'], information: ['A', 'B', 'C', 'D', 'E'] },
} as const satisfies Record<string, { source: readonly string[]; information: readonly string[] }>;
export type GradeScheme = keyof typeof gradeSchemes;

/** The charter's default: the one a bare `b2` means in the quick entry. Never filled in by itself. */
export const charterScheme: GradeScheme = '4x4';

/** Languages a report may be written in. The coalition's seven come first. */
export const reportLanguages = 'en ko fil km lo vi th my zh ms id ja es fr ru ar'.split(' ');
