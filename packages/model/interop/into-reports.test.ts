import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { composeReport, encodeReport, type StatementDraft } from '@tripoint/model/report';
import fc from 'fast-check';
import type { Imported, Unmapped } from './imported.ts';
import { intoReports, type ReportLimits, type ReportPart } from './into-reports.ts';

const hash = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

function imported(statements: StatementDraft[], unmapped: Unmapped[] = [], text = 'An invented list.'): Imported {
  return { title: 'Invented list', text, lang: 'en', statements, unmapped, rows: 0, counts: {}, notes: [] };
}

function parts(of: Imported, limits: Partial<ReportLimits> = {}): ReportPart[] {
  const reading = intoReports(of, limits);
  assert.ok(reading.ok);
  return reading.value;
}

const about = (entity: string, count: number): StatementDraft[] => [
  { entity, schema: 'Person', property: 'name', value: `Name of ${entity}` },
  ...Array.from({ length: count - 1 }, (_, n) => ({
    entity,
    schema: 'Person',
    property: 'note',
    value: `${entity} note ${n}`,
  })),
];
const edge = (entity: string, from: string, to: string): StatementDraft[] => [
  { entity, schema: 'Associate', property: 'from', value: from },
  { entity, schema: 'Associate', property: 'to', value: to },
];

/** Ways to join people, as an arbitrary: sizes, and who is joined to whom. */
const network = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
  .chain((sizes) =>
    fc.tuple(
      fc.constant(sizes),
      fc.array(fc.tuple(fc.nat(sizes.length - 1), fc.nat(sizes.length - 1)), { maxLength: 10 }),
    ),
  );

test('no entity is ever cut in two, nothing is lost, and no report is over its limit', () => {
  fc.assert(
    fc.property(network, ([sizes, pairs]) => {
      const people = sizes.flatMap((size, n) => about(`p${n}`, size));
      const links = pairs.flatMap(([from, to], n) => edge(`e${n}`, `p${from}`, `p${to}`));
      const made = parts(imported([...people, ...links]), { statementsMax: 40 });
      const told = new Set(made.flatMap((part) => part.statements.map((s) => JSON.stringify(s))));
      assert.equal(told.size, new Set([...people, ...links].map((s) => JSON.stringify(s))).size);
      for (const [n, size] of sizes.entries()) {
        const holders = made.map((part) => part.statements.filter((s) => s.entity === `p${n}`).length);
        assert.ok(holders.includes(size), 'one report holds the entity whole');
        for (const held of holders) assert.ok(held === 0 || held === 1 || held === size, 'others only name it');
      }
      for (const part of made) {
        assert.ok(part.statements.length <= 40);
        const present = new Set(part.statements.map((s) => s.entity));
        for (const s of part.statements)
          if (s.property === 'from' || s.property === 'to') assert.ok(present.has(s.value), 'both ends are named');
      }
      assert.deepEqual(made, parts(imported([...people, ...links]), { statementsMax: 40 }));
    }),
    { numRuns: 300 },
  );
});

test('a larger entity than a usual report still travels whole; beyond what a report may hold it is refused', () => {
  assert.equal(parts(imported([...about('small', 10), ...about('large', 1_500), ...about('next', 10)])).length, 3);
  const reading = intoReports(imported(about('huge', 5_001)));
  assert.ok(!reading.ok);
  assert.deepEqual(reading.refusal, { code: 'entity-too-large', facts: { found: 5_001, maximum: 5_000 } });
});

test('an entity whose words alone are beyond a report is refused, not cut', () => {
  const wordy = Array.from({ length: 120 }, (_, n) => ({
    entity: 'wordy',
    schema: 'Person',
    property: 'note',
    value: `${n} ${'가'.repeat(3_900)}`,
  }));
  const reading = intoReports(imported(wordy));
  assert.ok(!reading.ok);
  assert.equal(reading.refusal.code, 'entity-too-long');
});

