/** How much a browser must fetch before an officer can work, measured on the built files. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { Stage } from './stage.ts';

/** Kilobytes (1000 bytes) of gzip; the limits of the console's design. */
const SIGN_IN_JS_KB_MAX = 150;
const INBOX_JS_KB_MAX = 270;
const CSS_KB_MAX = 40;

interface Fetched {
  js: number;
  css: number;
  /** Sheets that name the slices of Korean letters; they come when Korean is on the screen. */
  letters: number;
}

const isLetters = (bytes: Buffer) => (bytes.toString().match(/noto-sans-kr-\d+/g)?.length ?? 0) > 100;

function follow(page: Page, webRoot: string): () => Fetched {
  const names = new Set<string>();
  page.on('request', (request) => names.add(new URL(request.url()).pathname));
  return () => {
    const sizeKb = { js: 0, css: 0, letters: 0 };
    for (const name of names) {
      if (!/\.(js|css)$/.test(name)) continue;
      const bytes = readFileSync(join(webRoot, name));
      const kind = name.endsWith('.js') ? 'js' : isLetters(bytes) ? 'letters' : 'css';
      sizeKb[kind] += gzipSync(bytes).length / 1000;
    }
    return sizeKb;
  };
}

export function budgets(stage: Stage): void {
  for (const language of ['en', 'km', 'ko']) {
    test(`sign-in and inbox stay within their budgets (${language})`, async (t) => {
      const desk = await stage.desk({ language });
      const page = await desk.newPage();
      const fetched = follow(page, stage.webRoot);
      await page.goto(stage.consoleOf('TH'));
      await page.locator('main ul button').first().waitFor();
      const signIn = fetched();
      await page.locator('main ul button').first().click();
      await page.locator('[data-report]').first().waitFor();
      const inbox = fetched();
      const figure = ({ js, css, letters }: Fetched) =>
        `${js.toFixed(1)} KB JS, ${css.toFixed(1)} KB CSS, ${letters.toFixed(1)} KB for Korean letters`;
      t.diagnostic(`${language}, gzip: sign-in ${figure(signIn)}; inbox ready ${figure(inbox)}`);
      assert.ok(signIn.js <= SIGN_IN_JS_KB_MAX, `sign-in ${figure(signIn)}`);
      assert.ok(inbox.js <= INBOX_JS_KB_MAX, `inbox ${figure(inbox)}`);
      assert.ok(inbox.css <= CSS_KB_MAX, `inbox ${figure(inbox)}`);
      if (language !== 'ko') assert.equal(signIn.letters, 0, 'nobody fetches Korean who does not see it');
      await desk.close();
    });
  }
}
