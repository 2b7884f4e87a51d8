/** Member and key ids as keys of tables. A run knows a few dozen, so each is turned into a text once. */
import { fromHex, sameBytes, toHex } from '@tripoint/envelope/cbor';
import type { Hex } from './tables.ts';

/** By their first four bytes; of two that share them the second is turned into a text each time. */
const texts = new Map<number, { bytes: Uint8Array; text: Hex }>();
const REMEMBERED_MAX = 256;
const bytes = new Map<Hex, Uint8Array>();

export function toPeer(peer: Uint8Array): Hex {
  const word = ((peer[0] ?? 0) << 24) | ((peer[1] ?? 0) << 16) | ((peer[2] ?? 0) << 8) | (peer[3] ?? 0);
  const known = texts.get(word);
  if (known && sameBytes(known.bytes, peer)) return known.text;
  const text = toHex(peer);
  if (!known && texts.size < REMEMBERED_MAX) texts.set(word, { bytes: peer.slice(), text });
  return text;
}

export const placeKey = {
  chain: (peer: Uint8Array | Hex, lane: number) => `${typeof peer === 'string' ? peer : toPeer(peer)}/${lane}`,
  place: (peer: Uint8Array | Hex, lane: number, seq: number) => `${placeKey.chain(peer, lane)}/${seq}`,
  bytes(peer: Hex): Uint8Array {
    const known = bytes.get(peer);
    if (known) return known;
    const made = fromHex(peer);
    bytes.set(peer, made);
    return made;
  },
};
