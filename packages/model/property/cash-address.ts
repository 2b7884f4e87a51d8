/**
 * Bitcoin Cash addresses (CashAddr specification): base 32 with a 40-bit BCH code over prefix and payload.
 * Kept apart because its checksum is longer than bech32's and needs whole 64-bit words.
 */
const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generators = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];
const prefix = 'bitcoincash';
const checksumWords = 8;

export interface CashAddress {
  /** With prefix, small letters. */
  readonly address: string;
  /** 0 = public key hash, 1 = script hash. */
  readonly type: number;
  readonly hash: Uint8Array;
}

/** Reads an address with or without prefix in one case, or null when the checksum or the payload is wrong. */
export function readCashAddress(text: string): CashAddress | null {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return null;
  const body = text.toLowerCase().replace(`${prefix}:`, '');
  const words = [...body].map((letter) => alphabet.indexOf(letter));
  if (words.includes(-1) || polymod([...prefixWords(), 0, ...words]) !== 0n) return null;
  const bytes = bytesOf(words.slice(0, -checksumWords));
  if (bytes?.length !== 21) return null;
  const type = bytes[0]! >> 3;
  return type > 1 || (bytes[0]! & 7) !== 0 ? null : { address: `${prefix}:${body}`, type, hash: bytes.subarray(1) };
}

function prefixWords(): number[] {
  return [...prefix].map((letter) => letter.charCodeAt(0) & 31);
}

function polymod(words: readonly number[]): bigint {
  let sum = 1n;
  for (const word of words) {
    const top = sum >> 35n;
    sum = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(word);
    generators.forEach((generator, bit) => {
      if ((top >> BigInt(bit)) & 1n) sum ^= generator;
    });
  }
  return sum ^ 1n;
}

/** Five-bit words → bytes; the padding must be shorter than a word and zero. */
function bytesOf(words: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const word of words) {
    held = ((held << 5) | word) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return bits >= 5 || (held & ((1 << bits) - 1)) !== 0 ? null : Uint8Array.from(bytes);
}
