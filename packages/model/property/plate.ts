import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

/** Letters that one nation alone puts on its plates: they state the country. */
const scriptOfPlates: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Thai}/u, 'TH'],
  [/\p{Script=Hangul}/u, 'KR'],
  [/\p{Script=Khmer}/u, 'KH'],
  [/\p{Script=Lao}/u, 'LA'],
  [/\p{Script=Myanmar}/u, 'MM'],
];

const canonicalPlate = /^([A-Z]{2}):([\p{L}\p{M}\p{N}]{2,16})(?::[\p{L}\p{M} ]{2,60})?$/u;
/** Thailand: series, number, then the province in full. */
const thaiPlate = /^(\d?[\p{Script=Thai}]{1,3}\d{1,4}|\d{2}\d{4})([\p{Script=Thai}]{2,60})?$/u;

/**
 * `TH:กข1234:กรุงเทพมหานคร`, `KR:12가3456`, `VN:51F12345`: country, mark without blanks in its own script, and the
 * province where it is a part of the plate. Latin letters do not tell the country: it has to be stated.
 */
export const plateType = defineType({
  name: 'plate',
  maxLength: 90,
  matchable: true,
  reportedMax: 256,
  clean(text, { country }) {
    const plain = asciiForms(text).normalize('NFC').toUpperCase();
    if (canonicalPlate.test(plain)) return /\d/.test(plain) ? cleaned(plain) : unparsed('form');
    const mark = plain.replace(/[\s.\-·]/gu, '');
    if (!/^[\p{L}\p{M}\p{N}]{2,76}$/u.test(mark) || !/\d/.test(mark)) return unparsed('form');
    const nation = scriptOfPlates.find(([script]) => script.test(mark))?.[1] ?? country;
    if (!nation) return unparsed('country-needed');
    const [, series, province] = (nation === 'TH' && thaiPlate.exec(mark)) || [];
    if (series && province) return cleaned(`TH:${series}:${province}`);
    return mark.length <= 16 ? cleaned(`${nation}:${mark}`) : unparsed('form');
  },
  compare(a, b) {
    if (a === b) return 1;
    const [left, right] = [a.split(':'), b.split(':')];
    const isSameMark = left[0] === right[0] && left[1] === right[1];
    return isSameMark && (left[2] === undefined || right[2] === undefined) ? 0.8 : 0;
  },
  label: (value) => value.split(':').slice(1).concat(value.slice(0, 2)).join(' · '),
});
