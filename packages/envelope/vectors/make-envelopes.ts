import { type CborMap, type CborValue, decode, encode, fromHex, toHex } from '../cbor/index.ts';
import { COPY_BYTES_MAX, STANZA_BUCKETS, sealEnvelope } from '../seal/index.ts';
import { type ArrivalOutcome, type ArrivalState, takeIn } from './arrival.ts';
import { craftCopy, type Deviation } from './craft.ts';
import { SAMPLE_TIME_SEC, sampleCoalition, sampleSealInput } from './sample-coalition.ts';
import { seededRandom } from './seeded-random.ts';

const DAY_SEC = 86_400;
const random = seededRandom('frozen envelopes');
const coalition = sampleCoalition('frozen', 3);
const { sender, recipients, charterId } = coalition;
const self = recipients[0] as (typeof recipients)[number];
const other = sampleCoalition('frozen other', 1);
const payload = random(200);

/** A bureau that knows all it needs and takes every valid copy. Cases state only where they differ. */
const state: ArrivalState = {
  nowSec: SAMPLE_TIME_SEC + 30,
  suitesPermitted: [1],
  bucketsPermitted: [...STANZA_BUCKETS],
  memberId: toHex(self.memberId),
  kemSeeds: [toHex(self.seed)],
  destroyedKids: [],
  signers: [
    {
      kid: toHex(sender.key.kid),
      memberId: toHex(sender.memberId),
      publicBytes: toHex(sender.key.publicBytes),
      notBeforeSec: SAMPLE_TIME_SEC - 100 * DAY_SEC,
      useUntilSec: SAMPLE_TIME_SEC + 265 * DAY_SEC,
    },
  ],
  charterId: toHex(charterId),
  charters: [{ version: 1, hash: toHex(charterId) }],
  senderStatus: 'active',
  knownLeaves: {},
  heads: {},
};

export type EnvelopeCase = {
  readonly name: string;
  /** The copy in hexadecimal, or how to make it: another case's with `splice` [at, delete, insert], or zeros. */
  readonly copy?: string;
  readonly from?: string;
  readonly splice?: readonly [number, number, string];
  readonly zeros?: number;
  readonly state?: Partial<ArrivalState>;
  readonly outcome: ArrivalOutcome;
};

export type EnvelopeFile = {
  readonly about: string;
  readonly state: ArrivalState;
  readonly cases: readonly EnvelopeCase[];
};

/** The bytes of a case. */
export function copyOf(file: EnvelopeFile, one: EnvelopeCase): Uint8Array {
  if (one.copy !== undefined) return fromHex(one.copy);
  if (one.zeros !== undefined) return new Uint8Array(one.zeros);
  const base = file.cases.find(({ name }) => name === one.from);
  if (base?.copy === undefined) throw new Error(`no case ${one.from}`);
  const [at, deleted, inserted] = one.splice ?? [0, 0, ''];
  return fromHex(base.copy.slice(0, at * 2) + inserted + base.copy.slice((at + deleted) * 2));
}

const firstOf = (bytes: readonly { readonly bytes: Uint8Array }[]): Uint8Array =>
  (bytes[0] as { bytes: Uint8Array }).bytes;

function validCases(): EnvelopeCase[] {
  const idOf = (fill: number) => new Uint8Array(16).fill(fill);
  const buckets = STANZA_BUCKETS.map((bucket) => {
    const input = sampleSealInput(coalition, { payload, bucket, id: idOf(bucket) });
    return expected({ name: `bucket-${bucket}`, copy: toHex(firstOf(sealEnvelope(input, random).copies)) });
  });
  const input = sampleSealInput(coalition, { payload: new Uint8Array(0), id: idOf(1), lane: 0 });
  const rich = {
    ...input,
    gatewayLabel: 'gateway-1',
    inner: {
      ...input.inner,
      type: 'control.recall',
      follows: [idOf(0x0f)],
      firstSealing: { id: idOf(0x0e), leaf: random(32) },
      part: { groupId: idOf(0x0d), index: 0, count: 2, partIdsHash: random(32) },
    },
  };
  const control = expected({
    name: 'control-with-every-option',
    copy: toHex(firstOf(sealEnvelope(rich, random).copies)),
  });
  const later = craft('later-inner-key-ignored', { innerBytes: (inner) => withKey(inner, 64, 'from a later version') });
  return [...buckets, control, later];
}

/** Fills in what our own code makes of a case, to be read over before it is frozen. */
function expected(one: Omit<EnvelopeCase, 'outcome'>, bytes = fromHex(one.copy ?? '')): EnvelopeCase {
  return { ...one, outcome: takeIn(bytes, { ...state, ...one.state }) };
}

const withKey = (map: Uint8Array, key: number, value: CborValue): Uint8Array =>
  encode(new Map([...(decode(map) as CborMap), [key, value]]));

function craft(name: string, deviation: Deviation, caseState?: Partial<ArrivalState>): EnvelopeCase {
  const input = sampleSealInput(coalition, { payload, id: new Uint8Array(16).fill(0xc0) });
  const copy = toHex(craftCopy(input, random, deviation));
  return expected({ name, copy, ...(caseState && { state: caseState }) });
}

