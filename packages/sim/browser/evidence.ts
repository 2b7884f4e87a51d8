/** A report's page says how firmly it stands, and saves a file that needs no bureau to be checked. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { checkEvidence } from '@tripoint/envelope/evidence';
import type { Stage } from './stage.ts';

export function evidence(stage: Stage): void {
  for (const [box, whose] of [
    ['/sent', 'an own'],
    ['/', 'a received'],
  ] as const)
    test(`${whose} report is shown as witnessed by other nations, and its saved evidence holds`, async () => {
      const page = await stage.officer('KR', 'desk-officer');
      await page.goto(`${stage.consoleOf('KR')}${box}`);
      await page.locator('[data-report]').last().waitFor();
      const id = await page.locator('[data-report]').last().getAttribute('data-report');
      await page.goto(`${stage.consoleOf('KR')}/reports/${id}`);
      const panel = page.getByRole('region', { name: 'Evidence' });
      await panel.getByText(/witnessed by .*(Cambodia|Laos|Philippines|Thailand|Vietnam)/).waitFor();
      const saving = page.waitForEvent('download');
      await panel.getByRole('button', { name: 'Save evidence' }).click();
      const file = new Uint8Array(await readFile(await (await saving).path()));
      await panel.getByText('Saved. It holds the whole report: keep its marking.').waitFor();
      const hash = await page.evaluate<string>(
        "fetch('/api/coalition').then((answer) => answer.json()).then(({ charter }) => charter.id)",
      );
      const verdict = checkEvidence(file, Uint8Array.from(Buffer.from(hash, 'hex')));
      assert.ok(verdict.ok && verdict.kind === 'evidence', JSON.stringify(verdict));
      const [said] = verdict.envelopes;
      assert.ok(said?.log?.isWitnessed === true);
      assert.equal(said.author === 'KR', box === '/sent');
      assert.ok(said.receipts.length > 0);
      await page.close();
    });
}
