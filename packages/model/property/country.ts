import { countries, otherCountryNames } from './country-table.ts';
import { asciiForms } from './digits.ts';
import { folded } from './likeness.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

const alpha2 = new Set(countries.map((country) => country.alpha2));
const byAlpha3 = new Map(countries.map((country) => [country.alpha3, country.alpha2]));
const byName = new Map([
  ...countries.map((country) => [folded(country.name), country.alpha2] as const),
  ...otherCountryNames.map(([name, code]) => [folded(name), code] as const),
]);

/** Alpha-2 code for a code or a name of ISO 3166 or of the coalition's languages; undefined when unknown. */
export function countryFromText(text: string): string | undefined {
  const plain = asciiForms(text).trim();
  const capitals = plain.toUpperCase();
  if (capitals.length === 2 && alpha2.has(capitals)) return capitals;
  return byAlpha3.get(capitals) ?? byName.get(folded(plain.replace(/^the /i, '')));
}

/** ISO 3166-1 alpha-2. Not matched: half the coalition shares each value. */
export const countryType = defineType({
  name: 'country',
  maxLength: 2,
  matchable: false,
  reportedMax: 120,
  clean(text) {
    const code = countryFromText(text);
    return code ? cleaned(code) : unparsed('unknown-code');
  },
  mask: () => '••',
  label: (value, lang = 'en') => displayName('region', value, lang) ?? value,
});

/** The runtime's own name for a code, or undefined where it has none in that language. For the screen only. */
export function displayName(type: 'region' | 'language', code: string, lang: string): string | undefined {
  try {
    return new Intl.DisplayNames([lang, 'en'], { type, fallback: 'none' }).of(code);
  } catch {
    return undefined; // a code of another form, or a language the runtime has never heard of
  }
}
