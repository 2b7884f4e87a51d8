import { containerDigit, parcelDigit, weightedSum } from './check-digits.ts';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

/** Capitals and digits of a mark; blanks, dots and dashes between them carry nothing. */
function mark(text: string): string {
  return asciiForms(text)
    .toUpperCase()
    .replace(/[\s.\-/]/g, '');
}

/** Seven digits of IMO resolution A.1117(30), the last of which is a weighted check digit. */
export const imoType = defineType({
  name: 'imo',
  maxLength: 7,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const digits = mark(text).replace(/^IMO(?:NO|NUMBER)?:?#?/, '');
    if (!/^\d{7}$/.test(digits)) return unparsed('form');
    const digit = weightedSum(digits, [7, 6, 5, 4, 3, 2]) % 10;
    return digit === Number(digits[6]) ? cleaned(digits) : unparsed('checksum');
  },
});

/** Nine digits of ITU-R M.585; the country digits of the station's kind must lie in 201–775. */
export const mmsiType = defineType({
  name: 'mmsi',
  maxLength: 9,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const digits = mark(text).replace(/^MMSI:?#?/, '');
    if (!/^\d{9}$/.test(digits)) return unparsed('form');
    const country = Number(/^(?:00|0|111|99|98|8)?(\d{3})/.exec(digits)?.[1]);
    const isPersonal = digits.startsWith('97');
    return isPersonal || (country >= 201 && country <= 775) ? cleaned(digits) : unparsed('range');
  },
});

/** Radio call sign: letters and digits, at least one of each side of ITU's form (HSB1234, D7AB). */
export const callSignType = defineType({
  name: 'callSign',
  maxLength: 10,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const sign = mark(text);
    return /^(?=.*[A-Z])[A-Z0-9]{3,10}$/.test(sign) ? cleaned(sign) : unparsed('form');
  },
});

/** ISO 6346: three owner letters, category U, J or Z, six digits, check digit. */
export const containerType = defineType({
  name: 'container',
  maxLength: 11,
  matchable: true,
  reportedMax: 64,
  clean(text) {
    const code = mark(text);
    if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(code)) return unparsed('form');
    return containerDigit(code) === Number(code[10]) ? cleaned(code) : unparsed('checksum');
  },
});

/** UPU S10 (EE123456785KR, with check digit) or a courier's own number of 8 to 34 capitals and digits. */
export const parcelType = defineType({
  name: 'parcel',
  maxLength: 34,
  matchable: true,
  reportedMax: 128,
  clean(text) {
    const code = mark(text);
    if (!/^[A-Z0-9]{8,34}$/.test(code) || !/\d{4}/.test(code)) return unparsed('form');
    const isPostal = /^[A-Z]{2}\d{9}[A-Z]{2}$/.test(code);
    return isPostal && parcelDigit(code.slice(2, 10)) !== Number(code[10]) ? unparsed('checksum') : cleaned(code);
  },
});
