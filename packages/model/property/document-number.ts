import { thaiCitizenDigit, travelDocumentDigit } from './check-digits.ts';
import { countryFromText } from './country.ts';
import { asciiForms } from './digits.ts';
import { type Cleaned, cleaned, defineType, type Hints, unparsed } from './property-type.ts';

/** Kinds of identity document; `document` when nobody says which. */
export const documentKinds = ['passport', 'national-id', 'driver-licence', 'residence', 'seaman', 'document'] as const;
type DocumentKind = (typeof documentKinds)[number];

const kindWords: readonly (readonly [RegExp, DocumentKind])[] = [
  [/^(?:passport|ppt|여권|หนังสือเดินทาง|hộ chiếu|លិខិតឆ្លងដែន|ໜັງສືຜ່ານແດນ|pasaporte)/iu, 'passport'],
  [
    /^(?:national[- ]?id(?:entity)?|identity card|id card|citizen id|주민등록번호|บัตรประชาชน|cccd|cmnd|nric|philsys|id)(?![\p{L}\d])/iu,
    'national-id',
  ],
  [/^(?:driver'?s?[- ]licen[cs]e|운전면허|ใบขับขี่|giấy phép lái xe)/iu, 'driver-licence'],
  [/^(?:residence(?:[- ]permit)?|외국인등록번호|arc)(?![\p{L}\d])/iu, 'residence'],
  [/^(?:seaman'?s?[- ]book|seaman)/iu, 'seaman'],
];

const canonicalDocument = /^([A-Z]{2}):([a-z-]+):([A-Z0-9]{4,24})$/;

/**
 * `KR:passport:M12345678`: country, kind, number. A country nobody stated is asked for, never guessed.
 * A machine-readable passport line (ICAO 9303, 44 characters) gives all three and must have its check digit;
 * a Thai citizen number must have its own.
 */
export const identityDocumentType = defineType({
  name: 'identityDocument',
  maxLength: 48,
  matchable: true,
  reportedMax: 256,
  clean(text, hints) {
    const plain = asciiForms(text).normalize('NFC');
    const known = canonicalDocument.exec(plain);
    if (known && (documentKinds as readonly string[]).includes(known[2]!))
      return checked(known[1]!, known[2]!, known[3]!);
    if (/^[A-Z0-9<]{44}$/.test(plain)) return machineReadable(plain);
    return cleanWords(plain, hints);
  },
  mask: (value) => value.replace(/[A-Z0-9](?=[A-Z0-9]{3})(?!.*:)/g, '•'),
  label: (value) => value.split(':').join(' '),
});

function machineReadable(line: string): Cleaned {
  const country = countryFromText(line.slice(10, 13).replaceAll('<', ''));
  if (!country) return unparsed('unknown-code');
  const field = line.slice(0, 9);
  if (travelDocumentDigit(field) !== Number(line[9])) return unparsed('checksum');
  return cleaned(`${country}:passport:${field.replaceAll('<', '')}`);
}

function cleanWords(text: string, hints: Hints): Cleaned {
  let rest = text;
  let country = hints.country;
  let kind: DocumentKind = 'document';
  for (const [words, named] of kindWords) {
    const found = words.exec(rest)?.[0];
    if (found === undefined) continue;
    kind = named;
    rest = rest.slice(found.length);
    break;
  }
  rest = rest.replace(/^[\s:.#-]*(?:(?:no|number|num|เลขที่|số|번호)[\s:.#-]*)?/iu, '');
  const stated = /^([A-Z]{2,3})[\s:]+(?=\S*\d)/.exec(rest);
  const named = stated ? countryFromText(stated[1]!) : undefined;
  if (stated && named) {
    country = named;
    rest = rest.slice(stated[0].length);
  }
  const number = rest.replace(/[\s.\-/]/g, '').toUpperCase();
  if (!/^[A-Z0-9]{4,24}$/.test(number) || !/\d/.test(number)) return unparsed('form');
  return country ? checked(country, kind, number) : unparsed('country-needed');
}

function checked(country: string, kind: string, number: string): Cleaned {
  const isThaiCitizen = country === 'TH' && /^\d{13}$/.test(number) && kind !== 'passport';
  if (isThaiCitizen && thaiCitizenDigit(number) !== Number(number[12])) return unparsed('checksum');
  return cleaned(`${country}:${isThaiCitizen && kind === 'document' ? 'national-id' : kind}:${number}`);
}

const canonicalRegistration = /^([A-Z]{2}):([\p{L}\p{N}][\p{L}\p{M}\p{N}/.-]{1,39})$/u;

/** A company's, vessel's or aircraft's number in a register: `TH:0105536000000`, or without the country if unstated. */
export const registrationType = defineType({
  name: 'registration',
  maxLength: 48,
  matchable: true,
  reportedMax: 128,
  clean(text, { country }) {
    const plain = asciiForms(text).normalize('NFC').toUpperCase().replace(/\s/g, '');
    if (canonicalRegistration.test(plain)) return cleaned(plain);
    if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}/.-]{1,39}$/u.test(plain) || !/\d|-/.test(plain)) return unparsed('form');
    return cleaned(country ? `${country}:${plain}` : plain);
  },
  /** The dash of HS-ABC is a habit of writing; without the country two registers may use one number. */
  matchKey: (value) => (value.includes(':') ? `registration:${value.replace(/[./-]/g, '')}` : null),
});
