/** Who is signed in, for how long, from where: cookies, streams, and what another bureau's keys are worth. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { tokenHashOf } from '@tripoint/bureau/main';
import { tokenOf } from '../constellation/index.ts';
import { ask } from './fixtures/ask.ts';
import { asOfficer, bearer, openCoalition, until } from './fixtures/coalition.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file, freshKey } from './fixtures/filing.ts';
import { routesOf, sampleOf } from './fixtures/routes.ts';
import { cookieName, officerId, openStream, signIn } from './fixtures/session.ts';

const coalition = await openCoalition(['KR', 'PH']);
after(() => coalition[Symbol.asyncDispose]());
const [kr, ph] = [coalition.card('KR'), coalition.card('PH')];

const whoIs = (url: string, headers: Record<string, string>) => ask(url, { path: '/api/session', headers });

test('the cookie of a Korean officer is for this host alone, not for scripts, and never crosses sites', async () => {
  const { id, setCookie } = await signIn(kr, 'analyst');
  const [pair, ...flags] = setCookie.split('; ');
  assert.equal(pair, `__Host-tripoint-kr=${id}`);
  for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) assert.ok(flags.includes(flag), flag);
  assert.ok(!flags.some((flag) => flag.toLowerCase().startsWith('domain')));
  assert.ok(Buffer.from(id, 'base64url').length >= 32, 'at least 256 bits');
});

test('every sign-in makes a new session, whatever cookie the browser brought along', async () => {
  const planted = Buffer.alloc(32, 7).toString('base64url');
  const first = await signIn(kr, 'analyst', { cookie: `${cookieName('KR')}=${planted}` });
  const second = await signIn(kr, 'analyst', first.headers);
  assert.equal(new Set([planted, first.id, second.id]).size, 3);
  assert.equal((await whoIs(kr.url, { cookie: `${cookieName('KR')}=${planted}` })).status, 401);
});

test('after signing out the cookie opens nothing and the browser is told to forget it', async () => {
  const session = await signIn(kr, 'duty-lead');
  assert.equal((await whoIs(kr.url, session.headers)).status, 200);
  const out = await ask(kr.url, { method: 'DELETE', path: '/api/session', headers: session.headers });
  assert.equal(out.status, 204);
  assert.match(out.headers['set-cookie'] ?? '', /^__Host-tripoint-kr=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
  assert.equal((await whoIs(kr.url, session.headers)).status, 401);
});

test('an open stream ends within five seconds of signing out, and no other officer notices', async () => {
  const [leaving, staying] = [await signIn(kr, 'desk-officer'), await signIn(kr, 'desk-officer')];
  const [ends, lasts] = [await openStream(kr, leaving.headers), await openStream(kr, staying.headers)];
  assert.equal(ends.status, 200);
  let stayingEnded = false;
  void lasts.ended.then(() => {
    stayingEnded = true;
  });
  await until('both streams have begun', 2_000, async () => ends.text().includes('hello') && lasts.text() !== '');
  await ask(kr.url, { method: 'DELETE', path: '/api/session', headers: leaving.headers });
  const outMs = performance.now();
  await ends.ended;
  assert.ok(performance.now() - outMs <= 5_000, `ended after ${Math.round(performance.now() - outMs)} ms`);
  assert.equal(stayingEnded, false);
  lasts.close();
});

test('nothing that opens the Korean bureau opens the Philippine one', async () => {
  const session = await signIn(kr, 'analyst');
  const token = tokenOf(kr, 'analyst');
  const worthless: Record<string, Record<string, string>> = {
    'a Korean token': { authorization: `Bearer ${token}` },
    'a Korean cookie': session.headers,
    'a Korean session under the Philippine name': { cookie: `${cookieName('PH')}=${session.id}` },
    'a Korean session as a token': { authorization: `Bearer ${session.id}` },
    'a Korean token as a session': { cookie: `${cookieName('PH')}=${token}` },
  };
  const stranger = await whoIs(ph.url, {});
  assert.equal(stranger.status, 401);
  for (const [what, headers] of Object.entries(worthless)) {
    const answer = await whoIs(ph.url, headers);
    assert.equal(answer.status, 401, what);
    assert.deepEqual(withoutReference(answer.json), withoutReference(stranger.json), what);
    const stream = await openStream(ph, headers);
    assert.equal(stream.status, 401, `${what}, on the live feed`);
    stream.close();
  }
});

test('at home each kind of key fits only its own door', async () => {
  const session = await signIn(kr, 'analyst');
  const token = tokenOf(kr, 'analyst');
  const worthless: Record<string, Record<string, string>> = {
    'a session as a token': { authorization: `Bearer ${session.id}` },
    'a token as a session': { cookie: `${cookieName('KR')}=${token}` },
    'the stored hash of a token': { authorization: `Bearer ${tokenHashOf(token)}` },
    'an officer’s id': { authorization: `Bearer ${officerId('KR', 'administrator')}` },
    'half a token': { authorization: `Bearer ${token.slice(0, 21)}` },
    'a token with another scheme': { authorization: `Basic ${token}` },
    'a cookie without its name’s prefix': { cookie: `tripoint-kr=${session.id}` },
  };
  for (const [what, headers] of Object.entries(worthless)) {
    assert.equal((await whoIs(kr.url, headers)).status, 401, what);
  }
  assert.equal(
    (await ask(kr.url, { path: `/api/session?access_token=${token}` })).status,
    401,
    'a token in the address',
  );
  const wrongToken = { ...session.headers, authorization: `Bearer ${'x'.repeat(43)}` };
  assert.equal((await whoIs(kr.url, wrongToken)).status, 401, 'a wrong token beside a good cookie');
});

test('no route takes a write from another site, signed in or not, and nothing is changed by trying', async () => {
  const session = await signIn(kr, 'desk-officer');
  const { port } = new URL(kr.url);
  const foreign: Record<string, Record<string, string>> = {
    'another site': { origin: 'https://evil.example' },
    'no origin at all': { origin: 'null' },
    'the Philippine console': { origin: ph.url },
    'another port of this machine': { origin: 'http://127.0.0.1:1' },
    'our name inside another': { origin: `http://127.0.0.1:${port}.evil.example` },
    'a cross-site fetch': { 'sec-fetch-site': 'cross-site' },
    'a same-site fetch': { 'sec-fetch-site': 'same-site' },
    'an address typed by hand': { 'sec-fetch-site': 'none' },
    'a fetch that says both': { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  };
  const seen = await routesOf(kr.url);
  const before = (await asOfficer(kr, 'desk-officer', { path: '/api/reports' })).body;
  for (const route of seen.routes) {
    for (const method of new Set([route.method, 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])) {
      if (method === 'GET') continue;
      for (const [what, headers] of Object.entries(foreign)) {
        const path = route.path.replace('{id}', 'c3b4b6d0-2a51-4d0e-9c59-3a1de2cc6c11');
        const body = route.body ? (sampleOf(seen, route.body) as object) : {};
        const asked = {
          method,
          path,
          body,
          headers: { ...session.headers, 'idempotency-key': freshKey(), ...headers },
        };
        const answer = await ask(kr.url, asked);
        assert.equal(answer.status, 403, `${method} ${path} from ${what}`);
        assert.equal((answer.json as { code: string }).code, 'cross-site');
      }
    }
  }
  const file = { method: 'POST', path: '/api/reports', body: goodDraft(['PH']) };
  const forged = { ...session.headers, 'idempotency-key': freshKey(), origin: 'https://evil.example' };
  assert.equal((await ask(kr.url, { ...file, headers: forged })).status, 403);
  assert.deepEqual((await asOfficer(kr, 'desk-officer', { path: '/api/reports' })).body, before);
  assert.equal((await whoIs(kr.url, session.headers)).status, 200, 'still signed in');
  const own = { ...session.headers, 'idempotency-key': freshKey(), origin: kr.url, 'sec-fetch-site': 'same-origin' };
  assert.equal((await ask(kr.url, { ...file, headers: own })).status, 201, 'the own console may');
});

test('a bureau answers only to its own names', async () => {
  const { port } = new URL(kr.url);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'ph.localhost',
    `kr.localhost.evil.example:${port}`,
    '10.0.0.1',
    '',
  ])
    for (const path of ['/api/door', '/api/reports', '/api/live', '/']) {
      const answer = await ask(kr.url, { path, headers: { host, ...bearer(kr, 'desk-officer') } });
      assert.equal(answer.status, 421, `${host} ${path}`);
    }
  for (const host of [`kr.localhost:${port}`, `127.0.0.1:${port}`, `localhost:${port}`])
    assert.equal((await ask(kr.url, { path: '/api/door', headers: { host } })).status, 200, host);
});

test('looking changes nothing: GET and HEAD leave a received report unread', async () => {
  const id = await file(kr, 'desk-officer', goodDraft(['PH']));
  await delivered(kr, 'desk-officer', id);
  const seen = await routesOf(ph.url);
  for (const { path } of seen.routes)
    for (const method of ['GET', 'HEAD']) {
      if (path === '/api/live' && method === 'GET') continue;
      await asOfficer(ph, 'desk-officer', { method, path: path.replace('{id}', id) });
    }
  const { openedAt, acknowledgedAt } = (await asOfficer(ph, 'desk-officer', { path: `/api/reports/${id}` })).json as {
    openedAt: string | null;
    acknowledgedAt: string | null;
  };
  assert.deepEqual([openedAt, acknowledgedAt], [null, null]);
});

test('an officer who asks only for the headers of the live feed gets them and no endless wait', async () => {
  const startMs = performance.now();
  const answer = await ask(kr.url, { method: 'HEAD', path: '/api/live', headers: bearer(kr, 'desk-officer') });
  assert.ok([200, 404, 405].includes(answer.status));
  assert.ok(performance.now() - startMs < 2_000);
});

const idsOf = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id as string);

test('places in the live feed count nothing, and are worth nothing to another officer', async () => {
  const streams = [await openStream(kr, bearer(kr, 'desk-officer')), await openStream(kr, bearer(kr, 'analyst'))];
  await until('both have begun', 2_000, async () => streams.every((stream) => stream.text().includes('hello')));
  const id = await file(ph, 'desk-officer', goodDraft(['KR']));
  await until('both hear of it', 10_000, async () => streams.every((stream) => stream.text().includes(id)));
  for (const stream of streams) stream.close();
  const [desk, analyst] = streams.map((stream) => idsOf(stream.text())) as [string[], string[]];
  for (const place of [...desk, ...analyst]) assert.match(place, /^[\w-]{40,}$/);
  assert.deepEqual(
    desk.filter((place) => analyst.includes(place)),
    [],
  );
  for (const [lastId, word] of [
    [desk[0], 'hello'],
    [analyst[0], 'reset'],
    ['1', 'reset'],
    ['../../0', 'reset'],
  ] as const) {
    const again = await openStream(kr, { ...bearer(kr, 'desk-officer'), 'last-event-id': lastId as string });
    await until('it has begun', 2_000, async () => again.text().includes(word));
    assert.equal(again.text().includes('event: reset'), word === 'reset', `${lastId}`);
    again.close();
  }
});

test('an alarm is heard by who may list alarms, and by no analyst', async () => {
  const roles = ['desk-officer', 'duty-lead', 'administrator', 'analyst', 'unit-head'];
  const streams = await Promise.all(roles.map((role) => openStream(kr, bearer(kr, role))));
  await until('all have begun', 2_000, async () => streams.every((stream) => stream.text().includes('hello')));
  const door = coalition.constellation.bureau('KR')?.exchange.door;
  const manila = [...(coalition.constellation.bureau('KR')?.exchange.links().keys() ?? [])][0] as string;
  await door?.receive(manila, [{ lane: 3, seq: 99n, bytes: new Uint8Array(40) }]);
  const id = await file(ph, 'desk-officer', goodDraft(['KR']));
  const [, , , analyst] = streams;
  await until('the analyst hears of what came later', 10_000, async () => analyst?.text().includes(id) === true);
  const heard = roles.filter((_, i) => streams[i]?.text().includes('event: alarm'));
  assert.deepEqual(heard, ['desk-officer', 'duty-lead', 'administrator']);
  for (const stream of streams) stream.close();
});

function withoutReference(problem: unknown): object {
  const { reference: _, ...rest } = problem as { reference: string };
  return rest;
}
