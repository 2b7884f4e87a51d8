import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Json, readJson } from './json.ts';
import { ImportRefused } from './refusal.ts';

function refusalOf(text: string) {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof ImportRefused) return error.refusal;
    throw error;
  }
}

/** Maps back to plain objects, for comparison only. */
function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

test('what JSON.parse reads, this reader reads alike', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
      const value = JSON.parse(text);
      assert.deepEqual(plain(readJson(JSON.stringify(value, undefined, space))), value);
    }),
  );
});

test('what JSON.parse refuses, this reader refuses too', () => {
  const unit = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '1',
    '-',
    '.',
    'e',
    'true',
    'null',
    '\\',
    'u',
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 16 }), (text) => {
      const refused = refusalOf(text);
      if (refused === undefined) assert.doesNotThrow(() => JSON.parse(text));
    }),
  );
});

test('a file that was cut off says so, with line and column', () => {
  assert.deepEqual(refusalOf('{"type": "bundle",\n "objects": [{"id": "x"'), {
    code: 'json-cut-off',
    facts: { line: 2, column: 24 },
  });
  assert.equal(refusalOf('{"a": "no end')?.code, 'json-cut-off');
});

test('a bomb of brackets is refused at the bound, not at the end of the stack', () => {
  assert.equal(refusalOf('['.repeat(5_000_000))?.code, 'json-too-deep');
  assert.equal(refusalOf('{"a":'.repeat(100_000))?.code, 'json-too-deep');
});

test('a key that stands twice is refused, because one of its values would be lost', () => {
  assert.deepEqual(refusalOf('{"value": "1",\n"value": "2"}'), {
    code: 'json-key-twice',
    facts: { line: 2, column: 8, found: 'value' },
  });
});

test('a key called __proto__ is only a key', () => {
  const read = readJson('{"__proto__": {"polluted": true}}');
  assert.ok(read instanceof Map && read.has('__proto__'));
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('an identifier longer than a double keeps every digit', () => {
  assert.deepEqual(plain(readJson('{"id": 12345678901234567890, "small": 12.5}')), {
    id: '12345678901234567890',
    small: 12.5,
  });
});

test('broken JSON says what was expected where', () => {
  assert.deepEqual(refusalOf('{"a" 1}'), { code: 'json-broken', facts: { line: 1, column: 6, expected: 'a colon' } });
  assert.equal(refusalOf('{"a": 1} trailing')?.code, 'json-broken');
  assert.equal(refusalOf('   ')?.code, 'empty-file');
});
