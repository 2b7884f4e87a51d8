/** Writes an item, its statements and its sealed contents: one statement to the database, however many claims. */
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
  const locked = session.query(LOCK, [record.id]);
  const sealed = keys.vault.seal(record.id, record.version, contents.head ?? null, contents.body);
  const said = statementParams(record, statements, keys.tokens);
  const insert = (sql: string, latest: boolean) =>
    session.query(sql, [
      ...factParams(record, latest, statements.length),
      sealed.head,
      sealed.body,
      sealed.key,
      ...said,
    ]);
  // Asked behind the lock without waiting for it: almost always nobody holds the id.
  const [, put] = await Promise.all([locked, insert(INSERT_NEW, true)]);
  if (put.rows.length > 0) return 'stored';
  const { rows: held } = await session.query(HOLDERS, [record.id]);
  if (held.some((row) => row.says !== record.says)) return 'id-of-another-nation';
  if (held.some((row) => row.version === record.version)) return 'already-stored';
  const latest = held.every((row) => (row.version as number) < record.version);
  if (latest) await session.query(DEMOTE, [record.id]);
  await insert(INSERT, latest);
  return 'stored';
}

// Two writers of one item wait for each other, also when there is no row to lock yet. A statement of its own: the next
// one's snapshot must be taken after the wait, or it does not see what the other wrote.
const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))';

const HOLDERS = 'SELECT version, says FROM item WHERE id = $1';

const DEMOTE = 'UPDATE item SET latest = false WHERE id = $1 AND latest';

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

const ITEM_PARAMS = 25;
const typeOf = (column: Given) => (isTime(column) ? 'float8' : statementColumns[column].type);

/** A row comes back when the item was put; then its statements were, too. */
const insertWhere = (condition: string) => `WITH put AS (
    INSERT INTO item (id, version, latest, kind, says, own, state, agency_tag, handling, conditions, named_officers, pap,
      recipients, expires_day, purpose, urgency, grade_scheme, grade_source, grade_information, lang, statements_count, at,
      head, body, key)
    SELECT $1::uuid, $2::int, $3::boolean, $4::text, $5::text, $6::boolean, $7::text, $8::text, $9::text[], $10::text[],
      $11::text[], $12::text, $13::text[], $14::int, $15::text, $16::text, $17::text, $18::text, $19::text, $20::text,
      $21::int, to_timestamp($22::float8 / 1000), $23::bytea, $24::bytea, $25::bytea ${condition} RETURNING id, version),
  said AS (
    INSERT INTO statement (item, version, ${GIVEN.join(', ')})
    SELECT put.id, put.version, ${GIVEN.map((column) => (isTime(column) ? `to_timestamp(given.${column} / 1000)` : `given.${column}`)).join(', ')}
    FROM put, unnest(${GIVEN.map((column, at) => `$${ITEM_PARAMS + 1 + at}::${typeOf(column)}[]`).join(', ')})
      AS given (${GIVEN.join(', ')}))
  SELECT 1 FROM put`;

const INSERT = insertWhere('');
const INSERT_NEW = insertWhere('WHERE NOT EXISTS (SELECT FROM item WHERE item.id = $1::uuid)');

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

function statementParams(
  record: Pick<ItemRecord, 'id'>,
  statements: readonly StatementRecord[],
  tokens: Tokens,
): unknown[] {
  const entityKeys = new Map<number, string>();
  for (const { entity } of statements) {
    if (!entityKeys.has(entity)) entityKeys.set(entity, tokens.entityKey(record.id, entity));
  }
  const beside = statements.map(({ entity }) => ({ entityKey: entityKeys.get(entity) as string, tokens }));
  return [
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
