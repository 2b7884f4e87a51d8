/** Member ids as keys of tables. There are few of them, so each is turned into a text once. */
import { fromHex, toHex } from '@tripoint/envelope/cbor';
import type { Hex } from './tables.ts';

const texts = new WeakMap<Uint8Array, Hex>();
const bytes = new Map<Hex, Uint8Array>();

export function toPeer(peer: Uint8Array): Hex {
  const known = texts.get(peer);
  if (known) return known;
  const text = toHex(peer);
  texts.set(peer, text);
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
