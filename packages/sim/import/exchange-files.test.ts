/** Files of other systems through the real command to one nation: what became no statement is there in its own words. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Unmapped } from '@tripoint/model/interop';
import { type Coalition, openCoalition } from '../scenarios/fixtures/coalition.ts';
import { allSaid, type Figures, from, tripoint } from './command.ts';
import { absent, dataSet } from './data-sets.ts';
import { type Held, held, verifiedAt } from './holdings.ts';

let coalition: Coalition;
let folder: string;

before(async () => {
  coalition = await openCoalition(['KR', 'PH']);
  folder = join(coalition.dataDir, 'files');
  mkdirSync(folder);
});
after(() => coalition?.[Symbol.asyncDispose]());

interface Arrived {
  figures: Figures;
  /** At Manila, which has nothing but what arrived. */
  reports: Held[];
  /** What the officer at Seoul was told became no statement. */
  kept: Unmapped[];
  stderr: string;
}

async function arrived(path: string, ...more: string[]): Promise<Arrived> {
  const aside = join(folder, `${basename(path)}.kept`);
  const to = from(coalition.card('KR'), ['PH']);
  const run = await tripoint(['import', path, ...to, ...allSaid, '--json', '--unmapped-to', aside, ...more]);
  assert.equal(run.code, 0, run.stderr);
  const figures = run.figures as Figures;
  await verifiedAt(coalition.card('KR'), figures.reportIds, ['PH']);
  const lines = readFileSync(aside, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const [home, reports] = await Promise.all(
    ['KR', 'PH'].map((nation) => Promise.all(figures.reportIds.map((id) => held(coalition.card(nation), id)))),
  );
  assert.deepEqual(
    reports?.map(({ canonical, frame }) => [frame, ...canonical]),
    home?.map(({ canonical, frame }) => [frame, ...canonical]),
  );
  return {
    figures,
    reports: reports ?? [],
    kept: lines.map((line) => JSON.parse(line) as Unmapped),
    stderr: run.stderr,
  };
}

/** Every statement counted, every kept piece in the text, and nothing in the text that must stay at home. */
function nothingIsLost(t: TestContext, { figures, reports, kept }: Arrived): void {
  const statements = reports.flatMap((report) => report.statements);
  assert.equal(statements.length, figures.statements);
  assert.equal(kept.length, figures.unmapped);
  const text = reports.map((report) => report.text).join('\n');
  for (const { where, reported, reason, homeOnly } of kept) {
    if (homeOnly) assert.ok(text.includes(`- ${where}: left out here, ${reason}`), where);
    else assert.ok(text.includes(`- ${where}: ${JSON.stringify(reported)} (${reason})`), `${where}: ${reported}`);
    if (homeOnly) assert.ok(!text.includes(JSON.stringify(reported)), where);
  }
  const [name] = reports.map(({ title }) => title);
  const home = kept.filter(({ homeOnly }) => homeOnly).length;
  t.diagnostic(
    `${name}: ${figures.reports} report, ${statements.length} statements, ${kept.length} pieces kept, ${home} of them at home`,
  );
}

/** Every word of the source is at Manila, or among what the officer was told stays at home. */
function everyWordIsSomewhere(source: unknown, passed: ReadonlySet<string>, { reports, kept }: Arrived): void {
  const told = reports.flatMap(({ title, text, statements }) => [title, text, ...statements.map((s) => s.reported)]);
  const observed = reports.flatMap(({ statements }) => statements.flatMap((s) => [s.observedFrom, s.observedTo]));
  const atHome = kept.filter(({ homeOnly }) => homeOnly).map(({ reported }) => reported);
  const all = plain([...told, ...observed, ...atHome].join('\n'));
  let words = 0;
  const look = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const one of value) look(one, path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) if (!passed.has(key)) look(member, `${path}.${key}`);
    if (typeof value !== 'string' || value.trim() === '') return;
    words += 1;
    assert.ok(all.includes(plain(value)), `${path}: ${value}`);
  };
  look(source, '');
  assert.ok(words > 10);
}

