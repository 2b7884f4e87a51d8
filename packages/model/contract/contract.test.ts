import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import {
  type AnswerOf,
  type BodyInputOf,
  type BodyOf,
  defineRoute,
  isRefusalCode,
  pathOf,
  refusals,
  uuidSchema,
} from './index.ts';

const readThing = defineRoute({
  method: 'GET',
  path: '/api/things/:id',
  summary: 'One thing',
  params: z.object({ id: z.string() }),
  answers: { 200: z.object({ name: z.string() }) },
  refusals: ['not-found'],
});

test('a route keeps the types its schemas give', () => {
  const fileThing = defineRoute({
    method: 'POST',
    path: '/api/things',
    summary: 'File a thing',
    body: z.object({ name: z.string(), urgency: z.string().default('routine') }),
    answers: { 201: z.object({ id: z.string() }) },
    refusals: ['invalid'],
    idempotent: true,
  });
  const sent: BodyInputOf<typeof fileThing> = { name: 'a' };
  const parsed: BodyOf<typeof fileThing> = fileThing.body.parse(sent);
  const answer: AnswerOf<typeof readThing> = { name: 'a' };
  assert.equal(parsed.urgency, 'routine');
  assert.equal(answer.name, 'a');
});

test('a path parameter cannot break out of its segment', () => {
  assert.equal(pathOf(readThing, { id: '../x?y#z' }), '/api/things/..%2Fx%3Fy%23z');
  assert.throws(() => pathOf(readThing, {}), /missing path parameter/);
});

test('a mistake in a contract shows when it loads', () => {
  const thing = { method: 'GET', path: '/api/things', summary: '', answers: { 204: null }, refusals: [] } as const;
  assert.throws(() => defineRoute({ ...thing, path: '/things' }), /starts with \/api/);
  assert.throws(() => defineRoute({ ...thing, path: '/api/things/:id' }), /params differ/);
  assert.throws(() => defineRoute({ ...thing, params: z.object({}) }), /params differ/);
  assert.throws(() => defineRoute({ ...thing, body: z.object({}) }), /no body/);
  assert.throws(() => defineRoute({ ...thing, answers: {} }), /has an answer/);
  assert.throws(() => defineRoute({ ...thing, refusals: ['because' as never] }), /not in the registry/);
});

test('every refusal has a status of its own kind and no code says that something exists', () => {
  for (const [code, entry] of Object.entries(refusals)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(entry.status >= 400 && entry.status < 600, code);
  }
  assert.equal(isRefusalCode('not-found'), true);
  assert.equal(isRefusalCode('toString'), false);
});

test('an id is written in one way only, and what is told of the API says the same', () => {
  const told = z.toJSONSchema(uuidSchema);
  const id = '019ab3c4-d5e6-7f80-9a1b-2c3d4e5f6071';
  for (const [text, isId] of [
    [id, true],
    [id.toUpperCase(), false],
    [id.replaceAll('-', ''), false],
    [`${id}0`, false],
  ] as const) {
    assert.equal(uuidSchema.safeParse(text).success, isId, text);
    assert.equal(new RegExp(told.pattern as string).test(text), isId, text);
  }
});
