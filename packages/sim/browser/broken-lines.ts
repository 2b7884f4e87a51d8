/** A bureau that stopped, a device without network: the screen says so, changes nothing, and recovers by itself. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { file } from '../scenarios/fixtures/filing.ts';
import { rowOf, takeInNew } from './officer-does.ts';
import type { Stage } from './stage.ts';

/** Time for streams and links to dial again after their waits. */
const RECOVERED_MS_MAX = 45_000;

export function brokenLines(stage: Stage): void {
  const { constellation } = stage.coalition;
  const seoul = stage.coalition.card('KR');
  let isStopped = false;
  after(async () => {
    if (isStopped) await constellation.restart('LA');
  });

  test('when Vientiane’s bureau stops, its screen says so and Seoul keeps what waits; both recover without reload', async () => {
    const vientiane = await stage.officer('LA', 'desk-officer');
    const sender = await stage.officer('KR', 'desk-officer');
    await vientiane.locator('[data-report]').first().waitFor();
    await vientiane.getByText('Live', { exact: true }).waitFor();
    const known = await vientiane.locator('[data-report]').count();

    isStopped = true;
    await constellation.bureau('LA')?.stop();
    await vientiane
      .getByText(/The live line is silent since \d\d:\d\d\. The screen asks again every 10 seconds\./)
      .waitFor();
    assert.equal(await vientiane.locator('[data-report]').count(), known, 'what was known stays on the screen');
    await sender
      .getByText(/Laos: out of reach since/)
      .first()
      .waitFor({ state: 'attached' });

    const title = 'Sent while Vientiane was away';
    const id = await file(seoul, 'desk-officer', goodDraft(['LA', 'PH'], { title }));
    await sender.goto(`${stage.consoleOf('KR')}/reports/${id}`);
    await sender.getByRole('heading', { name: 'Delivered: 1 of 2' }).waitFor();
    await sender.getByText(/Queued for Laos since \d\d:\d\d \(\+09:00\); will be sent by itself\./).waitFor();

    await constellation.restart('LA');
    isStopped = false;
    await sender.getByRole('heading', { name: 'Delivered: 2 of 2' }).waitFor({ timeout: RECOVERED_MS_MAX });
    await vientiane.getByText('Live', { exact: true }).waitFor({ timeout: RECOVERED_MS_MAX });
    assert.equal(await vientiane.getByText(/The live line is silent/).count(), 0);
    await takeInNew(vientiane, title);
    await vientiane.close();
    await sender.close();
  });

  test('a device without network shows what was known, read-only, and takes up again when the network is back', async () => {
    const desk = await stage.desk();
    const page = await stage.officer('TH', 'desk-officer', desk);
    const title = 'Arrived before the cable was pulled';
    await file(seoul, 'desk-officer', goodDraft(['TH'], { title }));
    await takeInNew(page, title);
    await rowOf(page, title).getByRole('link').click();
    await page
      .getByRole('complementary', { name: 'Preview' })
      .getByText('boatman')
      .or(page.locator('aside article'))
      .first()
      .waitFor();

    await desk.setOffline(true);
    await page.getByText(/This device is offline\. You see what was known at \d\d:\d\d/).waitFor();
    assert.ok(
      await rowOf(page, title)
        .getByRole('button', { name: /Acknowledge/ })
        .isDisabled(),
    );
    const links = page.getByRole('list', { name: 'Links to the other nations' }).locator('[data-up]');
    assert.deepEqual(
      await links.evaluateAll((all) => all.map((one) => one.getAttribute('data-up'))),
      Array(5).fill('unknown'),
    );
    assert.equal(await page.locator('[data-tone="bad"][role]').count(), 1);
    await page.keyboard.press('e');
    assert.equal(
      await page
        .getByText(/Acknowledged by/)
        .and(page.locator('aside *'))
        .count(),
      0,
    );
    await page.getByRole('link', { name: 'New report' }).click();
    assert.ok(await page.getByRole('button', { name: 'What leaves this bureau' }).isDisabled());

    await desk.setOffline(false);
    await page.getByText(/This device is offline/).waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: RECOVERED_MS_MAX });
    await page.getByRole('link', { name: 'Inbox' }).click();
    await rowOf(page, title)
      .getByRole('button', { name: /Acknowledge/ })
      .click();
    await rowOf(page, title)
      .getByText(/Acknowledged by Ploy Saengdao/)
      .waitFor();
    await desk.close();
  });
}
