import { luhnDigit } from './check-digits.ts';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

function digitsOf(text: string): string | null {
  const plain = asciiForms(text)
    .replace(/^(?:imei|imsi)(?:sv)?\s*[:#]?\s*/i, '')
    .replace(/[\s./-]/g, '');
  return /^\d+$/.test(plain) ? plain : null;
}

/**
 * 15 digits with a Luhn digit (3GPP TS 23.003). 14 digits get theirs; the software version of a 16-digit IMEISV
 * gives way to it, because it changes while the device stays the same.
 */
export const imeiType = defineType({
  name: 'imei',
  maxLength: 15,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const digits = digitsOf(text);
    if (!digits || digits.length < 14 || digits.length > 16) return unparsed('form');
    const value = digits.slice(0, 14) + luhnDigit(digits.slice(0, 14));
    if (/^0{14}/.test(value)) return unparsed('range');
    return digits.length === 15 && digits !== value ? unparsed('checksum') : cleaned(value);
  },
});

/** 14 or 15 digits: country (ITU E.212, first digit 2 to 7, or 901 for none), network, subscriber. */
export const imsiType = defineType({
  name: 'imsi',
  maxLength: 15,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const digits = digitsOf(text);
    if (!digits || digits.length < 14 || digits.length > 15) return unparsed('form');
    return /^[2-7]|^901/.test(digits) ? cleaned(digits) : unparsed('range');
  },
});
