/** Whatever stands in a draft: it is refused in a code with its place, or kept as the plain text it is. Never a 5xx. */
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import type { BureauCard } from '../constellation/index.ts';
import { type Answer, ask } from './fixtures/ask.ts';
import { bendings, type Path, pathsOf, valueAt, withValue } from './fixtures/bending.ts';
import { asOfficer, bearer, openCoalition } from './fixtures/coalition.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file, freshKey, post } from './fixtures/filing.ts';
import { type Refusal, refusalOf } from './fixtures/problem.ts';
import { routesOf, sampleOf } from './fixtures/routes.ts';

const coalition = await openCoalition(['KR', 'PH', 'TH']);
after(() => coalition[Symbol.asyncDispose]());
const [kr, ph] = [coalition.card('KR'), coalition.card('PH')];

/** A draft with every field there is, so that every one can be bent. */
const full = goodDraft(['PH', 'TH'], {
  offence: 'trafficking',
  marking: {
    handling: ['H1', 'H3'],
    conditions: [
      { code: 'read-receipt' },
      { code: 'recipients-only', param: ['PH', 'TH'] },
      { code: 'expires', param: '2999-12-31' },
      { code: 'acknowledge', param: { within_ms: 60_000, posts: ['desk'] } },
    ],
    pap: 'PAP:AMBER',
    terms: 'Invented terms.',
  },
  statements: [
    {
      entity: 'boatman',
      schema: 'Person',
      property: 'name',
      value: 'Invented Boatman',
      lang: 'en',
      script: 'Latn',
      observedFrom: '2026-11',
      observedTo: '2026-11-23',
      grade: { scheme: '4x4', source: 'B', information: '2' },
      marking: { handling: ['H1', 'H3'], conditions: [], pap: 'PAP:AMBER', terms: 'More invented terms.' },
      sourceRef: 'record 7',
      method: 'person',
    },
    { entity: 'phone', schema: 'Phone', property: 'phone', value: '+639170000142' },
  ],
});

const preview = (body: object | string): Promise<Answer> =>
  asOfficer(kr, 'desk-officer', {
    method: 'POST',
    path: '/api/reports/preview',
    body,
    headers: typeof body === 'string' ? { 'content-type': 'application/json' } : {},
  });

async function listed(card: BureauCard): Promise<{ id: string }[]> {
  const answer = await asOfficer(card, 'desk-officer', { path: '/api/reports?limit=200' });
  assert.equal(answer.status, 200);
  return (answer.json as { items: { id: string }[] }).items;
}

/** Refused, by preview and by filing alike, and nothing of it is kept. */
async function isRefused(what: string, body: object | string): Promise<Refusal> {
  const before = await listed(kr);
  const refused = refusalOf(await post(kr, 'desk-officer', body), what);
  const shown = refusalOf(await preview(body), `${what}, in a preview`);
  assert.deepEqual([shown.code, shown.facts], [refused.code, refused.facts], what);
  assert.deepEqual(await listed(kr), before, what);
  return refused;
}

/** After whatever was tried, the next good report is filed; that all of them arrive is looked at in the end. */
const good: string[] = [];
afterEach(async () => {
  good.push(await file(kr, 'desk-officer', goodDraft(['PH', 'TH'])));
});

test('the draft that is bent below is good as it stands', async () => {
  assert.equal((await preview(full)).status, 200);
  assert.equal((await post(kr, 'desk-officer', full)).status, 201);
});

test('each field of each write, left out, nulled, retyped, doubled or joined by a stranger, is answered in codes', async (t) => {
  const seen = await routesOf(kr.url);
  let asked = 0;
  let refused = 0;
  for (const route of seen.routes.filter(({ body }) => body !== null)) {
    const isReport = seen.resolve(route.body ?? {}).properties?.statements !== undefined;
    const good = isReport ? full : (sampleOf(seen, route.body ?? {}, undefined, true) as object);
    for (const { what, body } of [...bendings(good), ...bendings(goodDraft(['PH'])).filter(() => isReport)]) {
      const answer = await ask(kr.url, {
        method: route.method,
        path: route.path,
        body,
        headers: { ...bearer(kr, 'desk-officer'), 'content-type': 'application/json', 'idempotency-key': freshKey() },
      });
      asked += 1;
      if (answer.status < 300) continue;
      refused += 1;
      refusalOf(answer, `${route.method} ${route.path} with ${what}`);
    }
  }
  t.diagnostic(`${asked} bent bodies, ${refused} refused, the others good without the field`);
  assert.ok(refused > asked / 2);
});

