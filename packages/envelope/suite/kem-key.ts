import { joinBytes } from '../cbor/index.ts';
import { keyId, type Random } from './domain-hash.ts';
import {
  curvePrivateKey,
  type KeyObject,
  latticePrivateKey,
  mlkemDecapsulate,
  mlkemEncapsulate,
  publicBytesOf,
  publicKeyFromBytes,
  sha3of256,
  shake256,
  x25519,
} from './primitives.ts';
import { rememberByBytes } from './remembered.ts';

/**
 * X-Wing (draft-connolly-cfrg-xwing-kem; HPKE KEM 0x647a): ML-KEM-768 and X25519, joined by SHA3-256.
 * The shared secret holds as long as either half does.
 */
export const KEM_SEED_BYTES = 32;
const MLKEM_PUBLIC_BYTES = 1184;
const MLKEM_CIPHERTEXT_BYTES = 1088;
export const KEM_PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32;
export const KEM_ENC_BYTES = MLKEM_CIPHERTEXT_BYTES + 32;
/** `\.//^\` in ASCII: the draft's label. */
const XWING_LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c);

export type KemPublicKey = {
  readonly kid: Uint8Array;
  /** ML-KEM-768 (1184) ‖ X25519 (32). */
  readonly publicBytes: Uint8Array;
  readonly ml: KeyObject;
  readonly x: KeyObject;
};

export type KemKey = {
  readonly kid: Uint8Array;
  readonly publicBytes: Uint8Array;
  readonly ml: KeyObject;
  readonly x: KeyObject;
};

/** The key of one epoch from its 32-byte seed; SHAKE-256 stretches it to ML-KEM d ‖ z (64) and X25519 (32). */
export function kemKeyFromSeed(seed: Uint8Array): KemKey {
  if (seed.length !== KEM_SEED_BYTES) throw new RangeError('a KEM seed has 32 bytes');
  const stretched = shake256(seed, 96);
  const ml = latticePrivateKey('ml-kem-768', stretched.subarray(0, 64));
  const x = curvePrivateKey('x25519', stretched.subarray(64));
  const publicBytes = joinBytes(publicBytesOf(ml), publicBytesOf(x));
  return { kid: keyId('kem', publicBytes), publicBytes, ml, x };
}

/** Any scalar shows a low-order point: its product is zero for all of them. */
const PROBE = curvePrivateKey('x25519', new Uint8Array(32).fill(0x42));

/**
 * The public half (1,216 bytes). Throws when it is no key: outside the lattice modulus (FIPS 203 §7.2) or a low-order
 * point, so that sealing to a key that was once accepted cannot fail. Key objects are remembered.
 */
export const kemPublicKey: (publicBytes: Uint8Array) => KemPublicKey = rememberByBytes((publicBytes) => {
  if (publicBytes.length !== KEM_PUBLIC_BYTES) throw new RangeError('a KEM key has 1,216 public bytes');
  const kept = publicBytes.slice();
  const ml = publicKeyFromBytes('ml-kem-768', kept.subarray(0, MLKEM_PUBLIC_BYTES));
  const x = publicKeyFromBytes('x25519', kept.subarray(MLKEM_PUBLIC_BYTES));
  x25519(PROBE, x);
  return { kid: keyId('kem', kept), publicBytes: kept, ml, x };
});

/** Fresh shared secret (32) and what the holder needs to find it: enc = ct_M (1088) ‖ ct_X (32). */
export function encapsulateTo(key: KemPublicKey, random: Random): { enc: Uint8Array; shared: Uint8Array } {
  const lattice = mlkemEncapsulate(key.ml);
  const ephemeral = curvePrivateKey('x25519', random(32));
  const ephemeralPublic = publicBytesOf(ephemeral);
  const curve = x25519(ephemeral, key.x);
  return {
    enc: joinBytes(lattice.ciphertext, ephemeralPublic),
    shared: combine(lattice.shared, curve, ephemeralPublic, key.publicBytes),
  };
}

/** The shared secret (32) of `enc`; throws on a wrong length or an all-zero X25519 result. */
export function decapsulateWith(key: KemKey, enc: Uint8Array): Uint8Array {
  if (enc.length !== KEM_ENC_BYTES) throw new RangeError('enc has 1,120 bytes');
  const curvePublic = enc.subarray(MLKEM_CIPHERTEXT_BYTES);
  const lattice = mlkemDecapsulate(key.ml, enc.subarray(0, MLKEM_CIPHERTEXT_BYTES));
  const curve = x25519(key.x, publicKeyFromBytes('x25519', curvePublic));
  return combine(lattice, curve, curvePublic, key.publicBytes);
}

const combine = (lattice: Uint8Array, curve: Uint8Array, curveCt: Uint8Array, publicBytes: Uint8Array): Uint8Array =>
  sha3of256(lattice, curve, curveCt, publicBytes.subarray(MLKEM_PUBLIC_BYTES), XWING_LABEL);
