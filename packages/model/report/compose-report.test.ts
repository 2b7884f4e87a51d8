import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { isRefusalCode } from '@tripoint/model/contract';
import fc from 'fast-check';
import {
  type Composing,
  canonicalText,
  composeReport,
  encodeReport,
  expandStatement,
  parseReport,
  type Report,
  type ReportDraft,
  type ReportRefusal,
  reportSizeBytesMax,
  statementId,
  statementsMax,
} from './index.ts';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const composing: Composing = {
  id: '7d444840-9dc0-4d11-b245-5ffdce74fad2',
  salt: new Uint8Array(32).fill(7),
  says: 'TH',
  at: '2026-11-23T08:31:00Z',
  hash,
};
const draft: ReportDraft = {
  title: 'Invented shipment from the river',
  text: 'First line\nSecond line',
  lang: 'en',
  recipients: ['VN', 'KR'],
  purpose: 'investigation',
  grade: { scheme: '4x4', source: 'B', information: '2' },
  marking: { handling: ['H1'], pap: 'PAP:AMBER' },
  statements: [
    { entity: 'man', schema: 'Person', property: 'name', value: 'Somchai Invented' },
    { entity: 'phone', schema: 'Phone', property: 'phone', value: '๐๘๑-๒๓๔-๕๖๗๘' },
    { entity: 'use', schema: 'Control', property: 'from', value: 'man' },
    { entity: 'use', schema: 'Control', property: 'to', value: 'phone' },
  ],
};

function composed(changes: Partial<ReportDraft> = {}, with_: Partial<Composing> = {}) {
  const answer = composeReport({ ...draft, ...changes }, { ...composing, ...with_ });
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer;
}

function refusals(changes: Record<string, unknown>, with_: Partial<Composing> = {}): readonly ReportRefusal[] {
  const answer = composeReport({ ...draft, ...changes }, { ...composing, ...with_ });
  assert.ok(!answer.ok, JSON.stringify(changes).slice(0, 200));
  for (const refusal of answer.refusals) assert.ok(isRefusalCode(refusal.code));
  return answer.refusals;
}

const [claim] = draft.statements;
const withStatement = (changes: Record<string, unknown>) => ({ statements: [{ ...claim, ...changes }] });

test('an officer’s text becomes canonical and stays beside it as reported', () => {
  const [name, phone, from, to] = composed().report.statements;
  assert.equal(name?.reported, undefined);
  assert.deepEqual([phone?.value, phone?.reported], ['+66812345678', '๐๘๑-๒๓๔-๕๖๗๘']);
  assert.deepEqual([from?.value, to?.value], ['1', '2']);
  assert.deepEqual([name?.entity, phone?.entity, from?.entity], [1, 2, 3]);
  assert.equal(canonicalText(composed().report).includes('"man"'), false, 'labels stay at home');
});

test('a statement has its report’s grade and marking unless it has its own', () => {
  const own = { scheme: 'admiralty', source: 'F', information: '6' };
  const { report } = composed({
    statements: [
      { ...claim!, grade: draft.grade, marking: { handling: ['H1'], conditions: [], pap: 'PAP:AMBER' } },
      { ...claim!, value: 'Another', grade: own, marking: { handling: ['H2'], pap: 'PAP:RED' } },
    ],
  });
  const [first, second] = report.statements;
  assert.deepEqual([first?.grade, first?.marking], [undefined, undefined]);
  assert.deepEqual(expandStatement(report, first!).grade, draft.grade);
  assert.deepEqual(expandStatement(report, second!).grade, own);
  assert.deepEqual(expandStatement(report, second!).marking.handling, ['H2']);
});

test('the same draft makes the same bytes, and a repeated claim makes nothing new', () => {
  const twice = composed({ statements: [...draft.statements, ...draft.statements] });
  assert.deepEqual(encodeReport(twice.report), encodeReport(composed().report));
});