test('a stranger among the fields is refused wherever it stands', async () => {
  const strangers = [
    'agency',
    'says',
    'own',
    'state',
    'id',
    'version',
    'releasedAt',
    'officer',
    'alias',
    '__proto__',
    'constructor',
  ];
  for (const path of [[], ...pathsOf(full).filter((path) => isObject(valueAt(full, path)))])
    for (const name of path.length === 0 ? strangers : strangers.slice(0, 2)) {
      const holder = path.length === 0 ? full : valueAt(full, path);
      const text = JSON.stringify(holder).replace('{', `{${JSON.stringify(name)}:"KR",`);
      const body = path.length === 0 ? text : JSON.stringify(withValue(full, path, 'HERE')).replace('"HERE"', text);
      const answer = await post(kr, 'desk-officer', body);
      refusalOf(answer, `${name} in ${path.join('.') || 'the draft'}`);
    }
});

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an officer may get wrong, and the code that says so. */
const faults: [string, object, string][] = [
  ['no marking', { marking: undefined }, 'marking-missing'],
  ['a marking of null', { marking: null }, 'marking-missing'],
  ['an empty marking', { marking: {} }, 'marking-unknown'],
  ['no handling code', { marking: { handling: [], pap: 'PAP:AMBER' } }, 'marking-unknown'],
  ['an unknown handling code', { marking: { handling: ['H9'], pap: 'PAP:AMBER' } }, 'marking-unknown'],
  ['an open and a strict code at once', { marking: { handling: ['H0', 'H1'], pap: 'PAP:AMBER' } }, 'marking-unknown'],
  ['H3 without terms', { marking: { handling: ['H3'], pap: 'PAP:AMBER' } }, 'marking-unknown'],
  ['terms without H3', { marking: { handling: ['H1'], pap: 'PAP:AMBER', terms: 'x' } }, 'marking-unknown'],
  [
    'an unknown condition',
    { marking: { handling: ['H1'], pap: 'PAP:AMBER', conditions: [{ code: 'whatever' }] } },
    'marking-unknown',
  ],
  ['an unknown PAP', { marking: { handling: ['H1'], pap: 'PAP:PINK' } }, 'marking-unknown'],
  ['no grade', { grade: undefined }, 'grade-missing'],
  ['a grade of null', { grade: null }, 'grade-missing'],
  ['a grade of another scheme', { grade: { scheme: '4x4', source: 'E', information: '6' } }, 'grade-unknown'],
  ['a grade as text', { grade: 'B2' }, 'grade-unknown'],
  ['an unknown language', { lang: 'tlh' }, 'language-unknown'],
  ['a language with a region', { lang: 'en-GB' }, 'language-unknown'],
  ['an unknown purpose', { purpose: 'curiosity' }, 'purpose-unknown'],
  ['an empty audience', { recipients: [] }, 'audience-empty'],
  ['the own nation', { recipients: ['KR'] }, 'recipient-self'],
  ['the own nation among others', { recipients: ['PH', 'KR'] }, 'recipient-self'],
  ['a nation outside the charter', { recipients: ['FR'] }, 'recipient-unknown'],
  ['a nation that is none', { recipients: ['Q9'] }, 'invalid'],
  ['a nation in small letters', { recipients: ['ph'] }, 'invalid'],
  ['a nation twice', { recipients: ['PH', 'PH'] }, 'invalid'],
  [
    'sixty-five nations',
    {
      recipients: Array.from(
        { length: 65 },
        (_, i) => `${'ABC'[Math.floor(i / 26)]}${String.fromCharCode(65 + (i % 26))}`,
      ),
    },
    'invalid',
  ],
  ['an empty title', { title: '' }, 'invalid'],
  ['a title of blanks', { title: '   ' }, 'invalid'],
  ['a title of 201 letters', { title: 'a'.repeat(201) }, 'text-too-long'],
  ['a text of 100,001 letters', { text: 'a'.repeat(100_001) }, 'text-too-long'],
  [
    'a value of 4,001 letters',
    { statements: [{ entity: 'a', schema: 'Person', property: 'note', value: 'a'.repeat(4_001) }] },
    'text-too-long',
  ],
  [
    '5,001 statements',
    {
      statements: Array.from({ length: 5_001 }, (_, i) => ({
        entity: `e${i}`,
        schema: 'Person',
        property: 'note',
        value: `${i}`,
      })),
    },
    'report-too-large',
  ],
  [
    'more than an envelope holds',
    {
      statements: Array.from({ length: 300 }, (_, i) => ({
        entity: `e${i}`,
        schema: 'Person',
        property: 'note',
        value: `${i}${'a'.repeat(3_990)}`,
      })),
    },
    'report-too-large',
  ],
  [
    'a nation its own marking forbids',
    {
      recipients: ['PH', 'TH'],
      marking: { handling: ['H1'], pap: 'PAP:AMBER', conditions: [{ code: 'recipients-only', param: ['PH'] }] },
    },
    'condition',
  ],
  [
    'an expiry that has passed',
    { marking: { handling: ['H1'], pap: 'PAP:AMBER', conditions: [{ code: 'expires', param: '2020-01-01' }] } },
    'condition',
  ],
  [
    'a purpose its own marking forbids',
    { marking: { handling: ['H1'], pap: 'PAP:AMBER', conditions: [{ code: 'purpose-limit', param: ['training'] }] } },
    'purpose',
  ],
  [
    'a day that does not exist',
    { statements: [{ entity: 'a', schema: 'Person', property: 'note', value: 'x', observedFrom: '2026-02-30' }] },
    'invalid',
  ],
  [
    'an hour with a zone',
    {
      statements: [
        { entity: 'a', schema: 'Person', property: 'note', value: 'x', observedFrom: '2026-02-03T08:00+09:00' },
      ],
    },
    'invalid',
  ],
  [
    'a method that names somebody',
    { statements: [{ entity: 'a', schema: 'Person', property: 'note', value: 'x', method: 'agency 7' }] },
    'invalid',
  ],
  ['a preview hash without end', { previewHash: 'a'.repeat(129) }, 'text-too-long'],
];

