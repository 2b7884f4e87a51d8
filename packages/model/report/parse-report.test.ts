import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalText,
  composeReport,
  encodeReport,
  parseReport,
  projectFor,
  type Report,
  reportSizeBytesMax,
  type Unread,
} from './index.ts';

const answer = composeReport(
  {
    title: 'Invented',
    text: 'Text',
    lang: 'en',
    recipients: ['KH', 'KR', 'VN'],
    purpose: 'detection',
    offence: 'trafficking',
    urgency: 'flash',
    grade: { scheme: '4x4', source: 'A', information: '1' },
    marking: {
      handling: ['H2'],
      pap: 'PAP:RED',
      conditions: [{ code: 'no-copy' }, { code: 'recipients-only', param: ['KH', 'KR', 'VN'] }],
    },
    statements: [
      { entity: 'a', schema: 'Person', property: 'name', value: 'Lek Invented' },
      { entity: 'b', schema: 'Phone', property: 'phone', value: '+66812345678' },
      { entity: 'c', schema: 'Control', property: 'from', value: 'a' },
      { entity: 'c', schema: 'Control', property: 'to', value: 'b' },
    ],
  },
  {
    id: '7d444840-9dc0-4d11-b245-5ffdce74fad2',
    salt: new Uint8Array(32).fill(7),
    says: 'TH',
    at: '2026-11-23T08:31:00.123Z',
    hash: (bytes) => createHash('sha256').update(bytes).digest(),
  },
);
assert.ok(answer.ok);
const { report } = answer;
const bytes = encodeReport(report);
const text = canonicalText(report);
const read = (value: string) => parseReport(new TextEncoder().encode(value));
const [first, ...others] = report.statements;
const changed = (changes: Record<string, unknown>) => canonicalText({ ...report, ...changes });
const claim = (changes: Record<string, unknown>) => changed({ statements: [{ ...first, ...changes }, ...others] });
const without = (key: string) =>
  canonicalText(Object.fromEntries(Object.entries(report).filter(([name]) => name !== key)));

