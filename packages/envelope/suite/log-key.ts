import { keyId } from './domain-hash.ts';
import { curvePrivateKey, ed25519Sign, ed25519Verify, publicBytesOf, publicKeyFromBytes } from './primitives.ts';
import { rememberByBytes } from './remembered.ts';

/** A log's own key: Ed25519 only, because that is what C2SP checkpoints carry; never used for anything else. */
export type LogKey = {
  readonly kid: Uint8Array;
  readonly publicBytes: Uint8Array;
  readonly sign: (text: Uint8Array) => Uint8Array;
};

/** The log key of a 32-byte seed. */
export function logKeyFromSeed(seed: Uint8Array): LogKey {
  if (seed.length !== 32) throw new RangeError('a log seed has 32 bytes');
  const key = curvePrivateKey('ed25519', seed);
  const publicBytes = publicBytesOf(key);
  return { kid: keyId('log', publicBytes), publicBytes, sign: (text) => ed25519Sign(key, text) };
}

const logPublicKey = rememberByBytes((publicBytes) => publicKeyFromBytes('ed25519', publicBytes.slice()));

/** Whether `signature` (64) is the log key's (32 public bytes) over `text`. */
export const verifyWithLogKey = (publicBytes: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean =>
  publicBytes.length === 32 && signature.length === 64 && ed25519Verify(logPublicKey(publicBytes), text, signature);
