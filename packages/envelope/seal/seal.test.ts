import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode, encode, sameBytes, toHex } from '../cbor/index.ts';
import { type KemKey, kemKeyFromSeed } from '../suite/index.ts';
import {
  SAMPLE_TIME_SEC,
  type SampleCoalition,
  sampleCoalition,
  sampleSealInput,
} from '../vectors/sample-coalition.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import {
  COPY_BYTES_MAX,
  checkChain,
  checkId,
  envelopeId,
  firstPrev,
  INNER_BYTES_MAX,
  inspectCopy,
  MESSAGE_SIZES_BYTES,
  openCopy,
  type ParsedCopy,
  readInner,
  type Sealed,
  type SealInput,
  sealEnvelope,
  verifyCopy,
  verifyEvidence,
} from './index.ts';

const random = seededRandom('seal');
const coalition = sampleCoalition('seal', 5);
const { sender, recipients, charterId } = coalition;
const seoul = recipients[0] as (typeof recipients)[number];
const hanoi = recipients[1] as (typeof recipients)[number];
const ours = { kemKeyStatus: () => 'ours' as const };

const sealSample = (payload: Uint8Array, change: Partial<SealInput> = {}): Sealed =>
  sealEnvelope({ ...sampleSealInput(coalition, { payload }), ...change }, random);

const copyOf = (sealed: Sealed, at = 0): Uint8Array => (sealed.copies[at] as Sealed['copies'][number]).bytes;

const headsFor = (memberId: Uint8Array) => ({
  memberId,
  senderId: sender.memberId,
  headOf: (lane: 0 | 1 | 2 | 3) => ({ seq: 0, leaf: firstPrev(charterId, sender.memberId, memberId, lane) }),
});

function inspected(bytes: Uint8Array): ParsedCopy {
  const result = inspectCopy(bytes, ours);
  assert.ok(result.ok, result.ok ? '' : result.why);
  return result.copy;
}

/** What a bureau with this key makes of a copy: the refusal, or the payload. */
function takeIn(bytes: Uint8Array, who = seoul, world: SampleCoalition = coalition): string {
  const shape = inspectCopy(bytes, {
    kemKeyStatus: (kid) => (sameBytes(kid, who.key.kid) ? 'ours' : 'unknown'),
  });
  if (!shape.ok) return shape.why;
  if (!sameBytes(shape.copy.core.signerKid, world.sender.key.kid)) return 'signer_unknown';
  const verified = verifyCopy(shape.copy, world.sender.key.verifying);
  if (!verified.ok) return verified.why;
  const opened = openCopy(shape.copy, who.key, headsFor(who.memberId));
  if (!opened.ok) return opened.why;
  return opened.hold ?? toHex(opened.opened.inner.payload);
}

test('what is sealed opens to the same bytes at every recipient, whatever the size', () => {
  const edges = MESSAGE_SIZES_BYTES.flatMap((sizeBytes) => [sizeBytes - 400, sizeBytes - 100, sizeBytes - 36]);
  const sizes = fc.oneof(fc.nat(5_000), fc.constantFrom(0, 1, ...edges.filter((sizeBytes) => sizeBytes < 300_000)));
  fc.assert(
    fc.property(sizes, fc.nat(4), (sizeBytes, at) => {
      const payload = random(sizeBytes);
      const sealed = sealSample(payload);
      assert.equal(takeIn(copyOf(sealed, at), recipients[at]), toHex(payload));
    }),
    { numRuns: 40 },
  );
});

test('the largest item is 1 MiB, its copy stays within the bound, and one byte more is not sealed', () => {
  const overheadBytes = sealSample(new Uint8Array(70_000)).evidence.inner.length - 70_000;
  const largest = sealSample(new Uint8Array(INNER_BYTES_MAX - overheadBytes));
  assert.equal(largest.evidence.inner.length, INNER_BYTES_MAX);
  assert.ok(copyOf(largest).length <= COPY_BYTES_MAX);
  assert.equal(takeIn(copyOf(largest)).length, (INNER_BYTES_MAX - overheadBytes) * 2);
  assert.throws(() => sealSample(new Uint8Array(INNER_BYTES_MAX - overheadBytes + 1)), RangeError);
});

test('items of different length within a step, to few or to all, make copies of one size', () => {
  const one = { recipients: sampleSealInput(coalition, { payload: random(0) }).recipients.slice(0, 1) };
  const lengths = [sealSample(random(10)), sealSample(random(600)), sealSample(random(10), one)].map(
    (s) => copyOf(s).length,
  );
  assert.equal(new Set(lengths).size, 1);
});

