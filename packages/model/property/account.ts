import { mod97 } from './check-digits.ts';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

const canonicalAccount = /^([A-Z]{2}|):([^:]*):([0-9A-Z]{4,24})$/;

/**
 * `KR:bank:number`, with whatever of country and bank is stated: `TH::1234567890`, `::1234567890`.
 * None of the six nations has a check digit or an IBAN, so only the form is looked at; blanks and dashes go.
 */
export const accountType = defineType({
  name: 'account',
  maxLength: 120,
  matchable: true,
  reportedMax: 256,
  clean(text, { country = '', bank = '' }) {
    const plain = asciiForms(text).normalize('NFC');
    if (canonicalAccount.test(plain)) return cleaned(plain);
    const number = plain.replace(/[\s.\-/]/g, '').toUpperCase();
    if (!/^[0-9A-Z]{4,24}$/.test(number) || !/\d{4}/.test(number)) return unparsed('form');
    return cleaned(`${/^[A-Z]{2}$/.test(country) ? country : ''}:${bankKey(bank)}:${number}`);
  },
  label: (value) => value.split(':').filter(Boolean).reverse().join(' · '),
  mask: (value) => value.replace(/[0-9A-Z](?=[0-9A-Z]{3})(?!.*:)/g, '•'),
});

function bankKey(bank: string): string {
  return bank
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s:]+/g, '')
    .slice(0, 60);
}

/** ISO 13616: country → length. */
const ibanLengths = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
) as Readonly<Record<string, number>>;

/** ISO 13616 with its length and ISO 7064 remainder. */
export const ibanType = defineType({
  name: 'iban',
  maxLength: 34,
  matchable: true,
  reportedMax: 128,
  clean(text) {
    const iban = asciiForms(text)
      .toUpperCase()
      .replace(/^IBAN:?/, '')
      .replace(/[\s-]/g, '');
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban)) return unparsed('form');
    const length = ibanLengths[iban.slice(0, 2)];
    if (length === undefined) return unparsed('unknown-code');
    if (length !== iban.length) return unparsed('range');
    const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
    return mod97(digits) === 1 ? cleaned(iban) : unparsed('checksum');
  },
  label: (value) => value.replace(/(.{4})(?=.)/g, '$1 '),
});
