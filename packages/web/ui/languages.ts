/** The seven languages of the console, in the order the picker shows them, each with its own name for itself. */
export const languages = ['en', 'ko', 'fil', 'km', 'lo', 'vi', 'th'] as const;
export type Language = (typeof languages)[number];

export const ownNames: Record<Language, string> = {
  en: 'English',
  ko: '한국어',
  fil: 'Filipino',
  km: 'ខ្មែរ',
  lo: 'ລາວ',
  vi: 'Tiếng Việt',
  th: 'ไทย',
};

export const isLanguage = (code: string): code is Language => (languages as readonly string[]).includes(code);

/**
 * The console language for a list of wishes (BCP 47 tags, best first): the first one we have, else English.
 * `tl` (Tagalog) counts as Filipino.
 */
export function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const primary = wish.toLowerCase().split('-')[0] ?? '';
    const code = primary === 'tl' ? 'fil' : primary;
    if (isLanguage(code)) return code;
  }
  return 'en';
}