test('every report composes, and stays below 700 kB in canonical form', () => {
  const heavy = Array.from({ length: 700 }, (_, n) => [
    { entity: `p${n}`, schema: 'Person', property: 'name', value: `김철수 ${n}` },
    { entity: `p${n}`, schema: 'Person', property: 'note', value: '가'.repeat(600) },
  ]).flat();
  const made = parts(imported(heavy));
  assert.ok(made.length > 1);
  for (const part of made) {
    const draft = {
      ...part,
      recipients: ['PH'],
      purpose: 'detection' as const,
      grade: { scheme: '4x4', source: 'A', information: '2' },
      marking: { handling: ['H0' as const], conditions: [], pap: 'PAP:CLEAR' as const },
    };
    const composed = composeReport(draft, {
      id: '00000000-0000-4000-8000-000000000000',
      salt: new Uint8Array(32),
      says: 'KR',
      at: '2026-11-23T00:00:00Z',
      hash,
    });
    assert.ok(composed.ok, JSON.stringify(composed));
    assert.ok(encodeReport(composed.report).length <= 700_000);
  }
});

test('what became no statement stands in the report of its entity, in its own words', () => {
  const kept = (entity: string, reported: string): Unmapped => ({
    where: `row of ${entity}`,
    reported,
    reason: 'why',
    entity,
  });
  const statements = [...about('a', 30), ...about('b', 30)];
  const made = parts(
    imported(statements, [kept('a', 'left of a'), kept('b', 'left of "b"\nline'), kept('gone', 'nobody’s')]),
    {
      statementsMax: 40,
    },
  );
  assert.equal(made.length, 2);
  assert.ok(made[0]!.text.includes('left of a') && !made[1]!.text.includes('left of a'));
  assert.ok(made[1]!.text.includes('- row of b: "left of \\"b\\"\\nline" (why)'));
  assert.ok(made.some((part) => part.text.includes('nobody’s')));
  assert.match(made[0]!.title, /^Invented list \(1 of 2\)$/);
});

test('what names an agency is said to be left out and never leaves', () => {
  const own: Unmapped = {
    where: 'event Orgc',
    reported: 'Bureau of Secrets',
    reason: 'named nowhere else',
    homeOnly: true,
  };
  const [part] = parts(imported(about('a', 2), [own]));
  assert.ok(part!.text.includes('event Orgc: left out here, named nowhere else'));
  assert.ok(!part!.text.includes('Secrets'));
});

test('an annex longer than a report goes on in the next, and a very long remark is cut without loss', () => {
  const long = `${'remark '.repeat(40_000)}end`;
  const made = parts(imported([], [{ where: 'row 1', reported: long, reason: 'long' }]));
  assert.ok(made.length > 1);
  for (const part of made) assert.ok(part.text.length <= 100_000);
  const words = made.flatMap((part) => part.text.match(/remark|end/g) ?? []);
  assert.equal(words.filter((word) => word === 'end').length, 1);
});

test('a text longer than a report allows is cut into several, and nothing of it is lost', () => {
  const text = Array.from({ length: 30_000 }, (_, n) => `line ${n}`).join('\n');
  const made = parts(imported([], [], text));
  assert.ok(made.length > 1);
  assert.ok(made.map((part) => part.text).join('') === text);
});

test('characters that no report may hold are written out, never sent and never dropped', () => {
  const bad = 'a\u0000b\u202ec\u0007d';
  const [part] = parts(imported([], [{ where: 'row\u0007', reported: bad, reason: 'odd' }], `text\u202e`));
  for (const shown of ['\\u0000', '\\u202e', '\\u0007']) assert.ok(part!.text.includes(shown), shown);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
  assert.ok(!/[\u0000\u0007\u202e]/.test(part!.text));
});

test('an import that says nothing is still one report', () => {
  assert.deepEqual(parts(imported([])), [
    { title: 'Invented list', text: 'An invented list.', lang: 'en', statements: [] },
  ]);
});
