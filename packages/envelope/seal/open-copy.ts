import { compareBytes, sameBytes } from '../cbor/index.ts';
import type { KemKey } from '../suite/index.ts';
import { openBody } from './body.ts';
import { type ChainHead, type ChainPlace, checkChain } from './chain.ts';
import { type Inner, readInner } from './inner.ts';
import type { ParsedCopy } from './inspect-copy.ts';
import { type Refusal, type Refused, refuse } from './refusal.ts';
import { floorToMinute } from './sizes.ts';
import { openStanza, type StanzaText } from './stanza.ts';

/** Check 9: unwraps our stanza. */
export function unwrapCopy(
  copy: ParsedCopy,
  key: KemKey,
): { readonly ok: true; readonly stanza: StanzaText } | Refused<'unwrap_failed'> {
  const stanza = openStanza(key, copy.ctx, copy.stanza);
  return stanza === null ? refuse('unwrap_failed') : { ok: true, stanza };
}

export type Parties = { readonly memberId: Uint8Array; readonly senderId: Uint8Array };

export type Opened = {
  readonly inner: Inner;
  readonly innerBytes: Uint8Array;
  /** The key of C; evidence for a court, kept with the item. */
  readonly cs: Uint8Array;
};

export type OpenRefusal = 'body_invalid' | 'commitment_mismatch' | 'audience_mismatch' | 'schema_invalid';

/** Checks 11 to 13, and of 14 the part that concerns `inner` itself: its shape and its exact time. */
export function openUnwrapped(
  copy: ParsedCopy,
  cek: Uint8Array,
  parties: Parties,
): { readonly ok: true; readonly opened: Opened } | Refused<OpenRefusal> {
  const body = openBody(cek, copy.ctx, copy.body, copy.core.commitment);
  if (!body.ok) return body;
  const inner = readInner(body.inner);
  if (inner === null) return refuse('schema_invalid');
  if (!isAudienceRight(inner.audience, parties)) return refuse('audience_mismatch');
  if (floorToMinute(inner.exactTimeSec) !== copy.core.timeSec) return refuse('schema_invalid');
  return { ok: true, opened: { inner, innerBytes: body.inner, cs: body.cs } };
}

function isAudienceRight(audience: readonly Uint8Array[], { memberId, senderId }: Parties): boolean {
  const isAscending = audience.every((id, i) => i === 0 || compareBytes(audience[i - 1] as Uint8Array, id) < 0);
  const includes = (id: Uint8Array) => audience.some((member) => sameBytes(member, id));
  return isAscending && includes(memberId) && !includes(senderId);
}

export type OpenState = Parties & {
  /** Where the sender's chain to us stands on the lane the stanza names. */
  readonly headOf: (lane: ChainPlace['lane']) => ChainHead;
};

export type OpenResult =
  | {
      readonly ok: true;
      readonly hold: null;
      readonly gap: boolean;
      readonly stanza: StanzaText;
      readonly opened: Opened;
    }
  | { readonly ok: true; readonly hold: 'gap'; readonly stanza: StanzaText }
  /** `place` is known once the stanza opened: a refused seq still advances the chain. */
  | (Refused & { readonly place?: ChainPlace });

/** Checks 9 to 13 in their order. `gap: true` only on lane 0, which is applied on arrival and alarmed. */
export function openCopy(copy: ParsedCopy, key: KemKey, state: OpenState): OpenResult {
  const unwrapped = unwrapCopy(copy, key);
  if (!unwrapped.ok) return unwrapped;
  const { stanza } = unwrapped;
  const { lane, seq, prev } = stanza;
  const refuseAt = (why: Refusal): OpenResult => ({ ok: false, why, place: { lane, seq, prev } });
  const chain = checkChain(stanza, state.headOf(lane));
  if (!chain.ok) return refuseAt(chain.why);
  const isGap = chain.step === 'gap';
  if (isGap && lane !== 0) return { ok: true, hold: 'gap', stanza };
  const result = openUnwrapped(copy, stanza.cek, state);
  return result.ok ? { ok: true, hold: null, gap: isGap, stanza, opened: result.opened } : refuseAt(result.why);
}
