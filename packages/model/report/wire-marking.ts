import { gradeSchemes, handlingCodes, isCode, papCodes } from '@tripoint/model/codes';
import {
  type Condition,
  canonicalMarking,
  conditionListMax,
  conditionsMax,
  isKnownCondition,
  isKnownGrade,
  type Marking,
  markingFault,
  termsLengthMax,
} from '@tripoint/model/marking';
import { checkFields, Unreadable } from './fields.ts';

const symbolPattern = /^[A-Za-z0-9]{1,4}$/;
const schemePattern = /^[a-z0-9]{1,16}$/;
const codePattern = /^[a-z][a-z0-9-]{0,63}$/;

function isText(pattern: RegExp) {
  return (value: unknown, at: string) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new Unreadable('wrong-field', at);
  };
}

const gradeFields = {
  information: isText(symbolPattern),
  scheme: isText(schemePattern),
  source: isText(symbolPattern),
};
const gradeRequired = Object.keys(gradeFields);

/** A symbol the scheme does not have is a fault; a scheme of a newer version is kept and listed. */
export function checkGrade(value: unknown, at: string, odd: string[]): void {
  checkFields(value, gradeFields, gradeRequired, at, odd);
  const grade = value as unknown as Parameters<typeof isKnownGrade>[0];
  if (isKnownGrade(grade)) return;
  if ((gradeSchemes as readonly string[]).includes(grade.scheme)) throw new Unreadable('wrong-field', at);
  odd.push(at);
}

const markingFields = { conditions: isConditions, handling: isHandling, pap: isPap, terms: isTerms };
const markingRequired = ['conditions', 'handling', 'pap'];

/**
 * Handling and PAP must be known: what cannot be enforced is not held. A condition of a newer version is kept
 * and listed; whoever enforces conditions must treat an unknown one as forbidding.
 */
export function checkMarking(value: unknown, at: string, odd: string[]): void {
  checkFields(value, markingFields, markingRequired, at, odd);
  const marking = value as unknown as Marking;
  if (markingFault(marking)) throw new Unreadable('wrong-field', at);
  if (JSON.stringify(canonicalMarking(marking)) !== JSON.stringify(marking)) throw new Unreadable('not-canonical', at);
}

function isHandling(value: unknown, at: string): void {
  const known = Array.isArray(value) && value.every((code) => (handlingCodes as readonly unknown[]).includes(code));
  if (!known) throw new Unreadable('wrong-field', at);
}

function isPap(value: unknown, at: string): void {
  if (!(papCodes as readonly unknown[]).includes(value)) throw new Unreadable('wrong-field', at);
}

function isTerms(value: unknown, at: string): void {
  if (typeof value !== 'string' || value === '' || value.length > termsLengthMax)
    throw new Unreadable('wrong-field', at);
}

const conditionFields = { code: isText(codePattern), param: isParam };
const conditionRequired = ['code'];

function isConditions(value: unknown, at: string, odd: string[]): void {
  if (!Array.isArray(value) || value.length > conditionsMax) throw new Unreadable('wrong-field', at);
  value.forEach((condition: unknown, index) => {
    const here = `${at}.${index}`;
    checkFields(condition, conditionFields, conditionRequired, here, odd);
    const { code } = condition as unknown as Condition;
    if (!isCode('handlingConditions', code)) odd.push(here);
    else if (!isKnownCondition(condition as unknown as Condition)) throw new Unreadable('wrong-field', here);
  });
}

const isPlainText = isText(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u);

// The three shapes a parameter may have; which of them a known code takes is checked with the code.
function isParam(value: unknown, at: string, odd: string[]): void {
  if (typeof value === 'string') isPlainText(value, at);
  else if (Array.isArray(value)) isList(value, at);
  else checkFields(value, acknowledgeFields, ['within_ms'], at, odd);
}

function isList(list: readonly unknown[], at: string): void {
  if (list.length > conditionListMax) throw new Unreadable('wrong-field', at);
  for (const entry of list) isPlainText(entry, at);
}

const acknowledgeFields = {
  posts: (value: unknown, at: string) => {
    if (!Array.isArray(value)) throw new Unreadable('wrong-field', at);
    isList(value, at);
  },
  within_ms: (value: unknown, at: string) => {
    if (!Number.isSafeInteger(value)) throw new Unreadable('wrong-field', at);
  },
};
