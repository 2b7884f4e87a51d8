import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensOf } from './tokens.ts';

const tokens = tokensOf(new Uint8Array(32).fill(7));
const phone = { type: 'phone', key: '+66800000001' };

test('equal values of one type meet, and nothing else does', () => {
  assert.deepEqual(tokens.match(phone), tokens.match({ ...phone }));
  assert.deepEqual(tokens.match(phone), tokens.match({ type: 'phone', key: Buffer.from('+66800000001') }));
  assert.notDeepEqual(tokens.match(phone), tokens.match({ ...phone, type: 'imei' }));
  assert.notDeepEqual(tokens.match(phone), tokens.match({ ...phone, key: '+66800000002' }));
  assert.notDeepEqual(tokens.match({ type: 'a', key: 'bc' }), tokens.match({ type: 'ab', key: 'c' }));
});

test('another bureau’s tokens and entity keys are others', () => {
  const theirs = tokensOf(new Uint8Array(32).fill(8));
  assert.notDeepEqual(tokens.match(phone), theirs.match(phone));
  assert.notEqual(tokens.entityKey('item', 1), theirs.entityKey('item', 1));
});

test('an entity key hangs on the item and the number, and looks like any uuid', () => {
  const key = tokens.entityKey('7d9f0c1e-58a5-4d1c-9f6a-2b6f3a7c9d10', 1);
  assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(key, tokens.entityKey('7d9f0c1e-58a5-4d1c-9f6a-2b6f3a7c9d11', 1));
  assert.notEqual(key, tokens.entityKey('7d9f0c1e-58a5-4d1c-9f6a-2b6f3a7c9d10', 2));
});

test('a key of another length is our own mistake', () => {
  assert.throws(() => tokensOf(new Uint8Array(16)), /32 bytes/);
});
