import { type PropertyTypeName, propertyTypes } from '@tripoint/model/property';
import { propertyTypeOf, schemaNames, schemata } from './schemata.ts';

/** Types of plain columns, in the words of PostgreSQL's `information_schema`, and what they are in TypeScript. */
interface ColumnTypes {
  uuid: string;
  text: string;
  integer: number;
  bytea: Uint8Array;
  'timestamp with time zone': Date;
}

export type ColumnType = keyof ColumnTypes;

/** One column of a table. */
export interface Column {
  readonly type: ColumnType;
  readonly nullable?: true;
}

type Columns = Readonly<Record<string, Column>>;

/** A row of a table with these columns, as it is read. */
export type RowOf<C extends Columns> = {
  -readonly [N in keyof C]: ColumnTypes[C[N]['type']] | (C[N] extends { nullable: true } ? null : never);
};

/**
 * The plain columns of a statement: what the policy and the joins need and nothing more. Value, reported form and
 * source reference are not among them; they stay in the item's sealed body. The store takes its rows and its insert
 * from here, and a test holds the table in PostgreSQL to it.
 */
export const statementColumns = {
  id: { type: 'uuid' },
  item: { type: 'uuid' },
  version: { type: 'integer' },
  entity: { type: 'integer' },
  /** Keyed, stable for (item, entity number): the address of an entity inside one bureau. */
  entity_key: { type: 'uuid' },
  schema: { type: 'text' },
  property: { type: 'text' },
  marking_class: { type: 'text' },
  /** As shown, such as `B2 (4x4)`. */
  grade: { type: 'text', nullable: true },
  observed_from: { type: 'timestamp with time zone', nullable: true },
  observed_to: { type: 'timestamp with time zone', nullable: true },
  asserted_at: { type: 'timestamp with time zone', nullable: true },
  says: { type: 'text' },
  /** Keyed hash of type and match key; null where `isMatched` says that the property is not matched. */
  match: { type: 'bytea', nullable: true },
} as const satisfies Columns;

export type StatementColumn = keyof typeof statementColumns;
export type StatementRow = RowOf<typeof statementColumns>;

/** Every schema's properties, their types and whether their values stand in `match`, for tables, pickers and documents. */
export function propertyTable(): readonly {
  schema: string;
  property: string;
  type: PropertyTypeName;
  isMatched: boolean;
}[] {
  return schemaNames.flatMap((schema) =>
    Object.keys(schemata[schema].properties).map((property) => {
      const type = propertyTypeOf(schema, property)!;
      return { schema, property, type, isMatched: propertyTypes[type].matchable };
    }),
  );
}
