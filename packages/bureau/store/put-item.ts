/** Writes an item, its statements and its sealed contents: two statements to the database, however many claims. */
import { type StatementColumn, statementColumns } from '@tripoint/model/entity';
import type { ItemVault } from './at-rest.ts';
import { BODY_BYTES_MAX, HEAD_BYTES_MAX, STATEMENTS_MAX } from './bounds.ts';
import type { Session } from './connection.ts';
import type { ItemContents, ItemRecord, StatementRecord } from './item.ts';
import type { Tokens } from './tokens.ts';

/**
 * stored: new. already-stored: this version is here, nothing was changed (a redelivery is harmless).
 * id-of-another-nation: another nation holds this id, nothing was changed.
 */
export type PutOutcome = 'stored' | 'already-stored' | 'id-of-another-nation';

export type Keys = { readonly vault: ItemVault; readonly tokens: Tokens };

export async function putItem(
  session: Session,
  keys: Keys,
  record: ItemRecord & { readonly atMs: number },
  statements: readonly StatementRecord[],
  contents: ItemContents,
): Promise<PutOutcome> {
  refuseOversize(statements, contents);
  await session.query(LOCK, [record.id]);
  const { rows: held } = await session.query(HOLDERS, [record.id]);
  if (held.some((row) => row.says !== record.says)) return 'id-of-another-nation';
  if (held.some((row) => row.version === record.version)) return 'already-stored';
  const latest = held.every((row) => (row.version as number) < record.version);
  if (latest && held.length > 0) await session.query(DEMOTE, [record.id]);
  const sealed = keys.vault.seal(record.id, record.version, contents.head ?? null, contents.body);
  // Asked together: the statements' insert does not wait for the item's answer.
  const asked = [
    session.query(INSERT_ITEM, [
      ...factParams(record, latest, statements.length),
      sealed.head,
      sealed.body,
      sealed.key,
    ]),
  ];
  if (statements.length > 0)
    asked.push(session.query(INSERT_STATEMENTS, statementParams(record, statements, keys.tokens)));
  await Promise.all(asked);
  return 'stored';
}

// Two writers of one item wait for each other, also when there is no row to lock yet. A statement of its own: the next
// one's snapshot must be taken after the wait, or it does not see what the other wrote.
const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))';

const HOLDERS = 'SELECT version, says FROM item WHERE id = $1';

const DEMOTE = 'UPDATE item SET latest = false WHERE id = $1 AND latest';

const INSERT_ITEM = `INSERT INTO item (id, version, latest, kind, says, own, state, agency_tag, handling, conditions,
  named_officers, pap, recipients, expires_day, purpose, urgency, grade_scheme, grade_source, grade_information, lang,
  statements_count, at, head, body, key)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
  to_timestamp($22::float8 / 1000), $23, $24, $25)`;

type Given = Exclude<StatementColumn, 'item' | 'version'>;

/** What stands in each column the model names, but for those all statements of an item share. */
const VALUES: {
  readonly [C in Given]: (statement: StatementRecord, of: { entityKey: string; tokens: Tokens }) => unknown;
} = {
  id: ({ id }) => id,
  entity: ({ entity }) => entity,
  entity_key: (_, { entityKey }) => entityKey,
  schema: ({ schema }) => schema,
  property: ({ property }) => property,
  marking_class: ({ markingClass }) => markingClass,
  grade: ({ grade }) => grade,
  observed_from: ({ observedFromMs }) => observedFromMs,
  observed_to: ({ observedToMs }) => observedToMs,
  asserted_at: ({ assertedAtMs }) => assertedAtMs,
  says: ({ says }) => says,
  match: ({ match }, { tokens }) => (match === null ? null : tokens.match(match)),
};

const GIVEN = Object.keys(VALUES) as Given[];

// Times travel as milliseconds: one array of numbers parses faster than one of texts.
const isTime = (column: Given) => statementColumns[column].type === 'timestamp with time zone';

const INSERT_STATEMENTS = `INSERT INTO statement (item, version, ${GIVEN.join(', ')})
  SELECT $1, $2, ${GIVEN.map((column) => (isTime(column) ? `to_timestamp(${column} / 1000)` : column)).join(', ')}
  FROM unnest(${GIVEN.map((column, at) => `$${at + 3}::${isTime(column) ? 'float8' : statementColumns[column].type}[]`).join(', ')})
  AS given (${GIVEN.join(', ')})`;

function factParams(record: ItemRecord & { readonly atMs: number }, latest: boolean, count: number): unknown[] {
  return [
    record.id,
    record.version,
    latest,
    record.kind,
    record.says,
    record.own,
    record.state,
    record.agency,
    record.handling,
    record.conditions,
    record.namedOfficers,
    record.pap,
    record.recipients,
    record.expiresDay,
    record.purpose,
    record.urgency,
    record.grade?.scheme ?? null,
    record.grade?.source ?? null,
    record.grade?.information ?? null,
    record.lang,
    count,
    record.atMs,
  ];
}

function statementParams(record: ItemRecord, statements: readonly StatementRecord[], tokens: Tokens): unknown[] {
  const entityKeys = new Map<number, string>();
  for (const { entity } of statements) {
    if (!entityKeys.has(entity)) entityKeys.set(entity, tokens.entityKey(record.id, entity));
  }
  const beside = statements.map(({ entity }) => ({ entityKey: entityKeys.get(entity) as string, tokens }));
  return [
    record.id,
    record.version,
    ...GIVEN.map((column) =>
      statements.map((statement, at) => VALUES[column](statement, beside[at] as (typeof beside)[number])),
    ),
  ];
}

function refuseOversize(statements: readonly StatementRecord[], contents: ItemContents): void {
  if (statements.length > STATEMENTS_MAX) throw new RangeError('more statements than an item may hold');
  if (contents.body.length > BODY_BYTES_MAX) throw new RangeError('a body larger than an item may have');
  if ((contents.head?.length ?? 0) > HEAD_BYTES_MAX) throw new RangeError('a head larger than an item may have');
}
