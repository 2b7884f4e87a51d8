/** Whatever somebody writes is text: shown letter by letter, run nowhere, in every view and on both sides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { composeReport, lookAndSend, rowOf, takeInNew } from './officer-does.ts';
import type { Stage } from './stage.ts';

/** Each sets window.ran when a browser takes it for more than text. */
const attacks = {
  title: '<img src=x onerror="window.ran=1">boats',
  text: '<script>window.ran=1</script>\n<svg/onload=window.ran=1>\n[x](javascript:window.ran=1) {{constructor.constructor(1)()}}',
  offence: '"><iframe srcdoc="<script>top.ran=1</script>">',
  entity: '<a href="javascript:window.ran=1">x</a>',
  value: '</span><style onload=window.ran=1>*{}</style>',
  terms: '<details open ontoggle=window.ran=1>terms',
} as const;

/** Elements that only an attack would bring. */
const brought =
  'article img, [data-report] img, iframe, object, embed, style[onload], [onerror], [onload], [ontoggle], a[href^="javascript:"], main script';

async function showsAsText(page: Page, what: string, texts: readonly string[]): Promise<void> {
  const shown = ((await page.locator('body').textContent()) ?? '').replaceAll(/\s+/g, ' ');
  for (const text of texts) assert.ok(shown.includes(text.replaceAll(/\s+/g, ' ')), `${what}: ${text}`);
  assert.equal(await page.locator(brought).count(), 0, what);
  assert.equal(await page.evaluate('window.ran'), undefined, what);
}

export function hostileText(stage: Stage): void {
  test('markup and scripts in every field are shown as they were typed, in every view, and nothing runs', async () => {
    const { title, text, offence, entity, value, terms } = attacks;
    const writer = await stage.officer('KR', 'desk-officer');
    const reader = await stage.officer('PH', 'desk-officer');
    stage.complaints();
    await composeReport(writer, {
      title,
      text,
      offence,
      recipients: ['PH'],
      short: 'h3 amber b2',
      statements: [
        [entity, 'Person', 'name', value],
        ['o', 'Person', 'note', title],
      ],
    });
    await writer.getByLabel('Own terms, in full').fill(terms);
    await showsAsText(writer, 'the form', []);
    await writer.getByRole('button', { name: 'What leaves this bureau' }).click();
    await writer.getByRole('tab', { name: 'PH' }).waitFor();
    await writer.locator('summary').click();
    await showsAsText(writer, 'what leaves', [title, text, offence, value, terms]);
    await writer.getByRole('button', { name: 'Back to the draft' }).click();
    await lookAndSend(writer);
    await writer.getByRole('heading', { name: 'Delivered: 1 of 1' }).waitFor();
    await showsAsText(writer, 'the sent report', [title, text, offence, value, terms]);

    await takeInNew(reader, title);
    await showsAsText(reader, 'the inbox', [title]);
    await rowOf(reader, title).getByRole('link').click();
    await reader.locator('aside article').waitFor();
    await showsAsText(reader, 'the preview pane', [title, text, offence, value, terms]);
    await reader.keyboard.press('Control+k');
    await reader.getByRole('dialog').getByRole('textbox').fill('onerror');
    await reader.getByRole('dialog').getByText(title).waitFor();
    await showsAsText(reader, 'the palette', [title]);
    await reader.keyboard.press('Escape');
    await reader.getByRole('link', { name: 'Whole page' }).click();
    await reader.getByRole('heading', { level: 1, name: title }).waitFor();
    await showsAsText(reader, 'the whole page', [title, text, offence, value, terms]);
    await reader.emulateMedia({ media: 'print' });
    await showsAsText(reader, 'the printed page', [title, text]);
    assert.deepEqual(stage.complaints(), [], 'not even an attempt was made');
    await writer.close();
    await reader.close();
  });
}
