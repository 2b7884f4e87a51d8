/** Around the draft: headers, keys, cursors, previews, paths and pages, each as wrong as it can be. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { BureauCard } from '../constellation/index.ts';
import { type Answer, ask } from './fixtures/ask.ts';
import { asOfficer, bearer, openCoalition, temporaryDataDir } from './fixtures/coalition.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file, freshKey, post } from './fixtures/filing.ts';
import { refusalOf } from './fixtures/problem.ts';
import { routesOf } from './fixtures/routes.ts';
import { officerId } from './fixtures/session.ts';

const around = mkdtempSync(join(tmpdir(), 'tripoint-pages-'));
const webRoot = join(around, 'dist');
mkdirSync(join(webRoot, 'assets'), { recursive: true });
const SECRET = 'a-secret-beside-the-pages';
writeFileSync(join(around, 'secret.txt'), SECRET);
writeFileSync(join(webRoot, '.hidden'), SECRET.replace('beside', 'among'));
writeFileSync(
  join(webRoot, 'index.html'),
  '<!doctype html><title>console</title><style nonce="__CSP_NONCE__"></style>',
);
writeFileSync(join(webRoot, 'assets', 'app-1a2b.js'), 'export {};');

const coalition = await openCoalition(['KR', 'PH'], temporaryDataDir(), webRoot);
after(async () => {
  await coalition[Symbol.asyncDispose]();
  rmSync(around, { recursive: true, force: true });
});
const [kr, ph] = [coalition.card('KR'), coalition.card('PH')];

interface Page {
  items: { id: string; title: string }[];
  next: string | null;
}

async function listed(card: BureauCard, role = 'desk-officer', query = '?limit=200'): Promise<Page> {
  const answer = await asOfficer(card, role, { path: `/api/reports${query}` });
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.json as Page;
}

const filing = (headers: Record<string, string | string[]>, body: object | string | Uint8Array = goodDraft(['PH'])) =>
  asOfficer(kr, 'desk-officer', { method: 'POST', path: '/api/reports', body, headers });

const idOf = (answer: Answer): string => {
  assert.equal(answer.status, 201, answer.body.toString());
  return (answer.json as { id: string }).id;
};

test('a body under another name than JSON is refused by name', async () => {
  const text = JSON.stringify(goodDraft(['PH']));
  const types = [
    'text/plain',
    'application/xml',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'image/svg+xml',
    'application/octet-stream',
    'nonsense',
    'application/jsonp',
  ];
  for (const type of types) {
    const { code } = refusalOf(await filing({ 'content-type': type, 'idempotency-key': freshKey() }, text), type);
    assert.ok(['media-type', 'invalid'].includes(code), `${type}: ${code}`);
  }
  refusalOf(await filing({ 'idempotency-key': freshKey(), 'content-type': '' }, text), 'no type at all');
  const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'idempotency-key': freshKey() };
  assert.equal(refusalOf(await filing(packed, gzipSync(text)), 'a packed body').code, 'invalid');
  assert.equal((await listed(kr)).items.length, 0);
});

const openToStrangers = ['GET /api/door', 'POST /api/session', 'GET /api/openapi.json'];
const anyId = 'c3b4b6d0-2a51-4d0e-9c59-3a1de2cc6c11';

/** What is no JSON, or none that any route takes. */
const spoiltText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.json().map((text) => text.slice(0, -1)),
  fc.constantFrom('', '{', '{"__proto__":{}}', '\u0000', '['.repeat(10_000)),
);
const anyType = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'x/y', '');

test('on every route a stranger hears that he is signed out, whatever his body holds: nothing of it is parsed', async () => {
  const needSignIn = (await routesOf(kr.url)).routes.filter(
    ({ method, path }) => !openToStrangers.includes(`${method} ${path}`),
  );
  assert.ok(needSignIn.length >= 10);
  for (const { method, path } of needSignIn)
    await fc.assert(
      fc.asyncProperty(spoiltText, anyType, async (body, type) => {
        const asked = { method, path: path.replace('{id}', anyId), body, headers: { 'content-type': type } };
        const { code } = refusalOf(await ask(kr.url, asked), `${method} ${path}`);
        assert.equal(code, 'signed-out');
      }),
      { numRuns: 30 },
    );
});

