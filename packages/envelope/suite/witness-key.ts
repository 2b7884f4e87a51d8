import { joinBytes } from '../cbor/index.ts';
import { keyId } from './domain-hash.ts';
import {
  curvePrivateKey,
  ed25519Sign,
  ed25519Verify,
  type KeyObject,
  latticePrivateKey,
  mldsaSign,
  mldsaVerify,
  publicBytesOf,
  publicKeyFromBytes,
} from './primitives.ts';
import { rememberByBytes } from './remembered.ts';

export const WITNESS_PUBLIC_BYTES = 32 + 1312;
export const MLDSA44_SIGNATURE_BYTES = 2420;
/** C2SP cosignatures use ML-DSA without a context: the signed structure carries its own label. */
const NO_CONTEXT = '';

/** A witness's key set, Ed25519 (32) ‖ ML-DSA-44 (1312): it signs other bureaus' log heads and nothing else. */
export type WitnessKey = {
  readonly kid: Uint8Array;
  readonly publicBytes: Uint8Array;
  readonly signEd: (text: Uint8Array) => Uint8Array;
  readonly signMl: (text: Uint8Array) => Uint8Array;
};

/** The witness key set of a 64-byte seed: Ed25519 secret (32) ‖ ML-DSA-44 seed (32). */
export function witnessKeyFromSeed(seed: Uint8Array): WitnessKey {
  if (seed.length !== 64) throw new RangeError('a witness seed has 64 bytes');
  const ed = curvePrivateKey('ed25519', seed.subarray(0, 32));
  const ml = latticePrivateKey('ml-dsa-44', seed.subarray(32));
  const publicBytes = joinBytes(publicBytesOf(ed), publicBytesOf(ml));
  return {
    kid: keyId('witness', publicBytes),
    publicBytes,
    signEd: (text) => ed25519Sign(ed, text),
    signMl: (text) => mldsaSign(ml, text, NO_CONTEXT),
  };
}

const witnessPublicKey = rememberByBytes((publicBytes): { ed: KeyObject; ml: KeyObject } => {
  const kept = publicBytes.slice();
  return {
    ed: publicKeyFromBytes('ed25519', kept.subarray(0, 32)),
    ml: publicKeyFromBytes('ml-dsa-44', kept.subarray(32)),
  };
});

/** Whether both halves of a witness's key set signed their texts. */
export function verifyWitnessPair(
  publicBytes: Uint8Array,
  ed: { readonly text: Uint8Array; readonly signature: Uint8Array },
  ml: { readonly text: Uint8Array; readonly signature: Uint8Array },
): boolean {
  if (publicBytes.length !== WITNESS_PUBLIC_BYTES) return false;
  if (ed.signature.length !== 64 || ml.signature.length !== MLDSA44_SIGNATURE_BYTES) return false;
  const key = witnessPublicKey(publicBytes);
  return ed25519Verify(key.ed, ed.text, ed.signature) && mldsaVerify(key.ml, ml.text, NO_CONTEXT, ml.signature);
}
