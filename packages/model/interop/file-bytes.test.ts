import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeText } from './file-bytes.ts';
import { ImportRefused } from './refusal.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function outcome(...pieces: Uint8Array[]) {
  try {
    return [...decodeText(pieces)].join('');
  } catch (error) {
    if (error instanceof ImportRefused) return error.refusal;
    throw error;
  }
}

test('text in all seven languages is read, wherever the pieces are cut', () => {
  const text = '대한민국 ភ្នំពេញ ວຽງຈັນ กรุงเทพ Đà Nẵng Niño 😀';
  const whole = bytesOf(text);
  for (let cut = 0; cut <= whole.length; cut += 1)
    assert.equal(outcome(whole.subarray(0, cut), whole.subarray(cut)), text);
});

test('bytes are accepted exactly when they are UTF-8', () => {
  const likely = fc.constantFrom(
    0x41,
    0x80,
    0xbf,
    0xc0,
    0xc3,
    0xe0,
    0xa0,
    0xed,
    0x9f,
    0xf0,
    0x90,
    0xf4,
    0x8f,
    0xff,
    0xef,
  );
  fc.assert(
    fc.property(fc.array(likely, { minLength: 1, maxLength: 8 }), (list) => {
      const bytes = Uint8Array.from([0x20, ...list]);
      let expected: string | undefined;
      try {
        expected = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        expected = undefined;
      }
      const got = outcome(bytes);
      assert.equal(typeof got === 'string' ? got : undefined, expected);
    }),
  );
});

test('a byte that is not UTF-8 is named by its place, across pieces', () => {
  assert.deepEqual(outcome(bytesOf('ok '), Uint8Array.from([0x4e, 0xf1, 0x6f])), {
    code: 'not-utf8',
    facts: { byte: 4 },
  });
});

test('an archive is refused unopened: a bomb of a hundred megabytes costs nothing', () => {
  const bomb = gzipSync(new Uint8Array(100 * 1024 ** 2));
  assert.deepEqual(outcome(bomb), { code: 'archive', facts: { found: 'gzip' } });
  assert.deepEqual(outcome(Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0])), { code: 'archive', facts: { found: 'zip' } });
});

test('programs, pictures, UTF-16 and empty files are refused by their name', () => {
  assert.deepEqual(outcome(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2])), { code: 'binary-file', facts: {} });
  assert.deepEqual(outcome(Uint8Array.from([0x61, 0x00, 0x62])), { code: 'binary-file', facts: { byte: 1 } });
  assert.deepEqual(outcome(Uint8Array.from([0xff, 0xfe, 0x61, 0x00])), { code: 'not-utf8', facts: { byte: 0 } });
  assert.deepEqual(outcome(), { code: 'empty-file', facts: {} });
});
