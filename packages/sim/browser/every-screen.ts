/** Every screen in seven languages, light and dark, on an office screen and on a telephone: readable by everybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { leftInEnglish } from './catalogue.ts';
import { type Screen, screens } from './screens.ts';
import type { Stage } from './stage.ts';

/** Examined whole; the others in what every officer meets every day. */
const wholly = ['en', 'ko', 'km'];
const daily = new Set(['inbox', 'compose']);
const languages = ['en', 'ko', 'fil', 'km', 'lo', 'vi', 'th'];
const looks = ['light', 'dark'] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** Words that are the same in this language: names, and loan words its officers use. */
const sameWords: Readonly<Record<string, readonly string[]>> = {
  ko: [],
  fil: ['Demo', 'Wallet', 'Domain', 'Disk'],
  km: [],
  lo: [],
  vi: [],
  th: [],
};

const axeOptions: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
};

/** Dark differs from light in nothing but colours. */
const colourOptions: RunOptions = {
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  resultTypes: ['violations'],
};

async function violationsOn(page: Page, options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(`${axe.source}; 0`);
  const found = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

/** Mantine's dialogs and menus fade in; half-transparent letters have half the contrast. */
async function settle(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => 0)');
  await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => 0)');
}

/** A menu that hangs over the edge follows its button a frame or two after the window changed; a page that is too wide stays so. */
async function staysTooWide(page: Page): Promise<boolean> {
  for (let look = 0; look < 30; look += 1) {
    if (!(await page.evaluate('seen.overflows()'))) return false;
    await page.waitForTimeout(100);
  }
  return true;
}

interface Sight {
  screen: Screen;
  language: string;
  page: Page;
}

async function examine({ screen, language, page }: Sight, stage: Stage): Promise<string[]> {
  const faults: string[] = [];
  const note = (where: string, found: readonly string[]) => {
    for (const fault of found) faults.push(`${screen.name} ${language} ${where}: ${fault}`);
  };
  await page.setViewportSize(sizes[0] as (typeof sizes)[0]);
  await page.emulateMedia({ colorScheme: 'light' });
  await screen.open(page, stage);
  await settle(page);
  const lang = (await page.evaluate('document.documentElement.lang')) as string;
  if (lang !== language) note('html lang', [lang]);
  if (language !== 'en') {
    const texts = (await page.evaluate('seen.texts()')) as string[];
    note('left in English', leftInEnglish(texts, language, new Set(sameWords[language])));
  }
  note('tight lines', (await page.evaluate('seen.tightLines(1.6)')) as string[]);
  note('fonts', (await page.evaluate('seen.lackingFonts()')) as string[]);
  const isExamined = wholly.includes(language) || daily.has(screen.name);
  for (const size of sizes) {
    await page.setViewportSize(size);
    await settle(page);
    if (await staysTooWide(page)) note(`${size.width}`, ['wider than the window']);
    for (const look of isExamined ? looks : []) {
      await page.emulateMedia({ colorScheme: look });
      await settle(page);
      note(`${look} ${size.width}`, await violationsOn(page, look === 'light' ? axeOptions : colourOptions));
    }
  }
  return faults;
}

/** One language on a desk of its own: contexts take the officer's language from the browser's list. */
async function examineLanguage(stage: Stage, language: string): Promise<string[]> {
  const faults: string[] = [];
  for (const role of [null, 'desk-officer', 'administrator'] as const) {
    const desk = await stage.desk({ language });
    const page = await deskPage(stage, desk, role);
    for (const screen of screens.filter((one) => one.role === role)) {
      faults.push(...(await examine({ screen, language, page }, stage)));
    }
    await desk.close();
  }
  return faults;
}

const deskPage = (stage: Stage, desk: BrowserContext, role: Screen['role']): Promise<Page> =>
  role === null ? desk.newPage() : stage.officer('KR', role, desk);

export function everyScreen(stage: Stage): void {
  const faults: string[] = [];

  test('every screen was looked at in seven languages, and none complained of a script, a policy or a missing file', async () => {
    stage.complaints();
    const waiting = [...languages];
    const look = async () => {
      for (let language = waiting.shift(); language !== undefined; language = waiting.shift()) {
        faults.push(...(await examineLanguage(stage, language)));
      }
    };
    // Two at a time: one draws while the other is examined.
    await Promise.all([look(), look()]);
    assert.deepEqual(stage.complaints(), []);
  });

  const kinds: readonly [string, RegExp][] = [
    ['the page names its language', / html lang: /],
    ['nothing on any screen is left in English', / left in English: /],
    ['Khmer, Lao and Thai stand in lines of at least 1.6', / tight lines: /],
    ['every letter has its font', / fonts: /],
    ['no screen is wider than its window', /wider than the window/],
    ['axe finds no violation of WCAG 2.2 AA, light or dark, wide or narrow', / (light|dark) \d+: /],
  ];
  for (const [sentence, kind] of kinds) {
    test(sentence, () => assert.deepEqual([...new Set(faults.filter((fault) => kind.test(fault)))], []));
  }
}
