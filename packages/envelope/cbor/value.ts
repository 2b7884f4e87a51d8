/**
 * What a sealed form may be made of: RFC 8949 without floats, tags, null, undefined and indefinite lengths.
 * Map keys are integers only. Integers beyond 2^53 − 1 are bigint, down to −2^64 and up to 2^64 − 1.
 */
export type CborValue = number | bigint | boolean | string | Uint8Array | readonly CborValue[] | CborMap;
export type CborMap = ReadonlyMap<number, CborValue>;

/** Bytes that are not the one deterministic encoding of a value we allow. Says where, never what. */
export class MalformedCbor extends Error {
  override readonly name = 'MalformedCbor';
}

/** Nesting of arrays and maps. Our deepest form (a frame of copies with stanzas) has 5. */
export const CBOR_DEPTH_MAX = 16;
/** Largest input: twice the largest frame (4 MiB), so that no door needs a limit of its own to be safe. */
export const CBOR_SIZE_BYTES_MAX = 8 * 1024 * 1024;
/** Values in one input, so that 8 MiB of one-byte integers cannot become hundreds of MiB of memory. */
export const CBOR_ITEMS_MAX = 262_144;