test('a claim made twice takes the stricter marking and the wider period', () => {
  const { report } = composed({
    statements: [
      { ...claim!, observedFrom: '2026-05', observedTo: '2026-06' },
      { ...claim!, observedFrom: '2026-04', marking: { handling: ['H2'], pap: 'PAP:RED' } },
    ],
  });
  assert.equal(report.statements.length, 1);
  assert.deepEqual([report.statements[0]?.observedFrom, report.statements[0]?.observedTo], ['2026-04', '2026-06']);
  assert.deepEqual(report.statements[0]?.marking, { conditions: [], handling: ['H1', 'H2'], pap: 'PAP:RED' });
});

test('a statement’s id is stable, and without the salt nobody can guess it', () => {
  const ids = (salt: Uint8Array) => composed({}, { salt }).report.statements.map(({ id }) => id);
  assert.deepEqual(ids(new Uint8Array(32).fill(1)), ids(new Uint8Array(32).fill(1)));
  assert.notDeepEqual(ids(new Uint8Array(32).fill(1)), ids(new Uint8Array(32).fill(2)));
  assert.throws(() => ids(new Uint8Array(15)), RangeError);
  const phone = { entity: 2, property: 'phone', value: '+66812345678', says: 'TH' };
  const guesses = [new Uint8Array(16), new Uint8Array(32), composing.salt.subarray(1)].map((salt) =>
    statementId(phone, salt, hash),
  );
  const real = statementId(phone, composing.salt, hash);
  assert.equal(composed().report.statements[1]?.id, real);
  assert.ok(!guesses.includes(real));
});

test('a longer salt cannot be passed off as a shorter one with a longer claim', () => {
  const phone = { property: 'phone', value: '+66812345678', says: 'TH' };
  const short = new Uint8Array(16).fill(9);
  const long = Uint8Array.from([...short, '1'.charCodeAt(0)]);
  assert.notEqual(statementId({ ...phone, entity: 2 }, long, hash), statementId({ ...phone, entity: 12 }, short, hash));
});

test('two different claims never share an id', () => {
  const text = fc.stringMatching(/^[ -~]{1,20}$/);
  const claims = fc.record({
    entity: fc.integer({ min: 1, max: 99 }),
    property: text,
    value: text,
    says: fc.constantFrom('KR', 'TH'),
  });
  fc.assert(
    fc.property(claims, claims, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      assert.equal(statementId(a, composing.salt, hash) === statementId(b, composing.salt, hash), same);
    }),
  );
});

test('the originator’s record leaves only as a salted hash, and is handed back by name for the home bureau', () => {
  const { report, sourceRefs } = composed({ statements: [{ ...claim!, sourceRef: 'CANARY-CASE-7' }] });
  assert.deepEqual(sourceRefs, { [report.statements[0]!.id]: ['CANARY-CASE-7'] });
  assert.match(report.statements[0]!.sourceRef!, /^[0-9a-f]{32}$/);
  assert.ok(!canonicalText(report).includes('CANARY'));
});

test('a claim that two records make keeps the names of both', () => {
  const { report, sourceRefs } = composed({
    statements: ['CASE-7', 'CASE-8', 'CASE-7', undefined].map((sourceRef) => ({
      ...claim!,
      ...(sourceRef === undefined ? {} : { sourceRef }),
    })),
  });
  assert.equal(report.statements.length, 1);
  assert.deepEqual(sourceRefs, { [report.statements[0]!.id]: ['CASE-7', 'CASE-8'] });
});

test('how, in what and where a seizure was hidden are kept apart, also where their words are the same', () => {
  const hidden = (property: string, value: string) => ({ entity: 's', schema: 'Seizure', property, value });
  const { report, notes } = composed({
    statements: [
      hidden('hidingMethod', 'Other'),
      hidden('hidingObject', 'Other'),
      hidden('hidingPlace', 'Other'),
      hidden('hidingPlace', 'place:vehicle'),
      hidden('hidingPlace', 'method:swallowed'),
    ],
  });
  assert.deepEqual(
    report.statements.map(({ value, unparsed }) => [value, unparsed ?? false]),
    [
      ['method:other', false],
      ['object:other', false],
      ['place:other', false],
      ['place:vehicle', false],
      ['method:swallowed', true],
    ],
  );
  assert.deepEqual(notes, [{ code: 'value-unparsed', at: 'statements.4.value', reason: 'unknown-code' }]);
});

