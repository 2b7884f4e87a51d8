/** Which language the console speaks: loads its catalogue and its format pack, and remembers the choice (nothing else). */
import { i18n, type Messages } from '@lingui/core';
import { takePack } from '../format/index.ts';
import { loadKoreanLetters } from './korean.ts';
import { chooseLanguage, isLanguage, type Language } from './languages.ts';

const storageKey = 'tripoint-language';

const catalogues = {
  en: () => import('../messages/en/messages.po'),
  ko: () => import('../messages/ko/messages.po'),
  fil: () => import('../messages/fil/messages.po'),
  km: () => import('../messages/km/messages.po'),
  lo: () => import('../messages/lo/messages.po'),
  vi: () => import('../messages/vi/messages.po'),
  th: () => import('../messages/th/messages.po'),
} satisfies Record<Language, () => Promise<{ messages: Messages }>>;

const packs = {
  en: () => import('../format/pack/en.json'),
  ko: () => import('../format/pack/ko.json'),
  fil: () => import('../format/pack/fil.json'),
  km: () => import('../format/pack/km.json'),
  lo: () => import('../format/pack/lo.json'),
  vi: () => import('../format/pack/vi.json'),
  th: () => import('../format/pack/th.json'),
} satisfies Record<Language, () => Promise<{ default: unknown }>>;

export async function speak(language: Language): Promise<void> {
  const [catalogue, pack] = await Promise.all([catalogues[language](), packs[language]()]);
  if (language === 'ko') loadKoreanLetters();
  takePack(pack.default);
  document.documentElement.lang = language;
  i18n.loadAndActivate({ locale: language, messages: catalogue.messages });
}

/** The remembered language, else the best match for the browser's list. */
export function wishedLanguage(): Language {
  const stored = readStored();
  return stored !== null && isLanguage(stored) ? stored : chooseLanguage(navigator.languages);
}

export async function changeLanguage(language: Language): Promise<void> {
  await speak(language);
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
