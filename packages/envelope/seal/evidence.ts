import { encode } from '../cbor/index.ts';
import { equalInConstantTime, type SignaturePair, type VerifyingKey, verifyPair } from '../suite/index.ts';
import { commitmentOf } from './body.ts';
import { type Core, contextOf, coreMap } from './core.ts';
import { type Refused, refuse } from './refusal.ts';
import { ENVELOPE_CONTEXT, envelopeLeaf, envelopeTbs } from './signed-text.ts';

/** What proves to a court who said what, without any decryption key (§3). */
export type Evidence = {
  readonly core: Core;
  readonly inner: Uint8Array;
  readonly cs: Uint8Array;
  readonly stanzaHashes: readonly Uint8Array[];
  readonly bodyHash: Uint8Array;
  readonly signatures: SignaturePair;
};

/** The open part as it is hashed, signed and shown to a court. */
export const encodeCore = (core: Core): Uint8Array => encode(coreMap(core));

/** The leaf under which the log holds it; or which of the two does not hold: the signatures, or what is shown as signed. */
export function verifyEvidence(
  evidence: Evidence,
  signer: VerifyingKey | Uint8Array,
): { readonly ok: true; readonly leaf: Uint8Array } | Refused<'signature_invalid' | 'commitment_mismatch'> {
  const ctx = contextOf(encodeCore(evidence.core));
  const tbs = envelopeTbs(ctx, evidence.stanzaHashes, evidence.bodyHash);
  const { ed, ml } = evidence.signatures;
  if (!verifyPair(signer, tbs, ENVELOPE_CONTEXT, ed, ml)) return refuse('signature_invalid');
  if (!equalInConstantTime(commitmentOf(evidence.cs, evidence.inner), evidence.core.commitment))
    return refuse('commitment_mismatch');
  return { ok: true, leaf: envelopeLeaf(tbs) };
}