test('markup is just text', () => {
  const markup = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const { report } = composed({ title: markup, text: markup, statements: [{ ...claim!, value: markup }] });
  assert.deepEqual([report.title, report.text, report.statements[0]?.value], [markup, markup, markup]);
});

test('Windows line ends become plain ones', () => {
  assert.equal(composed({ text: 'a\r\nb' }).report.text, 'a\nb');
});

test('what cannot be read or is not known is kept whole and pointed out', () => {
  const { report, notes } = composed({
    statements: [
      { entity: 'a', schema: 'Phone', property: 'phone', value: 'ask for Lek' },
      { entity: 'b', schema: 'Robot', property: 'name', value: 'R2' },
      { entity: 'c', schema: 'Person', property: 'shoeSize', value: '43' },
    ],
  });
  assert.deepEqual(
    report.statements.map(({ value, unparsed }) => [value, unparsed]),
    [
      ['ask for Lek', true],
      ['R2', true],
      ['43', true],
    ],
  );
  assert.deepEqual(notes, [
    { code: 'value-unparsed', at: 'statements.0.value', reason: 'form' },
    { code: 'schema-unknown', at: 'statements.1.schema' },
    { code: 'property-unknown', at: 'statements.2.property' },
  ]);
});

test('a stated country beats the desk’s own for a telephone number', () => {
  const phone = { entity: 'p', schema: 'Phone', property: 'phone', value: '010-1234-5678' };
  const stated = composed({ statements: [phone, { ...phone, property: 'country', value: 'Korea' }] });
  assert.equal(stated.report.statements[0]?.value, '+821012345678');
  assert.equal(composed({ statements: [phone] }).report.statements[0]?.unparsed, true);
});

