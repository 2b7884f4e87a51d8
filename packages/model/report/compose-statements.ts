import { mayStandAt, propertyOf, schemaOf } from '@tripoint/model/entity';
import { type Hints, propertyType, type UnparsedReason } from '@tripoint/model/property';
import type { Composing } from './composing.ts';
import type { ParsedDraft, ParsedStatementDraft } from './draft.ts';
import type { ReportRefusal } from './draft-refusals.ts';
import { mergeClaims } from './merge-claims.ts';
import type { WireStatement } from './report.ts';
import { type SourceRefs, sourceRefsOf } from './source-refs.ts';
import { sourceRefHash, statementId } from './statement-id.ts';

/** Not a refusal: something is kept as reported, and the officer should see it before sending. */
export type Note =
  | { code: 'schema-unknown' | 'property-unknown' | 'edge-end-unusual'; at: string }
  | { code: 'value-unparsed'; at: string; reason: UnparsedReason };

/** One entity of a draft: its number on the wire, its schema, and what its statements say that helps to read others. */
interface Entity {
  number: number;
  schema: string;
  hints: { country?: string; platform?: string; bank?: string };
}

interface Desk {
  entities: Map<string, Entity>;
  composing: Composing;
  refusals: ReportRefusal[];
  notes: Note[];
}

/** Cleans, numbers and identifies every statement of a draft; order is kept, repeated claims are merged. */
export function composeStatements(
  draft: ParsedDraft,
  composing: Composing,
): { statements: WireStatement[]; sourceRefs: SourceRefs; refusals: ReportRefusal[]; notes: Note[] } {
  const desk: Desk = { entities: new Map(), composing, refusals: [], notes: [] };
  for (const [index, statement] of draft.statements.entries()) meet(statement, index, desk);
  const claims = draft.statements.map((statement, index) => claimOf(statement, index, desk));
  const statements = mergeClaims(claims, draft, desk.refusals);
  return { statements, sourceRefs: sourceRefsOf(draft, claims), refusals: desk.refusals, notes: desk.notes };
}

function meet(statement: ParsedStatementDraft, index: number, { entities, refusals }: Desk): void {
  const known = entities.get(statement.entity);
  if (!known) entities.set(statement.entity, { number: entities.size + 1, schema: statement.schema, hints: {} });
  else if (known.schema !== statement.schema) {
    refusals.push({ code: 'entity-unclear', at: `statements.${index}.schema`, reason: 'two-schemata' });
  }
  const { hints } = entities.get(statement.entity)!;
  if (statement.property === 'country') hints.country = cleanCountry(statement.value) ?? hints.country ?? '';
  if (statement.property === 'platform') hints.platform = statement.value;
  if (statement.property === 'bank') hints.bank = statement.value;
}

function cleanCountry(text: string): string | undefined {
  const country = propertyType('country')!.clean(text);
  return country.ok ? country.value : undefined;
}

function claimOf(statement: ParsedStatementDraft, index: number, desk: Desk): WireStatement {
  const { says, at: assertedAt, salt, hash } = desk.composing;
  const entity = desk.entities.get(statement.entity)!;
  const read = readValue(statement, `statements.${index}`, entity, desk);
  const { supersedes, retracts } = statement;
  const links = { ...(supersedes ? { supersedes } : {}), ...(retracts ? { retracts } : {}) };
  const claim = { entity: entity.number, property: statement.property, value: read.value, says, ...links };
  const { lang, script, observedFrom, observedTo, grade, marking, sourceRef } = statement;
  if (observedFrom && observedTo && observedFrom.slice(0, observedTo.length) > observedTo) {
    desk.refusals.push({ code: 'invalid', at: `statements.${index}.observedTo`, reason: 'order' });
  }
  return {
    ...claim,
    id: statementId(claim, salt, hash),
    schema: statement.schema,
    ...(read.reported === undefined ? {} : { reported: read.reported }),
    ...(read.unparsed ? { unparsed: true as const } : {}),
    ...(lang ? { lang } : {}),
    ...(script ? { script } : {}),
    ...(observedFrom ? { observedFrom } : {}),
    ...(observedTo ? { observedTo } : {}),
    ...(grade ? { grade } : {}),
    ...(marking ? { marking } : {}),
    assertedAt,
    method: statement.method ?? 'person',
    ...(sourceRef === undefined ? {} : { sourceRef: sourceRefHash(sourceRef, salt, hash) }),
  };
}

interface ReadValue {
  value: string;
  reported?: string;
  unparsed?: true;
}

function readValue(statement: ParsedStatementDraft, at: string, entity: Entity, desk: Desk): ReadValue {
  const spec = propertyOf(statement.schema, statement.property);
  if (spec === undefined) {
    const code = schemaOf(statement.schema) ? 'property-unknown' : 'schema-unknown';
    desk.notes.push({ code, at: `${at}.${code === 'schema-unknown' ? 'schema' : 'property'}` });
    return { value: statement.value, unparsed: true };
  }
  if (spec === 'entity') return readReference(statement, at, desk);
  const type = typeof spec === 'string' ? spec : spec.type;
  const words = typeof spec === 'string' ? {} : spec;
  const cleaned = propertyType(type)!.clean(statement.value, { ...hintsOf(statement, type, entity, desk), ...words });
  if (cleaned.ok) {
    return cleaned.value === statement.value
      ? { value: cleaned.value }
      : { value: cleaned.value, reported: statement.value };
  }
  desk.notes.push({ code: 'value-unparsed', at: `${at}.value`, reason: cleaned.reason });
  return { value: statement.value, unparsed: true };
}

// Only a telephone number takes the desk's own country: elsewhere a country nobody stated would be a guess.
function hintsOf(statement: ParsedStatementDraft, type: string, { hints }: Entity, { composing }: Desk): Hints {
  const country = hints.country || (type === 'phone' ? (composing.country ?? composing.says) : undefined);
  return {
    ...(country ? { country } : {}),
    ...(statement.lang ? { lang: statement.lang } : {}),
    ...(hints.platform ? { platform: hints.platform } : {}),
    ...(hints.bank ? { bank: hints.bank } : {}),
  };
}

// A reference is written as the other entity's label and leaves as its number; labels stay at home.
function readReference(statement: ParsedStatementDraft, at: string, desk: Desk): ReadValue {
  const other = desk.entities.get(statement.value);
  if (!other) {
    desk.refusals.push({ code: 'entity-unclear', at: `${at}.value`, reason: 'nothing-said-about-it' });
    return { value: statement.value };
  }
  const end = statement.property === 'from' || statement.property === 'to' ? statement.property : null;
  if (end && !mayStandAt(statement.schema, end, other.schema)) desk.notes.push({ code: 'edge-end-unusual', at });
  return { value: String(other.number) };
}
