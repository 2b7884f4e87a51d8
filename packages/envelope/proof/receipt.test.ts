import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborValue, decode, encode, sameBytes } from '../cbor/index.ts';
import { signingKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import { decodeReceipt, RECEIPT_STATES, type Receipt, receiptLeaf, signReceipt, verifyReceipt } from './index.ts';

const random = seededRandom('receipt');
const signer = signingKeyFromSeed(random(64));
const DAY_MS = 86_400_000;

const receiptOf = (change: Partial<Receipt> = {}): Omit<Receipt, 'signerKid'> => ({
  senderId: random(16),
  charter: { version: 1, hash: random(32) },
  lane: 2,
  fromSeq: 5,
  toSeq: 9,
  leafAtToSeq: random(32),
  state: 'verified',
  exceptions: [
    { seq: 6, leaf: random(32), code: 'unreadable' },
    { seq: 8, leaf: random(32), code: 'schema_invalid' },
  ],
  receivedAtMs: 1_800_000_000_000,
  stateAtMs: 1_800_000_000_250,
  ...change,
});

const single = { fromSeq: 9, toSeq: 9, exceptions: [] };

test('what is receipted comes back the same, signed, with a leaf for both logs', () => {
  const receipt = receiptOf();
  const decoded = decodeReceipt(signReceipt(receipt, signer));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.signed.receipt, { ...receipt, signerKid: signer.kid });
  const verdict = verifyReceipt(decoded.signed, signer.verifying);
  assert.ok(verdict.ok && sameBytes(verdict.leaf, receiptLeaf(decoded.signed.receiptBytes)));
});

test('every state can be said, and a mere receipt has no second time', () => {
  for (const state of RECEIPT_STATES) {
    const { stateAtMs, ...rest } = receiptOf({ ...single, state });
    const times = state === 'received' ? {} : { stateAtMs: state === 'opened' ? 1_800_057_600_000 : stateAtMs };
    const decoded = decodeReceipt(signReceipt({ ...rest, ...times } as Omit<Receipt, 'signerKid'>, signer));
    assert.ok(decoded.ok && decoded.signed.receipt.state === state, state);
  }
});

test('any changed byte of a receipt is refused, and another bureau’s key does not vouch for it', () => {
  const bytes = signReceipt(receiptOf(), signer);
  for (let at = 0; at < bytes.length; at += 5) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ (1 << (at % 8));
    const decoded = decodeReceipt(changed);
    assert.ok(!decoded.ok || !verifyReceipt(decoded.signed, signer.verifying).ok, `byte ${at}`);
  }
  const decoded = decodeReceipt(bytes);
  assert.ok(decoded.ok && !verifyReceipt(decoded.signed, signingKeyFromSeed(random(64)).verifying).ok);
});

const impossible: Readonly<Record<string, Partial<Receipt>>> = {
  'a range that runs backwards': { fromSeq: 10 },
  'a seq of zero': { fromSeq: 0 },
  'a lane that is none': { lane: 4 as 3 },
  'an exception outside the range': { exceptions: [{ seq: 10, leaf: random(32), code: 'unreadable' }] },
  'an exception twice': { exceptions: [6, 6].map((seq) => ({ seq, leaf: random(32), code: 'unreadable' })) },
  'a code that is free text': { exceptions: [{ seq: 6, leaf: random(32), code: 'Sorry, no' }] },
  'a reading of several at once': { state: 'opened', stateAtMs: 20_000 * DAY_MS },
  'a reading finer than a day': { ...single, state: 'opened', stateAtMs: 20_000 * DAY_MS + 1 },
  'a verification before the bytes were durable': { stateAtMs: 1_799_999_999_999 },
  'a charter version 0': { charter: { version: 0, hash: random(32) } },
};

for (const [what, change] of Object.entries(impossible)) {
  test(`${what} is never signed`, () => assert.throws(() => signReceipt(receiptOf(change), signer), RangeError));
}

test('a receipt with any field missing or of another shape is malformed', () => {
  const [map, ed, ml] = decode(signReceipt(receiptOf(), signer)) as [Map<number, CborValue>, Uint8Array, Uint8Array];
  const isMalformed = (receipt: CborValue): boolean => {
    const result = decodeReceipt(encode([receipt, ed, ml]));
    return !result.ok && result.why === 'malformed';
  };
  for (const [key, value] of map) {
    assert.ok(isMalformed(new Map([...map].filter(([other]) => other !== key))), `without ${key}`);
    const odd = value instanceof Uint8Array ? [value.subarray(1), new Uint8Array(value.length + 1)] : [-1];
    for (const wrong of ['text', true, new Map(), [0], ...odd])
      assert.ok(isMalformed(new Map([...map, [key, wrong]])), `field ${key}`);
  }
  const leaf = random(32);
  for (const entry of [
    [6],
    [6, leaf],
    [6, leaf, 'code', 0],
    [6, leaf.subarray(1), 'code'],
    ['6', leaf, 'code'],
    [6, leaf, 7],
  ])
    assert.ok(isMalformed(new Map([...map, [11, [entry]]])));
  for (const hash of [[1], [1, leaf, 0], [1, leaf.subarray(1)], ['1', leaf]])
    assert.ok(isMalformed(new Map([...map, [5, hash]])));
  for (const wrong of [
    [map, ed],
    [map, ed, ml, 0],
    [map, ed.subarray(1), ml],
    [map, ed, ml.subarray(1)],
    [0, ed, ml],
    map,
  ]) {
    const result = decodeReceipt(encode(wrong as CborValue));
    assert.ok(!result.ok && result.why === 'malformed');
  }
});

test('a receipt lists at most 4,096 exceptions', () => {
  const withExceptions = (count: number) => {
    const exceptions = Array.from({ length: count }, (_, i) => ({
      seq: i + 5,
      leaf: new Uint8Array(32),
      code: 'unreadable',
    }));
    return signReceipt(receiptOf({ toSeq: 10_000, exceptions }), signer);
  };
  assert.ok(decodeReceipt(withExceptions(4_096)).ok);
  assert.throws(() => withExceptions(4_097), RangeError);
});

test('another version or suite is named as such', () => {
  const [map, ed, ml] = decode(signReceipt(receiptOf(), signer)) as [Map<number, never>, never, never];
  const why = (change: [number, unknown]) => {
    const result = decodeReceipt(encode([new Map([...map, change as [number, never]]), ed, ml]));
    return result.ok ? 'ok' : result.why;
  };
  assert.equal(why([1, 2]), 'version_unsupported');
  assert.equal(why([2, 2]), 'suite_not_permitted');
  assert.equal(why([14, 2]), 'malformed');
  assert.equal(why([10, 8]), 'malformed');
  const cut = decodeReceipt(random(50));
  assert.ok(!cut.ok && cut.why === 'malformed');
});
