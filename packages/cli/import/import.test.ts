import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startTestBureau, type TestBureau } from '../bureau-for-tests.ts';
import { runCommand } from '../program.ts';

/** Files by name in a folder of their own, gone after the test. */
async function folderOf(files: Record<string, string | Uint8Array>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'tripoint-import-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function tripoint(words: string[], stdin = '') {
  const written = { stdout: [] as string[], stderr: [] as string[] };
  const code = await runCommand(words, {
    stdin: Readable.from([stdin]),
    stdout: { write: (text: string) => written.stdout.push(text) },
    stderr: { write: (text: string) => written.stderr.push(text) },
    environment: { NO_COLOR: '1' },
  });
  const [stdout, stderr] = [written.stdout.join(''), written.stderr.join('')];
  return { stdout, stderr, code, figures: stdout.startsWith('{') ? JSON.parse(stdout) : undefined };
}

/** An invented list of three. */
const list = {
  'sdn.csv': [
    '101,"LANTERN, Mora",individual,SDNTK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 19 Apr 1947; nationality Laos."',
    '102,GREEN DELTA TRADING,-0- ,SDNTK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ',
    '103,SLOW HERON,vessel,TCO,-0- ,HSB12,Tug,-0- ,-0- ,Panama,-0- ,-0- ',
  ].join('\n'),
  'alt.csv': '101,1,aka,"LANTERN, Maurits",-0- \n',
  'add.csv': '102,2,"1 Quay Road","Pakse","Laos",-0- \n\u001a',
};
const said = ['--grade', '4x4:A2', '--marking', 'H0', '--pap', 'PAP:CLEAR', '--purpose', 'detection'];
const to = (bureau: TestBureau) => ['--url', bureau.url, '--token', bureau.token, '--to', 'VN,PH,KH,LA,TH'];

test('a folder of a list is filed as reports of statements, and the figures are the last word', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  const { code, figures, stderr } = await tripoint([
    'import',
    folder.path,
    ...to(bureau),
    ...said,
    '--only',
    'narcotics',
    '--json',
  ]);
  assert.equal(code, 0, stderr);
  const [{ id, draft }] = bureau.filed as [TestBureau['filed'][0]];
  assert.deepEqual(figures, {
    files: 3,
    rows: 5,
    reports: 1,
    reportIds: [id],
    statements: draft.statements.length,
    unmapped: 0,
  });
  assert.deepEqual(draft.recipients, ['KH', 'LA', 'PH', 'TH', 'VN']);
  assert.deepEqual(
    [draft.grade.source, draft.marking.handling, draft.marking.pap, draft.purpose],
    ['A', ['H0'], 'PAP:CLEAR', 'detection'],
  );
  assert.ok(draft.statements.some((one) => one.value === 'LANTERN, Maurits' && one.method === 'import@1'));
  assert.ok(!draft.statements.some((one) => one.value === 'SLOW HERON'));
  assert.match(stderr, /read 5 rows/);
  assert.match(stderr, /filed 1 of 1 reports/);
});

test('the same import again makes nothing new; another file or other recipients do', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  const run = (more: string[] = []) => tripoint(['import', folder.path, ...to(bureau), ...said, '--json', ...more]);
  const first = await run();
  const second = await run();
  assert.deepEqual(second.figures, first.figures);
  assert.equal(bureau.filed.length, 1);
  assert.equal((await run(['--to', 'PH'])).code, 0);
  assert.equal(bureau.filed.length, 2);
  await writeFile(join(folder.path, 'alt.csv'), '101,1,aka,"LANTERN, Morris",-0- \n');
  assert.equal((await run()).code, 0);
  assert.equal(bureau.filed.length, 3);
});

test('without grade, marking, PAP and purpose nothing is shared, and the reason is said', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  for (const missing of ['--grade', '--marking', '--pap', '--purpose']) {
    const at = said.indexOf(missing);
    const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said.toSpliced(at, 2)]);
    assert.equal(code, 3);
    assert.ok(stderr.includes(`${missing} is missing`) && stderr.includes('strictest'), stderr);
  }
  assert.equal(bureau.requests, 0);
});

