/** Written in Seoul, read in five capitals: with ticks, milliseconds, few clicks, and nothing lost on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickCount, composeReport, readTitle } from './officer-does.ts';
import { SEEN_MS_MAX, type Stage } from './stage.ts';

const others = ['PH', 'KH', 'LA', 'VN', 'TH'];

export function reportTravels(stage: Stage): void {
  test('a report written in Seoul stands in the other five inboxes without reload, ticked at Seoul with milliseconds', async () => {
    const readers = await Promise.all(others.map((nation) => stage.officer(nation, 'desk-officer')));
    const seoul = await stage.officer('KR', 'desk-officer');
    const title = 'Two identical suitcases on the night flight';
    await Promise.all(readers.map((page) => page.locator('[data-report]').first().waitFor()));
    await composeReport(seoul, { title });
    const before = await clickCount(seoul);
    await seoul.getByRole('button', { name: 'What leaves this bureau' }).click();
    await seoul.getByRole('button', { name: /Sign and send to 5 nations/ }).click();
    assert.ok((await clickCount(seoul)) - before <= 3, 'sharing costs at most three clicks');
    await seoul.getByRole('heading', { name: 'Delivered: 5 of 5' }).waitFor();
    for (const nation of others) {
      const row = seoul.locator('article li', { has: seoul.locator('.nation', { hasText: nation }) }).first();
      assert.match((await row.textContent()) ?? '', /\d\s(ms|s)sealed.*sent.*received.*verified/s);
      assert.equal(await row.locator('ol > li[data-done=true][data-signed=true]').count(), 2, `${nation} signed twice`);
    }
    await Promise.all(
      readers.map(async (page) => {
        await page.getByRole('button', { name: /1 new/ }).waitFor({ timeout: SEEN_MS_MAX });
        await page.keyboard.press('n');
        await readTitle(page, title).waitFor();
        assert.equal(await page.evaluate("performance.getEntriesByType('navigation').length"), 1);
        await page.close();
      }),
    );
    await seoul.close();
  });
}
