import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { admitViewer } from '@tripoint/model/policy';
import { Refused } from '../../door/index.ts';
import { type Founded, found, type TestBureau } from '../../exchange/bureaus-for-tests.ts';
import { connected } from '../../exchange/cable-for-tests.ts';
import { acknowledgeReport, openReport } from './acknowledge-report.ts';
import type { ReportsDesk } from './reports-desk.ts';

const tables = readFileSync(new URL('tables.sql', import.meta.url), 'utf8');

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH']);
});
after(() => founded.close());

const officerOf = (officer: string) =>
  admitViewer({ nation: 'TH', officer, agency: 'contact-point', roles: ['desk-officer'] });
const [first, second] = [officerOf('Somchai'), officerOf('Malee')];

/** As much of a desk as taking note takes. */
async function deskOf(bureau: TestBureau): Promise<ReportsDesk> {
  for (const one of tables.split(';').slice(0, -1)) await bureau.rows(one);
  const { store, exchange } = bureau.running;
  const desk = { store, exchange, clock: bureau.clock, random: randomBytes, officerName: (id: string) => id };
  return desk as unknown as ReportsDesk;
}

/** A report of Korea that lies in Bangkok, and the desk there. */
async function received() {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = await connected([korea, thailand]);
  const id = await korea.file({ to: [thailand] });
  await korea.sealed();
  await cable(korea, thailand).flow();
  return { thailand, id, desk: await deskOf(thailand) };
}

const announced = (bureau: TestBureau) => bureau.count(`event WHERE kind = 'report.read'`);

test('a report that is displayed again and noted again stays as it was, and nobody hears of it twice', async () => {
  const { thailand, id, desk } = await received();
  await openReport(desk, first, id);
  await openReport(desk, second, id);
  assert.equal(await announced(thailand), 1, 'displayed once');
  const noted = await acknowledgeReport(desk, first, id);
  assert.equal(await announced(thailand), 2, 'and noted once');
  thailand.clock.aheadMs = 60_000;
  for (const officer of [first, second]) {
    await openReport(desk, officer, id);
    assert.deepEqual(await acknowledgeReport(desk, officer, id), noted);
  }
  assert.equal(noted.acknowledgedBy, 'Somchai');
  assert.equal(await announced(thailand), 2);
});

test('of ten officers who take note at one moment one is first, and it is announced once', async () => {
  const { thailand, id, desk } = await received();
  const officers = Array.from({ length: 10 }, (_, at) => officerOf(`officer ${at}`));
  const readings = await Promise.all(officers.map((officer) => acknowledgeReport(desk, officer, id)));
  assert.equal(new Set(readings.map((reading) => JSON.stringify(reading))).size, 1);
  assert.equal(await announced(thailand), 1);
});

test('a received report that was damaged on the disk is refused by name to who displays or notes it, under one alarm', async () => {
  const { thailand, id, desk } = await received();
  await thailand.rows(`UPDATE item SET body = set_byte(body, 20, get_byte(body, 20) # 4) WHERE id = '${id}'`);
  const isDamaged = (reason: unknown) => reason instanceof Refused && reason.refusals[0]?.code === 'report-damaged';
  await assert.rejects(openReport(desk, first, id), isDamaged);
  await assert.rejects(acknowledgeReport(desk, first, id), isDamaged);
  assert.deepEqual(await thailand.rows('SELECT code, count FROM alarm'), [{ code: 'item_damaged', count: 1 }]);
  assert.equal(await announced(thailand), 0);
});
