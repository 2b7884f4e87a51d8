import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { compile } from './compile.ts';
import { ACTIONS, type Action, type AnyViewer, dayOf, type ItemFacts, isMachine } from './index.ts';
import tree from './policy.json' with { type: 'json' };
import { actions, itemFacts, NOW_MS, viewers } from './sample-for-tests.ts';
import { shape } from './shape.ts';

const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** More under TRIPOINT_POLICY_RUNS; a merge asks for 20,000. */
const RUNS = Number(process.env.TRIPOINT_POLICY_RUNS ?? 3_000);

test('the JSON form kept beside the text is the text', () => {
  const parts = cedar.policySetTextToParts(text('policy.cedar'));
  assert(parts.type === 'success');
  const parsed = parts.policies.map((policy) => {
    const json = cedar.policyToJson(policy);
    assert(json.type === 'success');
    return [json.json.annotations?.id, json.json];
  });
  assert.deepEqual(tree, Object.fromEntries(parsed), 'run node tools/policy-json.ts');
  assert.equal(Object.keys(tree).length, parsed.length, 'every policy has an id of its own');
});

test('Cedar itself finds the policy valid against the schema, without a warning', () => {
  const answer = cedar.validate({
    schema: text('policy.cedarschema'),
    policies: { staticPolicies: tree as unknown as Record<string, cedar.PolicyJson> },
  });
  assert(answer.type === 'success');
  assert.deepEqual([...answer.validationErrors, ...answer.validationWarnings], []);
});

test('the shape in TypeScript is the schema in Cedar', () => {
  const answer = cedar.schemaToJsonWithResolvedTypes(text('policy.cedarschema'));
  assert(answer.type === 'success');
  const schema = answer.json[''];
  for (const name of ['Officer', 'Machine', 'Item'] as const) {
    assert.deepEqual(attributesOf(schema?.entityTypes[name]), shape[name], name);
  }
  assert.deepEqual(Object.keys(schema?.actions ?? {}).sort(), [...ACTIONS].sort());
  for (const action of Object.values(schema?.actions ?? {})) {
    assert.deepEqual(attributesOf({ shape: action.appliesTo?.context }), shape.context);
  }
});

const TYPES: Record<string, string> = { String: 'text', Bool: 'bool', Boolean: 'bool', Long: 'long', Set: 'texts' };

function attributesOf(type: unknown): unknown {
  const { attributes } = (
    type as { shape: { attributes: Record<string, { type: string; name?: string; required?: boolean }> } }
  ).shape;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type: kind, name: alias, required }]) => [
      name,
      { type: TYPES[alias ?? kind] ?? TYPES[kind], ...(required === false ? { optional: true } : {}) },
    ]),
  );
}

test('on random viewers and items the closure decides as Cedar does, for the same reasons', () => {
  preparse('shipped', tree as unknown as Record<string, cedar.PolicyJson>);
  const { holds } = compile(tree);
  let allowed = 0;
  fc.assert(
    fc.property(viewers, itemFacts, actions, (viewer, item, action) => {
      const ours = holds(viewer, item, action, NOW_MS);
      assert.deepEqual({ ...ours, reasons: [...ours.reasons].sort() }, ask('shipped', viewer, item, action));
      allowed += Number(ours.allowed);
    }),
    { numRuns: RUNS },
  );
  assert(allowed > RUNS / 20, `only ${allowed} of ${RUNS} were allowed: the sample says too little`);
});