const coreWith =
  (key: number, value: CborValue) =>
  (core: CborMap): CborMap =>
    new Map([...core, [key, value]]);

const flipAt = (at: number) => (bytes: Uint8Array) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

const craftedCases = (): EnvelopeCase[] => [
  craft('version_unsupported: an unknown core key', { core: coreWith(10, 'later') }),
  craft('malformed: id of 15 bytes', { core: coreWith(3, new Uint8Array(15)) }),
  craft('malformed: time not floored to the minute', { core: coreWith(6, SAMPLE_TIME_SEC) }),
  craft('malformed: expiry beyond 45 days', {
    core: coreWith(7, SAMPLE_TIME_SEC - (SAMPLE_TIME_SEC % 60) + 45 * DAY_SEC + 1),
  }),
  craft('malformed: body of a size no message has', { message: (message) => message.subarray(1) }),
  craft('not_addressed: list not ascending', { hashes: (hashes) => [...hashes].reverse() }),
  craft('not_addressed: a hash twice', { hashes: (hashes) => [...hashes.slice(0, 7), hashes[6] as Uint8Array] }),
  craft('not_addressed: list of nine', { hashes: (hashes) => [...hashes, new Uint8Array(32).fill(0xff)] }),
  craft('not_addressed: stanza not in the list', {
    stanzaCt: flipAt(0),
    hashes: (hashes) => hashes.map(flipAt(31)),
  }),
  craft('signature_invalid: ML-DSA under another context', { signatureContext: 'tripoint-rcpt/1' }),
  craft('signature_invalid: ML-DSA half of another key', { latticeSigner: other.sender.key }),
  craft('unwrap_failed: stanza sealed for another envelope', { stanzaContext: new Uint8Array(32).fill(1) }),
  craft('unwrap_failed: lane 4', { stanzaText: (text) => ({ ...text, lane: 4 }) }),
  craft('chain_broken: another first link', { stanzaText: (text) => ({ ...text, prev: new Uint8Array(32) }) }),
  craft('chain_broken: seq 0', { stanzaText: (text) => ({ ...text, seq: 0 }) }),
  craft('hold gap: seq 3 before 1', { stanzaText: (text) => ({ ...text, seq: 3 }) }),
  craft('control lane applied across a gap', { stanzaText: (text) => ({ ...text, lane: 0, seq: 3 }) }),
  craft('body_invalid: another content key', { bodyKey: new Uint8Array(32).fill(2) }),
  craft('body_invalid: a chunk altered before signing', { body: flipAt(60) }),
  craft('body_invalid: commitment of the body altered before signing', { body: flipAt(30) }),
  craft('body_invalid: padding that is not zero', { message: (message) => flipAt(message.length - 1)(message) }),
  craft('body_invalid: inner longer than the message', { message: flipAt(33) }),
  craft('commitment_mismatch: C of another text', { commitment: flipAt(0) }),
  craft('audience_mismatch: we are not in it', {
    inner: (inner) => ({ ...inner, audience: inner.audience.slice(1) }),
  }),
  craft('audience_mismatch: the sender is in it', {
    inner: (inner) => ({ ...inner, audience: [...inner.audience, sender.memberId].sort(Buffer.compare) }),
  }),
  craft('audience_mismatch: not ascending', {
    inner: (inner) => ({ ...inner, audience: [...inner.audience].reverse() }),
  }),
  craft('schema_invalid: an unknown inner key below 64', { innerBytes: (inner) => withKey(inner, 10, 1) }),
  craft('schema_invalid: exact time in another minute', {
    inner: (inner) => ({ ...inner, exactTimeSec: inner.exactTimeSec + 60 }),
  }),
  craft('schema_invalid: inner is no deterministic CBOR', {
    innerBytes: () => Uint8Array.of(0xa1, 0x18, 0x01, 0x00),
  }),
  craft('schema_invalid: inner without a type', {
    inner: (inner) => ({ ...inner, type: '' }),
  }),
];

const LEAF_ELSEWHERE = 'ee'.repeat(32);
const knownState = (id: string, leaf: string): Partial<ArrivalState> => ({ knownLeaves: { [id]: leaf } });

