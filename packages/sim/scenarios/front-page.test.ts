/** The front page speaks for six bureaus and holds a token of each: it gives away none, and takes no orders from other sites. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemRandom } from '@tripoint/bureau/main';
import { openFront } from '../constellation/front.ts';
import { type Answer, ask, type Question } from './fixtures/ask.ts';
import { openCoalition, until } from './fixtures/coalition.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file } from './fixtures/filing.ts';
import { canary, Search, type Secret } from './fixtures/secrets.ts';
import { openStream } from './fixtures/session.ts';

const around = mkdtempSync(join(tmpdir(), 'tripoint-front-'));
const webRoot = join(around, 'dist');
mkdirSync(webRoot);
writeFileSync(join(around, 'secret.txt'), 'a-secret-beside-the-page');
writeFileSync(join(webRoot, 'front.html'), '<!doctype html><title>six</title><style nonce="__CSP_NONCE__"></style>');

const coalition = await openCoalition(['KR', 'PH']);
const front = await openFront({ port: 0, cards: coalition.cards, webRoot, random: systemRandom, storyRunning: false });
after(async () => {
  await front.stop();
  await coalition[Symbol.asyncDispose]();
  rmSync(around, { recursive: true, force: true });
});
const url = `http://127.0.0.1:${front.port}`;

const title = canary();
const secrets = [
  { name: 'a title', what: title },
  ...coalition.cards.flatMap(({ officers }) =>
    officers.flatMap(({ name, token }) => [name, token].map((what) => ({ name: what, what }))),
  ),
].map((one): Secret => ({ ...one, kind: 'content', home: '', seenBy: () => false }));
const search = new Search(secrets);

function isClean(answer: Answer, what: string): void {
  assert.ok(answer.status < 500, `${what}: ${answer.status}`);
  const bytes = Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), answer.body]);
  assert.deepEqual(
    search.in(bytes).map(({ secret }) => secret.name),
    [],
    what,
  );
}

test('nothing that is asked of the front page brings out a token, a name or a title, nor makes it fail', async () => {
  const stream = await openStream({ nation: 'front', url, console: url, pid: 0, officers: [] }, {});
  const id = await file(coalition.card('KR'), 'desk-officer', goodDraft(['PH'], { title }));
  await delivered(coalition.card('KR'), 'desk-officer', id);
  await until('the front page tells of the delivery', 10_000, async () => stream.text().includes('event: delivery'));
  assert.deepEqual(search.in(Buffer.from(stream.text())), []);
  stream.close();
  const questions: Question[] = [
    ...[
      '/',
      '/api/bureaus',
      '/api/nothing',
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/%zz',
      `/${'a'.repeat(5_000)}`,
      '/api/live/x',
    ].map((path) => ({ path })),
    ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'].map((method) => ({ method, path: '/api/bureaus' })),
    ...[
      '',
      '{',
      'null',
      '[]',
      '{"running":1}',
      '{"running":"true"}',
      `{"running":true,"x":"${'a'.repeat(5_000)}"}`,
      '['.repeat(900),
    ].map((body) => ({ method: 'POST', path: '/api/story', body })),
  ];
  for (const question of questions) {
    const answer = await ask(url, question);
    isClean(answer, `${question.method ?? 'GET'} ${question.path} ${String(question.body ?? '').slice(0, 30)}`);
    assert.ok(!answer.body.includes('a-secret'), question.path);
  }
});

test('only its own page starts the story, and only under its own name', async () => {
  const story = { method: 'POST', path: '/api/story', body: { running: true } };
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])
    assert.equal((await ask(url, { ...story, headers })).status, 403, JSON.stringify(headers));
  for (const host of ['evil.example', 'kr.localhost', `evil.example:${front.port}`])
    assert.equal((await ask(url, { path: '/api/bureaus', headers: { host } })).status, 421, host);
  const { story: state } = (await ask(url, { path: '/api/bureaus' })).json as { story: { running: boolean } };
  assert.equal(state.running, false);
  assert.equal(
    (await ask(url, { ...story, body: { running: false }, headers: { 'sec-fetch-site': 'same-origin' } })).status,
    200,
  );
});
