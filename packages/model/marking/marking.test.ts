import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes, type HandlingCode, handlingConditionCodes, papCodes, purposeCodes } from '@tripoint/model/codes';
import fc from 'fast-check';
import {
  type Condition,
  canonicalMarking,
  conditionList,
  formatGrade,
  formatMarking,
  type Grade,
  gradeSchema,
  type Marking,
  markingClass,
  markingSchema,
  nationSchema,
  sameMarking,
  strictest,
  unmarkedReadsAs,
} from './index.ts';

const nations = fc.uniqueArray(fc.constantFrom('KR', 'TH', 'VN', 'PH', 'KH', 'LA'), { maxLength: 6 });
const posts = fc.uniqueArray(fc.constantFrom('desk-1', 'desk-2', 'duty'), { maxLength: 3 });
const paramOf: Record<string, fc.Arbitrary<Condition['param']>> = {
  'named-officers-only': posts,
  'recipients-only': nations,
  onward: fc.constantFrom('members', 'ask', 'never'),
  'purpose-limit': fc.uniqueArray(fc.constantFrom(...purposeCodes), { maxLength: 4 }),
  expires: fc.constantFrom('2026-11-23', '2027-01-01', '2030-02-28'),
  acknowledge: fc.record({ within_ms: fc.integer({ min: 1, max: 1e9 }), posts }, { requiredKeys: ['within_ms'] }),
};
const condition = fc
  .constantFrom(...handlingConditionCodes)
  .chain((code) =>
    (paramOf[code] ?? fc.constant(undefined)).map((param) => (param === undefined ? { code } : { code, param })),
  );
const handlingSets: HandlingCode[][] = [['H0'], ['H1'], ['H2'], ['H2', 'H1'], ['H3'], ['H1', 'H3'], ['H3', 'H2', 'H1']];
const marking: fc.Arbitrary<Marking> = fc
  .record({
    handling: fc.constantFrom(...handlingSets),
    conditions: fc.uniqueArray(condition, { selector: ({ code }) => code, maxLength: 6 }),
    pap: fc.constantFrom(...papCodes),
  })
  .chain((rest) =>
    rest.handling.includes('H3')
      ? fc.constantFrom('Ask the giver.', 'Z first\n\nA second', 'A second').map((terms) => ({ ...rest, terms }))
      : fc.constant(rest),
  );

const text = (value: Marking) => JSON.stringify(canonicalMarking(value));

test('the join of markings does not depend on order, grouping or repetition', () => {
  fc.assert(
    fc.property(marking, marking, marking, (a, b, c) => {
      assert.equal(text(strictest([a, b])), text(strictest([b, a])));
      assert.equal(text(strictest([strictest([a, b]), c])), text(strictest([a, strictest([b, c])])));
      assert.equal(text(strictest([a, b, c])), text(strictest([strictest([a, b]), c])));
      assert.equal(text(strictest([a, a])), text(a));
      assert.equal(text(strictest([a])), text(a));
    }),
  );
});

test('a derived item is never looser than any of its parents', () => {
  fc.assert(
    fc.property(marking, marking, (a, b) => {
      const joined = strictest([a, b]);
      assert.ok(markingSchema.safeParse(joined).success);
      for (const parent of [a, b]) {
        for (const code of parent.handling) assert.ok(code === 'H0' || joined.handling.includes(code));
        assert.ok(papCodes.indexOf(joined.pap) <= papCodes.indexOf(parent.pap));
        for (const { code, param } of parent.conditions) {
          const found = joined.conditions.find((condition) => condition.code === code);
          assert.ok(found, code);
          const list = conditionList(joined, code);
          const isNarrowing = codes.handlingConditions.codes.find((row) => row.code === code)!.join === 'intersection';
          if (isNarrowing) for (const value of list!) assert.ok((param as string[]).includes(value));
          if (code === 'expires') assert.ok((found.param as string) <= (param as string));
        }
        for (const paragraph of parent.terms?.split('\n\n') ?? [])
          assert.ok(joined.terms!.split('\n\n').includes(paragraph));
      }
    }),
  );
});

test('an item without a marking reads as closed, never as open', () => {
  assert.deepEqual(strictest([]), unmarkedReadsAs);
  assert.equal(unmarkedReadsAs.pap, codes.pap.missing_reads_as);
  assert.ok(markingSchema.safeParse(unmarkedReadsAs).success);
});

test('two audiences without a common nation leave nobody', () => {
  const only = (...param: string[]): Marking => ({
    handling: ['H0'],
    conditions: [{ code: 'recipients-only', param }],
    pap: 'PAP:GREEN',
  });
  assert.deepEqual(conditionList(strictest([only('KR', 'TH'), only('TH', 'VN')]), 'recipients-only'), ['TH']);
  assert.deepEqual(conditionList(strictest([only('KR'), only('VN')]), 'recipients-only'), []);
});

test('where two parents set the same condition, the stricter value stands', () => {
  const set = (code: string, param: Condition['param']): Marking => ({
    handling: ['H1'],
    conditions: [{ code, ...(param === undefined ? {} : { param }) }],
    pap: 'PAP:RED',
  });
  const joins: [string, Condition['param'], Condition['param'], Condition['param']][] = [
    ['onward', 'members', 'never', 'never'],
    ['onward', 'ask', 'members', 'ask'],
    ['expires', '2027-01-01', '2026-11-23', '2026-11-23'],
    ['purpose-limit', ['detection', 'operation'], ['operation', 'training'], ['operation']],
    ['acknowledge', { within_ms: 600 }, { within_ms: 300, posts: ['b', 'a'] }, { posts: ['a', 'b'], within_ms: 300 }],
    [
      'acknowledge',
      { within_ms: 5, posts: ['a'] },
      { within_ms: 9, posts: ['b'] },
      { posts: ['a', 'b'], within_ms: 5 },
    ],
    ['no-copy', undefined, undefined, undefined],
  ];
  for (const [code, a, b, joined] of joins) {
    for (const pair of [
      [set(code, a), set(code, b)],
      [set(code, b), set(code, a)],
    ]) {
      assert.deepEqual(strictest(pair).conditions, set(code, joined).conditions);
    }
  }
});