test('a body that says two things, or whose bytes are no text, is refused by name and files nothing', async () => {
  const text = JSON.stringify(goodDraft(['PH']));
  const before = (await listed(kr)).items.length;
  const spoilt: [string, string | Uint8Array][] = [
    ['key-twice', text.replace('"pap":', '"pap":"PAP:CLEAR","pap":')],
    ['key-twice', text.replace('{', '{"title":"what was read",')],
    ['key-twice', text.replace('{', '{"\\u0074itle":"what was read",')],
    ['utf-8', Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe]), Buffer.from('}')])],
  ];
  for (const [reason, body] of spoilt) {
    const answer = await filing({ 'content-type': 'application/json', 'idempotency-key': freshKey() }, body);
    const { code, facts } = refusalOf(answer, reason);
    assert.deepEqual([code, facts[0]?.reason], ['invalid', reason]);
  }
  assert.equal((await listed(kr)).items.length, before);
});

test('a title in which nothing can be seen is no title', async () => {
  for (const title of ['\u200b', '\u2060 \u00ad', '\u3164']) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': freshKey() };
    const { code, facts } = refusalOf(await filing(headers, { ...goodDraft(['PH']), title }), 'unseen title');
    assert.deepEqual([code, facts[0]?.at, facts[0]?.reason], ['invalid', 'title', 'empty']);
  }
});

test('a stranger’s body without end is not listened to', async () => {
  const head = 'POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
  for (const size of ['Transfer-Encoding: chunked\r\n\r\n5\r\n[[[[[\r\n', 'Content-Length: 99999999999\r\n\r\n[[[[['])
    assert.match(await raw(kr, `${head}${size}`), /^HTTP\/1\.1 401 [\s\S]*\r\nconnection: close\r\n/i);
});

test('a write to a path where nothing is stands unread', async () => {
  const asked = { method: 'POST', path: '/api/nothing', body: '{', headers: { 'content-type': 'application/json' } };
  assert.equal(refusalOf(await ask(kr.url, asked), 'nowhere').code, 'not-found');
});

test('where no body is asked for, none need come under the name of JSON', async () => {
  const id = await file(kr, 'desk-officer', goodDraft(['PH']));
  await delivered(kr, 'desk-officer', id);
  const bodiless = (await routesOf(ph.url)).routes.filter(({ method, body }) => method !== 'GET' && body === null);
  assert.ok(bodiless.length >= 4);
  for (const { method, path } of bodiless) {
    const asked = { method, path: path.replace('{id}', id) };
    const plain = await asOfficer(ph, 'desk-officer', asked);
    const headers = { 'content-type': 'application/json' };
    const empty = await asOfficer(ph, 'desk-officer', { ...asked, headers, body: '' });
    assert.equal(empty.status, plain.status, `${method} ${path}`);
    assert.equal(withoutReference(empty), withoutReference(plain));
  }
  const needed = await filing({ 'content-type': 'application/json', 'idempotency-key': freshKey() }, '');
  assert.equal(refusalOf(needed, 'an empty report').status, 400);
});

test('how much waits for a nation is shown to the administrator alone', async () => {
  const seen = async (role: string) =>
    (await asOfficer(kr, role, { path: '/api/coalition' })).json as {
      members: { link: string; queued: number | null; oldestAt: string | null }[];
    };
  for (const role of ['desk-officer', 'analyst', 'duty-lead', 'unit-head'])
    for (const { link, queued, oldestAt } of (await seen(role)).members) {
      assert.deepEqual([queued, oldestAt], [null, null], role);
      assert.ok(['up', 'self'].includes(link));
    }
  for (const { queued } of (await seen('administrator')).members) assert.equal(typeof queued, 'number');
});

