import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode as encodeCde } from 'cbor2';
import * as cborg from 'cborg';
import fc from 'fast-check';
import {
  CBOR_DEPTH_MAX,
  CBOR_ITEMS_MAX,
  CBOR_SIZE_BYTES_MAX,
  type CborValue,
  decode,
  encode,
  fromHex,
  joinBytes,
  MalformedCbor,
  sameBytes,
  toHex,
} from './index.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const integer = fc.oneof(
  fc.integer({ min: -30, max: 300 }),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(1n << 64n), max: (1n << 64n) - 1n }).filter((value) => !isSafe(value)),
);
const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    integer,
    text,
    fc.boolean(),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.array(fc.tuple(fc.maxSafeInteger(), tie('value')), { maxLength: 10 }).map((entries) => new Map(entries)),
  ),
}));

const isRefused = (bytes: Uint8Array): boolean => {
  try {
    decode(bytes);
    return false;
  } catch (error) {
    assert.ok(error instanceof MalformedCbor, `an unlisted error: ${error}`);
    return true;
  }
};

test('what is encoded comes back the same, and both oracles write the same bytes', () => {
  fc.assert(
    fc.property(value, (original) => {
      const bytes = encode(original);
      assert.deepEqual(decode(bytes), original);
      assert.equal(toHex(bytes), toHex(encodeCde(original, { cde: true })), 'cbor2');
      assert.equal(toHex(bytes), toHex(cborg.encode(original)), 'cborg');
    }),
    { numRuns: 500 },
  );
});

test('any bytes are either refused or are exactly what encoding their value gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      if (!isRefused(bytes)) assert.ok(sameBytes(encode(decode(bytes)), bytes));
    }),
    { numRuns: 5_000 },
  );
});

test('changing one byte of an encoding never gives back the same value', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, at, change) => {
      const bytes = encode(original).slice();
      const place = at % bytes.length;
      bytes[place] = (bytes[place] as number) ^ change;
      if (!isRefused(bytes)) assert.notDeepEqual(decode(bytes), original);
    }),
    { numRuns: 1_000 },
  );
});

test('the map keys of RFC 8949 come in the order of their bytes', () => {
  const map = new Map<number, CborValue>([-1, 100, 10, 24, 0, -100].map((key) => [key, key]));
  assert.equal(toHex(encode(map)), 'a600000a0a1818181818641864202038633863');
});

const refused: Readonly<Record<string, string>> = {
  nothing: '',
  'bytes after the value': '0000',
  'an integer longer than needed': '1817',
  'a length longer than needed': '580100',
  'an eight-byte integer that fits in four': '1b0000000000000001',
  'an indefinite byte string': '5f4100ff',
  'an indefinite array': '9f00ff',
  'an indefinite map': 'bf0000ff',
  'unsorted map keys': 'a201000000',
  'a duplicate map key': 'a200000001',
  'a text map key': 'a1616100',
  'a byte string map key': 'a1410000',
  'a map key beyond 2^53': 'a11b002000000000000000',
  null: 'f6',
  undefined: 'f7',
  'a simple value': 'e0',
  'a two-byte simple value': 'f8ff',
  'a half float': 'f90000',
  'a double': 'fb3ff8000000000000',
  NaN: 'f97e00',
  'a tag': 'c000',
  'a bignum': 'c2410a',
  'a stop code alone': 'ff',
  'text that is not UTF-8': '61ff',
  'text with a UTF-8 surrogate': '63eda080',
  'overlong UTF-8': '62c080',
  'an array cut short': '8200',
  'a byte string cut short': '4201',
  'an array of 2^32 items': '9affffffff',
  'a byte string of 2^64 − 1 bytes': '5bffffffffffffffff',
  'an argument cut short': '19ff',
};

for (const [what, bytes] of Object.entries(refused)) {
  test(`${what} is refused`, () => assert.ok(isRefused(fromHex(bytes))));
}

test('bytes are refused before they can be nested deep or unpacked into millions of values', () => {
  const nested = (depth: number) => joinBytes(new Uint8Array(depth).fill(0x81), Uint8Array.of(0));
  assert.ok(!isRefused(nested(CBOR_DEPTH_MAX)));
  assert.ok(isRefused(nested(CBOR_DEPTH_MAX + 1)));
  const maps = (depth: number) => joinBytes(fromHex('a100'.repeat(depth)), Uint8Array.of(0));
  assert.ok(!isRefused(maps(CBOR_DEPTH_MAX)));
  assert.ok(isRefused(maps(CBOR_DEPTH_MAX + 1)));
  const zeros = (count: number) =>
    joinBytes(fromHex(`9a${count.toString(16).padStart(8, '0')}`), new Uint8Array(count));
  assert.ok(!isRefused(zeros(CBOR_ITEMS_MAX - 1)));
  assert.ok(isRefused(zeros(CBOR_ITEMS_MAX)));
  assert.ok(isRefused(new Uint8Array(CBOR_SIZE_BYTES_MAX + 1)));
});

test('a bigint that fits a number is written as that number', () => {
  for (const small of [0, 1, -1, 24, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
    assert.equal(toHex(encode(BigInt(small))), toHex(encode(small)));
});

test('a byte order mark is a character like any other', () => {
  assert.equal(decode(encode('\ufeffa')), '\ufeffa');
});

test('byte strings are plain views into the input, even when the input is a Buffer', () => {
  const inner = decode(Buffer.from(encode(Uint8Array.of(1, 2, 3))));
  assert.ok(inner instanceof Uint8Array && !Buffer.isBuffer(inner));
});

test('our own mistakes are thrown: floats, lone surrogates, objects, integers beyond 64 bits', () => {
  for (const wrong of [1.5, Number.NaN, 2 ** 53, '\ud800', { a: 1 }, null, undefined, 1n << 64n, -(1n << 64n) - 1n])
    assert.throws(() => encode(wrong as CborValue), TypeError);
});