test('without recipients only a dry run is possible, and the tool says so', async () => {
  await using folder = await folderOf(list);
  const refused = await tripoint(['import', folder.path, '--url', 'http://127.0.0.1:9', '--token', 'x', ...said]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /at least one nation.*--dry-run/);
  const dry = await tripoint(['import', folder.path, '--dry-run', '--json']);
  assert.equal(dry.code, 0);
  assert.deepEqual([dry.figures.reports, dry.figures.reportIds, dry.figures.rows], [1, [], 5]);
});

test('a connection that breaks is tried again with the same key, and nothing is filed twice', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  bureau.mishaps.push({ breaks: 'before' }, { breaks: 'after' });
  const { code, figures, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said, '--json']);
  assert.equal(code, 0, stderr);
  assert.equal(bureau.requests, 3);
  assert.deepEqual(
    figures.reportIds,
    bureau.filed.map((one) => one.id),
  );
  assert.match(stderr, /does not answer.*trying again/);
});

test('a busy bureau is given time', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  bureau.mishaps.push(
    { answer: 429, code: 'too-many-requests', retryAfterSec: 0 },
    { answer: 503, code: 'queue-full' },
  );
  const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /busy \(queue-full\)/);
});

test('a bureau that is not there ends the command as unreachable, one that stays busy as failed', async () => {
  await using folder = await folderOf(list);
  const nowhere = ['--url', await closedPort(), '--token', 'x', '--to', 'PH', '--give-up-after', '0'];
  assert.equal((await tripoint(['import', folder.path, ...nowhere, ...said])).code, 4);
  await using bureau = await startTestBureau();
  bureau.mishaps.push({ answer: 503, code: 'queue-full' });
  assert.equal((await tripoint(['import', folder.path, ...to(bureau), ...said, '--give-up-after', '0'])).code, 1);
});

test('a console’s own name under localhost leads to its bureau, known to this system or not', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  const url = bureau.url.replace('127.0.0.1', 'kr.localhost');
  const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said, '--url', url]);
  assert.equal(code, 0, stderr);
});

test('an address that cannot become right is not waited for', async () => {
  await using folder = await folderOf(list);
  const words = ['import', folder.path, '--token', 'x', '--to', 'PH', ...said];
  const nameless = await tripoint([...words, '--url', 'http://no-such-bureau.invalid']);
  assert.equal(nameless.code, 4);
  assert.match(nameless.stderr, /there is no host of this name/);
  const portless = await tripoint([...words, '--url', 'http://127.0.0.1:9']);
  assert.equal(portless.code, 4);
  assert.match(portless.stderr, /no web request may go to this port/);
  await using bureau = await startTestBureau();
  const unencrypted = await tripoint([...words, '--url', bureau.url.replace('http:', 'https:')]);
  assert.equal(unencrypted.code, 4);
  assert.match(unencrypted.stderr, /no TLS that this machine trusts/);
});

test('a server that is no bureau is told from one, and the token follows nobody elsewhere', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  for (const answer of [404, 405, 302]) {
    bureau.mishaps.push({ answer, code: 'not-found' });
    const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said]);
    assert.equal(code, 1);
    assert.match(stderr, /is not a bureau’s address/);
  }
  assert.equal(bureau.requests, 3);
});

test('what the bureau refuses ends the command as refused, in words, with the figures of what was filed', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  bureau.mishaps.push({ answer: 422, code: 'recipient-unknown', facts: [{ nation: 'VN' }] });
  const { code, stderr, figures } = await tripoint(['import', folder.path, ...to(bureau), ...said, '--json']);
  assert.equal(code, 3);
  assert.match(stderr, /not a member of the charter \(recipient-unknown\): nation VN\n/);
  assert.deepEqual([figures.reports, figures.reportIds, figures.statements], [0, [], 0]);
  bureau.mishaps.push({ answer: 401, code: 'signed-out' });
  assert.match((await tripoint(['import', folder.path, ...to(bureau), ...said])).stderr, /does not know this token/);
});

