import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { byeCodes } from './bye.ts';
import type { Lane } from './door.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { defaultLimits } from './limits.ts';
import { readFrame } from './read-frame.ts';

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const seq = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const number = fc.nat();
const lane = fc.constantFrom<Lane>(0, 1, 2, 3);

const hello = fc.record({
  memberId: bytes(16),
  charter: fc.record({ version: number, hash: bytes(32) }),
  lanes: fc.array(fc.record({ next: seq, acked: seq, head: bytes(32) }), { minLength: 4, maxLength: 4 }),
  bounds: fc.record({ maxCopyBytes: number, maxFrameBytes: number }),
  checkpoint: fc.option(bytes(1, 300)),
  versions: fc.array(number, { minLength: 1, maxLength: 4 }),
});
const state = fc.oneof(
  fc.record({ state: fc.constantFrom('durable' as const, 'held' as const) }),
  fc.record({ state: fc.constant('refused' as const), code: fc.constantFrom('malformed', 'signature_invalid') }),
);
const copies = lane.chain((one) =>
  fc.array(fc.record({ lane: fc.constant(one), seq, bytes: bytes(1, 64) }), { minLength: 1, maxLength: 8 }),
);
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('hello' as const), hello }),
  fc.record({
    kind: fc.constant('bye' as const),
    code: fc.constantFrom(...byeCodes),
    retryAfterMs: fc.nat(86_400_000),
  }),
  fc.record({ kind: fc.constant('env' as const), batch: number, copies }),
  fc.record({
    kind: fc.constant('ack' as const),
    acks: fc.array(fc.record({ batch: number, states: fc.array(state, { maxLength: 8 }) }), { maxLength: 8 }),
  }),
  fc.record({ kind: fc.constant('receipt' as const), receipts: fc.array(bytes(1, 64), { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('need' as const), lane, from: seq, to: seq }).filter((need) => need.from <= need.to),
  fc.record({ kind: fc.constant('credit' as const), bytes: fc.array(number, { minLength: 4, maxLength: 4 }) }),
  fc.record({
    kind: fc.constantFrom('charter' as const, 'keys' as const, 'log' as const, 'blob' as const),
    payload: bytes(0, 64),
  }),
);

test('every frame is read as it was written', () => {
  fc.assert(
    fc.property(frame, (one) => {
      assert.deepEqual(readFrame(encodeFrame(one), defaultLimits), structuredClone(one));
    }),
    { numRuns: 300 },
  );
});

test('a frame with one byte changed is another frame or none, and never an accident', () => {
  fc.assert(
    fc.property(frame, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, place, change) => {
      const written = encodeFrame(one);
      written[place % written.length]! ^= change;
      const read = readFrame(written, defaultLimits);
      if (read !== null) assert.deepEqual(encodeFrame(read), written);
    }),
    { numRuns: 500 },
  );
});

test('random bytes and cut frames are never an accident', () => {
  fc.assert(
    fc.property(bytes(0, 200), (noise) => void readFrame(noise, defaultLimits)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(frame, fc.nat(), (one, place) => {
      const written = encodeFrame(one);
      assert.equal(readFrame(written.subarray(0, place % written.length), defaultLimits), null);
    }),
    { numRuns: 200 },
  );
});