test('headers without end, or in nonsense, are refused and repeat nothing', async () => {
  const endless = 'h'.repeat(20_000);
  for (const headers of [
    { 'x-endless': endless },
    { authorization: `Bearer ${endless}` },
    { cookie: `a=${endless}` },
    { 'idempotency-key': endless },
  ]) {
    const answer = await ask(kr.url, { path: '/api/door', headers });
    assert.equal(refusalOf(answer, Object.keys(headers)[0] as string).code, 'invalid');
    assert.ok(!answer.body.includes('hhhh'));
  }
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`x-${i}`, 'y']));
  assert.ok((await ask(kr.url, { path: '/api/door', headers: many })).status < 500);
  for (const lines of [
    'GARBAGE\r\n\r\n',
    'GET /api/door HTTP/9.9\r\n\r\n',
    `GET /api/door HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nzzzz`,
    'GET /api/\u0000door HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  ]) {
    const said = await raw(kr, lines);
    assert.match(said, /^HTTP\/1\.1 (400|505) /);
    assert.doesNotMatch(said, /GARBAGE|zzzz|stack/);
  }
});

/** Bytes on the bare socket, and everything that comes back. */
function raw(card: BureauCard, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(card.url).port), '127.0.0.1', () => socket.write(text, 'latin1'));
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(Buffer.from(part)));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.setTimeout(5_000, () => socket.destroy());
  });
}

test('a header that in other systems switches checks off changes no answer', async () => {
  const id = await file(kr, 'unit-head', goodDraft(['PH']));
  const asked = { path: `/api/reports/${id}` };
  const plain = await asOfficer(kr, 'analyst', asked);
  assert.equal(plain.status, 404);
  const headers = [
    'x-forwarded-for',
    'x-forwarded-host',
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'x-user',
    'x-remote-user',
    'x-role',
    'x-nation',
    'x-viewer',
    'x-debug',
    'x-internal',
    'forwarded',
    'via',
    'x-real-ip',
    'x-opencti-bypass',
    'sec-purpose',
    'upgrade-insecure-requests',
    'range',
    'if-none-match',
    'expect',
  ];
  for (const name of headers)
    for (const value of ['1', 'kr-desk-officer', 'administrator', '127.0.0.1', '*']) {
      if (name === 'expect') continue;
      const answer = await asOfficer(kr, 'analyst', { ...asked, headers: { [name]: value } });
      assert.equal(answer.status, 404, `${name}: ${value}`);
      assert.equal(withoutReference(answer), withoutReference(plain), `${name}: ${value}`);
    }
});

const withoutReference = ({ body }: Answer) => body.toString().replace(/"reference":"[^"]*"/, '');

test('a filing needs a key of its own, in plain letters', async () => {
  const before = (await listed(kr)).items.length;
  for (const [what, key] of [
    ['an empty key', ''],
    ['a key of blanks', '   '],
    ['a key of 201 letters', 'k'.repeat(201)],
    ['a key in Korean', Buffer.from('열쇠').toString('latin1')],
    ['a key with a tab', 'a\tb'],
  ] as const)
    assert.equal(refusalOf(await filing({ 'idempotency-key': key }), what).code, 'key-missing', what);
  assert.equal(refusalOf(await filing({}), 'no key').code, 'key-missing');
  assert.equal((await listed(kr)).items.length, before);
});

test('the same key and words give the same report however often and however fast; other words under it are refused', async () => {
  const key = freshKey();
  const draft = goodDraft(['PH'], { title: 'Filed once' });
  const answers = await Promise.all(Array.from({ length: 12 }, () => post(kr, 'desk-officer', draft, key)));
  const ids = new Set(answers.map(idOf));
  assert.equal(ids.size, 1);
  assert.equal((await listed(kr)).items.filter(({ title }) => title === 'Filed once').length, 1);
  const other = await post(kr, 'desk-officer', goodDraft(['PH'], { title: 'Filed twice' }), key);
  assert.equal(refusalOf(other, 'other words').code, 'idempotency-conflict');
  const colleague = idOf(await post(kr, 'duty-lead', draft, key));
  assert.ok(!ids.has(colleague), 'a colleague’s same key is a key of his own');
  await delivered(kr, 'desk-officer', [...ids][0] as string);
  await delivered(kr, 'duty-lead', colleague);
  assert.equal((await listed(ph)).items.filter(({ title }) => title === 'Filed once').length, 2);
});

