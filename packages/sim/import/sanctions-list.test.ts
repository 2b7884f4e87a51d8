/** A real list, the real command, six real bureaus: what one officer files stands at five nations as it stands at home. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { isNarcotics, readCsv } from '@tripoint/model/interop';
import { nations } from '../constellation/index.ts';
import { type Coalition, openCoalition } from '../scenarios/fixtures/coalition.ts';
import { goodDraft } from '../scenarios/fixtures/draft.ts';
import { post } from '../scenarios/fixtures/filing.ts';
import { allSaid, type Figures, from, type Run, said, tripoint } from './command.ts';
import { absent, dataSet } from './data-sets.ts';
import { held, reportIds, verifiedAt } from './holdings.ts';
import { inventedList, writeList } from './invented-list.ts';

const five = nations.filter((nation) => nation !== 'KR');
const real = dataSet('ofac-sdn');
const invented = inventedList(500);
let coalition: Coalition;
/** The invented lists, beside the bureaus' data and gone with them. */
let folder: string;
let short: string;
/** What the first command answered for the longest list there is here. */
let filed: { path: string; figures: Figures };

before(async () => {
  coalition = await openCoalition(nations);
  [folder, short] = [join(coalition.dataDir, 'invented-list'), join(coalition.dataDir, 'short-list')];
  for (const path of [folder, short]) mkdirSync(path);
  writeList(folder, invented);
  writeList(short, inventedList(4));
});
after(() => coalition?.[Symbol.asyncDispose]());

const seoul = () => coalition.card('KR');
const filing = (path: string, ...more: string[]) =>
  tripoint(['import', path, ...from(seoul(), five), '--only', 'narcotics', ...allSaid, '--json', ...more]);

function done(run: Run): Figures {
  assert.equal(run.code, 0, run.stderr);
  assert.ok(run.figures, run.stdout);
  return run.figures;
}

/** Every nation's reports, to see that nothing was added. */
async function everybodys(): Promise<string> {
  const all = await Promise.all(coalition.cards.map(async (card) => [card.nation, (await reportIds(card)).sort()]));
  return JSON.stringify(all);
}

/** Names of the entries, from the list's own programme note, as one nation holds them. */
interface Arrived {
  entries: string[];
  statements: number;
  /** Numbers of the list's entries, as Seoul finds them. */
  numbers: Set<string>;
}

/** Reads every report at Seoul and at the five, and finds not one byte of difference. */
async function equalEverywhere(ids: readonly string[]): Promise<Arrived> {
  const arrived: Arrived = { entries: [], statements: 0, numbers: new Set() };
  for (const id of ids) {
    const [home, ...abroad] = await Promise.all(['KR', ...five].map((nation) => held(coalition.card(nation), id)));
    assert.ok(home);
    for (const [index, nation] of five.entries()) {
      assert.equal(abroad[index]?.frame, home.frame, nation);
      assert.equal(abroad[index]?.canonical.join('\n'), home.canonical.join('\n'), nation);
      // What stands for the record abroad tells nothing of its number.
      assert.deepEqual(abroad[index]?.records, [], nation);
      assert.ok(!JSON.stringify(abroad[index]).includes('ofac-sdn'), nation);
      for (const { sourceRef } of abroad[index]?.statements ?? [])
        if (sourceRef !== null) assert.match(sourceRef, /^[0-9a-f]{32}$/);
    }
    for (const record of home.records) arrived.numbers.add(/^ofac-sdn\/(\d+)/.exec(record)?.[1] ?? record);
    const { statements } = home;
    const listed = statements.filter(({ reported }) => reported.startsWith('Sanctions programme: '));
    const entities = new Set(listed.map(({ entity }) => entity));
    const names = statements.filter(({ entity, property }) => property === 'name' && entities.has(entity));
    arrived.entries.push(...names.map(({ reported }) => reported));
    arrived.statements += statements.length;
    for (const { says, grade, marking } of statements)
      assert.deepEqual(
        [says, grade.source, grade.information, marking.handling, marking.pap],
        ['KR', 'A', '2', ['H0'], 'PAP:CLEAR'],
      );
  }
  return arrived;
}

async function filedWhole(
  t: TestContext,
  path: string,
  names: readonly string[],
): Promise<{ figures: Figures; numbers: Set<string> }> {
  const startMs = performance.now();
  const run = await filing(path);
  const figures = done(run);
  await verifiedAt(seoul(), figures.reportIds, five);
  const verifiedMs = performance.now() - startMs;
  const { entries, statements, numbers } = await equalEverywhere(figures.reportIds);
  assert.equal(statements, figures.statements);
  assert.deepEqual(entries.sort(), [...names].sort());
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  t.diagnostic(
    `import: ${figures.reports} reports, ${statements} statements, ${entries.length} entries; filed in ` +
      `${seconds(run.elapsedMs)} s, verified at all five ${seconds(verifiedMs)} s after the command began: ` +
      `${Math.round((statements * 1000) / verifiedMs)} statements/s; equal byte for byte at six; ` +
      `${numbers.size} entry numbers found at Seoul, none at the five`,
  );
  return { figures, numbers };
}

test('an invented list filed by one command stands at five nations exactly as at Seoul, its numbers at Seoul alone', async (t) => {
  const { figures, numbers } = await filedWhole(t, folder, invented.narcotics);
  assert.equal(numbers.size, invented.narcotics.length);
  filed = { path: folder, figures };
});

