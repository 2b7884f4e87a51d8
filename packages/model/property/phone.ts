import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

const allowed = /^[+\d\s().;/=ext#~\u2010-\u2015\u2212-]+$/i;

/**
 * E.164, with `;ext=` (RFC 3966) for an extension: `+66812345678`.
 * A number in national form needs the desk's country and must be valid there; one in international form keeps its
 * country and needs a possible length only, since numbering plans are younger than tables.
 */
export const phoneType = defineType({
  name: 'phone',
  maxLength: 32,
  matchable: true,
  reportedMax: 64,
  clean(text, { country }) {
    const plain = asciiForms(text)
      .replace(/^tel:/i, '')
      .replace(/^00(?=[1-9])/, '+');
    if (!allowed.test(plain)) return unparsed('form');
    const isInternational = plain.startsWith('+') || plain.startsWith('(+');
    if (!isInternational && !country) return unparsed('country-needed');
    const number = parse(plain, country);
    if (!number) return unparsed('form');
    const fits = isInternational ? number.isPossible() : number.isValid();
    return fits ? cleaned(number.number + (number.ext ? `;ext=${number.ext}` : '')) : unparsed('range');
  },
  compare: (a, b) => (a === b ? 1 : withoutExtension(a) === withoutExtension(b) ? 0.95 : 0),
  mask: (value) =>
    `${value.slice(0, 3)}${'•'.repeat(Math.max(0, withoutExtension(value).length - 5))}${withoutExtension(value).slice(-2)}`,
  label: (value) => parse(value, undefined)?.formatInternational() ?? value,
  matchKey: (value) => `phone:${withoutExtension(value)}`,
});

function parse(text: string, country: string | undefined): PhoneNumber | undefined {
  const home = country && isSupportedCountry(country) ? { defaultCountry: country as CountryCode } : {};
  return parsePhoneNumberFromString(text, { ...home, extract: false });
}

function withoutExtension(value: string): string {
  return value.split(';', 1)[0]!;
}