test('the token comes from a file or from stdin and is never shown', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf({ ...list, token: `${bureau.token}\n` });
  const words = ['import', folder.path, '--url', bureau.url, '--to', 'PH', ...said];
  const fromFile = await tripoint([...words, '--token-file', join(folder.path, 'token')]);
  const fromStdin = await tripoint([...words, '--token-file', '-'], `${bureau.token}\n`);
  assert.deepEqual([fromFile.code, fromStdin.code], [0, 0]);
  const wrong = await tripoint([...words, '--token', 'a-wrong-secret']);
  assert.equal(wrong.code, 3);
  for (const { stdout, stderr } of [fromFile, fromStdin, wrong])
    assert.ok(!/invented-token|a-wrong-secret/.test(stdout + stderr));
  assert.equal((await tripoint(words)).code, 2);
});

test('files that are no text, too large, packed or broken are refused with the place, before anything is filed', async () => {
  await using folder = await folderOf({
    'packed.csv': gzipSync('x'.repeat(1_000)),
    'empty.txt': '',
    'latin.txt': Uint8Array.from([0x4e, 0x69, 0xf1, 0x6f]),
    'cut.json': '{"type": "bundle", "objects": [',
    'other.json': '{"hello": 1}',
    'broken.csv': '101,"LANTERN',
    'huge.csv': '',
  });
  await truncate(join(folder.path, 'huge.csv'), 1024 ** 3);
  const reasons = {
    'packed.csv': /packed archive \(gzip\).*unpack it first/,
    'empty.txt': /is empty/,
    'latin.txt': /latin.txt, byte 2: the text is not UTF-8/,
    'cut.json': /ends too early/,
    'other.json': /neither a STIX 2.1 bundle nor a MISP event/,
    'broken.csv': /row 1, line 1: a quotation mark opens here/,
    'huge.csv': /too large: 1024 MiB, at most 256 MiB/,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const { code, stderr } = await tripoint(['import', join(folder.path, name), '--dry-run']);
    assert.equal(code, 3, `${name}: ${stderr}`);
    assert.match(stderr, reason);
  }
  assert.equal((await tripoint(['import', join(folder.path, 'absent.csv'), '--dry-run'])).code, 2);
});

const bundle = (more: object) =>
  JSON.stringify({
    type: 'bundle',
    id: 'bundle--1',
    objects: [{ type: 'identity', id: 'identity--1', name: 'Mora Lantern', identity_class: 'individual', ...more }],
  });
const tlp = (id: string) => ({ object_marking_refs: [`marking-definition--${id}`] });

test('a marking of the source tightens the officer’s and never loosens it; TLP:RED is not shared at all', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf({
    'amber.json': bundle(tlp('f88d31f6-486f-44da-b317-01333bde0b82')),
    'clear.json': bundle(tlp('94868c89-83c2-464b-929b-a1a8aa3c8487')),
    'red.json': bundle(tlp('e828b379-4e03-4974-9ac4-e53a884c97c1')),
  });
  const file = (name: string, marking: string) =>
    tripoint(['import', join(folder.path, name), ...to(bureau), ...said, '--marking', marking]);
  assert.match((await file('amber.json', 'H0')).stderr, /marked H2/);
  assert.deepEqual(bureau.filed.at(-1)?.draft.marking.handling, ['H2']);
  await file('clear.json', 'H1+H2');
  assert.deepEqual(bureau.filed.at(-1)?.draft.marking.handling, ['H1', 'H2']);
  const red = await file('red.json', 'H0');
  assert.equal(red.code, 3);
  assert.match(red.stderr, /TLP:RED/);
  assert.equal(bureau.filed.length, 2);
});

