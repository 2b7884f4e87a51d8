import { joinBytes } from '../cbor/index.ts';
import { keyId } from './domain-hash.ts';
import {
  curvePrivateKey,
  ed25519Sign,
  ed25519Verify,
  type KeyObject,
  latticePrivateKey,
  mldsaSign,
  mldsaSignLater,
  mldsaVerify,
  mldsaVerifyLater,
  publicBytesOf,
  publicKeyFromBytes,
} from './primitives.ts';
import { rememberByBytes } from './remembered.ts';

export const SIGNING_SEED_BYTES = 64;
export const SIGNING_PUBLIC_BYTES = 32 + 1952;
export const ED25519_SIGNATURE_BYTES = 64;
export const MLDSA65_SIGNATURE_BYTES = 3309;

/** Ed25519 (64 bytes) and ML-DSA-65 (3,309 bytes) over the same text; both must hold. */
export type SignaturePair = { readonly ed: Uint8Array; readonly ml: Uint8Array };

/** Whoever can sign for a key set: a file here, a token or a remote signer elsewhere. */
export type Signer = {
  readonly kid: Uint8Array;
  /** Ed25519 (32) ‖ ML-DSA-65 (1952). */
  readonly publicBytes: Uint8Array;
  readonly sign: (tbs: Uint8Array, context: string) => SignaturePair;
  /** The same without holding up this thread; a token or a remote signer has no other form. */
  readonly signLater: (tbs: Uint8Array, context: string) => Promise<SignaturePair>;
};

export type SigningKey = Signer & { readonly verifying: VerifyingKey };

export type VerifyingKey = {
  readonly kid: Uint8Array;
  readonly publicBytes: Uint8Array;
  readonly ed: KeyObject;
  readonly ml: KeyObject;
};

/** A signing key set from its 64-byte seed: Ed25519 secret (32) ‖ ML-DSA-65 seed (32). */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== SIGNING_SEED_BYTES) throw new RangeError('a signing seed has 64 bytes');
  const ed = curvePrivateKey('ed25519', seed.subarray(0, 32));
  const ml = latticePrivateKey('ml-dsa-65', seed.subarray(32));
  const publicBytes = joinBytes(publicBytesOf(ed), publicBytesOf(ml));
  const verifying = verifyingKey(publicBytes);
  return {
    kid: verifying.kid,
    publicBytes,
    verifying,
    sign: (tbs, context) => ({ ed: ed25519Sign(ed, tbs), ml: mldsaSign(ml, tbs, context) }),
    signLater: async (tbs, context) => ({ ed: ed25519Sign(ed, tbs), ml: await mldsaSignLater(ml, tbs, context) }),
  };
}

/** The public half of a key set (1,984 bytes); throws when it is no key. Key objects are remembered. */
export const verifyingKey: (publicBytes: Uint8Array) => VerifyingKey = rememberByBytes((publicBytes) => {
  if (publicBytes.length !== SIGNING_PUBLIC_BYTES) throw new RangeError('a signing key set has 1,984 public bytes');
  const kept = publicBytes.slice();
  return {
    kid: keyId('sig', kept),
    publicBytes: kept,
    ed: publicKeyFromBytes('ed25519', kept.subarray(0, 32)),
    ml: publicKeyFromBytes('ml-dsa-65', kept.subarray(32)),
  };
});

export const signPair = (key: Signer, tbs: Uint8Array, context: string): SignaturePair => key.sign(tbs, context);

/** True only when both signatures hold; Ed25519 first, because it is the cheaper one. */
export function verifyPair(
  key: VerifyingKey | Uint8Array,
  tbs: Uint8Array,
  context: string,
  ed: Uint8Array,
  ml: Uint8Array,
): boolean {
  if (ed.length !== ED25519_SIGNATURE_BYTES || ml.length !== MLDSA65_SIGNATURE_BYTES) return false;
  const known = key instanceof Uint8Array ? verifyingKey(key) : key;
  return ed25519Verify(known.ed, tbs, ed) && mldsaVerify(known.ml, tbs, context, ml);
}

/** The same without holding up this thread for the dearer half. */
export async function verifyPairLater(
  key: VerifyingKey | Uint8Array,
  tbs: Uint8Array,
  context: string,
  ed: Uint8Array,
  ml: Uint8Array,
): Promise<boolean> {
  if (ed.length !== ED25519_SIGNATURE_BYTES || ml.length !== MLDSA65_SIGNATURE_BYTES) return false;
  const known = key instanceof Uint8Array ? verifyingKey(key) : key;
  return ed25519Verify(known.ed, tbs, ed) && mldsaVerifyLater(known.ml, tbs, context, ml);
}
