import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeListNames, codesOnAxis } from '@tripoint/model/codes';
import { propertyTypeNames } from '@tripoint/model/property';
import {
  type EdgeName,
  type EntityOf,
  isEdge,
  isUnderstood,
  jsonSchemaOf,
  mayStandAt,
  type PropertyName,
  type PropertySpec,
  propertyOf,
  propertyTable,
  propertyTypeOf,
  type SchemaSpec,
  schemaNames,
  schemaOf,
  schemata,
  statementColumns,
  type ThingName,
  validators,
} from './index.ts';

const specs = Object.entries(schemata) as [string, SchemaSpec][];

test('every schema and edge the coalition speaks of is in the table', () => {
  const things =
    'Person Organization Vessel Vehicle Airplane Phone Device Account Wallet Handle OnionService Market Place Document Event ' +
    'Substance Seizure Arrest Shipment Leg Operation Tasking Commitment';
  const edges =
    'Membership Family Associate Control Ownership Contact Payment Presence Involvement Supply Rivalry Listing Mention Derived';
  for (const name of things.split(' ')) assert.ok(schemaOf(name) && !isEdge(name), name);
  for (const name of edges.split(' ')) assert.ok(isEdge(name), name);
});

test('the table agrees with itself: types, lists, ends and featured properties exist', () => {
  for (const [name, spec] of specs) {
    for (const property of spec.featured) assert.ok(Object.hasOwn(spec.properties, property), `${name}.${property}`);
    for (const end of [...(spec.ends?.from ?? []), ...(spec.ends?.to ?? [])]) {
      assert.ok(end === 'any' || (schemaNames.includes(end as never) && !isEdge(end)), `${name} ${end}`);
    }
    for (const [property, holds] of Object.entries<PropertySpec>(spec.properties)) {
      const type = typeof holds === 'string' ? holds : holds.type;
      assert.ok(propertyTypeNames.includes(type), `${name}.${property}`);
      if (typeof holds === 'object' && 'list' in holds) assert.ok(codeListNames.includes(holds.list));
      if (typeof holds === 'object' && 'axis' in holds && holds.axis !== undefined)
        assert.ok(codesOnAxis(holds.list, holds.axis).length > 1, `${name}.${property}`);
      assert.match(property, /^[a-z][A-Za-z]{0,63}$/);
    }
  }
});

test('an edge has two ends, and both are references', () => {
  for (const [name, spec] of specs.filter(([, { ends }]) => ends)) {
    assert.equal(spec.properties.from, 'entity', name);
    assert.equal(spec.properties.to, 'entity', name);
  }
  assert.ok(mayStandAt('Control', 'to', 'Phone'));
  assert.ok(!mayStandAt('Control', 'to', 'Person'));
  assert.ok(mayStandAt('Presence', 'from', 'Vessel'));
  assert.ok(mayStandAt('Control', 'to', 'ThingOfTomorrow'));
});

test('a schema or property of a newer version is not understood, and no object’s own members are', () => {
  assert.ok(isUnderstood('Person', 'birthDate'));
  for (const [schema, property] of [
    ['Person', 'shoeSize'],
    ['Robot', 'name'],
    ['Person', 'constructor'],
    ['toString', 'name'],
  ] as const) {
    assert.equal(isUnderstood(schema, property), false);
    assert.equal(propertyOf(schema, property), undefined);
    assert.equal(propertyTypeOf(schema, property), undefined);
  }
});

test('types, validators, JSON Schema and columns come from the one table', () => {
  const property: PropertyName<'Wallet'> = 'asset';
  const edge: EdgeName = 'Payment';
  const thing: ThingName = 'Seizure';
  const wallet: EntityOf<'Wallet'> = { [property]: ['BTC'], wallet: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'] };
  assert.deepEqual(validators.Wallet.parse(wallet), wallet);
  assert.ok(isEdge(edge) && !isEdge(thing));
  assert.equal(validators.Wallet.safeParse({ colour: ['red'] }).success, false);
  assert.equal(validators.Person.safeParse({ gender: ['unlisted'] }).success, false);
  assert.equal(validators.Seizure.safeParse({ hidingPlace: ['place:vessel'] }).success, true);
  assert.equal(validators.Seizure.safeParse({ hidingPlace: ['object:shoes'] }).success, false);
  for (const name of schemaNames)
    assert.equal(JSON.stringify(jsonSchemaOf(name)).includes('"additionalProperties":false'), true, name);
  const table = propertyTable();
  assert.equal(new Set(table.map((row) => `${row.schema}.${row.property}`)).size, table.length);
  assert.ok(table.every((row) => propertyTypeOf(row.schema, row.property) === row.type));
});

test('no plain column of a statement can hold what was said', () => {
  const names = Object.keys(statementColumns);
  for (const hidden of ['value', 'reported', 'source_ref', 'agency', 'title', 'text'])
    assert.ok(!names.includes(hidden));
});
