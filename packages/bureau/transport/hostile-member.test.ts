import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { encode } from '@tripoint/envelope/cbor';
import type { ItemAck, Lane } from './door.ts';
import { bureaus, introduce, type LoopbackBureau, linked, type RawMember, random, rawMember, until } from './loopback.fixture.ts';

const env = (lane: Lane, from: number, count: number, sizeBytes = 100) => ({
  kind: 'env' as const,
  batch: from,
  copies: Array.from({ length: count }, (_, at) => ({ lane, seq: BigInt(from + at), bytes: random(sizeBytes) })),
});

/** Seoul still serves others after what the hostile member did. */
async function stillServes(seoul: LoopbackBureau, bangkok: LoopbackBureau): Promise<void> {
  const before = seoul.arrived(bangkok, 2).length;
  bangkok.post(seoul, 2);
  await until(() => seoul.arrived(bangkok, 2).length === before + 1);
}

function byeOf(raw: RawMember): string | undefined {
  const bye = raw.heard.find((frame) => frame.kind === 'bye');
  return bye?.kind === 'bye' ? bye.code : undefined;
}

/** Seoul and Bangkok are linked; Hanoi is a member whose own bureau stays silent, so that a hostile hand can play it. */
async function withHostile(t: Parameters<typeof bureaus>[0], limits: Parameters<typeof bureaus>[2] = {}) {
  const [seoul, bangkok, hanoi] = (await bureaus(t, 3, { yieldMs: 0, ...limits })) as [LoopbackBureau, LoopbackBureau, LoopbackBureau];
  introduce([seoul, bangkok]);
  await until(() => seoul.transport.links().get(bangkok.id) === 'up');
  return { seoul, bangkok, hanoi };
}

const malformed: [string, Uint8Array][] = [
  ['bytes that are no CBOR', Uint8Array.of(0xff, 0x00, 0x13)],
  ['CBOR that is not deterministic', Uint8Array.of(0x82, 0x18, 0x01, 0x00)],
  ['an empty frame', new Uint8Array(0)],
  ['an unknown frame number', encode([11, 1])],
  ['a batch without copies', encode([2, 1, []])],
  ['an empty copy', encode([2, 1, [[2, 1, new Uint8Array(0)]]])],
  ['two lanes in one batch', encode([2, 1, [[1, 1, random(9)], [2, 1, random(9)]]])],
  ['a lane that does not exist', encode([2, 1, [[4, 1, random(9)]]])],
  ['a copy above the bound', encode([2, 1, [[2, 1, new Uint8Array(1_114_113)]]])],
  ['257 copies', encode([2, 1, Array.from({ length: 257 }, (_, at) => [2, at + 1, random(1)])])],
  ['an answer to a batch never sent', encode([3, [[77, [0]]]])],
  ['a state that does not exist', encode([3, [[1, [2]]]])],
  ['a range that runs backwards', encode([5, 2, 9, 8])],
  ['credit for three lanes', encode([6, [1, 1, 1]])],
  ['credit beyond reason', encode([6, [Number.MAX_SAFE_INTEGER, 0, 0, 0]])],
  ['a bye outside the closed list', encode([1, 'because', 0])],
  ['a second hello', encode([0, [1], new Uint8Array(16), [1, new Uint8Array(32)], [], [1, 1], new Uint8Array(0)])],
];

test('a member that sends what is no frame hears bye; the bureau lives and serves the others', async (t) => {
  const { seoul, bangkok, hanoi } = await withHostile(t, { peersMayReturn: true } as never);
  for (const [what, bytes] of malformed) {
    await t.test(what, async (t) => {
      const raw = await rawMember(t, hanoi, seoul);
      raw.ws.send(bytes);
      await until(() => raw.closeCode() !== null);
      assert.equal(byeOf(raw), 'malformed');
    });
  }
  assert.equal(seoul.arrived(hanoi, 2).length, 0);
  await stillServes(seoul, bangkok);
});
