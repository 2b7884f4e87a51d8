import { compareBytes } from '../cbor/index.ts';
import { firstPrev, type Lane, type SealInput, type StanzaBucket } from '../seal/index.ts';
import { type KemKey, kemKeyFromSeed, type Random, type SigningKey, signingKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from './seeded-random.ts';

/** An invented coalition with keys from fixed seeds, for tests, figures and frozen vectors. */
export type SampleCoalition = {
  readonly charterId: Uint8Array;
  readonly sender: { readonly memberId: Uint8Array; readonly seed: Uint8Array; readonly key: SigningKey };
  readonly recipients: readonly SampleRecipient[];
};

export type SampleRecipient = { readonly memberId: Uint8Array; readonly seed: Uint8Array; readonly key: KemKey };

/** 2027-01-15 08:00:20 UTC: not on a full minute, so that flooring shows. */
export const SAMPLE_TIME_SEC = 1_800_000_020;

export function sampleCoalition(name: string, recipientCount: number): SampleCoalition {
  const random = seededRandom(`coalition ${name}`);
  const seed = random(64);
  const sender = { memberId: random(16), seed, key: signingKeyFromSeed(seed) };
  const charterId = random(32);
  const recipients = Array.from({ length: recipientCount }, () => sampleRecipient(random));
  return { charterId, sender, recipients: recipients.sort((a, b) => compareBytes(a.memberId, b.memberId)) };
}

function sampleRecipient(random: Random): SampleRecipient {
  const seed = random(32);
  return { memberId: random(16), seed, key: kemKeyFromSeed(seed) };
}

export type SampleItem = {
  readonly payload: Uint8Array;
  readonly id?: Uint8Array;
  readonly lane?: Lane;
  readonly bucket?: StanzaBucket;
};

/** The first envelope of the sample sender to all its recipients. */
export function sampleSealInput(coalition: SampleCoalition, item: SampleItem): SealInput {
  const lane = item.lane ?? 2;
  const { charterId, sender, recipients } = coalition;
  return {
    signer: sender.key,
    senderId: sender.memberId,
    charter: { version: 1, hash: charterId },
    id: item.id ?? new Uint8Array(16).fill(0xe1),
    timeSec: SAMPLE_TIME_SEC,
    expirySec: SAMPLE_TIME_SEC + 14 * 86_400,
    inner: {
      audience: recipients.map(({ memberId }) => memberId),
      handling: Uint8Array.of(0xa0),
      payload: item.payload,
      type: 'report',
    },
    recipients: recipients.map(({ memberId, key }, i) => ({
      memberId,
      publicKey: key.publicBytes,
      lane,
      seq: 1,
      prev: firstPrev(charterId, sender.memberId, memberId, lane),
      alias: i === 0 ? 0x7f3a : 0,
    })),
    bucket: item.bucket ?? 8,
  };
}
