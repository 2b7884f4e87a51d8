import { joinBytes, sameBytes, u32 } from '../cbor/index.ts';
import { domainHash, hmac } from '../suite/index.ts';
import { type Refused, refuse } from './refusal.ts';
import { ID_BYTES } from './sizes.ts';

/** Queue of a pair of bureaus, 0 control, 1 urgent, 2 normal, 3 bulk: each lane has its own sequence and chain. */
export type Lane = 0 | 1 | 2 | 3;

/** Place of an envelope in the chain of sender → recipient on one lane; seq counts from 1. */
export type ChainPlace = { readonly lane: Lane; readonly seq: number; readonly prev: Uint8Array };

/** Where a chain stands: the last seq taken, 0 before the first, and the leaf the next one must name. */
export type ChainHead = { readonly seq: number; readonly leaf: Uint8Array };

/** What the first envelope of a chain names as the leaf before it (32 bytes). */
export const firstPrev = (charterId: Uint8Array, sender: Uint8Array, recipient: Uint8Array, lane: Lane): Uint8Array =>
  domainHash('env', 'chain', charterId, sender, recipient, Uint8Array.of(lane));

/** Id of an envelope (16 bytes): the same again when the same outbox row is sealed again after a crash. */
export const envelopeId = (localSecret: Uint8Array, rowKey: Uint8Array, sealing: number): Uint8Array =>
  hmac('sha256', localSecret, joinBytes(rowKey, u32(sealing))).slice(0, ID_BYTES);

/**
 * Check 10. `next` is the next link; `gap` is further on: lane 0 is applied at once and alarmed, others wait.
 * Anything else contradicts what the sender signed before.
 */
export function checkChain(
  place: ChainPlace,
  head: ChainHead,
): { readonly ok: true; readonly step: 'next' | 'gap' } | Refused<'chain_broken'> {
  if (place.seq > head.seq + 1) return { ok: true, step: 'gap' };
  if (place.seq !== head.seq + 1 || !sameBytes(place.prev, head.leaf)) return refuse('chain_broken');
  return { ok: true, step: 'next' };
}
