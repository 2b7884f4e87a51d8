import { isCode } from '@tripoint/model/codes';
import { isNation } from '@tripoint/model/marking';
import { isLanguage, isScript, type Lines, textFault } from '@tripoint/model/property';
import * as bounds from './bounds.ts';
import { isInstant, isObservedTime, methodPattern } from './draft.ts';
import { Unreadable } from './fields.ts';
import { checkGrade, checkMarking } from './wire-marking.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hexPattern = /^[0-9a-f]{32}$/;
const codePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
const languagePattern = /^[a-z]{2,3}$/;
const wordPattern = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/** Our own words for an assertion about another nation's bytes. */
export function is(holds: boolean, at: string): void {
  if (!holds) throw new Unreadable('wrong-field', at);
}

function text(value: unknown, lengthMax: number, lines: Lines, at: string): void {
  if (typeof value !== 'string' || value.length > lengthMax || value === '') throw new Unreadable('wrong-field', at);
  if (textFault(value, lines)) throw new Unreadable('unsafe-text', at);
}

/** One check a field of a report; what a newer version may have added is noted in `odd`, not refused. */
export const reportFields = {
  grade: (value: unknown, at: string, odd: string[]) => checkGrade(value, at, odd),
  id: (value: unknown, at: string) => is(typeof value === 'string' && uuidPattern.test(value), at),
  lang: language,
  marking: (value: unknown, at: string, odd: string[]) => checkMarking(value, at, odd),
  offence: (value: unknown, at: string) => text(value, bounds.offenceLengthMax, 'one-line', at),
  purpose: (value: unknown, at: string, odd: string[]) => {
    is(typeof value === 'string' && codePattern.test(value), at);
    if (!isCode('purposes', value)) odd.push(at);
  },
  recipients: (value: unknown, at: string) => is(isAscendingNations(value), at),
  releasedAt: instant,
  says: (value: unknown, at: string) => is(isNation(value), at),
  statements: (value: unknown, at: string) => is(Array.isArray(value) && value.length <= bounds.statementsMax, at),
  text: (value: unknown, at: string) => text(value, bounds.textLengthMax, 'many-lines', at),
  title: (value: unknown, at: string) => text(value, bounds.titleLengthMax, 'one-line', at),
  urgency: (value: unknown, at: string) => is(value === 'routine' || value === 'urgent' || value === 'flash', at),
  version: (value: unknown, at: string) =>
    is(Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= bounds.versionMax, at),
};
export const reportRequired = Object.keys(reportFields).filter((field) => field !== 'offence');

/** One check a field of a statement. */
export const statementFields = {
  assertedAt: instant,
  entity: (value: unknown, at: string) =>
    is(Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= bounds.statementsMax, at),
  grade: (value: unknown, at: string, odd: string[]) => checkGrade(value, at, odd),
  id: hex,
  lang: language,
  marking: (value: unknown, at: string, odd: string[]) => checkMarking(value, at, odd),
  method: (value: unknown, at: string) => is(typeof value === 'string' && methodPattern.test(value), at),
  observedFrom: observed,
  observedTo: observed,
  property: word,
  reported: (value: unknown, at: string) => text(value, bounds.valueLengthMax, 'many-lines', at),
  retracts: hex,
  says: (value: unknown, at: string) => is(isNation(value), at),
  schema: word,
  script: (value: unknown, at: string) => is(isScript(value), at),
  sourceRef: hex,
  supersedes: hex,
  unparsed: (value: unknown, at: string) => is(value === true, at),
  value: (value: unknown, at: string) => text(value, bounds.valueLengthMax, 'many-lines', at),
};
export const statementRequired = ['assertedAt', 'entity', 'id', 'method', 'property', 'says', 'schema', 'value'];

function instant(value: unknown, at: string): void {
  is(typeof value === 'string' && isInstant(value), at);
}

function observed(value: unknown, at: string): void {
  is(typeof value === 'string' && isObservedTime(value), at);
}

function hex(value: unknown, at: string): void {
  is(typeof value === 'string' && hexPattern.test(value), at);
}

function word(value: unknown, at: string): void {
  is(typeof value === 'string' && wordPattern.test(value), at);
}

function language(value: unknown, at: string, odd: string[]): void {
  is(typeof value === 'string' && languagePattern.test(value), at);
  if (!isLanguage(value)) odd.push(at);
}

function isAscendingNations(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > bounds.recipientsMax) return false;
  return value.every((nation, index) => isNation(nation) && (index === 0 || value[index - 1] < nation));
}
