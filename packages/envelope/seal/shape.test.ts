/** What stands in a copy must have exactly its shape: every field is dropped, retyped, prolonged and pushed past its bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborMap, type CborValue, decode, encode } from '../cbor/index.ts';
import { sampleCoalition, sampleSealInput } from '../vectors/sample-coalition.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import { encodeInner, type Inner, inspectCopy, readInner, sealEnvelope } from './index.ts';

const random = seededRandom('shape');
const input = sampleSealInput(sampleCoalition('shape', 2), { payload: random(20) });
const sealed = sealEnvelope({ ...input, gatewayLabel: 'gateway' }, random);
const parts = decode((sealed.copies[0] as { bytes: Uint8Array }).bytes) as CborValue[];

/** Values that are never right in place of `value`: other kinds, and bytes one too short or too long. */
function wrongInsteadOf(value: CborValue): CborValue[] {
  const others: CborValue[] = [-1, 'text', true, [], new Map(), new Uint8Array(1)];
  const sameKind = (other: CborValue) => kindOf(other) === kindOf(value) && kindOf(value) !== 'map';
  const odd = value instanceof Uint8Array ? [value.subarray(1), new Uint8Array(value.length + 1)] : [];
  return [...others.filter((other) => !sameKind(other) || other === -1), ...odd];
}

const kindOf = (value: CborValue): string =>
  value instanceof Uint8Array ? 'bytes' : Array.isArray(value) ? 'list' : value instanceof Map ? 'map' : typeof value;

/** The list with each item replaced in turn by each wrong value, and with one item too few and too many. */
function wrongLists(list: readonly CborValue[]): CborValue[][] {
  const replaced = list.flatMap((item, i) => wrongInsteadOf(item).map((wrong) => list.with(i, wrong)));
  return [...replaced, list.slice(0, -1), [...list, 0]];
}

const whyOf = (copy: CborValue): string => {
  const result = inspectCopy(encode(copy), { kemKeyStatus: () => 'ours' });
  return result.ok ? 'ok' : result.why;
};

test('a copy with any part of another shape is malformed', () => {
  assert.equal(whyOf(parts), 'ok');
  for (const wrong of wrongLists(parts)) assert.equal(whyOf(wrong), 'malformed');
  for (const stanza of wrongLists(parts[2] as CborValue[])) assert.equal(whyOf(parts.with(2, stanza)), 'malformed');
  const hashes = parts[1] as CborValue[];
  for (const hash of wrongInsteadOf(hashes[0] as CborValue))
    assert.equal(whyOf(parts.with(1, hashes.with(0, hash))), 'malformed');
});

test('a core with any field missing or of another shape is malformed', () => {
  const core = parts[0] as CborMap;
  for (const [key, value] of core) {
    const without = new Map([...core].filter(([other]) => other !== key));
    if (key !== 9) assert.equal(whyOf(parts.with(0, without)), 'malformed', `without ${key}`);
    for (const wrong of wrongInsteadOf(value))
      assert.equal(whyOf(parts.with(0, new Map([...core, [key, wrong]]))), 'malformed', `field ${key}`);
  }
  for (const charter of [...wrongLists(core.get(5) as CborValue[]), [0, random(32)]])
    assert.equal(whyOf(parts.with(0, new Map([...core, [5, charter]]))), 'malformed');
});

test('a gateway’s name has 1 to 64 characters, an expiry lies within 45 days', () => {
  const core = parts[0] as CborMap;
  const time = core.get(6) as number;
  const why = (key: number, value: CborValue) => whyOf(parts.with(0, new Map([...core, [key, value]])));
  assert.deepEqual([why(9, 'a'.repeat(64)), why(9, 'a'.repeat(65)), why(9, '')], ['ok', 'malformed', 'malformed']);
  assert.deepEqual([why(7, time), why(7, time - 1)], ['ok', 'malformed']);
  assert.deepEqual([why(7, time + 45 * 86_400), why(7, time + 45 * 86_400 + 1)], ['ok', 'malformed']);
});

const attachment = {
  id: random(16),
  key: random(32),
  sizeBytes: 9,
  plainHash: random(32),
  cipherHash: random(32),
  mediaType: 'image/png',
  required: true,
};
const full: Inner = {
  ...input.inner,
  exactTimeSec: 1,
  attachments: [attachment],
  part: { groupId: random(16), index: 0, count: 1, partIdsHash: random(32) },
  follows: [random(16)],
  firstSealing: { id: random(16), leaf: random(32) },
};
const fullMap = decode(encodeInner(full)) as CborMap;
const innerWith = (key: number, value: CborValue): Inner | null =>
  readInner(encode(new Map([...fullMap, [key, value]])));

test('an inner part with any field missing or of another shape is refused', () => {
  assert.deepEqual(readInner(encode(fullMap)), full);
  for (const key of [1, 2, 3, 4, 9]) {
    const without = new Map([...fullMap].filter(([other]) => other !== key));
    assert.equal(readInner(encode(without)), null, `without ${key}`);
  }
  for (const [key, value] of fullMap) {
    const anyLength = key === 2 || key === 3;
    const wrongs = anyLength ? [0, 'text', true, []] : wrongInsteadOf(value);
    for (const wrong of wrongs) assert.equal(innerWith(key, wrong), null, `field ${key}`);
  }
});

test('every entry inside the optional fields has its shape', () => {
  const [first] = fullMap.get(5) as [CborValue[]];
  for (const wrong of wrongLists(first)) assert.equal(innerWith(5, [wrong]), null);
  for (const wrong of wrongLists(fullMap.get(6) as CborValue[])) assert.equal(innerWith(6, wrong), null);
  for (const wrong of wrongLists(fullMap.get(8) as CborValue[])) assert.equal(innerWith(8, wrong), null);
  for (const key of [1, 7]) {
    for (const wrong of [[], [random(15)], ['text'], [random(16), random(17)]])
      assert.equal(innerWith(key, wrong), null, `field ${key}`);
  }
  assert.equal(innerWith(6, [random(16), 1, 1, random(32)]), null, 'a part beyond the count');
});

test('lists and texts inside are taken up to their bounds and not beyond', () => {
  const times = (count: number, value: CborValue): CborValue[] => Array.from({ length: count }, () => value);
  const isTaken = (key: number, value: CborValue) => innerWith(key, value) !== null;
  const [first] = fullMap.get(5) as [CborValue[]];
  const bounds: [number, number, (count: number) => CborValue][] = [
    [1, 64, (count) => times(count, random(16))],
    [4, 64, (count) => 'a'.repeat(count)],
    [5, 64, (count) => times(count, first)],
    [5, 127, (count) => [first.with(5, 'a'.repeat(count))]],
    [7, 256, (count) => times(count, random(16))],
  ];
  for (const [key, most, make] of bounds)
    assert.deepEqual([isTaken(key, make(most)), isTaken(key, make(most + 1))], [true, false], `field ${key}`);
  for (const type of ['', 'Report', '1report', 'a b', 'a\n']) assert.ok(!isTaken(4, type), JSON.stringify(type));
  assert.ok(isTaken(5, []) && isTaken(4, 'control.void-2'));
  assert.equal(readInner(random(9)), null);
  assert.equal(readInner(encode([1])), null);
});
