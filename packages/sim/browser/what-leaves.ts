/** What was shown before sending is what arrived, byte for byte; and what changed meanwhile is shown before it leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportView } from '@tripoint/bureau/desks/reports/contract';
import { encodeReport, type Report, type WireStatement } from '@tripoint/model/report';
import type { Page } from 'playwright-core';
import { asOfficer } from '../scenarios/fixtures/coalition.ts';
import { delivered, file } from '../scenarios/fixtures/filing.ts';
import { addStatement, composeReport, lookAndSend, rowOf, takeInNew } from './officer-does.ts';
import type { Stage } from './stage.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The payload as it must have arrived, put together again from everything the recipient's bureau shows of it. */
function payloadOf(view: ReportView): Uint8Array {
  const { id, version, title, text, lang, says, purpose, offence, urgency, recipients, grade, marking, releasedAt } =
    view;
  const facts = { id, version, title, text, lang, says, purpose, urgency, recipients, grade, marking, releasedAt };
  const statements = view.statements.map((statement): WireStatement => {
    const { understood: _, unparsed, reported, grade, marking, ...rest } = statement;
    const told = Object.entries(rest).filter(([, value]) => value !== null);
    return {
      ...(Object.fromEntries(told) as unknown as Omit<WireStatement, 'grade' | 'marking'>),
      ...(reported === statement.value ? {} : { reported }),
      ...(unparsed ? { unparsed } : {}),
      ...(same(grade, view.grade) ? {} : { grade }),
      ...(same(marking, view.marking) ? {} : { marking }),
    };
  });
  return encodeReport({ ...facts, ...(offence === null ? {} : { offence }), statements } as Report);
}

interface Shown {
  author: string;
  payload: string;
}

/** What one nation's tab shows. */
async function shownTo(page: Page, nation: string): Promise<Shown> {
  await page.getByRole('tab', { name: nation }).click();
  const panel = page.getByRole('tabpanel');
  const exact = panel.locator('details');
  await exact.locator('summary').click();
  const author = await panel.locator('dl > div', { hasText: 'Shown as author' }).locator('dd').textContent();
  return { author: author ?? '', payload: (await exact.locator(':scope > :not(summary)').textContent()) ?? '' };
}