for (const [what, changes, code] of faults)
  test(`an officer who files with ${what} is told “${code}”, and nothing leaves`, async () => {
    const refused = await isRefused(what, goodDraft(['PH'], changes));
    assert.equal(refused.code, code);
  });

/** Places where an officer writes freely. */
const freeTexts: readonly Path[] = [
  ['title'],
  ['text'],
  ['offence'],
  ['marking', 'terms'],
  ['statements', 0, 'entity'],
  ['statements', 0, 'value'],
  ['statements', 0, 'sourceRef'],
];
const free = goodDraft(['PH'], {
  offence: 'x',
  marking: { handling: ['H3'], pap: 'PAP:AMBER', conditions: [], terms: 'x' },
  statements: [{ entity: 'a', schema: 'Person', property: 'note', value: 'x', sourceRef: 'x' }],
});

const unreadable: [string, string][] = [
  ['NUL', '\\u0000'],
  ['a bell', '\\u0007'],
  ['an escape sequence', '\\u001b[31m'],
  ['DEL', '\\u007f'],
  ['a C1 control', '\\u0085'],
  ['a turned direction', '\\u202e'],
  ['an isolate', '\\u2066'],
  ['half a pair', '\\ud800'],
  ['the other half', '\\udfff'],
  ['halves in the wrong order', '\\udc00\\ud800'],
  ['a tag character', '\\udb40\\udc41'],
  ['a byte-order mark', '\\ufeff'],
  ['a noncharacter', '\\uffff'],
];

test('what is read must be what is there: unreadable characters are refused in every text, with their place', async () => {
  for (const [what, letters] of unreadable)
    for (const path of freeTexts) {
      const body = JSON.stringify(withValue(free, path, 'HERE')).replace('HERE', `ab${letters}cd`);
      const { code, facts } = refusalOf(await preview(body), `${what} in ${path.join('.')}`);
      assert.ok(
        code === 'control-characters' || (code === 'marking-unknown' && path.includes('terms')),
        `${what} in ${path.join('.')}: ${code}`,
      );
      assert.equal(facts[0]?.at, path.includes('terms') ? 'marking' : path.join('.'));
    }
});

const markup = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><iframe srcdoc="<script>parent.alert(1)</script>">',
  "javascript:alert('x')",
  '{{constructor.constructor("alert(1)")()}}',
  '#{7*7}<%= 7*7 %>',
  "'; DROP TABLE item; --",
  '=cmd|"/c calc"!A0',
  '../../../../etc/passwd',
  '%0d%0aSet-Cookie: x=1',
  '</title><base href=//evil.example>',
  '\u200b\u200dzero width joins',
  'ຊື່ · ឈ្មោះ · 이름',
];

