/** Whatever file is handed to the command, the officer reads why it is turned away, and the bureau does not notice. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Coalition, openCoalition } from '../scenarios/fixtures/coalition.ts';
import { type BadFile, makeBadFiles } from './bad-files.ts';
import { allSaid, from, tripoint } from './command.ts';
import { held, reportIds, verifiedAt } from './holdings.ts';
import { inventedList, writeList } from './invented-list.ts';

let coalition: Coalition;
let folder: string;
let bad: BadFile[];

before(async () => {
  coalition = await openCoalition(['KR', 'PH']);
  folder = join(coalition.dataDir, 'files');
  mkdirSync(folder);
  bad = makeBadFiles(folder);
});
after(() => coalition?.[Symbol.asyncDispose]());

const filing = (path: string) =>
  tripoint(['import', path, ...from(coalition.card('KR'), ['PH']), ...allSaid, '--json']);
const CLERKS = 3;

test('every broken, packed, endless or empty file is refused in words, and nothing of it is filed', async (t) => {
  const waiting = bad.values();
  const startMs = performance.now();
  let slowestMs = 0;
  const clerk = async () => {
    for (const { name, words } of waiting) {
      const { code, stdout, stderr, elapsedMs } = await filing(join(folder, name));
      assert.equal(code, 3, `${name}: ${stderr}`);
      assert.match(stderr, /^tripoint: .+\n$/, 'one sentence, no stack');
      assert.match(stderr, words);
      assert.equal(stdout, '');
      slowestMs = Math.max(slowestMs, elapsedMs);
    }
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  t.diagnostic(
    `${bad.length} files refused in ${seconds(performance.now() - startMs)} s, the slowest in ${seconds(slowestMs)} s`,
  );
  for (const card of coalition.cards) assert.deepEqual(await reportIds(card), [], card.nation);
});

test('a path that is no file is the officer’s mistake, and is said to be', async () => {
  mkdirSync(join(folder, 'empty-folder'));
  const paths: [string, RegExp][] = [
    ['absent.csv', /there is no file or folder/],
    ['empty-folder', /holds no sdn.csv/],
  ];
  for (const [name, words] of paths) {
    const { code, stderr } = await filing(join(folder, name));
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
  }
});

test('after all of that the bureau files a good list as if nothing had happened', async () => {
  const path = join(folder, 'good-list');
  mkdirSync(path);
  writeList(path, inventedList(20));
  const { code, stderr, figures } = await filing(path);
  assert.equal(code, 0, stderr);
  assert.ok(figures && figures.reports === 1);
  await verifiedAt(coalition.card('KR'), figures.reportIds, ['PH']);
  const [id] = figures.reportIds as [string];
  assert.equal((await held(coalition.card('PH'), id)).statements.length, figures.statements);
});
