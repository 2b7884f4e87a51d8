/** What a newcomer meets: six bureaus side by side, a story that can be let run, six doors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage } from './stage.ts';

/** A step of the story each four seconds, and its deliveries. */
const STEP_SEEN_MS_MAX = 20_000;

export function frontPage(stage: Stage): void {
  test('the story, once switched on, makes reports arrive with their times, and stops when switched off', async () => {
    const page = await (await stage.desk()).newPage();
    const reader = await stage.officer('TH', 'duty-lead');
    await page.goto(stage.front);
    await page.locator('article').nth(5).waitFor();
    await page.locator('article .badge[data-tone=good]').nth(5).waitFor();
    const story = page.getByRole('switch', { name: /Let the story run on/ });
    assert.equal(await story.getAttribute('aria-checked'), 'false');
    await story.click();
    const deliveries = page.locator('section', { hasText: 'Latest deliveries' }).locator('ol > li');
    await deliveries.nth(4).waitFor({ timeout: STEP_SEEN_MS_MAX });
    assert.match((await deliveries.first().textContent()) ?? '', /\d\d:\d\d(KR|PH|KH|LA|VN|TH)→.*\d\s(ms|s)$/);
    await reader.getByRole('button', { name: /\d new/ }).waitFor({ timeout: STEP_SEEN_MS_MAX });
    await story.click();
    await page.locator('[role=switch][aria-checked=false]').waitFor();
    await page.context().close();
    await reader.close();
  });

  test('each card leads to the console of its nation', async () => {
    const page = await (await stage.desk()).newPage();
    await page.goto(stage.front);
    for (const { nation, console: address, officers } of stage.coalition.cards) {
      await page.locator(`article a[href="${address}"]`).click();
      await page.getByRole('button', { name: officers[0]?.name ?? '' }).waitFor();
      assert.equal(new URL(page.url()).hostname, `${nation.toLowerCase()}.localhost`);
      await page.goBack();
    }
    await page.context().close();
  });
}
