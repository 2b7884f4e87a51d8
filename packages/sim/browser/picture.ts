/**
 * `node packages/sim/browser/picture.ts [folder]`: makes docs/picture.png anew, from six real bureaus.
 * With a folder, also every screen in English, Korean and Khmer, light and dark, wide and narrow, to look at.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { composeReport, lookAndSend, rowOf } from './officer-does.ts';
import { screens } from './screens.ts';
import { openStage, type Stage } from './stage.ts';

const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'picture.png');
const title = 'Paper Lantern: second courier, same two suitcases';

/** Seoul's console with the ticks of a sent report, and before it the telephone of an officer in Bangkok. */
async function picture(stage: Stage): Promise<Buffer> {
  const [desk, pocket] = [await stage.desk(), await stage.desk({ language: 'th', width: 390 })];
  const seoul = await stage.officer('KR', 'desk-officer', desk);
  const bangkok = await stage.officer('TH', 'desk-officer', pocket);
  await seoul.setViewportSize({ width: 1200, height: 760 });
  await composeReport(seoul, { title, urgency: 'Urgent' });
  await lookAndSend(seoul);
  await seoul.getByRole('heading', { name: 'Delivered: 5 of 5' }).waitFor();
  await seoul.getByRole('link', { name: 'Sent' }).first().click();
  await rowOf(seoul, title).getByRole('link').click();
  await seoul.locator('aside article section ol').first().waitFor();
  await bangkok.setViewportSize({ width: 390, height: 600 });
  await bangkok.locator('button[aria-keyshortcuts=n]').click();
  await rowOf(bangkok, title).waitFor();
  await seoul.mouse.move(0, 0);
  const shots = [];
  for (const page of [seoul, bangkok]) {
    await page.evaluate('document.fonts.ready.then(() => 0)');
    await page.waitForTimeout(300);
    shots.push(`data:image/png;base64,${(await page.screenshot()).toString('base64')}`);
  }
  return framed(stage, shots as [string, string]);
}

async function framed(stage: Stage, [wide, narrow]: [string, string]): Promise<Buffer> {
  const page = await stage.browser.newPage({ viewport: { width: 1400, height: 860 } });
  const frame = 'position:absolute;border-radius:10px;box-shadow:0 0 0 1px #b8c2c9,0 14px 40px rgb(18 24 28 / 22%)';
  await page.setContent(`<body style="margin:0;background:#e6ebee">
    <img src="${wide}" style="${frame};left:36px;top:36px">
    <img src="${narrow}" style="${frame};right:36px;bottom:36px;border-radius:22px"></body>`);
  await page.waitForTimeout(300);
  const bytes = await page.screenshot();
  await page.close();
  return bytes;
}

async function everyScreen(stage: Stage, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const language of ['en', 'ko', 'km']) {
    for (const width of [1440, 390] as const) {
      for (const role of [null, 'desk-officer', 'administrator'] as const) {
        const desk = await stage.desk({ language, width });
        const page = role === null ? await desk.newPage() : await stage.officer('KR', role, desk);
        for (const screen of screens.filter((one) => one.role === role)) {
          await page.emulateMedia({ colorScheme: 'light' });
          await screen.open(page, stage);
          for (const look of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme: look });
            await page.waitForTimeout(300);
            const name = `${screen.name.replaceAll(' ', '-')}-${language}-${look}-${width}.png`;
            await page.screenshot({ path: join(folder, name) });
          }
        }
        await desk.close();
      }
    }
  }
}

const stage = await openStage();
if (stage === null) {
  console.error('no Chromium for this machine; name one in TRIPOINT_CHROMIUM');
  process.exit(1);
}
try {
  writeFileSync(file, await picture(stage));
  console.log(`docs/picture.png: ${Math.round(statSync(file).size / 1000)} KB`);
  if (process.argv[2] !== undefined) await everyScreen(stage, process.argv[2]);
} finally {
  await stage.close();
}
