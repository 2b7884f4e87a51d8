/**
 * The languages a text may be said to be in: BCP 47 primary subtags, a closed list.
 * The seven of the coalition first, then languages of the region and of its usual counterparts.
 */
export const languages = [
  'en',
  'ko',
  'fil',
  'km',
  'lo',
  'vi',
  'th',
  'my',
  'zh',
  'ms',
  'id',
  'ja',
  'es',
  'fr',
  'ru',
  'ar',
  'tl',
  'ceb',
  'ilo',
  'yue',
  'nan',
  'hak',
  'shn',
  'kac',
  'ksw',
  'hmn',
  'za',
  'mn',
  'bn',
  'hi',
  'ur',
  'ta',
  'te',
  'ne',
  'si',
  'pa',
  'de',
  'it',
  'nl',
  'pt',
  'tr',
  'fa',
  'ps',
  'he',
  'uk',
  'pl',
  'cs',
  'ro',
  'sv',
  'da',
  'no',
  'fi',
  'el',
  'hu',
  'bg',
  'sr',
  'uz',
  'kk',
  'ky',
  'tg',
  'und',
] as const;
export type Language = (typeof languages)[number];

const known = new Set<string>(languages);

export function isLanguage(code: unknown): code is Language {
  return typeof code === 'string' && known.has(code);
}

/** ISO 15924: one capital, three small letters. */
export function isScript(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][a-z]{3}$/.test(code);
}
