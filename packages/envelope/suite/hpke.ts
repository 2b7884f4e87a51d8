import { joinBytes, utf8 } from '../cbor/index.ts';
import type { Random } from './domain-hash.ts';
import { decapsulateWith, encapsulateTo, KEM_ENC_BYTES, type KemKey, type KemPublicKey } from './kem-key.ts';
import { AEAD_NONCE_BYTES, aesGcmOpen, aesGcmSeal, hkdfExpand, hmac } from './primitives.ts';

/** HPKE (RFC 9180), base mode, single shot: X-Wing 0x647a, HKDF-SHA256 0x0001, AES-256-GCM 0x0002. */
const SUITE_ID = Uint8Array.of(0x48, 0x50, 0x4b, 0x45, 0x64, 0x7a, 0x00, 0x01, 0x00, 0x02);
const VERSION_LABEL = utf8('HPKE-v1');
const NOTHING = new Uint8Array(0);
const MODE_BASE = Uint8Array.of(0);

/** RFC 9180 §4 LabeledExtract. */
const labeledExtract = (suiteId: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array): Uint8Array =>
  hmac('sha256', salt, VERSION_LABEL, suiteId, utf8(label), secret);

/** RFC 9180 §4 LabeledExpand. */
function labeledExpand(suiteId: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, sizeBytes: number) {
  const size = Uint8Array.of(sizeBytes >> 8, sizeBytes & 0xff);
  return hkdfExpand('sha256', prk, joinBytes(size, VERSION_LABEL, suiteId, utf8(label), info), sizeBytes);
}

const ourPskIdHash = labeledExtract(SUITE_ID, NOTHING, 'psk_id_hash', NOTHING);

/**
 * RFC 9180 §5.1 KeySchedule in base mode: AEAD key (32) and base nonce (12). `suiteId` differs from ours only in
 * tests: the one public vector of this KEM is for another AEAD.
 */
export function keySchedule(
  shared: Uint8Array,
  info: Uint8Array,
  suiteId: Uint8Array = SUITE_ID,
): { key: Uint8Array; nonce: Uint8Array } {
  const pskIdHash = suiteId === SUITE_ID ? ourPskIdHash : labeledExtract(suiteId, NOTHING, 'psk_id_hash', NOTHING);
  const infoHash = labeledExtract(suiteId, NOTHING, 'info_hash', info);
  const context = joinBytes(MODE_BASE, pskIdHash, infoHash);
  const secret = labeledExtract(suiteId, shared, 'secret', NOTHING);
  return {
    key: labeledExpand(suiteId, secret, 'key', context, 32),
    nonce: labeledExpand(suiteId, secret, 'base_nonce', context, AEAD_NONCE_BYTES),
  };
}

/** Seals `plaintext` to the holder of `key`: enc (1120) and ciphertext with tag. */
export function hpkeSeal(
  key: KemPublicKey,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  random: Random,
): { enc: Uint8Array; ct: Uint8Array } {
  const { enc, shared } = encapsulateTo(key, random);
  const schedule = keySchedule(shared, info);
  return { enc, ct: aesGcmSeal(schedule.key, schedule.nonce, plaintext, aad) };
}

/** The plaintext, or null when it was not sealed to this key with this info and aad. Never throws on bytes. */
export function hpkeOpen(
  key: KemKey,
  enc: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  ct: Uint8Array,
): Uint8Array | null {
  if (enc.length !== KEM_ENC_BYTES) return null;
  const shared = sharedOrNull(key, enc);
  if (shared === null) return null;
  const schedule = keySchedule(shared, info);
  return aesGcmOpen(schedule.key, schedule.nonce, ct, aad);
}

/** An all-zero X25519 result throws inside OpenSSL; to the caller it is one more enc that does not open. */
function sharedOrNull(key: KemKey, enc: Uint8Array): Uint8Array | null {
  try {
    return decapsulateWith(key, enc);
  } catch {
    return null;
  }
}
