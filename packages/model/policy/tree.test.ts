import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, PolicyRefused } from './index.ts';

const resource = (attr: string) => ({ '.': { left: { Var: 'resource' }, attr } });
const has = (attr: string) => ({ has: { left: { Var: 'resource' }, attr } });
const both = (left: unknown, right: unknown) => ({ '&&': { left, right } });
const either = (left: unknown, right: unknown) => ({ '||': { left, right } });
const not = (arg: unknown) => ({ '!': { arg } });
const isHome = { '==': { left: resource('agency'), right: { Value: 'a1' } } };

function policy(condition: unknown, more: object = {}) {
  return {
    it: {
      effect: 'forbid',
      principal: { op: 'is', entity_type: 'Officer' },
      action: { op: 'All' },
      resource: { op: 'is', entity_type: 'Item' },
      conditions: [{ kind: 'when', body: condition }],
      ...more,
    },
  };
}

const refused = (json: unknown, why: RegExp) =>
  assert.throws(
    () => compile(json),
    (reason) => reason instanceof PolicyRefused && why.test(reason.message),
  );

test('a bureau does not start on an operator it does not know', () => {
  refused(policy({ like: { left: resource('kind'), pattern: ['Wildcard'] } }), /unknown operator like/);
  refused(policy({ in: { left: { Var: 'resource' }, right: { Var: 'principal' } } }), /unknown operator in/);
  refused(policy({ decimal: [{ Value: '1.0' }] }), /unknown operator decimal/);
  refused(policy({ toString: {} }), /unknown operator toString/);
  const branches = Object.fromEntries(['if', 'then', 'else'].map((branch) => [branch, { Value: true }]));
  refused(policy({ 'if-then-else': branches }), /unknown operator if-then-else/);
});

test('an optional attribute is read only behind a has', () => {
  refused(policy(isHome), /resource\.agency is read without has/);
  refused(policy(both(isHome, has('agency'))), /without has/);
  refused(policy(either(has('agency'), isHome)), /without has/);
  refused(policy(both(not(has('agency')), isHome)), /without has/);
  refused(policy(both(has('expiresDay'), isHome)), /without has/);
  refused(policy(both(either(has('agency'), resource('own')), isHome)), /without has/);
  compile(policy(both(has('agency'), isHome)));
  compile(policy(either(not(has('agency')), isHome)));
  compile(policy(both(both(resource('own'), has('agency')), isHome)));
  compile(policy(both(not(either(not(has('agency')), resource('own'))), isHome)));
});

test('an attribute nobody declared is refused', () => {
  refused(policy(resource('title')), /unknown attribute Item\.title/);
  refused(policy(resource('constructor')), /unknown attribute/);
  refused(policy({ '.': { left: { Var: 'principal' }, attr: 'purpose' } }), /unknown attribute Officer\.purpose/);
  refused(
    policy(
      { '==': { left: { '.': { left: { Var: 'principal' }, attr: 'nation' } }, right: { Value: 'KR' } } },
      {
        principal: { op: 'All' },
      },
    ),
    /any principal/,
  );
});

test('types that do not fit are refused', () => {
  refused(policy(resource('kind')), /a text where a bool/);
  refused(policy({ '==': { left: resource('kind'), right: { Value: 1 } } }), /do not fit/);
  refused(policy({ '==': { left: resource('handling'), right: resource('conditions') } }), /do not fit/);
  refused(policy({ contains: { left: resource('kind'), right: { Value: 'x' } } }), /a text where a texts/);
  refused(
    policy({ containsAny: { left: resource('handling'), right: { Set: [{ Value: 1 }] } } }),
    /a set of anything but/,
  );
  refused(policy({ '<': { left: resource('kind'), right: { Value: 1 } } }), /a text where a long/);
});

test('a scope, a clause or a part nobody knows is refused', () => {
  const yes = { Value: true };
  refused(policy(yes, { effect: 'allow' }), /unknown effect/);
  refused(policy(yes, { principal: { op: '==', entity: { type: 'Officer', id: 'o1' } } }), /unknown principal scope/);
  refused(policy(yes, { principal: { op: 'is', entity_type: 'Robot' } }), /unknown principal scope/);
  refused(
    policy(yes, { principal: { op: 'is', entity_type: 'Officer', in: { entity: { type: 'Unit', id: 'u' } } } }),
    /unknown principal scope/,
  );
  refused(policy(yes, { resource: { op: 'All' } }), /unknown resource scope/);
  refused(policy(yes, { action: { op: '==', entity: { type: 'Action', id: 'destroy' } } }), /unknown action/);
  refused(policy(yes, { conditions: [{ kind: 'perhaps', body: yes }] }), /unknown clause/);
  refused(policy(yes, { whatever: 1 }), /unknown part whatever/);
  refused(policy({ Value: true, Var: 'resource' }), /not one expression/);
  refused(policy({ Value: 1.5 }), /unknown value/);
  refused([], /not an object/);
});

test('a refusal names the policy', () => {
  refused({ 'drafts-stay-home': policy(resource('title')).it }, /^drafts-stay-home: /);
});
