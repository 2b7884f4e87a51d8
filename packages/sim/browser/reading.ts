/** Unread, opened, acknowledged: three different things, seen by everybody in the bureau and by nobody outside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOfficer } from '../scenarios/fixtures/coalition.ts';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { delivered, file } from '../scenarios/fixtures/filing.ts';
import { clickCount, rowOf, takeInNew } from './officer-does.ts';
import type { Stage } from './stage.ts';

export function reading(stage: Stage): void {
  const seoul = stage.coalition.card('KR');

  test('a report is unread, then opened by resting on it, then acknowledged with one click, and a colleague sees who did it', async () => {
    const title = 'A locker key was found in Pasay';
    const [officer, lead] = await Promise.all([stage.officer('PH', 'desk-officer'), stage.officer('PH', 'duty-lead')]);
    const id = await file(seoul, 'desk-officer', goodDraft(['PH'], { title }));
    await Promise.all([takeInNew(officer, title), takeInNew(lead, title)]);
    const [row, leadRow] = [rowOf(officer, title), rowOf(lead, title)];
    assert.equal(await row.getAttribute('data-unread'), 'true');
    assert.equal(await leadRow.getAttribute('data-unread'), 'true');

    await row.getByRole('link').click();
    await officer.locator('[data-unread=false]', { hasText: title }).waitFor();
    await lead.locator('[data-unread=false]', { hasText: title }).waitFor();
    await officer.getByRole('complementary', { name: 'Preview' }).getByText('Not acknowledged').waitFor();

    const before = await clickCount(officer);
    await row.getByRole('button', { name: `Acknowledge: ${title}` }).click();
    assert.equal((await clickCount(officer)) - before, 1);
    await row.getByText(/Acknowledged by Lualhati Dimasupil, \d\d:\d\d/).waitFor();
    await leadRow.getByText(/Acknowledged by Lualhati Dimasupil, \d\d:\d\d/).waitFor();

    await delivered(seoul, 'desk-officer', id);
    for (const path of [`/api/reports/${id}`, `/api/reports/${id}/delivery`]) {
      const answer = await asOfficer(seoul, 'desk-officer', { path });
      assert.ok(!answer.body.toString().includes('Lualhati'), 'an officer’s name never leaves the bureau');
    }
    await officer.close();
    await lead.close();
  });

  test('on a pocket device a report’s buttons stand in one row and hint at no key', async () => {
    const pocket = await stage.desk({ width: 390 });
    const officer = await stage.officer('KH', 'desk-officer', pocket);
    const id = await file(seoul, 'desk-officer', goodDraft(['KH'], { title: 'Read on the way to the pier' }));
    await delivered(seoul, 'desk-officer', id);
    await officer.goto(`${stage.consoleOf('KH')}/reports/${id}`);
    const acknowledge = officer.getByRole('button', { name: 'Acknowledge' });
    await acknowledge.waitFor();
    assert.equal(await acknowledge.locator('.keycap').isVisible(), false);
    const tops = await acknowledge.evaluate((button) =>
      [...(button.parentElement?.children ?? [])].map((one) => Math.round(one.getBoundingClientRect().top)),
    );
    assert.equal(tops.length, 4);
    assert.equal(new Set(tops).size, 1, tops.join(' '));
    await pocket.close();
  });

  test('running down the list opens nothing; several reports are acknowledged at once', async () => {
    const titles = ['First of three notes', 'Second of three notes', 'Third of three notes'];
    const officer = await stage.officer('VN', 'desk-officer');
    for (const title of titles) await file(seoul, 'desk-officer', goodDraft(['VN'], { title }));
    for (const title of titles) await takeInNew(officer, title);
    for (const title of titles) await rowOf(officer, title).getByRole('checkbox').check();
    const tools = officer.getByRole('toolbar');
    await tools.getByText('Selected: 3').waitFor();
    for (const title of titles) assert.equal(await rowOf(officer, title).getAttribute('data-unread'), 'true', title);
    await tools.getByRole('button', { name: 'Acknowledge' }).click();
    for (const title of titles)
      await rowOf(officer, title)
        .getByText(/Acknowledged by Lam Thu Van/)
        .waitFor();
    await officer.close();
  });

  test('new items wait at the top and move nothing under the cursor', async () => {
    const officer = await stage.officer('TH', 'desk-officer');
    const first = officer.locator('[data-report]').first();
    await first.waitFor();
    const id = await first.getAttribute('data-report');
    await file(seoul, 'desk-officer', goodDraft(['TH'], { title: 'A lorry turned at kilometre nine' }));
    await officer.getByRole('button', { name: /1 new/ }).waitFor();
    assert.equal(await first.getAttribute('data-report'), id);
    await officer.keyboard.press('n');
    await rowOf(officer, 'A lorry turned at kilometre nine').waitFor();
    assert.notEqual(await first.getAttribute('data-report'), id);
    await officer.close();
  });

  test('where the marking asks for it, opening is signed for and ticked at the sender, without a name', async () => {
    const title = 'Read this one, please';
    const asks = { handling: ['H1'], conditions: [{ code: 'read-receipt' }], pap: 'PAP:AMBER' };
    const reader = await stage.officer('KH', 'desk-officer');
    const sender = await stage.officer('KR', 'desk-officer');
    const id = await file(seoul, 'desk-officer', goodDraft(['KH'], { title, marking: asks }));
    await sender.goto(`${stage.consoleOf('KR')}/reports/${id}`);
    await takeInNew(reader, title);
    await rowOf(reader, title).getByRole('link').click();
    const opened = sender.locator('article ol > li[data-done=true]', { hasText: 'opened' });
    await opened.waitFor();
    assert.ok(!(await sender.locator('article').textContent())?.includes('Chan Romdoul'));
    await reader.close();
    await sender.close();
  });
}
