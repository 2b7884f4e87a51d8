/** Deterministic CBOR (RFC 8949 §4.2.1) and the byte operations beside it. Opens no other room, knows no keys. */
export { compareBytes, fromHex, fromUtf8, joinBytes, sameBytes, toHex, u32, u64, utf8 } from './bytes.ts';
export { decode } from './decode.ts';
export { encode } from './encode.ts';
export { bytesOf, countOf, eachOf, flagOf, listOf, mapOf, textOf } from './fields.ts';
export type { CborMap, CborValue } from './value.ts';
export { CBOR_DEPTH_MAX, CBOR_ITEMS_MAX, CBOR_SIZE_BYTES_MAX, MalformedCbor } from './value.ts';
