/**
 * The officers' console as officers meet it: six bureaus, one browser, every chapter on the same stage.
 * Where no Chromium exists the chapters are skipped aloud; with CI set a skip is a failure.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import { brokenLines } from './broken-lines.ts';
import { budgets } from './budgets.ts';
import { everyScreen } from './every-screen.ts';
import { evidence } from './evidence.ts';
import { frontPage } from './front-page.ts';
import { guardedPage } from './guarded-page.ts';
import { hostileText } from './hostile-text.ts';
import { keyboardAlone } from './keyboard-alone.ts';
import { reading } from './reading.ts';
import { refusals } from './refusals.ts';
import { reportTravels } from './report-travels.ts';
import { openStage } from './stage.ts';
import { whatLeaves } from './what-leaves.ts';

const stage = await openStage();

if (stage === null) {
  const reason = `no Chromium for ${process.platform}-${process.arch}; name one in TRIPOINT_CHROMIUM`;
  console.log(`# skipped: browser tests (${reason})`);
  if (process.env.CI) test('the console is looked at in a browser', () => assert.fail(reason));
  else test('the console is looked at in a browser', { skip: reason });
} else {
  after(() => stage.close());
  describe('a report travels', () => reportTravels(stage));
  describe('reading and acknowledging', () => reading(stage));
  describe('evidence', () => evidence(stage));
  describe('the keyboard alone', () => keyboardAlone(stage));
  describe('what leaves a bureau', () => whatLeaves(stage));
  describe('refusals', () => refusals(stage));
  describe('hostile text', () => hostileText(stage));
  describe('the guarded page', () => guardedPage(stage));
  describe('budgets', () => budgets(stage));
  describe('every screen', () => everyScreen(stage));
  describe('the front page', () => frontPage(stage));
  describe('broken lines', () => brokenLines(stage));
}
