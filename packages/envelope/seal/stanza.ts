import { bytesOf, type CborValue, encode, joinBytes, listOf, u32, u64 } from '../cbor/index.ts';
import {
  domainBytes,
  hpkeOpen,
  hpkeSeal,
  type KemKey,
  type KemPublicKey,
  type Random,
  sha256,
} from '../suite/index.ts';
import type { ChainPlace, Lane } from './chain.ts';
import { KID_BYTES, STANZA_CT_BYTES, STANZA_ENC_BYTES, STANZA_PLAIN_BYTES } from './sizes.ts';

/** One recipient's wrapped key, as it travels. */
export type Stanza = { readonly kid: Uint8Array; readonly enc: Uint8Array; readonly ct: Uint8Array };

/** What a stanza says to its recipient alone. `alias` 0 is the bureau itself, else an agency's pairwise pseudonym. */
export type StanzaText = ChainPlace & { readonly cek: Uint8Array; readonly alias: number };

const NO_AAD = new Uint8Array(0);
const LANE_MAX = 3;

const wrapInfo = (ctx: Uint8Array, kid: Uint8Array): Uint8Array => domainBytes('env', 'wrap', ctx, kid);

export function sealStanza(key: KemPublicKey, ctx: Uint8Array, text: StanzaText, random: Random): Stanza {
  const plain = joinBytes(text.cek, Uint8Array.of(text.lane), u64(text.seq), text.prev, u32(text.alias));
  return { kid: key.kid, ...hpkeSeal(key, wrapInfo(ctx, key.kid), NO_AAD, plain, random) };
}

/** Null when the stanza was not sealed to this key for this context, or says something impossible. */
export function openStanza(key: KemKey, ctx: Uint8Array, stanza: Stanza): StanzaText | null {
  const plain = hpkeOpen(key, stanza.enc, wrapInfo(ctx, stanza.kid), NO_AAD, stanza.ct);
  if (plain === null || plain.length !== STANZA_PLAIN_BYTES) return null;
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const lane = view.getUint8(32);
  const seq = Number(view.getBigUint64(33));
  if (lane > LANE_MAX || !Number.isSafeInteger(seq)) return null;
  return { cek: plain.slice(0, 32), lane: lane as Lane, seq, prev: plain.slice(41, 73), alias: view.getUint32(73) };
}

export const stanzaList = (stanza: Stanza): CborValue[] => [stanza.kid, stanza.enc, stanza.ct];

export const stanzaHash = (stanza: Stanza): Uint8Array => sha256(encode(stanzaList(stanza)));

export function readStanza(value: CborValue | undefined): Stanza | null {
  const list = listOf(value, 3);
  const kid = bytesOf(list?.[0], KID_BYTES);
  const enc = bytesOf(list?.[1], STANZA_ENC_BYTES);
  const ct = bytesOf(list?.[2], STANZA_CT_BYTES);
  return kid === null || enc === null || ct === null ? null : { kid, enc, ct };
}
