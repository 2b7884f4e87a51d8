import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newUuid, uuidFrom } from './uuid.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('whatever the bytes, a uuid says its version and variant, keeps the other 122 bits and leaves the bytes alone', () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom(4 as const, 8 as const), (given, version) => {
      const before = Buffer.from(given);
      const uuid = uuidFrom(given, version);
      assert.match(uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      const made = Buffer.from(uuid.replaceAll('-', ''), 'hex');
      assert.equal((made[6] as number) >> 4, version);
      assert.equal((made[8] as number) >> 6, 2);
      const free = (all: Uint8Array) => all.map((byte, at) => (at === 6 ? byte & 0x0f : at === 8 ? byte & 0x3f : byte));
      assert.deepEqual(free(made), free(before));
      assert.deepEqual(Buffer.from(given), before);
    }),
  );
  assert.equal(
    newUuid((size) => new Uint8Array(size).fill(255)),
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  );
});
