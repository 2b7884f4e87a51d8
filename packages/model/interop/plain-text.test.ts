import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlainText } from './plain-text.ts';

function read(text: string) {
  const reading = readPlainText(text);
  assert.ok(reading.ok);
  return reading.value;
}

test('a text becomes a report without statements, titled by its first line', () => {
  const imported = read('\r\n  Two couriers at the pier  \r\nThey left by boat.\r\n');
  assert.equal(imported.title, 'Two couriers at the pier');
  assert.ok(imported.text.endsWith('They left by boat.'));
  assert.deepEqual(imported.statements, []);
  assert.match(imported.notes[0]!, /without statements/);
});

test('a first line too long for a title is cut, and stands whole in the text', () => {
  const imported = read(`${'ยาว'.repeat(100)}\nrest`);
  assert.equal([...imported.title].length, 120);
  assert.ok(imported.text.startsWith('ยาว'.repeat(100)));
});

test('nobody knows the language of a text until somebody says it', () => {
  assert.equal(read('안녕').lang, 'und');
});

test('control characters are written out, an empty text and NUL are refused', () => {
  assert.ok(read('bell\u0007').text.includes('\\u0007'));
  assert.deepEqual(readPlainText(' \n '), { ok: false, refusal: { code: 'empty-file', facts: {} } });
  assert.deepEqual(readPlainText('a\nb\0'), { ok: false, refusal: { code: 'nul-character', facts: { line: 2 } } });
});

test('a text in which nothing can be seen is empty, and a title is taken from the first line that shows something', () => {
  for (const text of ['\u200b', '\u2060\n \u200d', '\u3164']) {
    const reading = readPlainText(text);
    assert.equal(reading.ok ? null : reading.refusal.code, 'empty-file', JSON.stringify(text));
  }
  assert.equal(read('\u200b\nKim crossed at noon').title, 'Kim crossed at noon');
});