test('a report from another nation is read or refused for one closed reason that says where', () => {
  assert.deepEqual(parseReport(bytes), { ok: true, report, notUnderstood: [] });
  const expected: [string, Unread, string?][] = [
    ['', 'not-json'],
    ['null', 'wrong-field', ''],
    ['[]', 'wrong-field', ''],
    ['{}', 'missing-field'],
    [`${text} `, 'not-canonical'],
    [`\ufeff${text}`, 'not-json'],
    [text.replace('{"grade"', '{"grade":{},"grade"'), 'not-canonical'],
    [text.replace('"version":1', '"version":1.0'), 'not-canonical'],
    [text.replace('"version":1', '"version":1e0'), 'not-canonical'],
    [text.replace('"Text"', '"\\u0054ext"'), 'not-canonical'],
    [text.replace('"version":1', '"version":1,"zebra":1'), 'unknown-field', ''],
    [text.replace('{"grade"', '{"__proto__":{},"grade"'), 'unknown-field', ''],
    [text.replace(/^\{"grade":(\{[^}]*\}),"id":("[^"]*")/, '{"id":$2,"grade":$1'), 'not-canonical', ''],
    [without('grade'), 'missing-field', 'grade'],
    [without('marking'), 'missing-field', 'marking'],
    [changed({ version: 0 }), 'wrong-field', 'version'],
    [changed({ version: '1' }), 'wrong-field', 'version'],
    [changed({ id: 'x' }), 'wrong-field', 'id'],
    [changed({ says: 'th' }), 'wrong-field', 'says'],
    [changed({ recipients: [] }), 'wrong-field', 'recipients'],
    [changed({ recipients: ['VN', 'KR'] }), 'wrong-field', 'recipients'],
    [changed({ recipients: ['KR', 'TH'] }), 'wrong-field', 'recipients'],
    [changed({ releasedAt: '2026-11-23T08:31:00+09:00' }), 'wrong-field', 'releasedAt'],
    [changed({ releasedAt: '2026-02-30T08:31:00Z' }), 'wrong-field', 'releasedAt'],
    [changed({ title: 'a\nb' }), 'unsafe-text', 'title'],
    [changed({ text: 'a\u202eb' }), 'unsafe-text', 'text'],
    [text.replace('"Text"', '"\\ud800"'), 'unsafe-text', 'text'],
    [changed({ title: 'x'.repeat(201) }), 'wrong-field', 'title'],
    [changed({ grade: { scheme: '4x4', source: 'Q', information: '1' } }), 'wrong-field', 'grade'],
    [changed({ grade: { scheme: '4x4', source: 'A' } }), 'missing-field', 'grade.information'],
    [changed({ marking: { handling: ['H4'], conditions: [], pap: 'PAP:RED' } }), 'wrong-field', 'marking.handling'],
    [changed({ marking: { handling: ['H2', 'H1'], conditions: [], pap: 'PAP:RED' } }), 'not-canonical', 'marking'],
    [changed({ marking: { handling: ['H0', 'H1'], conditions: [], pap: 'PAP:RED' } }), 'wrong-field', 'marking'],
    [changed({ marking: { handling: ['H1'], conditions: [], pap: 'PAP:PINK' } }), 'wrong-field', 'marking.pap'],
    [
      changed({ marking: { handling: ['H1'], conditions: [{ code: 'no-copy', param: 'x' }], pap: 'PAP:RED' } }),
      'wrong-field',
      'marking.conditions.0',
    ],
    [
      changed({ marking: { handling: ['H1'], conditions: [{ code: 'x', param: [['deep']] }], pap: 'PAP:RED' } }),
      'wrong-field',
    ],
    [changed({ marking: { handling: ['H1'], pap: 'PAP:RED' } }), 'missing-field', 'marking.conditions'],
    [claim({ id: 'AB' }), 'wrong-field', 'statements.0.id'],
    [claim({ id: others[0]!.id }), 'statement-twice', 'statements.1.id'],
    [claim({ entity: 0 }), 'wrong-field', 'statements.0.entity'],
    [claim({ entity: 2 }), 'entity-unclear', 'statements.1.schema'],
    [claim({ says: 'KR' }), 'wrong-field', 'statements.0.says'],
    [claim({ value: '' }), 'wrong-field', 'statements.0.value'],
    [claim({ value: 'a\u0000' }), 'unsafe-text', 'statements.0.value'],
    [claim({ method: 'agency X' }), 'wrong-field', 'statements.0.method'],
    [claim({ agency: 'X' }), 'unknown-field', 'statements.0'],
    [claim({ unparsed: false }), 'wrong-field', 'statements.0.unparsed'],
    [
      changed({ statements: [first, others[0], others[1], { ...others[2]!, value: '9' }] }),
      'entity-unclear',
      'statements.3.value',
    ],
    [changed({ statements: others }), 'entity-unclear', 'statements.1.value'],
  ];
  for (const [value, why, at] of expected) {
    const parsed = read(value);
    assert.ok(!parsed.ok, value.slice(0, 120));
    assert.equal(parsed.why, why, `${parsed.at}: ${value.slice(0, 160)}`);
    if (at !== undefined) assert.equal(parsed.at, at);
  }
  const refusal = (value: Uint8Array) => {
    const parsed = parseReport(value);
    return parsed.ok ? null : parsed.why;
  };
  assert.equal(refusal(new Uint8Array([0xff, 0xfe])), 'not-utf8');
  assert.equal(refusal(new Uint8Array(reportSizeBytesMax + 1)), 'too-large');
  assert.equal(refusal(new TextEncoder().encode('['.repeat(900_000))), 'not-json');
  assert.equal(refusal(new TextEncoder().encode(`${'['.repeat(400_000)}${']'.repeat(400_000)}`)), 'wrong-field');
});

test('schemata, properties and codes of a newer version are kept whole and listed', () => {
  const newer = {
    ...report,
    lang: 'xx',
    purpose: 'moon-watch',
    grade: { scheme: '9x9', source: 'Z', information: '9' },
    marking: { ...report.marking, conditions: [{ code: 'moonlight', param: 'full' }] },
    statements: [
      { ...first, property: 'shoeSize' },
      { ...others[0], schema: 'Robot' },
    ],
  };
  const parsed = read(canonicalText(newer));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.deepEqual(canonicalText(parsed.report), canonicalText(newer));
  assert.deepEqual([...parsed.notUnderstood].sort(), [
    'grade',
    'lang',
    'marking.conditions.0',
    'purpose',
    'statements.0.property',
    'statements.1.schema',
  ]);
});

test('changed bytes are refused or are themselves a canonical report; nothing throws', () => {
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
      const copy = isCut ? bytes.slice(0, at) : bytes.slice();
      if (!isCut) copy[at] = byte;
      const parsed = parseReport(copy);
      if (parsed.ok) assert.deepEqual(encodeReport(parsed.report), copy);
    }),
    { numRuns: 2_000 },
  );
});

test('recipients see each other unless the originator hides them', () => {
  assert.deepEqual(projectFor(report, 'KR'), report);
  assert.throws(() => projectFor(report, 'PH'), RangeError);
  for (const hiding of [
    { ...report, marking: hidden(report.marking) },
    {
      ...report,
      statements: report.statements.map((one, at) => (at === 2 ? { ...one, marking: hidden(report.marking) } : one)),
    },
  ] as Report[]) {
    for (const nation of hiding.recipients) {
      const projected = projectFor(hiding, nation);
      const shown = canonicalText(projected);
      assert.deepEqual(projected.recipients, [nation]);
      for (const other of hiding.recipients) assert.equal(shown.includes(`"${other}"`), other === nation);
      assert.ok(parseReport(encodeReport(projected)).ok);
      assert.deepEqual(
        projected.statements.map(({ id }) => id),
        hiding.statements.map(({ id }) => id),
      );
    }
  }
});

function hidden(marking: Report['marking']): Report['marking'] {
  return { ...marking, conditions: [{ code: 'hide-recipients' }, ...marking.conditions] };
}

test('a statement kept from a nation falls away there with the edges that would dangle', () => {
  const onlyKr = {
    conditions: [{ code: 'recipients-only', param: ['KR'] }],
    handling: ['H2' as const],
    pap: 'PAP:RED' as const,
  };
  const narrow: Report = { ...report, statements: [{ ...first!, marking: onlyKr }, ...others] };
  assert.equal(projectFor(narrow, 'KR').statements.length, 4);
  assert.deepEqual(
    projectFor(narrow, 'VN').statements.map(({ schema }) => schema),
    ['Phone'],
  );
  assert.ok(parseReport(encodeReport(projectFor(narrow, 'VN'))).ok);
});
