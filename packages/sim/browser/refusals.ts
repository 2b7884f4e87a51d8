/** What is refused says so at its field, in words; what is hidden looks like what never was. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { file } from '../scenarios/fixtures/filing.ts';
import { composeReport, typeShort } from './officer-does.ts';
import type { Stage } from './stage.ts';

const fieldAt = (page: Page, at: string) => page.locator(`[data-at=${at}]`).first();

/** Asks what leaves, waits until the bureau has refused the draft, and goes back to mend it. */
async function lookAndReturnRefused(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'What leaves this bureau' }).click();
  await page.getByRole('heading', { name: 'What leaves this bureau' }).waitFor();
  await page.getByRole('alert').first().waitFor();
  await page.getByRole('button', { name: 'Back to the draft' }).click();
}

export function refusals(stage: Stage): void {
  const seoul = stage.coalition.card('KR');

  test('a report without marking or grade stays here: both say so at their place and fall silent once chosen', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    await composeReport(page, { title: 'Not marked yet', short: '', statements: [] });
    assert.equal(await page.locator('input:checked').count(), 6, 'five nations and the urgency; no mark is preset');
    await page.getByRole('button', { name: 'What leaves this bureau' }).click();
    await fieldAt(page, 'marking').getByText('Choose a marking. Nothing leaves without one.').waitFor();
    await fieldAt(page, 'grade').getByText('Choose a grade. Nothing leaves without one.').waitFor();
    await typeShort(page, 'h2');
    assert.equal(await fieldAt(page, 'marking').getByRole('alert').count(), 1, 'half a marking is none');
    await typeShort(page, 'green c3');
    assert.equal(await page.getByRole('alert').filter({ hasText: 'Choose' }).count(), 0);
    await page.close();
  });

  test('an empty form names every field that is missing and puts the cursor into the first', async () => {
    const page = await stage.officer('KR', 'duty-lead');
    await page.getByRole('link', { name: 'New report' }).click();
    await page.getByRole('button', { name: 'What leaves this bureau' }).click();
    for (const at of ['recipients', 'title', 'text', 'purpose', 'marking', 'grade']) {
      await fieldAt(page, at).getByRole('alert').waitFor();
    }
    await page.locator('[data-at=recipients] input:focus').waitFor();
    await page.getByLabel('Title', { exact: true }).fill('Now it has one');
    assert.equal(await fieldAt(page, 'title').getByRole('alert').count(), 0);
    assert.equal(await fieldAt(page, 'text').getByRole('alert').count(), 1);
    await page.close();
  });

  test('what only the bureau can know is refused at its field, in words, and the draft is kept', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    const cases: [object, string, RegExp][] = [
      [{ lang: 'xx' }, 'lang', /Choose a language from the list/],
      [{ purpose: 'gossip' }, 'purpose', /Choose a purpose from the list/],
      [{ title: 'bell\u0007' }, 'title', /invisible control characters/],
      [{ recipients: ['KR'] }, 'recipients', /Your own nation cannot be a recipient/],
      [{ recipients: ['ZZ'] }, 'recipients', /not a member in the charter/],
    ];
    let change: object = {};
    await page.route('**/api/reports/preview', (route) => {
      const body = { ...(route.request().postDataJSON() as object), ...change };
      return route.continue({ postData: JSON.stringify(body) });
    });
    await composeReport(page, { title: 'Refused five times', recipients: ['PH'] });
    for (const [changed, at, words] of cases) {
      change = changed;
      await lookAndReturnRefused(page);
      await fieldAt(page, at).getByRole('alert').getByText(words).waitFor();
      assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), 'Refused five times');
    }
    await page.close();
  });

  test('a statement that two others contradict is refused in its own row', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    await composeReport(page, {
      title: 'One name, two things',
      recipients: ['PH'],
      statements: [
        ['x', 'Person', 'name', 'Somebody'],
        ['x', 'Vessel', 'name', 'Some boat'],
      ],
    });
    await lookAndReturnRefused(page);
    const row = page.locator('[data-at=statements] ol > li', { hasText: 'stands for two things' });
    await row.waitFor();
    assert.equal(await row.count(), 1);
    await page.close();
  });

  test('a report that is hidden from an officer and one that does not exist are the same page', async () => {
    const hidden = await file(seoul, 'analyst', goodDraft(['PH'], { title: 'For one agency only' }));
    const page = await stage.officer('KR', 'unit-head');
    const seen: string[] = [];
    for (const id of [hidden, randomUUID()]) {
      await page.goto(`${stage.consoleOf('KR')}/reports/${id}`);
      await page.getByRole('heading', { name: 'Not found' }).waitFor();
      seen.push((await page.locator('main').ariaSnapshot()).replaceAll(id, ''));
    }
    assert.equal(seen[0], seen[1]);
    await page.close();
  });

  test('an administrator looks after links and alarms and is shown no report anywhere', async () => {
    const page = await stage.officer('KR', 'administrator');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('heading', { name: 'Administration' }).waitFor();
    await page.getByText('Members and links').first().waitFor();
    assert.equal(await page.getByRole('link', { name: 'New report' }).count(), 0);
    await page.goto(`${stage.consoleOf('KR')}/sent`);
    await page.locator('main#main').waitFor();
    assert.equal(await page.locator('[data-report]').count(), 0);
    await page.goto(`${stage.consoleOf('KR')}/compose`);
    await page.getByText('Reports are written by desk officers and analysts').waitFor();
    await page.close();
  });

  test('signing out in one tab empties the other, which says that nothing was kept', async () => {
    const desk = await stage.desk();
    const left = await stage.officer('PH', 'desk-officer', desk);
    await left.locator('[data-report]').first().waitFor();
    const right = await stage.officer('PH', 'desk-officer', desk);
    await right.getByRole('button', { name: 'Officer and settings' }).click();
    await right.getByRole('menuitem', { name: 'Sign out' }).click();
    await right.getByRole('button', { name: 'Lualhati Dimasupil' }).waitFor();
    await left.getByText('You were signed out. Nothing you read was kept on this device.').waitFor();
    assert.equal(await left.locator('[data-report]').count(), 0);
    await desk.close();
  });
}
