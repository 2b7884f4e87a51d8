import { joinBytes, utf8 } from '../cbor/index.ts';
import type { Random } from './domain-hash.ts';
import {
  AEAD_NONCE_BYTES,
  AEAD_TAG_BYTES,
  aesGcmOpen,
  aesGcmSealInto,
  equalInConstantTime,
  hkdfExpand,
} from './primitives.ts';

/** Cobblestone-256 (c2sp.org/chunked-encryption v1 with AES-256-GCM and SHA-512). */
const KEY_BYTES = 32;
const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
const HEADER_BYTES = SALT_BYTES + COMMITMENT_BYTES;
const CHUNK_BYTES = 16 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + AEAD_TAG_BYTES;
const INFO_PREFIX = utf8('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

/** Ciphertext size of a message: 56 bytes in front and a tag for each chunk, of which the last is short or empty. */
export const cobblestoneSizeBytes = (messageBytes: number): number =>
  HEADER_BYTES + messageBytes + AEAD_TAG_BYTES * (Math.floor(messageBytes / CHUNK_BYTES) + 1);

/** salt (24) ‖ commitment (32) ‖ chunks. The key is used as given and must be 32 uniformly random bytes. */
export function cobblestoneSeal(key: Uint8Array, context: Uint8Array, message: Uint8Array, random: Random): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError('a Cobblestone-256 key has 32 bytes');
  const salt = random(SALT_BYTES);
  const derived = derive(key, salt, context);
  const sealed = new Uint8Array(cobblestoneSizeBytes(message.length));
  sealed.set(salt);
  sealed.set(derived.commitment, SALT_BYTES);
  let at = HEADER_BYTES;
  for (let index = 0; index * CHUNK_BYTES <= message.length; index += 1) {
    const chunk = message.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    at = aesGcmSealInto(sealed, at, derived.aeadKey, chunkNonce(derived.baseNonce, index), chunk);
  }
  return sealed;
}

/** The message, or null when key, context, commitment, order, number or any byte of a chunk is wrong. */
export function cobblestoneOpen(key: Uint8Array, context: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (key.length !== KEY_BYTES || sealed.length < HEADER_BYTES + AEAD_TAG_BYTES) return null;
  const derived = derive(key, sealed.subarray(0, SALT_BYTES), context);
  if (!equalInConstantTime(derived.commitment, sealed.subarray(SALT_BYTES, HEADER_BYTES))) return null;
  const fullChunks = Math.floor((sealed.length - HEADER_BYTES) / SEALED_CHUNK_BYTES);
  const lastBytes = (sealed.length - HEADER_BYTES) % SEALED_CHUNK_BYTES;
  if (lastBytes < AEAD_TAG_BYTES) return null; // the short last chunk is missing or cut
  const message = new Uint8Array(fullChunks * CHUNK_BYTES + lastBytes - AEAD_TAG_BYTES);
  for (let index = 0; index <= fullChunks; index += 1) {
    const at = HEADER_BYTES + index * SEALED_CHUNK_BYTES;
    const chunk = sealed.subarray(at, at + SEALED_CHUNK_BYTES);
    const opened = aesGcmOpen(derived.aeadKey, chunkNonce(derived.baseNonce, index), chunk);
    if (opened === null) return null;
    message.set(opened, index * CHUNK_BYTES);
  }
  return message;
}

function derive(key: Uint8Array, salt: Uint8Array, context: Uint8Array) {
  const info = joinBytes(INFO_PREFIX, salt, context);
  const derived = hkdfExpand('sha512', key, info, KEY_BYTES + AEAD_NONCE_BYTES + COMMITMENT_BYTES);
  return {
    aeadKey: derived.subarray(0, KEY_BYTES),
    baseNonce: derived.subarray(KEY_BYTES, KEY_BYTES + AEAD_NONCE_BYTES),
    commitment: derived.subarray(KEY_BYTES + AEAD_NONCE_BYTES),
  };
}

/** Base nonce XOR the big-endian chunk number. Our messages stay far below 2^32 chunks. */
function chunkNonce(baseNonce: Uint8Array, index: number): Uint8Array {
  const nonce = baseNonce.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, (view.getUint32(8) ^ index) >>> 0);
  return nonce;
}