export function whatLeaves(stage: Stage): void {
  const seoul = stage.coalition.card('KR');

  test('what each nation’s tab showed is what arrived there, byte for byte, under the pseudonym that was shown', async () => {
    const page = await stage.officer('KR', 'analyst');
    const title = 'Ledger page with three names';
    await composeReport(page, {
      title,
      recipients: ['PH', 'TH'],
      short: 'h1 h2 amber b2 hide-recipients',
      offence: 'smuggling',
      text: 'Two lines,\nand “quotes” \\ <b>not bold</b> &amp; ยาบ้า ຢາບ້າ គ្រឿងញៀន.',
    });
    await addStatement(page, ['ledger', 'Document', 'title', 'Page 7 <i>of</i> 12']);
    await page.getByRole('button', { name: 'What leaves this bureau' }).click();
    await page.getByRole('tab', { name: 'PH' }).waitFor();
    const shown = { PH: await shownTo(page, 'PH'), TH: await shownTo(page, 'TH') };
    assert.notEqual(shown.PH.author, shown.TH.author, 'each nation knows the agency by another name');
    assert.notEqual(shown.PH.payload, shown.TH.payload, 'each nation sees itself alone');
    await page.getByRole('button', { name: /Sign and send to 2 nations/ }).click();
    await page.waitForURL(/\/reports\//);
    const id = page.url().slice(-36);
    await delivered(seoul, 'desk-officer', id);
    for (const nation of ['PH', 'TH'] as const) {
      const answer = await asOfficer(stage.coalition.card(nation), 'desk-officer', { path: `/api/reports/${id}` });
      const view = answer.json as ReportView;
      assert.equal(Buffer.from(payloadOf(view)).toString('utf8'), shown[nation].payload, nation);
      assert.equal(view.author, shown[nation].author, nation);
      assert.deepEqual(view.recipients, [nation]);
    }
    await page.close();
  });

  test('a draft that changed after it was shown is not sent: the difference is shown, and sending it is a new decision', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    const reader = await stage.officer('LA', 'desk-officer');
    let previews = 0;
    // The officer is shown an older text than the one that will be sent.
    await page.route('**/api/reports/preview', async (route) => {
      previews += 1;
      if (previews > 1) return route.continue();
      const body = { ...(route.request().postDataJSON() as object), title: 'Eleven boats' };
      return route.continue({ postData: JSON.stringify(body) });
    });
    await composeReport(page, { title: 'Twelve boats', recipients: ['LA'] });
    await page.getByRole('button', { name: 'What leaves this bureau' }).click();
    await page.getByRole('button', { name: 'Sign and send to 1 nation', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/has changed since you looked/)
      .waitFor();
    const difference = page.locator('.notice', { hasText: 'What changed since you looked' });
    await difference.getByText('Eleven boats').waitFor();
    await difference.getByText('Twelve boats').waitFor();
    assert.equal(await rowOf(reader, 'Twelve boats').count(), 0, 'nothing has left');
    await page.getByRole('button', { name: 'Sign and send as it is now' }).click();
    await page.getByRole('heading', { name: 'Delivered: 1 of 1' }).waitFor();
    await takeInNew(reader, 'Twelve boats');
    assert.equal(await rowOf(reader, 'Eleven boats').count(), 0);
    await page.close();
    await reader.close();
  });

  test('sending twice after a lost answer files one report', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    const title = 'The answer got lost once';
    let lost = 0;
    await page.route('**/api/reports', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      const key = (await route.request().headerValue('idempotency-key')) ?? '';
      await file(seoul, 'desk-officer', route.request().postDataJSON() as object, key);
      return route.abort();
    });
    await composeReport(page, { title, recipients: ['VN'] });
    await page.getByRole('button', { name: 'What leaves this bureau' }).click();
    await page.getByRole('button', { name: /Sign and send/ }).click();
    await page
      .getByRole('alert')
      .getByText(/does not answer/)
      .waitFor();
    await page.getByRole('button', { name: /Sign and send/ }).click();
    await page.waitForURL(/\/reports\//);
    const answer = await asOfficer(seoul, 'desk-officer', { path: '/api/reports?box=sent&limit=200' });
    const { items } = answer.json as { items: { title: string }[] };
    assert.equal(items.filter((item) => item.title === title).length, 1);
    await page.close();
  });

  test('the draft of one officer is gone when the next one signs in', async () => {
    const desk = await stage.desk();
    const page = await stage.officer('KR', 'desk-officer', desk);
    await composeReport(page, { title: 'Half a thought', recipients: ['VN'] });
    await page.getByRole('button', { name: 'Officer and settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Baek Do-hyun' }).click();
    await page.getByRole('link', { name: 'New report' }).click();
    assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), '');
    await desk.close();
  });

  test('a report goes out by pickers alone, without the short form', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    await composeReport(page, { title: 'Chosen, not typed', recipients: ['TH'], short: '', statements: [] });
    const choices = [
      ['checkbox', /^H2\b/],
      ['radio', /^PAP:GREEN/],
      ['radio', 'admiralty'],
      ['radio', /^C\b/],
      ['radio', /^3\b/],
    ] as const;
    for (const [role, name] of choices) {
      await page.locator('label.choice', { has: page.getByRole(role, { name }) }).click();
    }
    const id = await lookAndSend(page);
    const answer = await asOfficer(seoul, 'desk-officer', { path: `/api/reports/${id}` });
    const { grade, marking } = answer.json as ReportView;
    assert.deepEqual(grade, { scheme: 'admiralty', source: 'C', information: '3' });
    assert.deepEqual(marking, { handling: ['H2'], conditions: [], pap: 'PAP:GREEN' });
    await page.close();
  });
}