test('the open part says the minute, not the second, and never the audience', () => {
  const bytes = copyOf(sealSample(random(100)));
  const { core } = inspected(bytes);
  assert.equal(core.timeSec, SAMPLE_TIME_SEC - (SAMPLE_TIME_SEC % 60));
  assert.equal(core.expirySec % 60, 0);
  for (const { memberId } of [...recipients, sender]) assert.ok(!toHex(bytes).includes(toHex(memberId)));
});

test('every copy of an envelope is the same but for its stanza', () => {
  const sealed = sealSample(random(100));
  const parts = sealed.copies.map(({ bytes }) => decode(bytes) as unknown[]);
  const withoutStanza = parts.map((part) => toHex(encode(part.filter((_, i) => i !== 2) as never)));
  assert.equal(new Set(withoutStanza).size, 1);
  assert.equal(new Set(parts.map((part) => toHex(encode(part[2] as never)))).size, recipients.length);
});

test('a copy is refused when any single byte of it is changed', () => {
  const bytes = copyOf(sealSample(random(500)));
  const taken: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ (1 << (at % 8));
    if (!/^[a-z_]+$/.test(takeIn(changed)) || takeIn(changed) === 'gap') taken.push(at);
  }
  assert.deepEqual(taken, []);
});

test('a copy of any size is refused when any bit is flipped, cut short or prolonged', () => {
  const copies = [100, 3_000, 40_000].map((sizeBytes) => copyOf(sealSample(random(sizeBytes))));
  fc.assert(
    fc.property(fc.constantFrom(...copies), fc.nat(), fc.nat(), (bytes, bit, cut) => {
      const changed = bytes.slice();
      const at = (bit >> 3) % bytes.length;
      changed[at] = (changed[at] as number) ^ (1 << (bit & 7));
      assert.match(takeIn(changed), /^(?!gap)[a-z_]+$/);
      assert.equal(takeIn(bytes.subarray(0, cut % bytes.length)), 'malformed');
      assert.equal(takeIn(new Uint8Array([...bytes, 0])), 'malformed');
    }),
    { numRuns: 150 },
  );
});

test('a copy for Seoul is not addressed to Hanoi, and Hanoi’s key does not open it', () => {
  const bytes = copyOf(sealSample(random(100)));
  assert.equal(takeIn(bytes, hanoi), 'not_addressed');
  const result = openCopy(inspected(bytes), hanoi.key, headsFor(hanoi.memberId));
  assert.ok(!result.ok && result.why === 'unwrap_failed' && result.place === undefined);
});

test('a recipient cannot forward an envelope: a stanza of its own making is not in the signed list', () => {
  const victim = sampleCoalition('outsider', 1).recipients[0] as { memberId: Uint8Array; key: KemKey };
  const bytes = copyOf(sealSample(random(100)));
  const foreign = sealEnvelope(
    {
      ...sampleSealInput(coalition, { payload: random(100) }),
      inner: { ...sampleSealInput(coalition, { payload: random(1) }).inner, audience: [victim.memberId] },
      recipients: [
        { memberId: victim.memberId, publicKey: victim.key.publicBytes, lane: 2, seq: 1, prev: random(32), alias: 0 },
      ],
    },
    random,
  );
  const parts = [...(decode(bytes) as unknown[])];
  parts[2] = (decode(copyOf(foreign)) as unknown[])[2];
  const result = inspectCopy(encode(parts as never), ours);
  assert.ok(!result.ok && result.why === 'not_addressed');
});

test('a destroyed key is named as such, an unlisted bucket and a flood are refused before the signature', () => {
  const bytes = copyOf(sealSample(random(100)));
  const why = (state: Parameters<typeof inspectCopy>[1]) => {
    const result = inspectCopy(bytes, state);
    return result.ok ? 'ok' : result.why;
  };
  assert.equal(why({ kemKeyStatus: () => 'destroyed' }), 'key_destroyed');
  assert.equal(why({ ...ours, bucketsPermitted: [16] }), 'not_addressed');
  assert.equal(why({ ...ours, overQuota: true }), 'over_quota');
  assert.equal(why({ ...ours, suitesPermitted: [2] }), 'suite_not_permitted');
  const tooLarge = inspectCopy(new Uint8Array(COPY_BYTES_MAX + 1), { ...ours, overQuota: true });
  assert.ok(!tooLarge.ok && tooLarge.why === 'too_large', 'size is judged first');
});

