import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyViewer,
  admitViewer,
  type ItemColumns,
  type ItemFacts,
  machineViewer,
  markingFacts,
  policy,
} from './index.ts';

const analyst = { nation: 'KR', officer: 'o1', agency: 'a1', roles: ['analyst'] };

test('an object that only looks like a viewer is refused', () => {
  const lookalike = { ...admitViewer(analyst) } as AnyViewer;
  assert.throws(() => policy.holds(lookalike, {} as ItemFacts, 'read', 0), /not an admitted viewer/);
  assert.throws(() => policy.toSql(lookalike, 'read', {} as ItemColumns, 0), /not an admitted viewer/);
  assert.throws(
    () => policy.holds({ purpose: 'seal' } as AnyViewer, {} as ItemFacts, 'read', 0),
    /not an admitted viewer/,
  );
});

test('a viewer cannot be given a role after sign-in', () => {
  const viewer = admitViewer(analyst);
  assert.throws(() => (viewer.roles as string[]).push('duty-lead'), TypeError);
  assert.throws(() => Object.assign(viewer, { agency: 'a2' }), TypeError);
  assert.throws(() => (viewer.clearances.compartments as string[]).push('a2'), TypeError);
});

test('a malformed admission is our mistake and stops', () => {
  assert.throws(() => admitViewer({ ...analyst, nation: 'Korea' }));
  assert.throws(() => admitViewer({ ...analyst, officer: '' }));
  assert.throws(() => admitViewer({ ...analyst, agency: '' }));
  assert.throws(() => admitViewer({ ...analyst, roles: Array.from({ length: 65 }, (_, n) => `role-${n}`) }));
  assert.throws(() => machineViewer('everything' as 'seal'));
});

test('the marking of an item becomes facts, and what cannot be read makes it stricter', () => {
  const marking = (...conditions: { code: string; param?: unknown }[]) =>
    markingFacts({ handling: ['H1'], conditions, pap: 'PAP:RED' });
  assert.deepEqual(marking(), {
    handling: ['H1'],
    conditions: [],
    namedOfficers: [],
    pap: 'PAP:RED',
    expiresDay: null,
  });
  assert.equal(marking({ code: 'expires', param: '2027-01-31' }).expiresDay, Date.UTC(2027, 0, 31) / 86_400_000);
  assert.equal(marking({ code: 'expires', param: '2028-02-29' }).expiresDay, Date.UTC(2028, 1, 29) / 86_400_000);
  assert.equal(marking({ code: 'expires', param: '1969-12-31' }).expiresDay, -1);
  assert.equal(
    marking({ code: 'expires', param: '2027-03-01' }, { code: 'expires', param: '2027-01-31' }).expiresDay,
    20_849,
  );
  assert.equal(marking({ code: 'expires', param: 'next year' }).expiresDay, -1);
  assert.equal(marking({ code: 'expires' }).expiresDay, -1);
  assert.deepEqual(marking({ code: 'named-officers-only', param: ['o1', 'o2', 'o1'] }).namedOfficers, ['o1', 'o2']);
  assert.deepEqual(marking({ code: 'named-officers-only' }).namedOfficers, []);
  const twice = marking(
    { code: 'named-officers-only', param: ['o1', 'o2'] },
    { code: 'named-officers-only', param: ['o2'] },
  );
  assert.deepEqual([twice.namedOfficers, twice.conditions], [['o2'], ['named-officers-only']]);
});