test('a place in a list is worth nothing to another officer, on another list, at another bureau, or bent', async () => {
  for (let i = 0; i < 3; i += 1) await file(kr, 'desk-officer', goodDraft(['PH'], { title: `Line ${i}` }));
  const { next } = await listed(kr, 'desk-officer', '?limit=1');
  assert.ok(next);
  assert.equal((await listed(kr, 'desk-officer', `?limit=1&cursor=${next}`)).items.length, 1);
  const refused = async (what: string, card: BureauCard, role: string, query: string) =>
    assert.equal(
      refusalOf(await asOfficer(card, role, { path: `/api/reports?${query}` }), what).code,
      'cursor-unknown',
      what,
    );
  await refused('a colleague', kr, 'duty-lead', `cursor=${next}`);
  await refused('another bureau', ph, 'desk-officer', `cursor=${next}`);
  await refused('another box', kr, 'desk-officer', `box=sent&cursor=${next}`);
  for (const [what, cursor] of [
    ['the start of one', next.slice(0, 20)],
    ['one letter turned', `${next[0] === 'A' ? 'B' : 'A'}${next.slice(1)}`],
    ['a number', '1'],
    ['a statement', "' OR 1=1 --"],
    ['letters of nobody', '한글'],
    ['four hundred letters', 'A'.repeat(400)],
  ] as const)
    await refused(what, kr, 'desk-officer', `cursor=${encodeURIComponent(cursor)}`);
});

test('questions to a list that make no sense are refused', async () => {
  for (const query of [
    'limit=0',
    'limit=-1',
    'limit=201',
    'limit=1.5',
    'limit=x',
    'limit=1&limit=2',
    'box=drafts',
    'box=all&box=sent',
    'box[]=all',
    'who=kr-analyst',
    'limit=1e9',
    'limit=%00',
    '__proto__=1',
    `cursor=${'a'.repeat(401)}`,
  ]) {
    const { code } = refusalOf(await asOfficer(kr, 'desk-officer', { path: `/api/reports?${query}` }), query);
    assert.equal(code, 'invalid', query);
  }
});

async function previewOf(card: BureauCard, role: string, draft: object): Promise<string> {
  const answer = await asOfficer(card, role, { method: 'POST', path: '/api/reports/preview', body: draft });
  assert.equal(answer.status, 200, answer.body.toString());
  return (answer.json as { previewHash: string }).previewHash;
}

test('only exactly what was shown leaves: a stale, borrowed, altered or forged preview sends nothing', async () => {
  const draft = goodDraft(['PH'], { title: 'As it was shown' });
  const shown = await previewOf(kr, 'desk-officer', draft);
  const [id, at, mac] = shown.split('.') as [string, string, string];
  const before = (await listed(kr)).items.length;
  const wrong: [string, string, object][] = [
    ['nothing', 'x', draft],
    ['a mac of zeros', `${id}.${at}.${'0'.repeat(64)}`, draft],
    ['a mac with one digit turned', `${id}.${at}.${(mac[0] === 'a' ? 'b' : 'a') + mac.slice(1)}`, draft],
    ['a later moment', `${id}.${(Number.parseInt(at, 36) + 60_000).toString(36)}.${mac}`, draft],
    ['an earlier moment', `${id}.${(Number.parseInt(at, 36) - 1).toString(36)}.${mac}`, draft],
    ['a moment before time', `${id}.0.${mac}`, draft],
    ['another report', `${crypto.randomUUID()}.${at}.${mac}`, draft],
    ['other words', shown, { ...draft, title: 'As it was not shown' }],
    ['other recipients', shown, { ...draft, urgency: 'flash' }],
    ['a colleague’s preview', await previewOf(kr, 'duty-lead', draft), draft],
    ['a preview of Manila', await previewOf(ph, 'desk-officer', goodDraft(['KR'])), draft],
  ];
  for (const [what, previewHash, body] of wrong)
    assert.equal(refusalOf(await post(kr, 'desk-officer', { ...body, previewHash }), what).code, 'preview-stale', what);
  assert.equal((await listed(kr)).items.length, before);
  const sent = idOf(await post(kr, 'desk-officer', { ...draft, previewHash: shown }));
  assert.equal(sent, id, 'the very report that was shown');
  assert.equal(
    refusalOf(await post(kr, 'desk-officer', { ...draft, previewHash: shown }), 'shown once, sent twice').code,
    'preview-stale',
  );
  await delivered(kr, 'desk-officer', sent);
});

