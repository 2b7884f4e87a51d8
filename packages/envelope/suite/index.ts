/**
 * Suite 1: the algorithms and keys everything else is sealed and signed with. Knows bytes and keys, not envelopes.
 * Randomness is a parameter, except where OpenSSL draws its own (ML-KEM encapsulation, hedged ML-DSA signing).
 */
export { cobblestoneOpen, cobblestoneSeal, cobblestoneSizeBytes } from './cobblestone.ts';
export type { KeyClass, Random } from './domain-hash.ts';
export { domainBytes, domainHash, keyId } from './domain-hash.ts';
export { hpkeOpen, hpkeSeal } from './hpke.ts';
export type { KemKey, KemPublicKey } from './kem-key.ts';
export { KEM_ENC_BYTES, KEM_PUBLIC_BYTES, KEM_SEED_BYTES, kemKeyFromSeed, kemPublicKey } from './kem-key.ts';
export type { LogKey } from './log-key.ts';
export { logKeyFromSeed, verifyWithLogKey } from './log-key.ts';
export { equalInConstantTime, hmac, sha256 } from './primitives.ts';
export type { SignaturePair, Signer, SigningKey, VerifyingKey } from './signing-key.ts';
export {
  ED25519_SIGNATURE_BYTES,
  MLDSA65_SIGNATURE_BYTES,
  SIGNING_PUBLIC_BYTES,
  SIGNING_SEED_BYTES,
  signingKeyFromSeed,
  signPair,
  verifyingKey,
  verifyPair,
  verifyPairLater,
} from './signing-key.ts';

/** The suite number of everything this room does (§10). */
export const SUITE = 1;

export type { WitnessKey } from './witness-key.ts';
export { MLDSA44_SIGNATURE_BYTES, verifyWitnessPair, WITNESS_PUBLIC_BYTES, witnessKeyFromSeed } from './witness-key.ts';