test('on random policies, too, the closure decides as Cedar does', () => {
  fc.assert(
    fc.property(conditions, fc.boolean(), viewers, itemFacts, actions, (condition, unless, viewer, item, action) => {
      const random = { random: policyOf(condition, unless, isMachine(viewer) ? 'Machine' : 'Officer') };
      preparse('random', random as unknown as Record<string, cedar.PolicyJson>);
      const ours = compile(random).holds(viewer, item, action, NOW_MS);
      assert.deepEqual(ours, ask('random', viewer, item, action));
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
});

function policyOf(condition: unknown, unless: boolean, kind: string) {
  return {
    effect: 'permit',
    principal: { op: 'is', entity_type: kind },
    action: { op: 'All' },
    resource: { op: 'is', entity_type: 'Item' },
    conditions: [{ kind: unless ? 'unless' : 'when', body: condition }],
  };
}

const resource = (attr: string) => ({ '.': { left: { Var: 'resource' }, attr } });
const hasResource = (attr: string) => ({ has: { left: { Var: 'resource' }, attr } });
const pair = <T>(side: fc.Arbitrary<T>) => fc.record({ left: side, right: side });
const words = fc.constantFrom('report', 'KR', 'TH', 'released', 'H1', 'H2', 'o1').map((word) => ({ Value: word }));
const texts = fc.oneof(words, fc.constantFrom('kind', 'says', 'state', 'pap').map(resource));
const sets = fc.oneof(
  fc.array(words, { minLength: 1, maxLength: 3 }).map((members) => ({ Set: members })),
  fc.constantFrom('handling', 'conditions', 'recipients', 'namedOfficers').map(resource),
);
const longs = fc.oneof(
  fc.integer({ min: -2, max: 25_000 }).map((value) => ({ Value: value })),
  fc.constant({ '.': { left: { Var: 'context' }, attr: 'today' } }),
);
const leaves: fc.Arbitrary<unknown> = fc.oneof(
  fc.boolean().map((value) => ({ Value: value })),
  fc.constant(resource('own')),
  fc.constantFrom('agency', 'expiresDay').map(hasResource),
  pair(texts).map((body) => ({ '==': body })),
  pair(texts).map((body) => ({ '!=': body })),
  ...(['<', '<=', '>', '>='] as const).map((op) => pair(longs).map((body) => ({ [op]: body }))),
  ...(['<', '<=', '>', '>='] as const).map((op) =>
    longs.map((right) => ({
      '&&': { left: hasResource('expiresDay'), right: { [op]: { left: resource('expiresDay'), right } } },
    })),
  ),
  fc.record({ left: sets, right: texts }).map((body) => ({ contains: body })),
  pair(sets).map((body) => ({ containsAll: body })),
  pair(sets).map((body) => ({ containsAny: body })),
);
const { conditions } = fc.letrec((tie) => ({
  conditions: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    pair(tie('conditions')).map((body) => ({ '&&': body })),
    pair(tie('conditions')).map((body) => ({ '||': body })),
    tie('conditions').map((arg) => ({ '!': { arg } })),
    pair(tie('conditions')).map((body) => ({ '==': body })),
    pair(tie('conditions')).map((body) => ({ '!=': body })),
  ),
}));

function preparse(name: string, policies: Record<string, cedar.PolicyJson>): void {
  const answer = cedar.preparsePolicySet(name, { staticPolicies: policies });
  assert.equal(answer.type, 'success', JSON.stringify(answer));
}

/** The reference engine's answer. */
function ask(set: string, viewer: AnyViewer, item: ItemFacts, action: Action) {
  const principal = { type: isMachine(viewer) ? 'Machine' : 'Officer', id: 'who' };
  const resource = { type: 'Item', id: 'what' };
  const answer = cedar.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: { today: dayOf(NOW_MS) },
    preparsedPolicySetId: set,
    entities: [
      { uid: principal, attrs: principalAttributes(viewer), parents: [] },
      { uid: resource, attrs: withoutNulls(item), parents: [] },
    ],
  });
  assert(answer.type === 'success');
  assert.deepEqual(answer.response.diagnostics.errors, [], 'a policy that errors is skipped');
  return { allowed: answer.response.decision === 'allow', reasons: answer.response.diagnostics.reason.sort() };
}

function principalAttributes(viewer: AnyViewer): Record<string, cedar.CedarValueJson> {
  if (isMachine(viewer)) return { purpose: viewer.purpose };
  const { nation, officer, agency, roles, clearances, accreditedNations } = viewer;
  const compartments = [...(agency === null ? [] : [agency]), ...clearances.compartments];
  return withoutNulls({ nation, officer, agency, roles, compartments, accreditedNations });
}

function withoutNulls(facts: object): Record<string, cedar.CedarValueJson> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
