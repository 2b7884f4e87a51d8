import { base58 } from '@scure/base';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

function hexOf(text: string, prefix: RegExp): string | null {
  const plain = asciiForms(text).replace(prefix, '').replace(/[\s:]/g, '').toLowerCase();
  return /^[0-9a-f]+$/.test(plain) ? plain : null;
}

/** OpenPGP fingerprint: 40 (RFC 4880) or 64 hex digits (RFC 9580), capitals. A short key id can be forged: refused. */
export const pgpType = defineType({
  name: 'pgp',
  maxLength: 64,
  matchable: true,
  reportedMax: 256,
  clean(text) {
    const hex = hexOf(text, /^(?:pgp|openpgp4fpr|fingerprint)?\s*[:=]?\s*(?:0x)?/i);
    return hex && (hex.length === 40 || hex.length === 64) ? cleaned(hex.toUpperCase()) : unparsed('form');
  },
});

const hashLengths: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);

/** Hash of a file in small hex digits; its length tells MD5, SHA-1, SHA-2 and SHA-3 sizes apart. */
export const hashType = defineType({
  name: 'hash',
  maxLength: 128,
  matchable: true,
  reportedMax: 512,
  clean(text) {
    const hex = hexOf(text, /^(?:md5|sha-?(?:1|2|3|224|256|384|512)(?:-\d{3})?)\s*[:=]\s*/i);
    return hex && hashLengths.has(hex.length) ? cleaned(hex) : unparsed('form');
  },
});

/**
 * Transaction id: 64 hex digits (Bitcoin and most chains), the same behind 0x (Ethereum and its kin), or a 64-byte
 * signature in base 58 (Solana). The chain is stated beside it.
 */
export const txidType = defineType({
  name: 'txid',
  maxLength: 90,
  matchable: true,
  reportedMax: 256,
  clean(text) {
    const plain = asciiForms(text).replace(/\s/g, '');
    if (/^(?:0x)?[0-9a-f]{64}$/i.test(plain)) return cleaned(plain.toLowerCase());
    return isSignature(plain) ? cleaned(plain) : unparsed('form');
  },
});

function isSignature(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{80,90}$/.test(text) && base58.decode(text).length === 64;
}
