/** `node packages/sim/browser/picture.ts [folder]`: the picture of the README, and with a folder every screen to look at. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Look, openStage, type Stage } from './stage.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = process.argv[2];

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.waitForTimeout(400);
}

async function readmePicture(stage: Stage): Promise<void> {
  const desk = await stage.desk({ language: 'en', look: 'light', width: 1440 });
  const page = await stage.officer('KR', 'desk-officer', desk);
  await page.goto(`${stage.consoleOf('KR')}/sent`);
  await page.locator('main a, main [role=row], main li').first().click();
  await settled(page);
  await page.screenshot({ path: join(root, 'docs', 'picture.png') });
}

async function looks(stage: Stage, into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  for (const language of ['en', 'ko', 'km']) {
    for (const look of ['light', 'dark'] as Look[]) {
      for (const width of [1440, 390] as const) {
        const desk = await stage.desk({ language, look, width });
        const page = await stage.officer('KR', 'desk-officer', desk);
        for (const screen of ['', 'sent', 'new']) {
          await page.goto(`${stage.consoleOf('KR')}/${screen}`);
          await settled(page);
          await page.screenshot({ path: join(into, `${screen || 'inbox'}-${language}-${look}-${width}.png`) });
        }
        await page.goto(stage.front);
        await settled(page);
        await page.screenshot({ path: join(into, `front-${language}-${look}-${width}.png`) });
        await desk.close();
      }
    }
  }
}

const stage = await openStage();
if (stage === null) {
  console.error('no Chromium for this machine; set TRIPOINT_CHROMIUM to one');
  process.exit(1);
}
await readmePicture(stage);
if (folder) await looks(stage, folder);
await stage.close();
process.exit(0);
