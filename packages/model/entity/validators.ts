import { codesOf, codesOnAxis } from '@tripoint/model/codes';
import { propertyTypes } from '@tripoint/model/property';
import { z } from 'zod';
import { type PropertySpec, type SchemaName, schemaNames, schemata } from './schemata.ts';

/** Values one entity may hold under one property; each is a claim of its own, so several may differ. */
export const valuesPerPropertyMax = 1_000;

function valueSchema(spec: PropertySpec): z.ZodType<string> {
  if (typeof spec === 'string') return z.string().min(1).max(propertyTypes[spec].maxLength);
  if ('values' in spec) return z.enum(spec.values);
  return z.enum(spec.axis === undefined ? codesOf(spec.list) : codesOnAxis(spec.list, spec.axis));
}

type EntityShape<S extends SchemaName> = {
  [P in keyof (typeof schemata)[S]['properties'] & string]: z.ZodOptional<z.ZodArray<z.ZodType<string>>>;
};

function validatorOf<S extends SchemaName>(schema: S): z.ZodObject<EntityShape<S>, z.core.$strict> {
  const shape = Object.fromEntries(
    Object.entries<PropertySpec>(schemata[schema].properties).map(([property, spec]) => [
      property,
      z.array(valueSchema(spec)).max(valuesPerPropertyMax).optional(),
    ]),
  );
  return z.strictObject(shape as EntityShape<S>).meta({ id: schema, title: schemata[schema].label });
}

type Validators = { readonly [S in SchemaName]: ReturnType<typeof validatorOf<S>> };

/** Entity as a record of canonical values per property: the shape of exports and of the console's forms. */
export const validators = Object.fromEntries(schemaNames.map((schema) => [schema, validatorOf(schema)])) as Validators;

export type EntityOf<S extends SchemaName> = z.infer<Validators[S]>;

/** JSON Schema (2020-12) of one entity schema. */
export function jsonSchemaOf(schema: SchemaName): Record<string, unknown> {
  return z.toJSONSchema(validators[schema]) as Record<string, unknown>;
}
