import { bytesOf, encode, joinBytes, utf8 } from '../cbor/index.ts';
import type { Signer } from '../suite/index.ts';
import type { CharterMember } from './charter.ts';
import { bytesOfBase64url } from './parse-charter.ts';
import {
  type NamedSignature,
  namedSignature,
  readSignatures,
  signatureList,
  signedParts,
  signersHolding,
} from './signed-form.ts';

/** One custodian's signatures over a charter: Ed25519 (64) and ML-DSA-65 (3,309). */
export type CharterSignature = NamedSignature;

/** ML-DSA context of a custodian's signature on a charter. */
export const CHARTER_CONTEXT = 'tripoint-charter/1';
export const CHARTER_TYPE = 'application/vnd.tripoint.charter+json';
/** Three custodians of 64 members, old and new: more is a flood. */
const SIGNATURES_MAX = 384;
/** Custodians of one nation who must sign, of its three. */
const CUSTODIANS_SIGNING = 2;

/** DSSE pre-authentication encoding v1: the lengths keep type and body from running into each other. */
export const paeOf = (type: string, body: Uint8Array): Uint8Array =>
  joinBytes(utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), body);

export const signCharter = (bytes: Uint8Array, custodian: Signer): CharterSignature =>
  namedSignature(custodian, paeOf(CHARTER_TYPE, bytes), CHARTER_CONTEXT);

/**
 * Ids of the members of which at least two custodians signed `bytes`; null when a signature that names a custodian
 * of these members does not hold. Signatures of others are ignored, a custodian counts once.
 */
export function nationsSigning(
  bytes: Uint8Array,
  signatures: readonly CharterSignature[],
  members: readonly CharterMember[],
): ReadonlySet<string> | null {
  const text = paeOf(CHARTER_TYPE, bytes);
  const signing = new Set<string>();
  for (const { id, custodians } of members) {
    const count = signersHolding(custodians.map(bytesOfBase64url), text, CHARTER_CONTEXT, signatures);
    if (count === null) return null;
    if (count >= CUSTODIANS_SIGNING) signing.add(id);
  }
  return signing;
}

/** A charter with its signatures as one CBOR text: `[bytes, [[kid, ed, ml]…]]`, for frames, files and stores. */
export const encodeSignedCharter = (bytes: Uint8Array, signatures: readonly CharterSignature[]): Uint8Array =>
  encode([bytes, signatures.map(signatureList)]);

/** Null when the bytes are no signed charter; nothing is verified. */
export function decodeSignedCharter(
  signed: Uint8Array,
): { readonly bytes: Uint8Array; readonly signatures: readonly CharterSignature[] } | null {
  const parts = signedParts(signed);
  const bytes = bytesOf(parts?.[0]);
  const signatures = readSignatures(parts?.[1], SIGNATURES_MAX);
  return bytes === null || signatures === null ? null : { bytes, signatures };
}
