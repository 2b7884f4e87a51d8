import { toHex } from '@tripoint/envelope/cbor';

/** A key id for reading aloud: eight groups of four hexadecimal digits, such as `3fa2 09bc …`. */
export const fingerprintOf = (kid: Uint8Array): string => (toHex(kid).match(/.{4}/g) ?? []).join(' ');
