import { isCode } from '@tripoint/model/codes';
import { isUnderstood, propertyTypeOf, schemaOf } from '@tripoint/model/entity';
import { isNation } from '@tripoint/model/marking';
import { isLanguage, isScript, type Lines, textFault } from '@tripoint/model/property';
import * as bounds from './bounds.ts';
import { isInstant, isObservedTime, methodPattern } from './draft.ts';
import { checkFields, type Unread, Unreadable } from './fields.ts';
import type { Report, WireStatement } from './report.ts';
import { checkGrade, checkMarking } from './wire-marking.ts';

export type { Unread } from './fields.ts';

export type Parsed =
  | {
      readonly ok: true;
      readonly report: Report /** Paths this version does not understand; kept whole. */;
      readonly notUnderstood: readonly string[];
    }
  | { readonly ok: false; readonly why: Unread /** Path of the fault; never a value. */; readonly at: string };

interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
// Present in every runtime, absent from the language's own library.
const { TextDecoder } = globalThis as unknown as {
  TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => Utf8Decoder;
};
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes from another nation → report, or one closed reason. Strict: unknown fields, other orders of keys, white
 * space, doubled keys and unsafe text are refused, so the bytes read are the bytes a bureau would write.
 * Schemata, properties and codes of a newer version are kept whole and listed.
 * Linear in the size, no allocation per statement beyond the parsed value itself.
 */
export function parseReport(bytes: Uint8Array): Parsed {
  try {
    return { ok: true, ...readReport(bytes) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.why, at: error.at };
    throw error;
  }
}

function readReport(bytes: Uint8Array) {
  if (bytes.length > bounds.reportSizeBytesMax) throw new Unreadable('too-large', '');
  const text = decode(bytes);
  const value = parseJson(text);
  const notUnderstood: string[] = [];
  checkReport(value, notUnderstood);
  // Catches what a parser forgives: white space, doubled keys, other spellings of a character or a number.
  if (JSON.stringify(value) !== text) throw new Unreadable('not-canonical', '');
  return { report: value as Report, notUnderstood };
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Unreadable('not-utf8', '');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('not-json', '');
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hexPattern = /^[0-9a-f]{32}$/;
const codePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
const languagePattern = /^[a-z]{2,3}$/;
const wordPattern = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
const numberPattern = /^[1-9]\d{0,8}$/;

function is(holds: boolean, at: string): void {
  if (!holds) throw new Unreadable('wrong-field', at);
}

function text(value: unknown, lengthMax: number, lines: Lines, at: string): void {
  if (typeof value !== 'string' || value.length > lengthMax || value === '') throw new Unreadable('wrong-field', at);
  if (textFault(value, lines)) throw new Unreadable('unsafe-text', at);
}

const reportFields = {
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
  version: (value: unknown, at: string) => is(Number.isSafeInteger(value) && (value as number) >= 1, at),
};
const reportRequired = Object.keys(reportFields).filter((field) => field !== 'offence');

const statementFields = {
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
const statementRequired = ['assertedAt', 'entity', 'id', 'method', 'property', 'says', 'schema', 'value'];

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

function checkReport(value: unknown, odd: string[]): asserts value is Report {
  checkFields(value, reportFields, reportRequired, '', odd);
  const report = value as unknown as Report;
  is(!report.recipients.includes(report.says), 'recipients');
  checkStatements(report, odd);
}

function checkStatements(report: Report, odd: string[]): void {
  const ids = new Set<string>();
  const schemaByEntity = new Map<number, string>();
  report.statements.forEach((statement, index) => {
    const at = `statements.${index}`;
    checkFields(statement, statementFields, statementRequired, at, odd);
    is(statement.says === report.says, `${at}.says`);
    if (ids.has(statement.id)) throw new Unreadable('statement-twice', `${at}.id`);
    ids.add(statement.id);
    const schema = schemaByEntity.get(statement.entity) ?? statement.schema;
    if (schema !== statement.schema) throw new Unreadable('entity-unclear', `${at}.schema`);
    schemaByEntity.set(statement.entity, schema);
    noteOdd(statement, at, odd);
  });
  for (const [index, statement] of report.statements.entries()) checkReference(statement, index, schemaByEntity);
}

function noteOdd(statement: WireStatement, at: string, odd: string[]): void {
  if (isUnderstood(statement.schema, statement.property)) return;
  odd.push(schemaOf(statement.schema) ? `${at}.property` : `${at}.schema`);
}

function checkReference(statement: WireStatement, index: number, told: ReadonlyMap<number, string>): void {
  if (propertyTypeOf(statement.schema, statement.property) !== 'entity' || statement.unparsed) return;
  const isTold = numberPattern.test(statement.value) && told.has(Number(statement.value));
  if (!isTold) throw new Unreadable('entity-unclear', `statements.${index}.value`);
}
