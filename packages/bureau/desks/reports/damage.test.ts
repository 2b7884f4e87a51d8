import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { admitViewer } from '@tripoint/model/policy';
import { Refused } from '../../door/index.ts';
import { type Founded, found, type TestBureau } from '../../exchange/bureaus-for-tests.ts';
import { connected } from '../../exchange/cable-for-tests.ts';
import { listReports, readReport } from './read-report.ts';
import type { ReportsDesk } from './reports-desk.ts';

const tables = readFileSync(new URL('tables.sql', import.meta.url), 'utf8');

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH']);
});
after(() => founded.close());

const officer = admitViewer({ nation: 'KR', officer: 'o1', agency: null, roles: ['desk-officer'] });

/** As much of a desk as reading takes. */
async function deskOf(bureau: TestBureau): Promise<ReportsDesk> {
  for (const one of tables.split(';').slice(0, -1)) await bureau.rows(one);
  const { store } = bureau.running;
  const names = { authorOf: (nation: string) => nation, officerName: (id: string) => id };
  return { store, clock: bureau.clock, random: randomBytes, ...names } as unknown as ReportsDesk;
}

const turnOneBit = (column: string, id: string) =>
  `UPDATE item SET ${column} = set_byte(${column}, 20, get_byte(${column}, 20) # 4) WHERE id = '${id}'`;

test('a report whose head was damaged on the disk is missing from the list with an alarm, and every other one is listed', async () => {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  await connected([korea, thailand]);
  const desk = await deskOf(korea);
  const ids: string[] = [];
  for (const title of ['first', 'damaged', 'third']) ids.push(await korea.file({ to: [thailand], title }));
  await korea.sealed();
  await korea.rows(turnOneBit('head', ids[1] as string));
  for (const _ of [1, 2]) {
    const { items } = await listReports(desk, officer, { box: 'all', limit: 50 });
    assert.deepEqual(
      items.map(({ title }) => title),
      ['third', 'first'],
    );
  }
  await assert.rejects(
    readReport(desk, officer, ids[1] as string),
    (reason) => reason instanceof Refused && reason.refusals[0]?.code === 'report-damaged',
  );
  assert.equal((await readReport(desk, officer, ids[0] as string)).title, 'first');
  assert.deepEqual(await korea.rows('SELECT kind, code, nation, count FROM alarm'), [
    { kind: 'hold', code: 'item_damaged', nation: null, count: 1 },
  ]);
  assert.ok(korea.running.lines.some(({ text }) => text === 'trouble'));
});

test('a page of nothing but damaged reports still leads to the next one', async () => {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  await connected([korea, thailand]);
  const desk = await deskOf(korea);
  const ids: string[] = [];
  for (const title of ['old', 'damaged', 'damaged too']) ids.push(await korea.file({ to: [thailand], title }));
  await korea.sealed();
  for (const id of ids.slice(1)) await korea.rows(turnOneBit('key', id));
  const empty = await listReports(desk, officer, { box: 'all', limit: 2 });
  assert.deepEqual(empty.items, []);
  const next = await listReports(desk, officer, { box: 'all', limit: 2, cursor: empty.next as string });
  assert.deepEqual(
    next.items.map(({ title }) => title),
    ['old'],
  );
});