test('every fault of a draft is a closed code that says where', () => {
  const canary = 'CANARY';
  const grade = { scheme: '4x4', source: 'Q', information: '2' };
  const expected: [Record<string, unknown>, Partial<ReportRefusal>][] = [
    [{ grade: undefined }, { code: 'grade-missing', at: 'grade' }],
    [{ grade }, { code: 'grade-unknown', at: 'grade' }],
    [withStatement({ grade }), { code: 'grade-unknown', at: 'statements.0.grade' }],
    [withStatement({ grade: 'B2' }), { code: 'grade-unknown', at: 'statements.0.grade' }],
    [{ marking: undefined }, { code: 'marking-missing', at: 'marking' }],
    [{ marking: null }, { code: 'marking-missing', at: 'marking' }],
    [
      { marking: { handling: ['H0', 'H1'], pap: 'PAP:RED' } },
      { code: 'marking-unknown', at: 'marking', reason: 'handling' },
    ],
    [{ marking: { handling: ['H1'], pap: 'PAP:WHITE' } }, { code: 'marking-unknown', at: 'marking', reason: 'pap' }],
    [
      withStatement({ marking: { handling: ['H3'], pap: 'PAP:RED' } }),
      { code: 'marking-unknown', at: 'statements.0.marking', reason: 'terms' },
    ],
    [{ lang: 'xx' }, { code: 'language-unknown', at: 'lang' }],
    [withStatement({ lang: canary }), { code: 'language-unknown', at: 'statements.0.lang' }],
    [{ purpose: canary }, { code: 'purpose-unknown', at: 'purpose' }],
    [{ title: 'x'.repeat(201) }, { code: 'text-too-long', at: 'title', limit: 200 }],
    [{ text: 'x'.repeat(100_001) }, { code: 'text-too-long', at: 'text', limit: 100_000 }],
    [withStatement({ value: 'x'.repeat(4_001) }), { code: 'text-too-long', at: 'statements.0.value', limit: 4_000 }],
    [{ title: 'a\u0000b' }, { code: 'control-characters', at: 'title', reason: 'control' }],
    [{ title: 'a\nb' }, { code: 'control-characters', at: 'title', reason: 'control' }],
    [{ text: 'a\u202eb' }, { code: 'control-characters', at: 'text', reason: 'bidi' }],
    [{ text: 'a\ud800b' }, { code: 'control-characters', at: 'text', reason: 'lone-surrogate' }],
    [withStatement({ value: 'a\u2066b' }), { code: 'control-characters', at: 'statements.0.value', reason: 'bidi' }],
    [
      withStatement({ entity: 'a\u0007' }),
      { code: 'control-characters', at: 'statements.0.entity', reason: 'control' },
    ],
    [{ title: '   ' }, { code: 'invalid', at: 'title', reason: 'empty' }],
    [{ title: 7 }, { code: 'invalid', at: 'title', reason: 'type' }],
    [{ title: undefined }, { code: 'invalid', at: 'title', reason: 'missing' }],
    [{ recipients: [] }, { code: 'audience-empty', at: 'recipients' }],
    [{ recipients: ['kr'] }, { code: 'invalid', at: 'recipients.0' }],
    [{ recipients: ['KR', 'KR'] }, { code: 'invalid', at: 'recipients', reason: 'twice' }],
    [{ recipients: ['KR', 'TH'] }, { code: 'recipient-self', at: 'recipients', nation: 'TH' }],
    [{ urgency: 'soon' }, { code: 'invalid', at: 'urgency' }],
    [{ agency: canary }, { code: 'invalid', at: 'agency', reason: 'unknown-field' }],
    [withStatement({ officer: canary }), { code: 'invalid', at: 'statements.0.officer', reason: 'unknown-field' }],
    [withStatement({ schema: 'no schema' }), { code: 'invalid', at: 'statements.0.schema', reason: 'form' }],
    [withStatement({ observedFrom: '2026-13' }), { code: 'invalid', at: 'statements.0.observedFrom', reason: 'time' }],
    [
      withStatement({ observedFrom: '2026-05', observedTo: '2026-04' }),
      { code: 'invalid', at: 'statements.0.observedTo', reason: 'order' },
    ],
    [withStatement({ method: canary }), { code: 'invalid', at: 'statements.0.method' }],
    [withStatement({ script: 'hangul' }), { code: 'invalid', at: 'statements.0.script', reason: 'script' }],
    [
      { statements: [{ entity: 'e', schema: 'Control', property: 'from', value: 'nobody' }] },
      { code: 'entity-unclear', at: 'statements.0.value', reason: 'nothing-said-about-it' },
    ],
    [
      { statements: [claim, { ...claim, schema: 'Organization' }] },
      { code: 'entity-unclear', at: 'statements.1.schema', reason: 'two-schemata' },
    ],
    [
      { statements: [claim, { ...claim, grade: { scheme: '4x4', source: 'A', information: '1' } }] },
      { code: 'claim-twice', at: 'statements.1' },
    ],
    [
      { statements: new Array(statementsMax + 1).fill(claim) },
      { code: 'report-too-large', at: 'statements', limit: statementsMax },
    ],
  ];
  for (const [changes, refusal] of expected) {
    const given = refusals(changes);
    const found = given.find((one) =>
      Object.entries(refusal).every(([key, value]) => one[key as keyof ReportRefusal] === value),
    );
    assert.ok(found, `${JSON.stringify(refusal)} in ${JSON.stringify(given)}`);
    assert.ok(
      !JSON.stringify(given).replaceAll('statements.0.officer', '').includes(canary),
      'no refusal carries a value',
    );
  }
  for (const nothing of [null, undefined, 7, 'x', [], [1]]) assert.equal(composeReport(nothing, composing).ok, false);
});

test('a marking that forbids this sending refuses it before anything leaves', () => {
  const marked = (code: string, param: unknown) => ({
    marking: { handling: ['H1'], pap: 'PAP:RED', conditions: [{ code, param }] },
  });
  assert.deepEqual(refusals(marked('recipients-only', ['VN'])), [
    { code: 'condition', at: 'marking', condition: 'recipients-only', nation: 'KR' },
  ]);
  assert.deepEqual(refusals(withStatement(marked('recipients-only', []))).length, 2);
  assert.deepEqual(refusals(marked('purpose-limit', ['training'])), [{ code: 'purpose', at: 'marking' }]);
  assert.deepEqual(refusals(marked('expires', '2026-11-22')), [
    { code: 'condition', at: 'marking', condition: 'expires' },
  ]);
  composed(marked('expires', '2026-11-23') as Partial<ReportDraft>);
});