/** Texts stand in annexes as JSON, once or twice over; without quotation and white space they are the same. */
const plain = (text: string) => text.replace(/\\+[nrt]|[\\"\s]/g, '');

/** Ids are the source's own record keys, which leave only as salted hashes; types and ends of links become schemata. */
const stixKeys = new Set(['id', 'type', 'spec_version', 'identity_class', 'source_ref', 'target_ref', 'object_refs']);

for (const [name, statements, kept] of [
  ['apt1.json', 118, 76],
  ['infrastructure.json', 2, 8],
] as const)
  test(`the STIX example ${name} arrives at Manila accounted for to the last word`, async (t) => {
    const set = dataSet('interop/stix');
    if (set === null) return t.skip(absent('interop/stix'));
    const path = join(set, name);
    const all = await arrived(path);
    nothingIsLost(t, all);
    assert.deepEqual([all.figures.statements, all.kept.length], [statements, kept]);
    everyWordIsSomewhere(JSON.parse(readFileSync(path, 'utf8')).objects, stixKeys, all);
  });

/** Numbers and keys of the platform's own tables and the colours of its labels; `Object` and `Attribute` in a reference repeat what is referred to. */
const mispKeys = new Set(
  'id uuid event_id object_id org_id orgc_id object_uuid template_uuid type object_relation distribution sharing_group_id referenced_uuid referenced_id referenced_type source_uuid ObjectReference colour'.split(
    ' ',
  ),
);

test('the MISP example arrives at Manila accounted for, and who wrote it stays at Seoul', async (t) => {
  const set = dataSet('interop/misp');
  if (set === null) return t.skip(absent('interop/misp'));
  const path = join(set, 'existing_event.json');
  const all = await arrived(path);
  nothingIsLost(t, all);
  assert.deepEqual([all.figures.statements, all.kept.length], [264, 260]);
  const event = JSON.parse(readFileSync(path, 'utf8'));
  everyWordIsSomewhere(event.Event ?? event, mispKeys, all);
  const { Orgc, event_creator_email: clerk } = event.Event ?? event;
  const atManila = JSON.stringify(all.reports);
  for (const author of [Orgc?.uuid, clerk]) if (author) assert.ok(!atManila.includes(author));
  assert.ok(all.kept.some(({ homeOnly }) => homeOnly));
});

/** Each object is a trap for a reader, a bureau or a screen. */
const traps: object[] = [
  { type: 'report', id: 'report--1', name: '   ', object_refs: ['identity--1', 'identity--2', 'gone--9'] },
  { type: 'identity', id: 'identity--1', identity_class: 'individual', name: '<img src=x onerror=alert(1)>' },
  { type: 'identity', id: 'identity--2', identity_class: 'individual', name: '\u202egnikcab' },
  {
    type: 'identity',
    id: 'identity--3',
    identity_class: 'individual',
    name: 'half \ud800 a character',
    sectors: ['\u0000'],
  },
  {
    type: 'identity',
    id: 'identity--4\u0007',
    identity_class: 'group',
    name: 'ស្រី ចាន់',
    description: 'x'.repeat(50_000),
  },
  { type: 'constructor', id: '__proto__', name: '=HYPERLINK("http://lantern.example")', toString: 'word' },
  { type: `tool${'\u061c'.repeat(400)}`, id: 'tool--1', name: 'Moth', created_by_ref: 'identity--5' },
  { type: 'identity', id: 'identity--5', name: 'Bureau of Invented Affairs', identity_class: 'organization' },
  {
    type: 'relationship',
    id: 'r--1',
    relationship_type: 'constructor',
    source_ref: 'identity--1',
    target_ref: 'identity--2',
  },
];

test('an invented bundle full of traps arrives whole, and no trap springs', async (t) => {
  const path = join(folder, 'traps.json');
  writeFileSync(path, JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: traps }));
  const all = await arrived(path);
  const values = all.reports.flatMap(({ statements }) => statements.map(({ value }) => value));
  assert.ok(values.includes('<img src=x onerror=alert(1)>') && values.includes('ស្រី ចាន់'));
  const text = all.reports.map((report) => report.text).join('\n');
  for (const shown of ['\\u202egnikcab', 'half \\ud800', '=HYPERLINK', 'x'.repeat(20_000)])
    assert.ok(text.includes(shown), shown.slice(0, 40));
  assert.ok(!/[\u202a-\u202e\u061c]|\p{Surrogate}/u.test(text));
  assert.ok(!JSON.stringify(all.reports).includes('Invented Affairs'), 'who made the bundle stays at home');
  assert.equal(all.reports.flatMap(({ statements }) => statements).length, all.figures.statements);
  t.diagnostic(`${all.figures.statements} statements, ${all.kept.length} pieces kept`);
});

test('a plain text of several languages arrives as it was written', async () => {
  const text = 'ຄົນຂັບເຮືອສອງຄົນ at the invented pier.\n두 사람이 보였다.\n\tThey left — “quickly”. 🙂\n';
  const path = join(folder, 'note.txt');
  writeFileSync(path, text);
  const { reports, figures } = await arrived(path, '--lang', 'lo');
  assert.deepEqual([figures.reports, figures.statements, figures.rows], [1, 0, 3]);
  assert.equal(reports[0]?.text, text.trimEnd());
  assert.equal(reports[0]?.title, 'ຄົນຂັບເຮືອສອງຄົນ at the invented pier.');
});