test('markup and code in a text are text: stored as written, returned as JSON, in Seoul and in Manila', async () => {
  for (const [round, payload] of markup.entries()) {
    const draft = freeTexts.reduce((body, path) => withValue(body, path, payload.slice(0, 60)), free);
    const id = await file(kr, 'desk-officer', draft);
    await delivered(kr, 'desk-officer', id);
    for (const card of [kr, ph]) {
      const read = await asOfficer(card, 'desk-officer', { path: `/api/reports/${id}` });
      assert.match(read.headers['content-type'] ?? '', /^application\/json/);
      assert.equal(read.headers['x-content-type-options'], 'nosniff');
      assert.match(read.headers['content-security-policy'] ?? '', /default-src 'none'/);
      const { title, text, offence, marking, statements } = read.json as Record<string, unknown> & {
        statements: { value: string; reported: string }[];
      };
      const written = payload.slice(0, 60);
      assert.deepEqual(
        [title, text, offence, (marking as { terms: string }).terms, statements[0]?.reported],
        [written, written, written, written, written],
        `round ${round}`,
      );
    }
  }
});

test('the longest report there may be is filed and read, with terms of sixteen thousand letters', async () => {
  const terms = '한'.repeat(16_000);
  const draft = goodDraft(['PH'], {
    title: '한'.repeat(200),
    text: 'ก'.repeat(100_000),
    marking: { handling: ['H3'], pap: 'PAP:AMBER', terms },
  });
  const id = await file(kr, 'desk-officer', draft);
  await delivered(kr, 'desk-officer', id);
  for (const card of [kr, ph]) {
    const read = (await asOfficer(card, 'desk-officer', { path: `/api/reports/${id}` })).json as {
      marking: { terms: string };
      text: string;
    };
    assert.deepEqual([read.marking.terms.length, read.text.length], [16_000, 100_000]);
    assert.ok((await listed(card)).some((line) => line.id === id));
  }
});

const notJson: [string, string | Uint8Array, string][] = [
  ['nothing', '', 'invalid'],
  ['half a draft', JSON.stringify(full).slice(0, 400), 'invalid'],
  ['two drafts', `${JSON.stringify(full)}${JSON.stringify(full)}`, 'invalid'],
  ['a comment', `/* x */ ${JSON.stringify(full)}`, 'invalid'],
  ['a draft in UTF-16', Buffer.from(JSON.stringify(full), 'utf16le'), 'invalid'],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"title":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from('"}')]),
    'invalid',
  ],
  ['a number', '42', 'invalid'],
  ['null', 'null', 'invalid'],
  ['a list', '[]', 'invalid'],
  ['a text', '"draft"', 'invalid'],
  ['lists in lists', '['.repeat(200_000), 'invalid'],
  ['lists in lists, closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'invalid'],
  ['a title of lists in lists', `{"title":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'grade-missing'],
  ['objects in objects', `${'{"marking":'.repeat(20_000)}{}${'}'.repeat(20_000)}`, 'grade-missing'],
  ['a field name without end', `{"${'a'.repeat(1_000_000)}":1}`, 'grade-missing'],
  [
    'a hundred thousand unknown fields',
    `{${Array.from({ length: 100_000 }, (_, i) => `"f${i}":1`).join(',')}}`,
    'grade-missing',
  ],
  ['a number beyond numbers', '{"title":1e999999}', 'grade-missing'],
  ['a prototype', '{"__proto__":{"title":"x"}}', 'invalid'],
  [
    'ten megabytes of text',
    JSON.stringify(goodDraft(['PH'], { text: 'a'.repeat(10 * 1024 * 1024) })),
    'body-too-large',
  ],
];

for (const [what, body, code] of notJson)
  test(`${what} instead of a draft is refused`, async () => {
    const asked = {
      method: 'POST',
      path: '/api/reports',
      body,
      headers: { 'content-type': 'application/json', 'idempotency-key': freshKey() },
    };
    const refused = refusalOf(await asOfficer(kr, 'desk-officer', asked), what);
    assert.ok(
      refused.code === code || refused.facts.some((fact) => fact.code === code),
      `${what}: ${JSON.stringify(refused.facts)}`,
    );
  });

test('after all of it every good report has arrived in Manila and Bangkok', async () => {
  for (const id of good) await delivered(kr, 'desk-officer', id);
  assert.ok(good.length > 50);
});
