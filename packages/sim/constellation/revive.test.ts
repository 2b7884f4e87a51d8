/** With `--processes` a bureau that is killed comes back by itself, and a coalition that was stopped stays stopped. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { verifiedAt } from '../import/holdings.ts';
import { until } from '../scenarios/fixtures/coalition.ts';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { post } from '../scenarios/fixtures/filing.ts';
import { takePortBlock } from '../scenarios/fixtures/port-block.ts';
import type { BureauCard } from './card.ts';
import { type Constellation, openConstellation } from './constellation.ts';
import { FIRST_WAIT_MS, STEADY_MS, WAIT_MS_MAX, waitMsAfter } from './revive.ts';

const skip = process.env.DATABASE_URL ? 'DATABASE_URL names a server that is not ours to stop' : false;
const BACK_MS_MAX = 60_000;

test('a bureau that ends again and again is started later and later, at most a minute later, and soon after a long life', () => {
  const waits: number[] = [];
  for (let life = 0; life < 8; life += 1) waits.push(waitMsAfter(waits.at(-1) ?? 0, STEADY_MS - 1));
  assert.deepEqual(
    waits,
    [2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000),
  );
  assert.equal(waitMsAfter(WAIT_MS_MAX, STEADY_MS), FIRST_WAIT_MS);
});

async function opened(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tripoint-revive-'));
  chmodSync(dataDir, 0o711); // PostgreSQL's own account must be able to walk to its data
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const block = await takePortBlock();
  t.after(() => block.release());
  const said: string[] = [];
  const back: BureauCard[][] = [];
  const coalition = await openConstellation({
    dataDir,
    firstPort: block.firstPort,
    processes: true,
    webRoot: null,
    nations: ['KR', 'PH'],
    say: (sentence) => void said.push(sentence),
    onBack: (cards) => void back.push(structuredClone(cards)),
  });
  t.after(() => coalition.stop());
  return { dataDir, coalition, said, back };
}

async function killed(coalition: Constellation, nation: string): Promise<void> {
  const child = coalition.child(nation);
  assert.ok(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const cardOf = (coalition: Constellation, nation: string) =>
  coalition.cards.find((card) => card.nation === nation) as BureauCard;

test('Manila’s bureau is killed, comes back by itself and gets what waited; stopped, nobody comes back', {
  skip,
}, async (t) => {
  const { dataDir, coalition, said, back } = await opened(t);
  const seoul = cardOf(coalition, 'KR');
  const before = cardOf(coalition, 'PH').pid;
  await killed(coalition, 'PH');
  const filed = await post(seoul, 'desk-officer', goodDraft(['PH']), 'while-manila-is-away');
  assert.equal(filed.status, 201);
  await until('Manila is back', BACK_MS_MAX, () => Promise.resolve(back.length === 1));
  await verifiedAt(seoul, [(filed.json as { id: string }).id], ['PH']);
  const shown = back[0]?.find(({ nation }) => nation === 'PH');
  assert.equal(shown?.pid, coalition.child('PH')?.pid);
  assert.notEqual(shown?.pid, before);
  assert.deepEqual(said, ['PH: the bureau ended (SIGKILL). The others go on; it is started again in 2 s.']);
  await killed(coalition, 'PH');
  await until('its second end is told', BACK_MS_MAX, () => Promise.resolve(said.length === 2));
  assert.match(said[1] ?? '', /again in 4 s/);
  await coalition.stop();
  assert.equal(back.length, 1);
  for (const nation of ['KR', 'PH']) assert.ok(coalition.child(nation)?.exitCode !== undefined);
  const running = spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).stdout;
  assert.ok(!running.includes(dataDir), 'a process on this data runs on');
});