test('a plain text becomes a report without statements, and what it cannot show is not obeyed by the terminal', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf({ 'note.txt': 'Two couriers \u001b[2J at the pier\nThey left.\n' });
  const { code, stderr } = await tripoint([
    'import',
    join(folder.path, 'note.txt'),
    ...to(bureau),
    ...said,
    '--lang',
    'en',
  ]);
  assert.equal(code, 0, stderr);
  const { draft } = bureau.filed[0]!;
  assert.equal(draft.title, 'Two couriers \\u001b[2J at the pier');
  assert.deepEqual([draft.statements.length, draft.lang], [0, 'en']);
  assert.ok(!stderr.includes('\u001b'));
});

test('what became no statement can be written to a file of the officer’s own', async () => {
  await using folder = await folderOf({ 'x.json': bundle({ sectors: ['shipping'], confidence: 40 }) });
  const path = join(folder.path, 'kept.ndjson');
  await tripoint(['import', join(folder.path, 'x.json'), '--dry-run', '--unmapped-to', path]);
  const kept = (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.match(kept[0].reported, /confidence/);
});

test('when that file cannot be written nothing is filed', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  const path = join(folder.path, 'no-such-folder', 'kept.ndjson');
  const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said, '--unmapped-to', path]);
  assert.equal(code, 2);
  assert.match(stderr, /cannot be written \(ENOENT\); nothing was filed/);
  assert.equal(bureau.requests, 0);
});

test('options that say nothing of the code lists are usage mistakes', async () => {
  await using folder = await folderOf(list);
  for (const wrong of [
    ['--grade', '4x4:Z9'],
    ['--marking', 'H9'],
    ['--marking', 'H3'],
    ['--pap', 'PAP:PINK'],
    ['--purpose', 'fun'],
    ['--to', 'Philippines'],
    ['--url', 'file:///etc/passwd'],
    ['--only', 'everything'],
    ['--concurrency', '99'],
    ['--lang', 'tlh'],
    ['--unheard-of'],
  ]) {
    const bureau = ['--url', 'http://127.0.0.1:9', '--token', 'x', '--to', 'PH'];
    const { code, stderr } = await tripoint(['import', folder.path, ...bureau, ...said, ...wrong]);
    assert.equal(code, 2, `${wrong.join(' ')}: ${stderr}`);
  }
  assert.equal((await tripoint(['import'])).code, 2);
  assert.equal((await tripoint(['--help'])).code, 0);
});

test('conditions and terms of a marking can be said', async () => {
  await using bureau = await startTestBureau();
  await using folder = await folderOf(list);
  const marking = [
    '--marking',
    'H1+H3',
    '--terms',
    'Call first.',
    '--condition',
    'no-third-nation',
    '--condition',
    'expires=2027-01-01',
  ];
  const { code, stderr } = await tripoint(['import', folder.path, ...to(bureau), ...said, ...marking]);
  assert.equal(code, 0, stderr);
  const { marking: filed } = bureau.filed[0]!.draft;
  assert.deepEqual([filed.handling, filed.terms, filed.conditions?.length], [['H1', 'H3'], 'Call first.', 2]);
});

/** An address at which something stood and nothing does. */
async function closedPort(): Promise<string> {
  await using bureau = await startTestBureau();
  return bureau.url;
}

const datasets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '../../../../shared/data');

test('the whole narcotics list is filed twice and stands there once', async (t) => {
  if (!existsSync(join(datasets, 'ofac-sdn'))) return t.skip('skipped: ../shared/data/ofac-sdn not present');
  await using bureau = await startTestBureau();
  const words = [
    'import',
    join(datasets, 'ofac-sdn'),
    ...to(bureau),
    ...said,
    '--only',
    'narcotics',
    '--concurrency',
    '4',
    '--json',
  ];
  const first = await tripoint(words);
  const second = await tripoint(words);
  assert.equal(first.code, 0, first.stderr);
  t.diagnostic(JSON.stringify({ ...first.figures, reportIds: first.figures.reportIds.length }));
  assert.equal(first.figures.rows, 35_078);
  assert.equal(first.figures.reports, bureau.filed.length);
  assert.deepEqual(second.figures, first.figures);
});