/** Cases that are a valid copy in a bureau that knows something else. */
function stateCases(valid: EnvelopeCase): EnvelopeCase[] {
  const outcome = valid.outcome as { opened: { id: string; leaf: string; seq: number } };
  const { id, leaf } = outcome.opened;
  const charter = (version: number, hash: string, replacedAtSec?: number) => ({
    version,
    hash,
    ...(replacedAtSec !== undefined && { replacedAtSec }),
  });
  const ours = toHex(charterId);
  const newer = charter(2, '22'.repeat(32));
  const states: readonly [string, Partial<ArrivalState>][] = [
    ['over_quota', { overQuota: true }],
    ['suite_not_permitted: not by the charter of today', { suitesPermitted: [2] }],
    ['not_addressed: never our key', { kemSeeds: [toHex((other.recipients[0] as typeof self).seed)] }],
    ['not_addressed: another bucket is asked for', { bucketsPermitted: [16] }],
    ['key_destroyed', { kemSeeds: [], destroyedKids: [toHex(self.key.kid)] }],
    ['signer_unknown', { signers: [] }],
    [
      'signer_unknown: before its days of use',
      { signers: state.signers.map((one) => ({ ...one, notBeforeSec: SAMPLE_TIME_SEC + 60 })) },
    ],
    [
      'signer_unknown: after its days of use',
      { signers: state.signers.map((one) => ({ ...one, useUntilSec: SAMPLE_TIME_SEC - 60 })) },
    ],
    ['charter_conflict', { charters: [charter(1, '11'.repeat(32))] }],
    ['charter_stale: replaced 31 days ago', { charters: [charter(1, ours, state.nowSec - 31 * DAY_SEC), newer] }],
    [
      'taken under a charter replaced 29 days ago',
      { charters: [charter(1, ours, state.nowSec - 29 * DAY_SEC), newer] },
    ],
    ['hold charter_ahead', { charters: [] }],
    ['signer_not_active: suspended', { senderStatus: 'suspended' }],
    [
      'charter_stale: suspended since, without proof',
      { charters: [charter(1, ours, state.nowSec - 60), newer], senderStatus: 'suspended' },
    ],
    [
      'taken from one suspended since, witnessed before',
      {
        charters: [charter(1, ours, state.nowSec - 60), newer],
        senderStatus: 'suspended',
        witnessedBeforeChange: true,
      },
    ],
    ['key_revoked', { revokedFromIndex: 5 }],
    ['key_revoked: witnessed too late', { revokedFromIndex: 5, witnessedIndex: 5 }],
    ['taken from a key revoked later', { revokedFromIndex: 5, witnessedIndex: 4 }],
    ['expired', { nowSec: SAMPLE_TIME_SEC + 14 * DAY_SEC + 60 }],
    ['id_reused', knownState(id, LEAF_ELSEWHERE)],
    ['the same bytes again', knownState(id, leaf)],
    ['chain_broken: seq already taken', { heads: { 2: { seq: 1, leaf } } }],
    ['chain_broken: another leaf before it', { heads: { 2: { seq: 0, leaf: LEAF_ELSEWHERE } } }],
  ];
  const bytes = fromHex(valid.copy ?? '');
  return states.map(([name, caseState]) => expected({ name, from: valid.name, state: caseState }, bytes));
}

/** Cases that are a valid copy with some of its bytes replaced. */
function spliceCases(valid: EnvelopeCase): EnvelopeCase[] {
  const copy = valid.copy ?? '';
  const sizeBytes = copy.length / 2;
  const flipped = (at: number) => toHex(flipAt(0)(fromHex(copy.slice(at * 2, at * 2 + 2))));
  const splices: readonly [string, readonly [number, number, string]][] = [
    ['malformed: nothing', [0, sizeBytes, '']],
    ['malformed: cut short by a byte', [sizeBytes - 1, 1, '']],
    ['malformed: a byte too many', [sizeBytes, 0, '00']],
    ['malformed: version in a longer form', [3, 1, '1801']],
    ['malformed: five parts', [0, 1, '85']],
    ['version_unsupported: version 2', [3, 1, '02']],
    ['suite_not_permitted: suite 2', [5, 1, '02']],
    [
      'signature_invalid: a bit of the Ed25519 signature',
      [sizeBytes - 3309 - 3 - 64, 1, flipped(sizeBytes - 3309 - 3 - 64)],
    ],
    ['signature_invalid: a bit of the ML-DSA signature', [sizeBytes - 1, 1, flipped(sizeBytes - 1)]],
    [
      'signature_invalid: a bit of the body',
      [sizeBytes - 3309 - 3 - 66 - 1, 1, flipped(sizeBytes - 3309 - 3 - 66 - 1)],
    ],
    ['signature_invalid: a bit of the id', [9, 1, flipped(9)]],
  ];
  const made = splices.map(([name, splice]) => ({ name, from: valid.name, splice }));
  const bytesOf = ([at, deleted, inserted]: readonly [number, number, string]) =>
    fromHex(copy.slice(0, at * 2) + inserted + copy.slice((at + deleted) * 2));
  return made.map((one) => expected(one, bytesOf(one.splice)));
}

export function makeEnvelopes(): EnvelopeFile {
  const valid = validCases();
  const [first] = valid as [EnvelopeCase];
  const zeros = COPY_BYTES_MAX + 1;
  return {
    about:
      'One copy arriving at one bureau. A case is the copy, what the bureau knows (state, overridden field by field) and what comes of it: checks 1 to 13 in their order.',
    state,
    cases: [
      ...valid,
      expected({ name: 'too_large', zeros }, new Uint8Array(zeros)),
      ...spliceCases(first),
      ...stateCases(first),
      ...craftedCases(),
    ],
  };
}
