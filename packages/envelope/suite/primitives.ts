/**
 * The only place that speaks to node:crypto (OpenSSL 3.5): hashes, AES-256-GCM, Ed25519, X25519, ML-DSA-65,
 * ML-KEM-768 as plain functions over bytes and key objects.
 *
 * Two primitives draw randomness inside OpenSSL, because Node offers no way to pass it in: `mlkemEncapsulate`
 * (FIPS 203 m) and `mldsaSign` (FIPS 204 hedged rnd). Nothing else in this package is random by itself.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  hash,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { joinBytes, utf8 } from '../cbor/index.ts';

export type { KeyObject };

export const AEAD_TAG_BYTES = 16;
export const AEAD_NONCE_BYTES = 12;

/** A view without Buffer's prototype, so that no door hands out a Buffer. */
const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** SHA-256 of all parts joined. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return plain(hash('sha256', parts[0] as Uint8Array, 'buffer'));
  const running = createHash('sha256');
  for (const part of parts) running.update(part);
  return plain(running.digest());
}

export const sha3of256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  plain(hash('sha3-256', joinBytes(...parts), 'buffer'));

export const shake256 = (input: Uint8Array, sizeBytes: number): Uint8Array =>
  plain(createHash('shake256', { outputLength: sizeBytes }).update(input).digest());

export type HashName = 'sha256' | 'sha512';

export function hmac(name: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const running = createHmac(name, key);
  for (const part of parts) running.update(part);
  return plain(running.digest());
}

/** HKDF-Expand (RFC 5869 §2.3). */
export function hkdfExpand(name: HashName, prk: Uint8Array, info: Uint8Array, sizeBytes: number): Uint8Array {
  const blockBytes = name === 'sha256' ? 32 : 64;
  const blockCount = Math.ceil(sizeBytes / blockBytes);
  if (blockCount > 255) throw new RangeError('HKDF output too long');
  const output = new Uint8Array(blockCount * blockBytes);
  let block = new Uint8Array(0) as Uint8Array;
  for (let i = 1; i <= blockCount; i += 1) {
    block = hmac(name, prk, block, info, Uint8Array.of(i));
    output.set(block, (i - 1) * blockBytes);
  }
  return output.subarray(0, sizeBytes);
}

/** Equality whose time does not depend on where the bytes differ. */
export const equalInConstantTime = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** AES-256-GCM: writes ciphertext and tag (16) into `target` at `at`; returns the place after them. */
export function aesGcmSealInto(
  target: Uint8Array,
  at: number,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
): number {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  target.set(cipher.update(plaintext), at);
  cipher.final();
  target.set(cipher.getAuthTag(), at + plaintext.length);
  return at + plaintext.length + AEAD_TAG_BYTES;
}

/** AES-256-GCM with tag at the end; null when the tag is wrong. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad?: Uint8Array,
): Uint8Array | null {
  if (sealed.length < AEAD_TAG_BYTES) return null;
  const bodyBytes = sealed.length - AEAD_TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: AEAD_TAG_BYTES });
  if (aad !== undefined && aad.length > 0) decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(bodyBytes));
  const plaintext = decipher.update(sealed.subarray(0, bodyBytes));
  try {
    decipher.final();
  } catch {
    return null; // the only thing final() can complain about is the tag
  }
  return plain(plaintext);
}

/** AES-256-GCM with tag at the end. */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  if (aad.length > 0) cipher.setAAD(aad);
  const body = cipher.update(plaintext);
  return joinBytes(body, cipher.final(), cipher.getAuthTag());
}

export type CurveName = 'ed25519' | 'x25519';

/** Private key of an Edwards or Montgomery curve from its 32 bytes. */
export const curvePrivateKey = (curve: CurveName, secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: secret, format: 'raw-private', asymmetricKeyType: curve });

/** Private key of a lattice algorithm from its seed (ML-DSA 32 bytes, ML-KEM 64). Keys are kept as seeds only. */
export const latticePrivateKey = (name: 'ml-dsa-65' | 'ml-dsa-44' | 'ml-kem-768', seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: seed, format: 'raw-seed', asymmetricKeyType: name });

export type AlgorithmName = CurveName | 'ml-dsa-65' | 'ml-dsa-44' | 'ml-kem-768';

/** Throws when the bytes are no public key of that algorithm. */
export const publicKeyFromBytes = (name: AlgorithmName, bytes: Uint8Array): KeyObject =>
  createPublicKey({ key: bytes, format: 'raw-public', asymmetricKeyType: name });

export const publicBytesOf = (key: KeyObject): Uint8Array =>
  plain((key.type === 'private' ? createPublicKey(key) : key).export({ format: 'raw-public' }));

export const ed25519Sign = (key: KeyObject, text: Uint8Array): Uint8Array => plain(sign(null, text, key));

export const ed25519Verify = (key: KeyObject, text: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, text, key, signature);

/** Hedged ML-DSA (FIPS 204 §5.2) with a context of at most 255 bytes. */
export const mldsaSign = (key: KeyObject, text: Uint8Array, context: string | Uint8Array): Uint8Array =>
  plain(sign(null, text, { key, context: typeof context === 'string' ? utf8(context) : context }));

export function mldsaVerify(
  key: KeyObject,
  text: Uint8Array,
  context: string | Uint8Array,
  signature: Uint8Array,
): boolean {
  const contextBytes = typeof context === 'string' ? utf8(context) : context;
  if (contextBytes.length > 255) return false;
  return verify(null, text, { key, context: contextBytes }, signature);
}

/** The same off this thread: a lattice signature takes about a millisecond, and another core may take it. */
export const mldsaSignLater = (key: KeyObject, text: Uint8Array, context: string): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    sign(null, text, { key, context: utf8(context) }, (error, signature) => {
      if (error) reject(error);
      else resolve(plain(signature));
    });
  });

export const mldsaVerifyLater = (
  key: KeyObject,
  text: Uint8Array,
  context: string,
  signature: Uint8Array,
): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, text, { key, context: utf8(context) }, signature, (error, holds) => {
      if (error) reject(error);
      else resolve(holds);
    });
  });

/** X25519; throws when the shared secret would be all zero (RFC 7748 §6.1). */
export function x25519(privateKey: KeyObject, publicKey: KeyObject): Uint8Array {
  const shared = plain(diffieHellman({ privateKey, publicKey }));
  // OpenSSL already refuses; the check stays ours, so that no other build of it can drop the rule.
  if (shared.every((byte) => byte === 0)) throw new RangeError('X25519 shared secret is zero');
  return shared;
}

export function mlkemEncapsulate(publicKey: KeyObject): { ciphertext: Uint8Array; shared: Uint8Array } {
  const { ciphertext, sharedKey } = encapsulate(publicKey);
  return { ciphertext: plain(ciphertext), shared: plain(sharedKey) };
}

/** Implicit rejection: a wrong ciphertext of the right length gives another secret, not an error. */
export const mlkemDecapsulate = (privateKey: KeyObject, ciphertext: Uint8Array): Uint8Array =>
  plain(decapsulate(privateKey, ciphertext));
