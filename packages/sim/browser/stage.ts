/** Six bureaus with their consoles, the front page's server and one browser, for the tests of what officers see. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@tripoint/bureau/main';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../web/browser/launch.ts';
import { type Front, openFront } from '../constellation/front.ts';
import { nations, tokenOf } from '../constellation/index.ts';
import { seedStory } from '../constellation/seed.ts';
import { builtConsole } from '../constellation/web-root.ts';
import { type Coalition, openCoalition, temporaryDataDir } from '../scenarios/fixtures/coalition.ts';
import { delivered } from '../scenarios/fixtures/filing.ts';

export type Look = 'light' | 'dark';

export interface Sight {
  language?: string;
  look?: Look;
  width?: 1440 | 390;
}

export interface Stage {
  coalition: Coalition;
  browser: Browser;
  front: string;
  webRoot: string;
  /** What any page complained about since the last call; empties the list. */
  complaints(): string[];
  /** A browser of its own, as on another desk: no cookie, no memory. */
  desk(sight?: Sight): Promise<BrowserContext>;
  /** A new tab with an officer signed in: on the desk this officer has already sat at, unless another is given. */
  officer(nation: string, role: string, at?: BrowserContext): Promise<Page>;
  consoleOf(nation: string): string;
  close(): Promise<void>;
}

/** An assertion waits no longer than this for the screen; a loaded machine is slow, a broken screen never comes. */
export const SEEN_MS_MAX = 15_000;

const heights = { 1440: 900, 390: 844 } as const;
const inPage = join(import.meta.dirname, 'in-page.js');

/** null where no Chromium exists for this machine. */
export async function openStage(): Promise<Stage | null> {
  const browser = await launchBrowser({ withoutWebGl: true });
  if (browser === null) return null;
  const webRoot = await builtConsole(() => {});
  const dataDir = temporaryDataDir();
  const coalition = await openCoalition(nations, dataDir, webRoot);
  const cards = coalition.cards;
  const server = await openFront({ port: 0, cards, webRoot, random: systemRandom, storyRunning: false });
  const stage = stageOf(browser, coalition, server, webRoot);
  try {
    await seedStory(cards);
    await storyDelivered(coalition);
  } catch (reason) {
    await stage.close();
    throw reason;
  }
  return stage;
}

async function storyDelivered(coalition: Coalition): Promise<void> {
  for (const card of coalition.cards) {
    const headers = { authorization: `Bearer ${tokenOf(card, 'desk-officer')}` };
    const answer = await fetch(`${card.url}/api/reports?box=sent`, { headers });
    const { items } = (await answer.json()) as { items: { id: string }[] };
    for (const { id } of items) await delivered(card, 'desk-officer', id);
  }
}

function stageOf(browser: Browser, coalition: Coalition, server: Front, webRoot: string): Stage {
  let heard: string[] = [];
  const desks = new Map<string, Promise<BrowserContext>>();
  const consoleOf = (nation: string) => coalition.card(nation).console;
  const desk = async (sight: Sight = {}): Promise<BrowserContext> => {
    const context = await browser.newContext(optionsFor(sight));
    context.setDefaultTimeout(SEEN_MS_MAX);
    await context.addInitScript({ path: inPage });
    context.on('page', (page) => listen(page, (complaint) => heard.push(complaint)));
    return context;
  };
  return {
    coalition,
    browser,
    front: `http://localhost:${server.port}/`,
    webRoot,
    complaints() {
      const all = heard;
      heard = [];
      return all;
    },
    desk,
    consoleOf,
    async officer(nation, role, at) {
      const key = `${nation}/${role}`;
      const context = at ?? (await (desks.get(key) ?? desks.set(key, desk()).get(key)));
      const page = await (context as BrowserContext).newPage();
      await page.goto(consoleOf(nation));
      const name = coalition.card(nation).officers.find((one) => one.role === role)?.name ?? role;
      await enter(page, name);
      return page;
    },
    async close() {
      await browser.close();
      await server.stop();
      await coalition.stop();
      rmSync(coalition.dataDir, { recursive: true, force: true });
    },
  };
}

function optionsFor({ language = 'en', look = 'light', width = 1440 }: Sight): BrowserContextOptions {
  return {
    locale: language,
    colorScheme: look,
    viewport: { width, height: heights[width] },
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
  };
}

/** Chooses the officer at the door, or finds the door already open. Inside, the officer's name is on the menu instead. */
async function enter(page: Page, name: string): Promise<void> {
  const inside = page.locator('main#main');
  const choice = page.getByRole('button', { name });
  await inside.or(choice).first().waitFor();
  if (await inside.isVisible()) return;
  await choice.click();
  await inside.waitFor();
}

/** Breaches of the page's own policy, errors of scripts, and files that did not come. */
function listen(page: Page, complain: (complaint: string) => void): void {
  page.on('pageerror', (error) => complain(`${page.url()} ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A refusal of the interface and a bureau that is away are answers to a question; the console words them itself.
    if (/^Failed to load resource/.test(message.text()) && message.location().url.includes('/api/')) return;
    complain(`${page.url()} ${message.text()} ${message.location().url}`);
  });
}