test('a report that would not fit its envelope is refused', () => {
  const statements = Array.from({ length: 300 }, (_, at) => ({
    ...claim!,
    property: 'note',
    value: `${at} ${'x'.repeat(3_900)}`,
  }));
  assert.deepEqual(refusals({ statements }), [{ code: 'report-too-large', at: '', limit: reportSizeBytesMax }]);
});

test('a flood of faults is answered with the first of them', () => {
  const statements = Array.from({ length: 5_000 }, () => ({ ...claim, grade: {} }));
  assert.ok(refusals({ statements }).length <= 50);
});

const safe = fc
  .stringMatching(/^[^\p{C}\u2028\u2029]{1,40}$/u)
  .filter((text) => text.trim() !== '' && text.isWellFormed());
const anyDraft: fc.Arbitrary<ReportDraft> = fc.record({
  title: safe,
  text: safe,
  lang: fc.constantFrom('en', 'ko', 'th', 'km'),
  recipients: fc.uniqueArray(fc.constantFrom('KR', 'VN', 'PH', 'KH', 'LA'), { minLength: 1 }),
  purpose: fc.constantFrom('investigation', 'detection'),
  urgency: fc.constantFrom('routine', 'urgent', 'flash'),
  grade: fc.constant(draft.grade),
  marking: fc.constantFrom<ReportDraft['marking']>(
    { handling: ['H1'], pap: 'PAP:AMBER' },
    { handling: ['H3', 'H2'], pap: 'PAP:RED', terms: 'a\nb' },
  ),
  statements: fc.array(
    fc.record(
      {
        entity: fc.constantFrom('a', 'b'),
        schema: fc.constant('Person'),
        property: fc.constantFrom('name', 'birthDate', 'phone', 'note', 'tomorrow'),
        value: safe,
        lang: fc.constantFrom('ko', 'vi'),
        script: fc.constant('Hang'),
        observedFrom: fc.constantFrom('2026', '2026-11-23T00:00:00Z'),
        marking: fc.constantFrom<ReportDraft['marking']>({
          handling: ['H2'],
          pap: 'PAP:RED',
          conditions: [{ code: 'no-copy' }],
        }),
        sourceRef: safe,
        method: fc.constantFrom('person', 'import@3', 'extractor@1.2.0'),
      },
      { requiredKeys: ['entity', 'schema', 'property', 'value'] },
    ),
    { maxLength: 12 },
  ),
});

test('what is composed and encoded is read back the same, and encodes to the same bytes', () => {
  fc.assert(
    fc.property(anyDraft, (one) => {
      const answer = composeReport(one, composing);
      assert.ok(answer.ok, JSON.stringify(answer));
      const bytes = encodeReport(answer.report);
      const parsed = parseReport(bytes);
      assert.ok(parsed.ok, JSON.stringify(parsed));
      assert.deepEqual(parsed.report, answer.report);
      assert.deepEqual(encodeReport(parsed.report), bytes);
    }),
  );
});

/** Least of several runs, in milliseconds of CPU: other work on the machine only adds. */
function leastCpuMs(runs: number, work: () => unknown): number {
  const spent = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...spent);
}

test('two thousand statements are composed, and a thousand read, in a blink', () => {
  const statements = Array.from({ length: 2_000 }, (_, at) => {
    const entity = `e${at >> 1}`;
    return at % 2
      ? { entity, schema: 'Phone', property: 'note', value: `called ${at} times` }
      : { entity, schema: 'Phone', property: 'phone', value: `081 ${String(1_000_000 + at)}` };
  });
  const composeMs = leastCpuMs(5, () => composed({ statements }));
  assert.ok(composeMs < 100, `${composeMs} ms`);
  const bytes = encodeReport(composed({ statements: statements.slice(0, 1_000) }).report);
  const parseMs = leastCpuMs(5, () => parseReport(bytes));
  assert.ok(parseMs <= 15, `${parseMs} ms`);
});

test('composing without a proper id or time is our own mistake', () => {
  assert.throws(() => composeReport(draft, { ...composing, id: 'x' }), TypeError);
  assert.throws(() => composeReport(draft, { ...composing, at: '2026-11-23' }), TypeError);
  assert.throws(() => encodeReport({ ...composed().report, version: 1.5 } as Report), TypeError);
});
