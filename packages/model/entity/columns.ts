import type { PropertyTypeName } from '@tripoint/model/property';
import { propertyTypeOf, schemaNames, schemata } from './schemata.ts';

/** One column of a table in PostgreSQL's words. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'int4' | 'int8' | 'char(2)' | 'bytea' | 'timestamptz' | 'bool';
  readonly nullable: boolean;
}

const statementColumnTable: readonly Column[] = [
  { name: 'id', type: 'bytea', nullable: false },
  { name: 'entity', type: 'int4', nullable: false },
  { name: 'schema', type: 'text', nullable: false },
  { name: 'property', type: 'text', nullable: false },
  { name: 'says', type: 'char(2)', nullable: false },
  { name: 'grade_scheme', type: 'text', nullable: false },
  { name: 'grade_source', type: 'text', nullable: false },
  { name: 'grade_information', type: 'text', nullable: false },
  { name: 'marking_class', type: 'text', nullable: false },
  { name: 'observed_from', type: 'text', nullable: true },
  { name: 'observed_to', type: 'text', nullable: true },
  { name: 'asserted_at', type: 'timestamptz', nullable: false },
  { name: 'supersedes', type: 'bytea', nullable: true },
  { name: 'retracts', type: 'bytea', nullable: true },
  { name: 'unparsed', type: 'bool', nullable: false },
  { name: 'understood', type: 'bool', nullable: false },
];

/**
 * The plain columns of a statement: what the policy and the joins need and nothing more.
 * Value, reported form and source reference are not among them; they stay in the item's sealed body.
 */
export function statementColumns(): readonly Column[] {
  return statementColumnTable;
}

/** Every schema's properties and their types, as one list for tables, pickers and documents. */
export function propertyTable(): readonly { schema: string; property: string; type: PropertyTypeName }[] {
  return schemaNames.flatMap((schema) =>
    Object.keys(schemata[schema].properties).map((property) => ({
      schema,
      property,
      type: propertyTypeOf(schema, property)!,
    })),
  );
}