test('another version, suite or core key is refused as such, however the rest looks', () => {
  const parts = decode(copyOf(sealSample(random(100)))) as [Map<number, unknown>, ...unknown[]];
  const why = (change: [number, unknown]) => {
    const core = new Map([...parts[0], change]);
    const result = inspectCopy(encode([core, ...parts.slice(1)] as never), ours);
    return result.ok ? 'ok' : result.why;
  };
  assert.equal(why([1, 2]), 'version_unsupported');
  assert.equal(why([10, 'a later field']), 'version_unsupported');
  assert.equal(why([2, 3]), 'suite_not_permitted');
  assert.equal(why([1, 'one']), 'malformed');
  assert.equal(why([6, SAMPLE_TIME_SEC]), 'malformed', 'a time that is not floored');
  assert.equal(why([7, SAMPLE_TIME_SEC + 46 * 86_400]), 'malformed', 'an expiry beyond 45 days');
  assert.equal(why([3, random(15)]), 'malformed');
  assert.equal(why([9, '']), 'malformed');
});

test('a copy with a part too many or too few is malformed', () => {
  const parts = decode(copyOf(sealSample(random(100)))) as never[];
  for (const wrong of [[...parts, 0 as never], parts.slice(0, 5), []]) {
    const result = inspectCopy(encode(wrong), ours);
    assert.ok(!result.ok && result.why === 'malformed');
  }
});

test('the charter may ask for a gateway’s name in the open part', () => {
  const copy = inspected(copyOf(sealSample(random(10), { gatewayLabel: 'gw-1' })));
  assert.equal(copy.core.gatewayLabel, 'gw-1');
});

test('the same envelope arriving again is known; another one under its id is evidence', () => {
  const verdict = verifyCopy(inspected(copyOf(sealSample(random(10)))), sender.key.verifying);
  assert.ok(verdict.ok);
  assert.deepEqual(checkId(verdict.leaf, undefined), { ok: true, arrival: 'first' });
  assert.deepEqual(checkId(verdict.leaf, verdict.leaf), { ok: true, arrival: 'again' });
  assert.deepEqual(checkId(verdict.leaf, random(32)), { ok: false, why: 'id_reused' });
});

test('the leaf is the same for sender and every recipient', () => {
  const sealed = sealSample(random(10));
  for (const { bytes } of sealed.copies) {
    const verdict = verifyCopy(inspected(bytes), sender.key.verifying);
    assert.ok(verdict.ok && sameBytes(verdict.leaf, sealed.leaf));
  }
});

test('a chain takes the next link, waits at a gap and refuses a contradiction', () => {
  const head = { seq: 4, leaf: random(32) };
  const place = (seq: number, prev = head.leaf) => checkChain({ lane: 2, seq, prev }, head);
  assert.deepEqual(place(5), { ok: true, step: 'next' });
  assert.deepEqual(place(7, random(32)), { ok: true, step: 'gap' });
  assert.deepEqual(place(5, random(32)), { ok: false, why: 'chain_broken' });
  assert.deepEqual(place(4), { ok: false, why: 'chain_broken' });
  assert.deepEqual(place(0), { ok: false, why: 'chain_broken' });
});

test('a gap holds an ordinary envelope unopened, but a recall is applied on arrival', () => {
  const openAt = (lane: 0 | 2) => {
    const input = sampleSealInput(coalition, { payload: random(10), lane });
    const late = { ...input, recipients: input.recipients.map((one) => ({ ...one, seq: 3 })) };
    return openCopy(inspected(copyOf(sealEnvelope(late, random))), seoul.key, headsFor(seoul.memberId));
  };
  const [ordinary, control] = [openAt(2), openAt(0)];
  assert.ok(ordinary.ok && ordinary.hold === 'gap' && !('opened' in ordinary));
  assert.ok(control.ok && control.hold === null && control.gap && 'opened' in control);
});

test('the first link of a chain differs by charter, sender, recipient and lane', () => {
  const [charter, from, to] = [random(32), random(16), random(16)];
  const starts = [
    firstPrev(charter, from, to, 2),
    firstPrev(charter, to, from, 2),
    firstPrev(charter, from, to, 1),
    firstPrev(random(32), from, to, 2),
  ];
  assert.equal(new Set(starts.map(toHex)).size, 4);
});