test('what was shown is what Manila reads, byte for byte', async () => {
  const draft = goodDraft(['PH'], { title: 'Shown in Seoul' });
  const answer = await asOfficer(kr, 'desk-officer', { method: 'POST', path: '/api/reports/preview', body: draft });
  const { previewHash, recipients } = answer.json as { previewHash: string; recipients: { payload: string }[] };
  const id = idOf(await post(kr, 'desk-officer', { ...draft, previewHash }));
  await delivered(kr, 'desk-officer', id);
  const payload = JSON.parse(recipients[0]?.payload ?? '') as Record<string, unknown> & {
    statements: { id: string; value: string }[];
  };
  const read = (await asOfficer(ph, 'desk-officer', { path: `/api/reports/${id}` })).json as typeof payload;
  for (const name of ['id', 'title', 'text', 'lang', 'purpose', 'grade', 'marking', 'recipients', 'says'])
    assert.deepEqual(read[name], payload[name], name);
  assert.deepEqual(
    read.statements.map((one) => [one.id, one.value]),
    payload.statements.map((one) => [one.id, one.value]),
  );
});

test('no officer reaches what only another role may do', async () => {
  const id = await file(ph, 'desk-officer', goodDraft(['KR']));
  await delivered(ph, 'desk-officer', id);
  const tried: [string, string, number][] = [
    ['administrator', 'GET /api/reports', 200],
    ['administrator', `GET /api/reports/${id}`, 404],
    ['administrator', `POST /api/reports/${id}/acknowledge`, 404],
    ['administrator', `POST /api/reports/${id}/opened`, 404],
    ['analyst', `POST /api/reports/${id}/acknowledge`, 404],
    ['analyst', `GET /api/reports/${id}/delivery`, 404],
    ['desk-officer', `GET /api/reports/${id}/delivery`, 404],
    ['analyst', 'GET /api/alarms', 403],
  ];
  for (const [role, asked, status] of tried) {
    const [method, path] = asked.split(' ') as [string, string];
    const answer = await asOfficer(kr, role, { method, path });
    assert.equal(answer.status, status, `${role}: ${asked}`);
  }
  assert.deepEqual((await listed(kr, 'administrator')).items, []);
  const filed = await post(kr, 'administrator', goodDraft(['PH']));
  assert.equal(refusalOf(filed, 'an administrator files').code, 'not-allowed');
  assert.equal(
    refusalOf(
      await asOfficer(ph, 'desk-officer', { method: 'POST', path: `/api/reports/${id}/acknowledge` }),
      'the own report',
    ).code,
    'own-report',
  );
});

const climbing = [
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/../../secret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/....//secret.txt',
  '//secret.txt',
  '/..\\secret.txt',
  '/..%5csecret.txt',
  '/%2e%2e%2fsecret.txt%00.js',
  '/assets/..;/../secret.txt',
  '/secret.txt',
  '/etc/passwd',
  `/${'../'.repeat(20)}etc/passwd`,
  '/assets/app-1a2b.js/../../../secret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/assets',
  '/assets/',
  '/index.html%00.txt',
  'secret.txt',
  'http://evil.example/secret.txt',
];