test('the narcotics part of the real list stands at five nations exactly as at Seoul, its numbers at Seoul alone', async (t) => {
  if (real === null) return t.skip(absent('ofac-sdn'));
  const rows = [...readCsv(readFileSync(join(real, 'sdn.csv'), 'utf8'))].filter(({ fields }) => fields.length > 1);
  const byIdentifier = new Map(rows.toReversed().map(({ fields }) => [fields[0], fields]));
  const listed = [...byIdentifier.values()].filter((fields) => isNarcotics((fields[3] ?? '').split(/\]\s*\[/)));
  assert.equal(listed.length, 1_564);
  const names = listed.map((fields) => (fields[1] ?? '').trim());
  const { figures, numbers } = await filedWhole(t, real, names);
  assert.deepEqual([...numbers].sort(), listed.map((fields) => fields[0] ?? '').sort());
  filed = { path: real, figures };
  assert.deepEqual([filed.figures.rows, filed.figures.unmapped], [35_078, 1]);
});

test('the same command a second time answers with the same reports and makes nothing new anywhere', async () => {
  const before = await everybodys();
  const second = done(await filing(filed.path));
  assert.deepEqual(second, filed.figures);
  assert.equal(new Set(second.reportIds).size, second.reports);
  assert.equal(await everybodys(), before);
});

test('two commands that file one list at the same time file it once', async () => {
  const before = (await reportIds(seoul())).length;
  const runs = await Promise.all([1, 2].map(() => filing(folder, '--offence', 'invented race', '--concurrency', '8')));
  const [one, other] = runs.map(done);
  assert.ok(one && one.reports > 1);
  assert.deepEqual(other, one);
  await verifiedAt(seoul(), one.reportIds, five);
  for (const card of coalition.cards) assert.equal((await reportIds(card)).length, before + one.reports, card.nation);
});

test('eight calls with one key at the same moment are answered with one report', async () => {
  const draft = goodDraft(five);
  for (const round of [1, 2, 3]) {
    const calls = Array.from({ length: 8 }, () => post(seoul(), 'desk-officer', draft, `invented-race-${round}`));
    const answers = await Promise.all(calls);
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 201),
    );
    assert.equal(new Set(answers.map(({ json }) => (json as { id: string }).id)).size, 1);
  }
});

test('a command that is killed half-way is finished by the same command, and nothing arrives twice', async () => {
  const before = (await reportIds(seoul())).length;
  const words = ['--offence', 'invented interruption', '--concurrency', '1', '--to', five.join()];
  const whole = ['import', folder, ...from(seoul(), five), '--only', 'narcotics', ...allSaid, '--json', ...words];
  const cut = await tripoint(whole, (heard, child) => {
    if (heard.includes('filed 1 of')) child.kill('SIGKILL');
  });
  assert.equal(cut.code, null);
  const begun = (await reportIds(seoul())).length - before;
  const figures = done(await tripoint(whole));
  assert.ok(begun >= 1 && begun <= figures.reports, `${begun} of ${figures.reports}`);
  await verifiedAt(seoul(), figures.reportIds, five);
  for (const card of coalition.cards)
    assert.equal((await reportIds(card)).length, before + figures.reports, card.nation);
});

test('a list that is not graded and marked is shared with nobody, and the officer reads why', async () => {
  const before = await everybodys();
  await Promise.all(
    [
      [[], '--grade, --marking, --pap, --purpose are missing'] as const,
      [[...said.grade, ...said.pap, ...said.purpose], '--marking is missing'] as const,
    ].map(async ([words, missing]) => {
      const run = await tripoint(['import', short, ...from(seoul(), five), ...words]);
      assert.equal(run.code, 3);
      assert.match(run.stderr, new RegExp(`nothing is shared: ${missing}.*reads as the strictest`));
      assert.equal(run.stdout, '');
    }),
  );
  assert.equal(await everybodys(), before);
});

test('whoever may not file, and whatever is no recipient, is refused by the bureau in words', async () => {
  const before = await everybodys();
  const refused: [string[], number, RegExp][] = [
    [['--token', 'no-token-of-any-officer'], 3, /the bureau does not know this token \(signed-out\)\n/],
    [from(seoul(), five, 'administrator'), 3, /this officer may not file such reports \(not-allowed\)\n/],
    [['--to', 'PH,JP'], 3, /not a member of the charter \(recipient-unknown\): nation JP\n/],
    [['--to', 'PH,KR'], 3, /the bureau’s own \(recipient-self\): .*nation KR/],
    [['--condition', 'recipients-only=VN'], 3, /a condition of the marking forbids this sending \(condition\)/],
  ];
  await Promise.all(
    refused.map(async ([more, code, words]) => {
      const run = await filing(short, ...more);
      assert.equal(run.code, code, `${more.join(' ')}: ${run.stderr}`);
      assert.match(run.stderr, words);
      assert.ok(!run.stderr.includes('no-token-of-any-officer') && !/^ {4}at /m.test(run.stderr), run.stderr);
      assert.deepEqual([run.figures?.reports ?? 0, run.figures?.statements ?? 0], [0, 0]);
    }),
  );
  assert.equal(await everybodys(), before);
});

test('a bureau that is not there is told from one that refuses', async () => {
  const { port } = new URL(seoul().url);
  const door = Number(port) + 10;
  const nowhere: [string, number, RegExp][] = [
    [`http://127.0.0.1:${door + 7}`, 4, /does not answer \(nothing listens there, ECONNREFUSED\); giving up/],
    // The peers' door is no officers' door: it ends what is not a peer's link.
    [`http://127.0.0.1:${door}`, 4, /does not answer/],
  ];
  await Promise.all(
    nowhere.map(async ([url, code, words]) => {
      const run = await filing(short, '--url', url, '--give-up-after', '0');
      assert.equal(run.code, code, `${url}: ${run.stderr}`);
      assert.match(run.stderr, words);
    }),
  );
  const console = await filing(short, '--url', `http://kr.localhost:${port}`);
  assert.equal(console.code, 0, console.stderr);
});
