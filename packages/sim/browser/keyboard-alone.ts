/** No mouse: from the inbox to an acknowledged report, and from an empty form to a sent one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { file } from '../scenarios/fixtures/filing.ts';
import { clickCount, rowOf, takeInNew } from './officer-does.ts';
import type { Stage } from './stage.ts';

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

const chosen = (page: Page) => page.locator('[data-report][aria-current=true]');

/** Walks with Tab until the named thing has the focus. */
async function tabTo(page: Page, what: string): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${what}:focus`).count()) > 0) return;
  }
  assert.fail(`no Tab leads to ${what}`);
}

export function keyboardAlone(stage: Stage): void {
  test('j, k, Enter, e, g and ? walk through the inbox without a mouse', async () => {
    const page = await stage.officer('TH', 'desk-officer');
    const title = 'The gate opened twice tonight';
    await file(stage.coalition.card('KR'), 'desk-officer', goodDraft(['TH'], { title, urgency: 'urgent' }));
    await page.getByRole('button', { name: /new/ }).first().waitFor();
    const before = await clickCount(page);
    await press(page, 'n', 'j');
    assert.match((await chosen(page).textContent()) ?? '', new RegExp(title));
    await press(page, 'j');
    assert.doesNotMatch((await chosen(page).textContent()) ?? '', new RegExp(title));
    await press(page, 'k', 'Enter');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await press(page, 'e');
    await page.getByText(/Acknowledged by Ploy Saengdao/).waitFor();
    await press(page, 'g', 'i');
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    await press(page, 'g', 's');
    await page.getByRole('heading', { level: 1, name: 'Sent' }).waitFor();
    await press(page, '?');
    await page.getByRole('dialog', { name: 'Keys and help' }).waitFor();
    await press(page, 'Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await clickCount(page), before, 'no pointer was used');
    await page.close();
  });

  test('Ctrl K finds a screen, a command and a report by name', async () => {
    const page = await stage.officer('PH', 'desk-officer');
    await page.locator('[data-report]').first().waitFor();
    await press(page, 'Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('new rep');
    await press(page, 'ArrowDown', 'Enter');
    await page.getByRole('heading', { name: 'New report' }).waitFor();
    await press(page, 'Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('Mae Sai');
    await page.getByRole('dialog').getByText('Nothing of that name').waitFor();
    await page.getByRole('dialog').getByRole('textbox').fill('Paper Lantern group');
    await press(page, 'ArrowDown', 'Enter');
    await page.getByRole('heading', { level: 1, name: /Paper Lantern group/ }).waitFor();
    assert.match(page.url(), /\/reports\/[0-9a-f-]{36}$/, 'the address holds an opaque id, nothing typed');
    await page.close();
  });

  test('single keys do nothing in a field, during composition of a syllable, or when switched off', async () => {
    // A desk of its own: the switch is remembered there.
    const desk = await stage.desk();
    const page = await stage.officer('PH', 'desk-officer', desk);
    await page.locator('[data-report]').first().waitFor();
    await press(page, 'g', 'c');
    await page.getByLabel('Title', { exact: true }).focus();
    await page.keyboard.type('gi j k e ? c n x gs');
    assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), 'gi j k e ? c n x gs');
    assert.match(page.url(), /\/compose$/);
    assert.equal(await page.getByRole('dialog').count(), 0);

    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.locator('[data-report]').first().waitFor();
    await page.evaluate(
      "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', isComposing: true, bubbles: true }))",
    );
    assert.equal(await chosen(page).count(), 0);

    await press(page, '?');
    await page.getByRole('checkbox', { name: /Single keys act/ }).uncheck();
    await press(page, 'Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press(page, 'j');
    assert.equal(await chosen(page).count(), 0);
    await press(page, 'Control+k');
    await page.getByRole('dialog').waitFor();
    await desk.close();
  });

  test('a report is written, looked at and sent with the keyboard alone', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    const reader = await stage.officer('LA', 'desk-officer');
    const title = 'Typed, never clicked';
    await page.locator('[data-report]').first().waitFor();
    const before = await clickCount(page);
    await press(page, 'c');
    await page.getByRole('heading', { name: 'New report' }).waitFor();
    await tabTo(page, '[data-at=recipients] button');
    await press(page, 'Enter');
    await tabTo(page, '[data-at=title] input');
    await page.keyboard.type(title);
    await press(page, 'Tab');
    await page.keyboard.type('Nobody touched a mouse.');
    await tabTo(page, '[data-at=purpose] select');
    await page.keyboard.type('Det');
    await tabTo(page, 'input[aria-describedby=quick-help]');
    await page.keyboard.type('h1 amber b2');
    await press(page, 'Enter');
    await tabTo(page, 'form button[type=submit]');
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'What leaves this bureau' }).waitFor();
    await page.getByRole('button', { name: /Sign and send to 5 nations/ }).waitFor();
    await tabTo(page, 'footer button[data-kind=main]');
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'Delivered: 5 of 5' }).waitFor();
    assert.equal(await clickCount(page), before, 'no pointer was used');
    await takeInNew(reader, title);
    await rowOf(reader, title).waitFor();
    await page.close();
    await reader.close();
  });
}
