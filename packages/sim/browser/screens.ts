/** Every screen of the console and the front page, reached without a word of any language. */
import type { Page } from 'playwright-core';
import type { Stage } from './stage.ts';

export interface Screen {
  name: string;
  /** Whose desk it is; null before anybody is signed in. */
  role: 'desk-officer' | 'administrator' | null;
  /** Leads to the screen and waits until it stands. */
  open(page: Page, stage: Stage): Promise<void>;
}

const seoul = (stage: Stage, path = '/') => `${stage.consoleOf('KR')}${path}`;
const anyReport = '[data-report] a';

/** From one screen to the next as a link does it, without loading the console again. */
async function go(page: Page, stage: Stage, path: string): Promise<void> {
  const inside = page.url().startsWith(seoul(stage)) && (await page.locator('main#main').count()) > 0;
  if (!inside) {
    await page.goto(seoul(stage, path));
    return;
  }
  const over = page.locator('[role=dialog], [role=menu]');
  if ((await over.count()) > 0) await page.keyboard.press('Escape');
  await over.first().waitFor({ state: 'detached' });
  await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`);
}

async function openInbox(page: Page, stage: Stage, path = '/'): Promise<void> {
  await go(page, stage, path);
  await page.locator(`nav a[aria-current=page][href="${path}"]`).waitFor();
  await page.locator(anyReport).first().waitFor();
}

/** An empty form, whatever was written before. */
async function openEmptyForm(page: Page, stage: Stage): Promise<void> {
  await go(page, stage, '/compose');
  await page.locator('form header button').click();
  await page.locator('[data-at=recipients] input').first().waitFor();
  await page.locator('[data-at=recipients] button').click();
}

async function openReport(page: Page, stage: Stage, box: '/' | '/sent'): Promise<void> {
  await openInbox(page, stage, box);
  const id = await page.locator('[data-report]').last().getAttribute('data-report');
  await go(page, stage, `/reports/${id}`);
  await page.locator('main article h1').waitFor();
}

/** Every part of the form open at once, and every fault shown. */
async function openForm(page: Page, stage: Stage): Promise<void> {
  await openEmptyForm(page, stage);
  await page.locator('input[aria-describedby=quick-help]').fill('h3 b2 nonsense');
  await page.keyboard.press('Enter');
  await page.locator('[data-at=marking] summary').click();
  for (const nth of [2, 4, 5]) await page.locator('[data-at=marking] details li > label input').nth(nth).check();
  await page.locator('[data-at=statements] > p button').click();
  const row = page.locator('[data-at=statements] ol > li').last();
  await row.locator('button[aria-expanded]').click();
  for (const nth of [0, 1]) await row.locator('fieldset ~ div > label > input').nth(nth).check();
  await page.locator('form button[type=submit]').click();
  await page.locator('[data-at=title] [role=alert]').waitFor();
}

async function openWhatLeaves(page: Page, stage: Stage): Promise<void> {
  await openEmptyForm(page, stage);
  await page.locator('[data-at=title] input').fill('Paper Lantern 종이등불');
  await page.locator('[data-at=text] textarea').fill('Two suitcases. (Invented.)');
  await page.locator('[data-at=purpose] select').selectOption('detection');
  await page.locator('input[aria-describedby=quick-help]').fill('h1 h2 amber b2');
  await page.keyboard.press('Enter');
  await page.locator('[data-at=statements] > p button').click();
  const row = page.locator('[data-at=statements] ol > li').last();
  await row.locator('input').nth(0).fill('phone');
  await row.locator('select').nth(0).selectOption('Phone');
  await row.locator('select').nth(1).selectOption('phone');
  await row.locator('input').nth(1).fill('not a number at all');
  await page.locator('form button[type=submit]').click();
  await page.locator('[role=tab]').first().waitFor();
  await page.locator('summary').click();
}

/** One alarm of each kind: an administrator’s worst night. */
const alarms = ['quarantine', 'gap', 'hold', 'fork', 'clock', 'charter', 'link', 'disk'].map((kind, nth) => ({
  id: `00000000-0000-4000-8000-00000000000${nth}`,
  kind,
  code: [
    'signature_invalid',
    'chain_broken',
    'over_quota',
    'charter_conflict',
    'expired',
    'charter_stale',
    'key_revoked',
    'id_reused',
  ][nth],
  nation: nth < 5 ? 'LA' : null,
  count: nth + 1,
  firstAt: '2026-11-23T10:00:00.000Z',
  lastAt: '2026-11-23T11:00:00.000Z',
  acknowledgedAt: nth === 2 ? '2026-11-23T12:00:00.000Z' : null,
}));

export const screens: readonly Screen[] = [
  {
    name: 'front page',
    role: null,
    async open(page, stage) {
      await page.goto(stage.front);
      await page.locator('article').nth(5).waitFor();
    },
  },
  {
    name: 'sign-in',
    role: null,
    async open(page, stage) {
      await page.goto(seoul(stage));
      await page.locator('main ul button').first().waitFor();
    },
  },
  {
    name: 'inbox',
    role: 'desk-officer',
    async open(page, stage) {
      await openInbox(page, stage);
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.locator('[role=toolbar]').waitFor();
      if ((page.viewportSize()?.width ?? 0) > 960) await page.locator('aside article').waitFor();
    },
  },
  {
    name: 'sent',
    role: 'desk-officer',
    async open(page, stage) {
      await openInbox(page, stage, '/sent');
      await page.keyboard.press('j');
      if ((page.viewportSize()?.width ?? 0) > 960) await page.locator('aside article section ol').first().waitFor();
    },
  },
  { name: 'compose', role: 'desk-officer', open: openForm },
  { name: 'what leaves', role: 'desk-officer', open: openWhatLeaves },
  { name: 'received report', role: 'desk-officer', open: (page, stage) => openReport(page, stage, '/') },
  { name: 'own report', role: 'desk-officer', open: (page, stage) => openReport(page, stage, '/sent') },
  {
    name: 'not found',
    role: 'desk-officer',
    async open(page, stage) {
      await go(page, stage, '/reports/2f1d8b1e-5a53-4a53-9f39-cf8d5f1b0f11');
      await page.locator('main h2').waitFor();
    },
  },
  {
    name: 'keys and help',
    role: 'desk-officer',
    async open(page, stage) {
      await openInbox(page, stage);
      await page.keyboard.press('?');
      await page.locator('[role=dialog] dl').waitFor();
    },
  },
  {
    name: 'palette',
    role: 'desk-officer',
    async open(page, stage) {
      await openInbox(page, stage);
      await page.keyboard.press('Control+k');
      await page.locator('[role=dialog] input').waitFor();
    },
  },
  {
    name: 'officer menu',
    role: 'desk-officer',
    async open(page, stage) {
      await openInbox(page, stage);
      await page.locator('header button[aria-haspopup=menu]').last().click();
      await page.locator('[role=menu]').waitFor();
    },
  },
  {
    name: 'administration',
    role: 'administrator',
    async open(page, stage) {
      await page.route('**/api/alarms', (route) => route.fulfill({ json: { items: alarms } }));
      await page.goto(seoul(stage, '/admin'));
      await page.locator('main article').first().waitFor();
      await page.locator('main table').waitFor();
    },
  },
  {
    name: 'administration without alarms',
    role: 'administrator',
    async open(page, stage) {
      await page.route('**/api/alarms', (route) => route.fulfill({ json: { items: [] } }));
      await page.goto(seoul(stage, '/admin'));
      await page.locator('main .notice').waitFor();
      await page.locator('main table').waitFor();
    },
  },
];