test('no path leads out of the console’s folder', async () => {
  for (const path of climbing) {
    const answer = await ask(kr.url, { path });
    assert.ok([200, 400, 404].includes(answer.status), `${path}: ${answer.status}`);
    assert.ok(!answer.body.includes(SECRET) && !answer.body.includes('root:'), path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
    assert.ok(answer.headers['content-security-policy'], path);
  }
});

test('every page carries a nonce of its own and lets no other site frame it, script it or take its forms', async () => {
  const [one, two] = [await ask(kr.url, { path: '/' }), await ask(kr.url, { path: '/reports/inbox' })];
  const nonces = [one, two].map(({ headers, body }) => {
    const policy = headers['content-security-policy'] ?? '';
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.split('; ').includes(directive), directive);
    assert.ok(!policy.includes('unsafe'));
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    assert.ok(body.includes(`nonce="${nonce}"`) && nonce.length >= 22);
    return nonce;
  });
  assert.equal(new Set(nonces).size, 2);
  assert.equal(one.headers['cache-control'], 'no-store');
  for (const path of ['/', '/assets/app-1a2b.js', '/api/door', '/api/nothing'])
    for (const [name, value] of [
      ['cross-origin-opener-policy', 'same-origin'],
      ['cross-origin-resource-policy', 'same-origin'],
      ['referrer-policy', 'no-referrer'],
      ['x-content-type-options', 'nosniff'],
    ] as const)
      assert.equal((await ask(kr.url, { path })).headers[name], value, `${path} ${name}`);
  assert.match((await ask(kr.url, { path: '/assets/app-1a2b.js' })).headers['content-type'] ?? '', /^text\/javascript/);
});

test('no answer lets another site read it', async () => {
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: ph.url, 'sec-fetch-site': 'cross-site' },
  ])
    for (const path of ['/api/door', '/api/session', '/api/reports', '/']) {
      const answer = await ask(kr.url, { path, headers: { ...headers, ...bearer(kr, 'desk-officer') } });
      assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith('access-control-')), `${path}`);
    }
});

test('after sixty attempts in a minute nobody more signs in from one address, whatever it says of itself', async () => {
  let refused = 0;
  for (let attempt = 0; attempt < 75; attempt += 1) {
    const officer = attempt % 5 === 0 ? officerId('KR', 'analyst') : `guess-${attempt}`;
    const headers = { 'x-forwarded-for': `203.0.113.${attempt}`, 'x-real-ip': `203.0.113.${attempt}` };
    const answer = await ask(kr.url, { method: 'POST', path: '/api/session', body: { officer }, headers });
    if (answer.status === 429) refused += 1;
  }
  assert.ok(refused >= 10, `${refused} refused`);
  const answer = await ask(kr.url, { method: 'POST', path: '/api/session', body: { officer: 'kr-analyst' } });
  assert.equal(refusalOf(answer, 'one more').code, 'too-many-attempts');
  assert.equal((await asOfficer(kr, 'analyst', { path: '/api/reports' })).status, 200, 'who is in stays in');
});

test('after all of it Seoul still files and Manila still reads', async () => {
  const id = await file(kr, 'desk-officer', goodDraft(['PH']));
  await delivered(kr, 'desk-officer', id);
  assert.ok((await listed(ph)).items.some((line) => line.id === id));
});

test('the OpenAPI text says how to sign in, which headers count and how a refusal looks', async () => {
  type Operation = {
    security?: object[];
    parameters?: { in: string; name: string; required?: boolean }[];
    responses: Record<string, { content?: Record<string, { schema: object }> }>;
  };
  const text = (await ask(kr.url, { path: '/api/openapi.json' })).json as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
  };
  assert.deepEqual(Object.keys(text.components.securitySchemes), ['token']);
  for (const [path, operations] of Object.entries(text.paths))
    for (const [method, { security, responses }] of Object.entries(operations)) {
      const open = openToStrangers.includes(`${method.toUpperCase()} ${path}`);
      assert.equal(security === undefined, open, `${method} ${path}`);
      for (const status of ['4XX', '5XX'])
        assert.deepEqual(responses[status]?.content?.['application/problem+json']?.schema, {
          $ref: '#/components/schemas/Problem',
        });
    }
  const header = (method: string, path: string) =>
    text.paths[path]?.[method]?.parameters?.find((one) => one.in === 'header');
  assert.deepEqual(
    [header('post', '/api/reports')?.name, header('post', '/api/reports')?.required],
    ['idempotency-key', true],
  );
  assert.equal(header('get', '/api/live')?.name, 'last-event-id');
});