test('sealing the same outbox row again gives the same id, re-sealing another', () => {
  const [secret, row] = [random(32), random(16)];
  assert.equal(toHex(envelopeId(secret, row, 1)), toHex(envelopeId(secret, row, 1)));
  assert.notEqual(toHex(envelopeId(secret, row, 1)), toHex(envelopeId(secret, row, 2)));
  assert.notEqual(toHex(envelopeId(random(32), row, 1)), toHex(envelopeId(secret, row, 1)));
});

test('no honest bureau seals to someone outside the audience, to itself, twice, too late or to too many', () => {
  const input = sampleSealInput(coalition, { payload: random(10) });
  const refusedInputs: Partial<SealInput>[] = [
    { inner: { ...input.inner, audience: [hanoi.memberId] } },
    { inner: { ...input.inner, audience: [...input.inner.audience, sender.memberId] } },
    { inner: { ...input.inner, audience: [...input.inner.audience, seoul.memberId] } },
    { recipients: [...input.recipients, ...input.recipients.slice(0, 1)] },
    { recipients: [] },
    { expirySec: input.timeSec - 1 },
    { expirySec: input.timeSec + 46 * 86_400 },
  ];
  for (const change of refusedInputs) assert.throws(() => sealEnvelope({ ...input, ...change }, random), RangeError);
  const many = sampleCoalition('many', 9);
  assert.throws(() => sealEnvelope(sampleSealInput(many, { payload: random(1), bucket: 8 }), random), RangeError);
  assert.equal(sealEnvelope(sampleSealInput(many, { payload: random(1), bucket: 16 }), random).copies.length, 9);
});

test('what follows what, parts of a bundle, attachments and a first sealing come through', () => {
  const input = sampleSealInput(coalition, { payload: random(10) });
  const inner = {
    ...input.inner,
    follows: [random(16), random(16)],
    part: { groupId: random(16), index: 1, count: 3, partIdsHash: random(32) },
    firstSealing: { id: random(16), leaf: random(32) },
    attachments: [
      {
        id: random(16),
        key: random(32),
        sizeBytes: 9,
        plainHash: random(32),
        cipherHash: random(32),
        mediaType: 'image/png',
        required: true,
      },
    ],
  };
  const sealed = sealEnvelope({ ...input, inner }, random);
  assert.deepEqual(readInner(sealed.evidence.inner), { ...inner, exactTimeSec: SAMPLE_TIME_SEC });
});

test('an unknown inner key below 64 is refused, from 64 on ignored', () => {
  const inner = decode(sealSample(random(10)).evidence.inner) as Map<number, never>;
  assert.equal(readInner(encode(new Map([...inner, [10, 1 as never]]))), null);
  assert.equal(readInner(encode(new Map([...inner, [-1, 1 as never]]))), null);
  assert.notEqual(readInner(encode(new Map([...inner, [64, 1 as never]]))), null);
});

test('evidence proves to a court who said what, and fails for another text, key or signature', () => {
  const sealed = sealSample(random(200));
  const { core } = inspected(copyOf(sealed));
  const evidence = { core, ...sealed.evidence };
  assert.deepEqual(verifyEvidence(evidence, sender.key.verifying), { ok: true, leaf: sealed.leaf });
  const other = sealSample(random(200)).evidence;
  assert.deepEqual(verifyEvidence({ ...evidence, inner: other.inner }, sender.key.verifying), {
    ok: false,
    why: 'commitment_mismatch',
  });
  assert.deepEqual(verifyEvidence({ ...evidence, cs: other.cs }, sender.key.verifying), {
    ok: false,
    why: 'commitment_mismatch',
  });
  assert.deepEqual(verifyEvidence({ ...evidence, bodyHash: other.bodyHash }, sender.key.verifying), {
    ok: false,
    why: 'signature_invalid',
  });
  assert.deepEqual(verifyEvidence({ ...evidence, signatures: other.signatures }, sender.key.verifying), {
    ok: false,
    why: 'signature_invalid',
  });
  assert.deepEqual(verifyEvidence(evidence, sampleCoalition('other', 1).sender.key.verifying), {
    ok: false,
    why: 'signature_invalid',
  });
});

test('a key made from another seed opens nothing', () => {
  const result = openCopy(
    inspected(copyOf(sealSample(random(10)))),
    kemKeyFromSeed(random(32)),
    headsFor(seoul.memberId),
  );
  assert.ok(!result.ok && result.why === 'unwrap_failed');
});
