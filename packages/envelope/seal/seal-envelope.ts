import { compareBytes, encode, sameBytes } from '../cbor/index.ts';
import { kemPublicKey, type Random, type SignaturePair, type Signer, SUITE, sha256 } from '../suite/index.ts';
import { commitmentOf, padMessage, sealBody } from './body.ts';
import type { ChainPlace } from './chain.ts';
import { type CharterName, type Core, contextOf, coreMap } from './core.ts';
import { encodeInner, type Inner } from './inner.ts';
import { ENVELOPE_CONTEXT, envelopeLeaf, envelopeTbs } from './signed-text.ts';
import { EXPIRY_SEC_MAX, floorToMinute, type StanzaBucket } from './sizes.ts';
import { type Stanza, sealStanza, stanzaHash, stanzaList } from './stanza.ts';

/** Everything one envelope is made of. Times are unix seconds. */
export type SealInput = {
  readonly signer: Signer;
  readonly senderId: Uint8Array;
  readonly charter: CharterName;
  /** From `envelopeId`: the same on every retry. */
  readonly id: Uint8Array;
  readonly timeSec: number;
  readonly expirySec: number;
  readonly inner: Omit<Inner, 'exactTimeSec'>;
  /** Who gets a copy: all or some of the audience. */
  readonly recipients: readonly Recipient[];
  readonly bucket: StanzaBucket;
  readonly gatewayLabel?: string;
};

export type Recipient = ChainPlace & {
  readonly memberId: Uint8Array;
  /** The recipient's KEM key of the day, 1,216 bytes. */
  readonly publicKey: Uint8Array;
  /** Pairwise pseudonym of the author's agency (u32); 0 = the bureau. */
  readonly alias: number;
};

/** A sealed envelope: one copy a recipient, one leaf for the log, and what only the sender keeps as evidence. */
export type Sealed = {
  readonly id: Uint8Array;
  /** Encoded core. */
  readonly core: Uint8Array;
  readonly leaf: Uint8Array;
  readonly copies: readonly { readonly memberId: Uint8Array; readonly bytes: Uint8Array }[];
  readonly evidence: {
    readonly cs: Uint8Array;
    readonly inner: Uint8Array;
    readonly stanzaHashes: readonly Uint8Array[];
    readonly bodyHash: Uint8Array;
    readonly signatures: SignaturePair;
  };
};

/**
 * Seals one item for its recipients (wire.md §3). Throws RangeError on input that no honest bureau gives: a
 * recipient outside the audience, the sender in it, more recipients than the bucket holds, an item over 1 MiB.
 */
export function sealEnvelope(input: SealInput, random: Random): Sealed {
  const prepared = prepareEnvelope(input, random);
  return finishEnvelope(prepared, input.signer.sign(prepared.tbs, ENVELOPE_CONTEXT));
}

/** The same without holding up this thread for the signature. */
export async function sealEnvelopeLater(input: SealInput, random: Random): Promise<Sealed> {
  const prepared = prepareEnvelope(input, random);
  return finishEnvelope(prepared, await input.signer.signLater(prepared.tbs, ENVELOPE_CONTEXT));
}

/** Everything but the signatures; a signer that is not in this process signs `tbs` with ENVELOPE_CONTEXT. */
export type Prepared = {
  readonly tbs: Uint8Array;
  readonly core: Core;
  readonly stanzas: readonly { readonly memberId: Uint8Array; readonly stanza: Stanza }[];
  readonly stanzaHashes: readonly Uint8Array[];
  readonly body: Uint8Array;
  readonly bodyHash: Uint8Array;
  readonly cs: Uint8Array;
  readonly inner: Uint8Array;
};

export function prepareEnvelope(input: SealInput, random: Random): Prepared {
  assertSealable(input);
  const inner = encodeInner({
    ...input.inner,
    audience: [...input.inner.audience].sort(compareBytes),
    exactTimeSec: input.timeSec,
  });
  const cs = random(32);
  const cek = random(32);
  const core = coreOf(input, commitmentOf(cs, inner));
  const ctx = contextOf(encode(coreMap(core)));
  const body = sealBody(cek, ctx, padMessage(cs, inner), random);
  const stanzas = input.recipients.map((recipient) => ({
    memberId: recipient.memberId,
    stanza: sealStanza(kemPublicKey(recipient.publicKey), ctx, { ...recipient, cek }, random),
  }));
  const stanzaHashes = fillWithDummies(
    stanzas.map(({ stanza }) => stanzaHash(stanza)),
    input.bucket,
    random,
  );
  const bodyHash = sha256(body);
  return { tbs: envelopeTbs(ctx, stanzaHashes, bodyHash), core, stanzas, stanzaHashes, body, bodyHash, cs, inner };
}

export function finishEnvelope(prepared: Prepared, signatures: SignaturePair): Sealed {
  const core = coreMap(prepared.core);
  const copyFor = (stanza: Stanza): Uint8Array =>
    encode([core, prepared.stanzaHashes, stanzaList(stanza), prepared.body, signatures.ed, signatures.ml]);
  return {
    id: prepared.core.id,
    core: encode(core),
    leaf: envelopeLeaf(prepared.tbs),
    copies: prepared.stanzas.map(({ memberId, stanza }) => ({ memberId, bytes: copyFor(stanza) })),
    evidence: {
      cs: prepared.cs,
      inner: prepared.inner,
      stanzaHashes: prepared.stanzaHashes,
      bodyHash: prepared.bodyHash,
      signatures,
    },
  };
}

/** Expiry is floored like the time: its seconds would give away those of the sealing. */
const coreOf = (input: SealInput, commitment: Uint8Array): Core => ({
  suite: SUITE,
  id: input.id,
  signerKid: input.signer.kid,
  charter: input.charter,
  timeSec: floorToMinute(input.timeSec),
  expirySec: floorToMinute(input.expirySec),
  commitment,
  ...(input.gatewayLabel !== undefined && { gatewayLabel: input.gatewayLabel }),
});

/** Random hashes beside the real ones, all in ascending order: the list tells the bucket, not the count. */
const fillWithDummies = (hashes: readonly Uint8Array[], bucket: number, random: Random): Uint8Array[] =>
  [...hashes, ...Array.from({ length: bucket - hashes.length }, () => random(32))].sort(compareBytes);

function assertSealable(input: SealInput): void {
  const { audience } = input.inner;
  const isIn = (memberId: Uint8Array) => audience.some((member) => sameBytes(member, memberId));
  assert(input.recipients.length >= 1 && input.recipients.length <= input.bucket, 'recipients do not fit the bucket');
  assert(
    input.recipients.every(({ memberId }) => isIn(memberId)),
    'a recipient outside the audience',
  );
  assert(!isIn(input.senderId), 'the sender in its own audience');
  assert(isDistinct(audience), 'a member twice in the audience');
  assert(isDistinct(input.recipients.map(({ memberId }) => memberId)), 'a recipient twice');
  assert(input.expirySec >= input.timeSec, 'expired before sealing');
  assert(floorToMinute(input.expirySec) <= floorToMinute(input.timeSec) + EXPIRY_SEC_MAX, 'expiry beyond 45 days');
}

function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new RangeError(what);
}

function isDistinct(ids: readonly Uint8Array[]): boolean {
  const sorted = [...ids].sort(compareBytes);
  return sorted.every((id, i) => i === 0 || !sameBytes(id, sorted[i - 1] as Uint8Array));
}
