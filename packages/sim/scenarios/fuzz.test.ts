/**
 * Chance against every route: bodies, queries, ids and headers grown from the routes' own schemas and then spoilt. A
 * bureau answers each with the form its contract promises and never with a fault of its own.
 * A failing run prints its seed; `TRIPOINT_FUZZ_SEED` runs it again, `TRIPOINT_FUZZ_RUNS` runs more.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { type Answer, ask, type Question } from './fixtures/ask.ts';
import { pathsOf, withValue } from './fixtures/bending.ts';
import { bearer, openCoalition } from './fixtures/coalition.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file, freshKey } from './fixtures/filing.ts';
import { refusalOf } from './fixtures/problem.ts';
import { type RouteSeen, routesOf, type SchemaText } from './fixtures/routes.ts';

const coalition = await openCoalition(['KR', 'PH']);
after(() => coalition[Symbol.asyncDispose]());
const kr = coalition.card('KR');
const seen = await routesOf(kr.url);
const known = await file(kr, 'desk-officer', goodDraft(['PH']));

const seed = Number(process.env.TRIPOINT_FUZZ_SEED ?? randomInt(2 ** 31));
const numRuns = Number(process.env.TRIPOINT_FUZZ_RUNS ?? 3_000);

/** Whatever text a person, a program or an enemy may write. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '__proto__',
    'constructor',
    '../..',
    "' OR 1=1",
    '<svg onload=x>',
    '9'.repeat(400),
  ),
  fc.uuid(),
  fc.constant(known),
);

/** Values of the schema's shape: right in form, random in content. */
function valuesOf(given: SchemaText, depth = 0): Arbitrary<unknown> {
  const schema = seen.resolve(given);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((one) => valuesOf(one, depth + 1)));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([name, part]) => [name, valuesOf(part, depth + 1)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, depth + 1), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: depth > 2 ? 2 : 4,
      });
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer(), fc.double(), fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 100 }));
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.format === 'uuid' ? fc.oneof(fc.uuid(), fc.constant(known)) : anyText;
    default:
      return fc.jsonValue();
  }
}

/** One to three places of a good body replaced by anything. */
const spoilt = (good: object): Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(good)), fc.oneof(anyText, fc.jsonValue(), fc.constant(null))), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => changes.reduce((body, [path, value]) => tried(body, path, value), good));

function tried(body: object, path: readonly (string | number)[], value: unknown): object {
  try {
    return withValue(body, path, value);
  } catch {
    return body; // an earlier change took the place away
  }
}

/** A good report in the words of chance. */
const written: Arbitrary<object> = fc
  .record({
    title: anyText,
    text: anyText,
    value: anyText,
    entity: anyText,
    property: fc.constantFrom('note', 'name', 'phone', 'birthDate', 'zz'),
  })
  .map(({ title, text, ...claim }) => goodDraft(['PH'], { title, text, statements: [{ schema: 'Person', ...claim }] }));

function bodyOf({ body }: RouteSeen): Arbitrary<unknown> {
  if (!body) return fc.option(fc.jsonValue(), { nil: undefined });
  const isReport = seen.resolve(body).properties?.statements !== undefined;
  const ofReports = isReport ? [spoilt(goodDraft(['PH'])), written, written, written] : [];
  return fc.oneof(valuesOf(body), fc.jsonValue({ maxDepth: 4 }), ...ofReports);
}

const queryOf = ({ queries }: RouteSeen): Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom('zz', ...queries.map(({ name }) => name)),
        fc.oneof(anyText, ...queries.map(({ schema }) => valuesOf(schema))),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${encoded(String(value))}`).join('&'));

const idOf: Arbitrary<string> = fc.oneof(
  fc.constant(known),
  fc.uuid(),
  anyText.map(encoded),
  fc.constantFrom('%zz', '%', '..', 'a'.repeat(101)),
);

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()) || 'x';
}

const headers: Arbitrary<Record<string, string>> = fc.record(
  {
    'idempotency-key': fc.oneof(fc.constant(freshKey()), fc.stringMatching(/^[\x20-\x7e]{0,210}$/)),
    'content-type': fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8') },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'x/y') },
    ),
    'last-event-id': fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
    accept: fc.constantFrom('*/*', 'text/html', 'application/xml'),
    cookie: fc.stringMatching(/^[\x21-\x7e]{0,80}$/),
  },
  { requiredKeys: [] },
);

interface Fuzzed {
  question: Question;
  route: RouteSeen;
}

const routes = seen.routes.filter(
  ({ method, path }) => path !== '/api/live' && `${method} ${path}` !== 'POST /api/session',
);
const fuzzed: Arbitrary<Fuzzed> = fc.constantFrom(...routes).chain((route) =>
  fc
    .record({
      id: idOf,
      query: queryOf(route),
      body: bodyOf(route),
      more: headers,
      role: fc.constantFrom('desk-officer', 'analyst', 'unit-head', 'administrator', null),
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(route.method) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS') },
      ),
    })
    .map(({ id, query, body, more, role, method }) => ({
      route,
      question: {
        method,
        path: route.path.replaceAll(/\{\w+\}/g, id) + (query === '' ? '' : `?${query}`),
        ...(body === undefined || method === 'GET' || method === 'HEAD'
          ? {}
          : { body: JSON.stringify(body) ?? 'null' }),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': freshKey(),
          ...more,
          ...(role ? bearer(kr, role) : {}),
        },
      },
    })),
);

const statuses = new Map<number, number>();

function fits(answer: Answer, { question }: Fuzzed): void {
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  if (answer.status < 300) return;
  assert.ok(answer.status < 500, `${question.method} ${question.path}: ${answer.status}`);
  if (question.method !== 'HEAD') refusalOf(answer, `${question.method} ${question.path}`);
}

test(`nothing that chance writes brings a bureau to fail (seed ${seed}, ${numRuns} runs)`, async (t) => {
  await fc.assert(
    fc.asyncProperty(fuzzed, async (one) => fits(await ask(kr.url, one.question), one)),
    { seed, numRuns, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
  );
  t.diagnostic(
    `answers ${[...statuses]
      .sort()
      .map(([status, count]) => `${status}×${count}`)
      .join(' ')}`,
  );
});

test('chance files no report that cannot be listed, read and delivered', async () => {
  const { items } = (await ask(kr.url, { path: '/api/reports?limit=200', headers: bearer(kr, 'desk-officer') }))
    .json as { items: { id: string; own: boolean }[] };
  assert.ok(items.length > 1, 'chance filed something');
  for (const { id } of items) {
    assert.equal((await ask(kr.url, { path: `/api/reports/${id}`, headers: bearer(kr, 'desk-officer') })).status, 200);
    await delivered(kr, 'desk-officer', id);
  }
  await delivered(kr, 'desk-officer', await file(kr, 'desk-officer', goodDraft(['PH'])));
});
