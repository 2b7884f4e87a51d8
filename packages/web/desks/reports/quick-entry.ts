/**
 * What an officer types to fill the pickers: `h1 amber b2`. Pure; says which words it did not understand.
 * A bare grade such as `b2` is read in the scheme already chosen if it fits, else in the charter's, else in the only
 * scheme that has both symbols. Nothing is filled in that was not typed.
 */
import {
  type ConditionCode,
  charterScheme,
  conditionShapes,
  type GradeScheme,
  gradeSchemes,
  type HandlingCode,
  handlingCodes,
  type PapCode,
  papCodes,
} from '../../ui/codes.ts';

export interface QuickEntry {
  handling?: HandlingCode[];
  pap?: PapCode;
  grade?: { scheme: GradeScheme; source: string; information: string };
  conditions?: ConditionCode[];
  /** Words that mean nothing here, as typed. */
  unknown: string[];
}

const schemeWords: Record<string, GradeScheme> = {
  '4x4': '4x4',
  adm: 'admiralty',
  admiralty: 'admiralty',
  '5x5x5': '5x5x5',
  '3x5x2': '3x5x2',
};

const has = (scheme: GradeScheme, source: string, information: string): boolean =>
  (gradeSchemes[scheme].source as readonly string[]).includes(source) &&
  (gradeSchemes[scheme].information as readonly string[]).includes(information);

function schemeFor(source: string, information: string, wished: GradeScheme | null): GradeScheme | null {
  if (wished !== null) return has(wished, source, information) ? wished : null;
  if (has(charterScheme, source, information)) return charterScheme;
  const fitting = (Object.keys(gradeSchemes) as GradeScheme[]).filter((scheme) => has(scheme, source, information));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function handlingOf(text: string): HandlingCode[] | null {
  if (!/^h[0-3](\+?h[0-3])*$/i.test(text)) return null;
  const upper = text.toUpperCase();
  return handlingCodes.filter((code) => upper.includes(code));
}

function papOf(text: string): PapCode | null {
  const name = text.toUpperCase().replace(/^PAP:?/, '');
  return papCodes.find((code) => code === `PAP:${name === 'WHITE' ? 'CLEAR' : name}`) ?? null;
}

/** @param chosen the scheme the picker already shows, or null. */
export function readQuickEntry(text: string, chosen: GradeScheme | null = null): QuickEntry {
  const words = text.split(/[\s,;]+/).filter((part) => part !== '');
  const named = words.map((part) => schemeWords[part.toLowerCase()]).find((scheme) => scheme !== undefined);
  const entry: QuickEntry = { unknown: [] };
  for (const part of words) {
    const lower = part.toLowerCase();
    if (schemeWords[lower] !== undefined) continue;
    const handling = handlingOf(part);
    const pap = papOf(part);
    const grade = /^([a-gx1-3])([1-6a-e])$/i.exec(part);
    if (handling !== null) {
      entry.handling = handlingCodes.filter((code) => handling.includes(code) || entry.handling?.includes(code));
    } else if (pap !== null) entry.pap = pap;
    else if (grade?.[1] !== undefined && grade[2] !== undefined) {
      const [source, information] = [grade[1].toUpperCase(), grade[2].toUpperCase()];
      const wished = named ?? (chosen !== null && has(chosen, source, information) ? chosen : null);
      const scheme = schemeFor(source, information, wished);
      if (scheme === null) entry.unknown.push(part);
      else entry.grade = { scheme, source, information };
    } else if (Object.hasOwn(conditionShapes, lower) && conditionShapes[lower as ConditionCode] === 'none') {
      entry.conditions = [...(entry.conditions ?? []), lower as ConditionCode];
    } else entry.unknown.push(part);
  }
  return entry;
}
