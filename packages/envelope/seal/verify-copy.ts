import { sameBytes } from '../cbor/index.ts';
import { sha256, type VerifyingKey, verifyPair, verifyPairLater } from '../suite/index.ts';
import type { Core } from './core.ts';
import type { ParsedCopy } from './inspect-copy.ts';
import { type Refused, refuse } from './refusal.ts';
import { ENVELOPE_CONTEXT, envelopeLeaf, envelopeTbs } from './signed-text.ts';
import { floorToMinute } from './sizes.ts';

/** What the directory says of a signing key. Times are unix seconds. */
export type SignerEntry = {
  readonly memberId: Uint8Array;
  readonly publicBytes: Uint8Array;
  readonly notBeforeSec: number;
  readonly useUntilSec: number;
};

/** Check 5. A key outside its days of use is no key of the directory at the time the envelope names. */
export function checkSigner(
  core: Core,
  entry: SignerEntry | undefined,
): { readonly ok: true; readonly signer: SignerEntry } | Refused<'signer_unknown'> {
  if (entry === undefined) return refuse('signer_unknown');
  const isInUse = core.timeSec >= floorToMinute(entry.notBeforeSec) && core.timeSec <= entry.useUntilSec;
  return isInUse ? { ok: true, signer: entry } : refuse('signer_unknown');
}

/** Check 6: both signatures. The leaf it returns names this envelope in logs, chains and receipts. */
export function verifyCopy(
  copy: ParsedCopy,
  signer: VerifyingKey | Uint8Array,
): { readonly ok: true; readonly leaf: Uint8Array; readonly bodyHash: Uint8Array } | Refused<'signature_invalid'> {
  const bodyHash = sha256(copy.body);
  const tbs = envelopeTbs(copy.ctx, copy.stanzaHashes, bodyHash);
  if (!verifyPair(signer, tbs, ENVELOPE_CONTEXT, copy.ed, copy.ml)) return refuse('signature_invalid');
  return { ok: true, leaf: envelopeLeaf(tbs), bodyHash };
}

/** The same without holding up this thread for the dearer signature. */
export async function verifyCopyLater(
  copy: ParsedCopy,
  signer: VerifyingKey | Uint8Array,
): Promise<ReturnType<typeof verifyCopy>> {
  const bodyHash = sha256(copy.body);
  const tbs = envelopeTbs(copy.ctx, copy.stanzaHashes, bodyHash);
  if (!(await verifyPairLater(signer, tbs, ENVELOPE_CONTEXT, copy.ed, copy.ml))) return refuse('signature_invalid');
  return { ok: true, leaf: envelopeLeaf(tbs), bodyHash };
}

/** Check 8: `known` is the leaf we already hold under this id. `again` means: acknowledge, do nothing. */
export function checkId(
  leaf: Uint8Array,
  known: Uint8Array | undefined,
): { readonly ok: true; readonly arrival: 'first' | 'again' } | Refused<'id_reused'> {
  if (known === undefined) return { ok: true, arrival: 'first' };
  return sameBytes(known, leaf) ? { ok: true, arrival: 'again' } : refuse('id_reused');
}
