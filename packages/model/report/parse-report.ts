import { isUnderstood, propertyTypeOf, schemaOf } from '@tripoint/model/entity';
import { reportSizeBytesMax } from './bounds.ts';
import { checkFields, type Unread, Unreadable } from './fields.ts';
import type { Report, WireStatement } from './report.ts';
import { is, reportFields, reportRequired, statementFields, statementRequired } from './report-fields.ts';

export type { Unread } from './fields.ts';

export type Parsed =
  | {
      readonly ok: true;
      readonly report: Report;
      /** Paths this version does not understand; kept whole. */
      readonly notUnderstood: readonly string[];
    }
  | {
      readonly ok: false;
      readonly why: Unread;
      /** Path of the fault; never a value. */
      readonly at: string;
    };

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
  if (bytes.length > reportSizeBytesMax) throw new Unreadable('too-large', '');
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

const numberPattern = /^[1-9]\d{0,8}$/;

function checkReference(statement: WireStatement, index: number, told: ReadonlyMap<number, string>): void {
  if (propertyTypeOf(statement.schema, statement.property) !== 'entity' || statement.unparsed) return;
  const isTold = numberPattern.test(statement.value) && told.has(Number(statement.value));
  if (!isTold) throw new Unreadable('entity-unclear', `statements.${index}.value`);
}