test('a condition of a newer version stands beside the known ones in every wording', () => {
  const newer = (param: string): Marking => ({
    handling: ['H1'],
    conditions: [{ code: 'moonlight', param }],
    pap: 'PAP:RED',
  });
  assert.equal(strictest([newer('a'), newer('b'), newer('a')]).conditions.length, 2);
});

test('equal markings have one class and one text, however they are written', () => {
  fc.assert(
    fc.property(marking, (a) => {
      const turned: Marking = {
        ...a,
        handling: [...a.handling].reverse(),
        conditions: [...a.conditions]
          .reverse()
          .map((c) => (Array.isArray(c.param) ? { ...c, param: [...c.param].reverse() } : c)),
      };
      assert.ok(sameMarking(a, turned));
      assert.equal(markingClass(a), markingClass(turned));
      assert.equal(formatMarking(a), formatMarking(turned));
    }),
  );
  const marked: Marking = { handling: ['H2', 'H1'], conditions: [], pap: 'PAP:AMBER' };
  assert.equal(markingClass(marked), 'H1+H2/PAP:AMBER');
  assert.equal(
    formatMarking({ ...marked, conditions: [{ code: 'expires', param: '2027-01-01' }] }),
    'H1+H2 · PAP:AMBER · expires 2027-01-01',
  );
});

test('neither terms nor names of posts reach the class, which stands in a plain column', () => {
  const secret: Marking = {
    handling: ['H3'],
    conditions: [
      { code: 'named-officers-only', param: ['CANARY-POST'] },
      { code: 'acknowledge', param: { within_ms: 60_000, posts: ['CANARY-POST'] } },
    ],
    pap: 'PAP:RED',
    terms: 'CANARY-TERMS',
  };
  assert.ok(!markingClass(secret).includes('CANARY'));
});

test('markings that contradict themselves are refused', () => {
  const base = { handling: ['H1'], pap: 'PAP:RED' };
  const wrong: unknown[] = [
    {},
    { ...base, handling: [] },
    { ...base, handling: ['H0', 'H1'] },
    { ...base, handling: ['H1', 'H1'] },
    { ...base, handling: ['H4'] },
    { ...base, handling: ['H3'] },
    { ...base, terms: 'own terms without H3' },
    { ...base, handling: ['H3'], terms: 'a\u202eb' },
    { ...base, pap: 'PAP:WHITE' },
    { ...base, pap: undefined },
    { ...base, extra: 1 },
    { ...base, conditions: [{ code: 'moonlight' }] },
    { ...base, conditions: [{ code: 'no-copy', param: 'x' }] },
    { ...base, conditions: [{ code: 'no-copy' }, { code: 'no-copy' }] },
    { ...base, conditions: [{ code: 'recipients-only' }] },
    { ...base, conditions: [{ code: 'recipients-only', param: ['kr'] }] },
    { ...base, conditions: [{ code: 'recipients-only', param: ['KR', 'KR'] }] },
    { ...base, conditions: [{ code: 'purpose-limit', param: ['curiosity'] }] },
    { ...base, conditions: [{ code: 'expires', param: '2026-02-30' }] },
    { ...base, conditions: [{ code: 'onward', param: 'maybe' }] },
    { ...base, conditions: [{ code: 'acknowledge', param: { within_ms: 0 } }] },
    { ...base, conditions: [{ code: 'acknowledge', param: { within_ms: 1.5 } }] },
  ];
  for (const one of wrong) assert.equal(markingSchema.safeParse(one).success, false, JSON.stringify(one));
  assert.deepEqual(markingSchema.parse(base).conditions, []);
});

test('a grade belongs to its scheme and is shown with it', () => {
  const schemes = ['4x4', 'admiralty', '5x5x5', '3x5x2'];
  const symbolsOf = (scheme: string, axis: string) =>
    codes.grading.codes.filter((row) => row.scheme === scheme && row.axis === axis).map((row) => row.symbol);
  for (const scheme of schemes) {
    for (const source of symbolsOf(scheme, 'source')) {
      for (const information of symbolsOf(scheme, 'information')) {
        assert.ok(gradeSchema.safeParse({ scheme, source, information }).success);
      }
    }
  }
  const wrong: Partial<Grade>[] = [
    { scheme: '4x4', source: 'D', information: '1' },
    { scheme: '4x4', source: '1', information: 'A' },
    { scheme: 'own', source: 'A', information: '1' },
    { scheme: '4x4', source: 'A' },
  ];
  for (const one of wrong) assert.equal(gradeSchema.safeParse(one).success, false, JSON.stringify(one));
  assert.equal(formatGrade({ scheme: '4x4', source: 'B', information: '2' }), 'B2 (4x4)');
});

test('a nation is two capitals', () => {
  assert.ok(nationSchema.safeParse('KR').success);
  for (const one of ['kr', 'KOR', 'K', '', 82, 'K\n', 'KR\n']) assert.equal(nationSchema.safeParse(one).success, false);
});
