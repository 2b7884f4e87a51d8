import { bytesOf, type CborMap, type CborValue, decode, eachOf, encode, listOf, mapOf, toHex } from '../cbor/index.ts';
import { keyId, type Signer, verifyPair } from '../suite/index.ts';

/** A key set's two signatures and the id that names it: how charters, directory entries and revocations are signed. */
export type NamedSignature = { readonly kid: Uint8Array; readonly ed: Uint8Array; readonly ml: Uint8Array };

export const namedSignature = (signer: Signer, tbs: Uint8Array, context: string): NamedSignature => ({
  kid: signer.kid,
  ...signer.sign(tbs, context),
});

/** How many of these key sets signed; null when a signature in the name of one does not hold. Others are ignored. */
export function signersHolding(
  keys: readonly Uint8Array[],
  tbs: Uint8Array,
  context: string,
  signatures: readonly NamedSignature[],
): number | null {
  let count = 0;
  for (const publicBytes of keys) {
    const kid = toHex(keyId('sig', publicBytes));
    const own = signatures.filter((signature) => toHex(signature.kid) === kid);
    if (own.some(({ ed, ml }) => !verifyPair(publicBytes, tbs, context, ed, ml))) return null;
    if (own.length > 0) count += 1;
  }
  return count;
}

export const signatureList = ({ kid, ed, ml }: NamedSignature): CborValue[] => [kid, ed, ml];

/** The signatures of a list, or null when one is not of its shape or they are more than `most`. */
export function readSignatures(value: CborValue | undefined, most: number): readonly NamedSignature[] | null {
  const signatures = eachOf(value, readSignature);
  return signatures === null || signatures.length > most ? null : signatures;
}

function readSignature(value: CborValue): NamedSignature | null {
  const list = listOf(value, 3);
  const kid = bytesOf(list?.[0], 16);
  const ed = bytesOf(list?.[1], 64);
  const ml = bytesOf(list?.[2], 3309);
  return kid === null || ed === null || ml === null ? null : { kid, ed, ml };
}

/** The two parts of a signed form, or null when the bytes are none. */
export function signedParts(bytes: Uint8Array): readonly CborValue[] | null {
  try {
    return listOf(decode(bytes), 2);
  } catch {
    return null; // MalformedCbor
  }
}

/** A signed CBOR map `[map, [[kid, ed, ml]…]]`: map, its bytes, its signatures; null when the bytes are none. */
export function readSignedMap(
  bytes: Uint8Array,
  most: number,
): { readonly map: CborMap; readonly mapBytes: Uint8Array; readonly signatures: readonly NamedSignature[] } | null {
  const parts = signedParts(bytes);
  const map = mapOf(parts?.[0]);
  const signatures = readSignatures(parts?.[1], most);
  return map === null || signatures === null ? null : { map, mapBytes: encode(map), signatures };
}
