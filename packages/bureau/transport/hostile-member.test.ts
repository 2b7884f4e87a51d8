import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { encode } from '@tripoint/envelope/cbor';
import type { ItemAck, Lane } from './door.ts';
import type { Limits } from './limits.ts';
import {
  bureaus,
  introduce,
  type LoopbackBureau,
  linked,
  type RawMember,
  random,
  rawMember,
  until,
} from './loopback.fixture.ts';

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

/** Seoul and Bangkok are linked; of the other members only the keys are used, by hand. */
async function withHostile(t: TestContext, count = 1, limits: Partial<Limits> = {}) {
  const [seoul, bangkok, ...hostile] = await bureaus(t, 2 + count, { yieldMs: 0, ...limits });
  await Promise.all(hostile.map((member) => member.transport.stop()));
  introduce([seoul!, bangkok!]);
  await until(() => seoul!.transport.links().get(bangkok!.id) === 'up');
  return { seoul: seoul!, bangkok: bangkok!, hostile, hanoi: hostile[0]! };
}

const malformed: [string, Uint8Array][] = [
  ['bytes that are no CBOR', Uint8Array.of(0xff, 0x00, 0x13)],
  ['CBOR that is not deterministic', Uint8Array.of(0x82, 0x18, 0x01, 0x00)],
  ['an empty frame', new Uint8Array(0)],
  ['an unknown frame number', encode([11, 1])],
  ['a batch without copies', encode([2, 1, []])],
  ['an empty copy', encode([2, 1, [[2, 1, new Uint8Array(0)]]])],
  [
    'two lanes in one batch',
    encode([
      2,
      1,
      [
        [1, 1, random(9)],
        [2, 1, random(9)],
      ],
    ]),
  ],
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
  const { seoul, bangkok, hostile } = await withHostile(t, malformed.length);
  for (const [at, [what, bytes]] of malformed.entries()) {
    const raw = await rawMember(t, hostile[at]!, seoul);
    raw.ws.send(bytes);
    await until(() => raw.closeCode() !== null);
    assert.equal(byeOf(raw), 'malformed', what);
    assert.equal(seoul.arrived(hostile[at]!, 2).length, 0, what);
  }
  await stillServes(seoul, bangkok);
});

test('a member that was sent away is not let in again before its time', async (t) => {
  const { seoul, hanoi } = await withHostile(t);
  const raw = await rawMember(t, hanoi, seoul);
  raw.ws.send(new Uint8Array(0));
  await until(() => raw.closeCode() !== null);
  const again = await rawMember(t, hanoi, seoul, false);
  await until(() => again.closeCode() !== null);
  assert.deepEqual(again.heard, []);
});

test('a frame above 4 MiB is refused while it arrives, and the bureau lives', async (t) => {
  const { seoul, bangkok, hanoi } = await withHostile(t);
  const raw = await rawMember(t, hanoi, seoul);
  raw.ws.send(new Uint8Array(5 * 1_048_576));
  await until(() => raw.closeCode() !== null);
  assert.equal(raw.closeCode(), 1009);
  assert.ok(seoul.door.states.some(({ peer, why }) => peer === hanoi.id && why === 'too_large'));
  await stillServes(seoul, bangkok);
});

test('text frames are malformed', async (t) => {
  const { seoul, hanoi } = await withHostile(t);
  const raw = await rawMember(t, hanoi, seoul);
  raw.ws.send('hello');
  await until(() => raw.closeCode() !== null);
  assert.equal(byeOf(raw), 'malformed');
});

test('a flood from one member is cut at its limit while another is served', async (t) => {
  const { seoul, bangkok, hanoi } = await withHostile(t, 1, { envelopesPerSecond: 100, envelopeBurst: 500 });
  const raw = await rawMember(t, hanoi, seoul);
  for (let batch = 0; batch < 100; batch += 1) raw.say(env(2, 1 + batch * 50, 50));
  bangkok.post(seoul, 2);
  await until(() => raw.closeCode() !== null && seoul.arrived(bangkok, 2).length === 1);
  assert.equal(byeOf(raw), 'over_quota');
  const taken = seoul.arrived(hanoi, 2).length;
  assert.ok(taken <= 500 + 50, `${taken} of 5,000 were taken`);
});

test('a rain of tiny frames is a flood too', async (t) => {
  const { seoul, bangkok, hanoi } = await withHostile(t, 1, { framesPerSecond: 100, frameBurst: 1_000 });
  const raw = await rawMember(t, hanoi, seoul);
  for (let drop = 0; drop < 3_000; drop += 1) raw.say({ kind: 'credit', bytes: [0, 0, 0, 0] });
  await until(() => raw.closeCode() !== null);
  assert.equal(byeOf(raw), 'over_quota');
  await stillServes(seoul, bangkok);
});

test('a rain of pings ends the link', async (t) => {
  const { seoul, bangkok, hanoi } = await withHostile(t);
  const raw = await rawMember(t, hanoi, seoul);
  for (let drop = 0; drop < 3_000; drop += 1) raw.ws.ping();
  await until(() => raw.closeCode() !== null);
  await stillServes(seoul, bangkok);
});

test('a member that sends beyond its credit is cut', async (t) => {
  const { seoul, hanoi } = await withHostile(t, 1, { creditBytes: [9_000, 9_000, 9_000, 9_000], maxCopyBytes: 5_000 });
  seoul.door.commit = () => new Promise<ItemAck[]>(() => undefined);
  const raw = await rawMember(t, hanoi, seoul);
  raw.say(env(2, 1, 2, 4_000));
  raw.say(env(2, 3, 1, 4_000));
  await new Promise((later) => setTimeout(later, 50));
  assert.equal(raw.closeCode(), null);
  raw.say(env(2, 4, 1, 4_000));
  await until(() => raw.closeCode() !== null);
  assert.equal(byeOf(raw), 'over_quota');
});

test('a member that never reads its answers is cut before they fill the memory', async (t) => {
  const { seoul, hanoi } = await withHostile(t, 1, { sideBytes: 100_000 });
  const raw = await rawMember(t, hanoi, seoul);
  seoul.door.control = async () => random(60_000);
  raw.ws.pause();
  let told = 0;
  const saying = setInterval(() => {
    if (raw.ws.readyState !== raw.ws.OPEN) return;
    told += 1;
    raw.say(env(2, told, 1));
    for (let at = 0; at < 8; at += 1) raw.say({ kind: 'log', payload: random(1) });
  }, 1);
  t.after(() => clearInterval(saying));
  await until(() => seoul.door.states.some(({ peer, why }) => peer === hanoi.id && why === 'over_quota'), 10_000);
});

test('an honest sender keeps to the limits by itself and is never sent away', async (t) => {
  const [seoul, bangkok] = await linked(t, 2, { envelopesPerSecond: 500, envelopeBurst: 100 });
  for (let i = 0; i < 400; i += 1) seoul!.post(bangkok!, 2);
  await until(() => bangkok!.door.inbox.length === 400);
  assert.equal(bangkok!.door.states.filter(({ state }) => state === 'down').length, 0);
});
