/** What an officer does with mouse and keyboard, in the console's own words. */
import type { Locator, Page } from 'playwright-core';

export interface Draft {
  title: string;
  text?: string;
  /** Codes of nations; all when left out. */
  recipients?: readonly string[];
  urgency?: 'Routine' | 'Urgent' | 'Flash';
  /** As typed into the short form. */
  short?: string;
  offence?: string;
  /** Entity, kind, property, value. */
  statements?: readonly (readonly [string, string, string, string])[];
}

const courier = [
  ['courier', 'Person', 'name', '남궁 별하'],
  ['courier', 'Person', 'nationality', 'KR'],
  ['phone', 'Phone', 'phone', '+82 10-0000-0142'],
] as const;

export const clickCount = (page: Page): Promise<number> => page.evaluate('seen.clicks');

export const readTitle = (page: Page, title: string): Locator => page.locator('[data-report] a', { hasText: title });

/** Fills the form from an inbox or any other screen; looks at nothing and sends nothing. */
export async function composeReport(page: Page, draft: Draft): Promise<void> {
  await page.getByRole('link', { name: 'New report' }).first().click();
  await page.getByRole('heading', { name: 'New report' }).waitFor();
  await chooseRecipients(page, draft.recipients);
  await page.getByLabel('Title', { exact: true }).fill(draft.title);
  await page
    .getByLabel('Text', { exact: true })
    .fill(draft.text ?? 'Same make as in March. Please watch the arrival hall.');
  await page.getByLabel('Purpose', { exact: true }).selectOption('detection');
  if (draft.offence !== undefined) await page.getByLabel('Offence (if any)').fill(draft.offence);
  if (draft.urgency !== undefined) await page.getByRole('radio', { name: draft.urgency, exact: true }).check();
  await typeShort(page, draft.short ?? 'h1 h2 amber b2');
  for (const statement of draft.statements ?? courier) await addStatement(page, statement);
}

async function chooseRecipients(page: Page, nations: readonly string[] | undefined): Promise<void> {
  if (nations === undefined) return page.getByRole('button', { name: 'All nations' }).click();
  for (const nation of nations) {
    await page.locator('[data-at=recipients] label', { has: page.locator('.nation', { hasText: nation }) }).click();
  }
}

export async function typeShort(page: Page, text: string): Promise<void> {
  await page.getByLabel('Short form').fill(text);
  await page.keyboard.press('Enter');
}

export async function addStatement(page: Page, parts: readonly [string, string, string, string]): Promise<void> {
  const [entity, schema, property, value] = parts;
  await page.getByRole('button', { name: 'Add a statement' }).click();
  const row = page.locator('[data-at=statements] ol > li').last();
  await row.getByLabel('Entity').fill(entity);
  await row.getByLabel('Kind').selectOption(schema);
  await row.getByLabel('Property').selectOption(property);
  await row.getByLabel('Value').fill(value);
}

/** Looks at what leaves, sends it, and waits for the page of the sent report. Answers its id. */
export async function lookAndSend(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'What leaves this bureau' }).click();
  await page.getByRole('button', { name: /Sign and send/ }).click();
  await page.waitForURL(/\/reports\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
}

export const rowOf = (page: Page, title: string): Locator => page.locator('[data-report]', { hasText: title });

/** Takes in what waits above the list until the report with this title stands in it. */
export async function takeInNew(page: Page, title: string): Promise<void> {
  const fresh = page.getByRole('button', { name: /\d+ new/ });
  await rowOf(page, title).or(fresh).first().waitFor();
  if ((await rowOf(page, title).count()) === 0) await fresh.click();
  await rowOf(page, title).waitFor();
}
