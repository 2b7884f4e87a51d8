import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { namesKeyTwice } from './json-body.ts';

test('a key that stands twice in one object is seen, however it is written and wherever it stands', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"pap":"PAP:AMBER" , "pap" : "PAP:CLEAR"}',
    '{"a":1,"\\u0061":2}',
    '[{"x":[{"b":{},"b":[]}]}]',
    '{"a":"\\\\","b":1,"a":2}',
    '{"":0,"":0}',
  ])
    assert.equal(namesKeyTwice(text), true, text);
});

test('the same words as values, in other objects or inside a text are no key twice', () => {
  for (const text of [
    '{"a":"a","b":"a"}',
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":1}}}',
    '{"a":"{\\"b\\":1,\\"b\\":2}"}',
    '{"a":["a","a"],"b":"\\"a\\":"}',
    '"a"',
    '7',
  ])
    assert.equal(namesKeyTwice(text), false, text);
});

test('what a parser wrote itself never names a key twice; said twice by hand, it does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const text = JSON.stringify(value, null, 1);
      assert.equal(namesKeyTwice(text), false);
      const [key] = Object.keys(value);
      assert.equal(namesKeyTwice(`${text.slice(0, text.lastIndexOf('}'))},${JSON.stringify(key)}:0}`), true);
    }),
  );
});
