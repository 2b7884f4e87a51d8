/** What the browser itself enforces: policy, Trusted Types, cookies; and what a device keeps after an officer leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieName } from '../scenarios/fixtures/session.ts';
import { composeReport, lookAndSend } from './officer-does.ts';
import type { Stage } from './stage.ts';

/** Settings of this screen; everything else on the device would outlive the sign-in. */
const keptSettings = new Set(['tripoint-look', 'tripoint-language', 'tripoint-single-keys']);

const secretWords = ['Zinnober', 'Quittenbaum', 'Mondkalb'] as const;

interface Kept {
  local: Record<string, string>;
  session: Record<string, string>;
  databases: string[];
  caches: string[];
  cookies: string;
}

export function guardedPage(stage: Stage): void {
  test('the policy names no unsafe source, on the console and on the front page alike', async () => {
    for (const address of [stage.consoleOf('KR'), stage.front]) {
      const page = await (await stage.desk()).newPage();
      const answer = await page.goto(address);
      const policy = answer?.headers()['content-security-policy'] ?? '';
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'(;|$)/);
      assert.match(policy, /require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|data:/);
      assert.equal(answer?.headers()['cache-control'], 'no-store');
      await page.context().close();
    }
  });

  test('text never becomes markup: a string with < is refused wherever a page would parse it', async () => {
    const page = await stage.officer('KR', 'desk-officer');
    const throws = (code: string): Promise<string> =>
      page.evaluate(`(() => { try { ${code}; return 'went through'; } catch (error) { return error.name; } })()`);
    assert.equal(await throws("document.body.innerHTML = '<b>x</b>'"), 'TypeError');
    assert.equal(
      await throws("document.createElement('div').insertAdjacentHTML('beforeend', '<i>x</i>')"),
      'TypeError',
    );
    assert.equal(await throws("document.write('<p>x</p>')"), 'TypeError');
    assert.equal(await throws("document.createElement('script').text = 'x'"), 'TypeError');
    assert.equal(await throws("document.createElement('script').src = 'https://elsewhere.example/x.js'"), 'TypeError');
    // Not from here: what the tool itself evaluates is excused from the rule about eval.
    const later = `new Promise((tell) => setTimeout(() => { try { tell(new Function('return 1')()) } catch (error) { tell(error.name) } }))`;
    assert.equal(await page.evaluate(later), 'EvalError');
    assert.equal(await throws("document.createElement('div').setAttribute('onclick', 'window.ran = 1')"), 'TypeError');
    await page.close();
    stage.complaints(); // Every breach above was made on purpose, and reported.
  });

  test('each nation’s cookie is its own, closed to scripts, and goes nowhere else', async () => {
    const desk = await stage.desk();
    const seoul = await stage.officer('KR', 'desk-officer', desk);
    const manila = await stage.officer('PH', 'desk-officer', desk);
    const cookies = await desk.cookies();
    assert.deepEqual(cookies.map(({ name }) => name).sort(), [cookieName('KR'), cookieName('PH')]);
    for (const cookie of cookies) {
      assert.deepEqual(
        { httpOnly: cookie.httpOnly, secure: cookie.secure, sameSite: cookie.sameSite, path: cookie.path },
        { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' },
      );
    }
    for (const [page, nation] of [
      [seoul, 'KR'],
      [manila, 'PH'],
    ] as const) {
      assert.equal(await page.evaluate('document.cookie'), '');
      const request = page.waitForRequest('**/api/session');
      await page.reload();
      const sent = (await (await request).allHeaders()).cookie ?? '';
      assert.match(sent, new RegExp(`^${cookieName(nation)}=[^;]+$`));
    }
    await desk.close();
  });

  test('nothing an officer wrote or read stands in an address, a title or anything this device keeps', async () => {
    const desk = await stage.desk();
    const page = await stage.officer('KR', 'desk-officer', desk);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    const titles = new Set<string>();
    const look = async () => titles.add(await page.title());
    const [title, text, value] = secretWords;
    await composeReport(page, { title, text, statements: [['x', 'Person', 'name', value]] });
    await look();
    await lookAndSend(page);
    await page.getByRole('heading', { name: 'Delivered: 5 of 5' }).waitFor();
    await look();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill(title);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Sent' }).first().click();
    await page.locator('[data-report]', { hasText: title }).getByRole('link').click();
    await look();
    const kept = (await page.evaluate('seen.kept()')) as Kept;
    assert.deepEqual(
      Object.keys(kept.local).filter((key) => !keptSettings.has(key)),
      [],
    );
    assert.deepEqual(kept.session, {});
    assert.deepEqual([kept.databases, kept.caches, kept.cookies], [[], [], '']);
    const everything = JSON.stringify([addresses, [...titles], kept]);
    for (const word of [...secretWords, 'Han Seo-yun']) assert.ok(!everything.includes(word), word);
    await desk.close();
  });
}
