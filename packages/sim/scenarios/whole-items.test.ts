/** A report is there whole or not there: for who reads, who lists, who counts and who listens, while it arrives. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { asOfficer, bearer, openCoalition, until } from './fixtures/coalition.ts';
import { databaseOf } from './fixtures/database.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file } from './fixtures/filing.ts';
import { openStream } from './fixtures/session.ts';

const coalition = await openCoalition(['KR', 'PH']);
after(() => coalition[Symbol.asyncDispose]());
const [kr, ph] = [coalition.card('KR'), coalition.card('PH')];

const STATEMENTS = 1_000;
const REPORTS = 8;
const LOOKS_MIN = 1_000;

const large = (round: number) =>
  goodDraft(['PH'], {
    title: `Whole ${round}`,
    statements: Array.from({ length: STATEMENTS }, (_, i) => ({
      entity: `e${Math.floor(i / 5)}`,
      schema: 'Person',
      property: i % 5 === 0 ? 'name' : 'note',
      value: `Invented ${round}-${i}`,
    })),
  });

interface Line {
  id: string;
  statementCount: number;
}

/** One look at one report: how many of its statements are there, or null. */
async function look(id: string): Promise<number | null> {
  const answer = await asOfficer(ph, 'analyst', { path: `/api/reports/${id}` });
  if (answer.status === 404) return null;
  assert.equal(answer.status, 200);
  return (answer.json as { statements: unknown[] }).statements.length;
}

async function lines(): Promise<Line[]> {
  return ((await asOfficer(ph, 'analyst', { path: '/api/reports?box=received&limit=20' })).json as { items: Line[] })
    .items;
}

test('Manila never sees half a report, however often it looks while large ones arrive', async (t) => {
  let [looks, whole] = [0, 0];
  const filed: string[] = [];
  await using database = await databaseOf(coalition.dataDir, 'PH');
  const filing = (async () => {
    for (let round = 0; round < REPORTS; round += 1) {
      const id = await file(kr, 'desk-officer', large(round));
      filed.push(id);
      await delivered(kr, 'desk-officer', id);
    }
  })();
  let isFiling = true;
  const stop = () => {
    isFiling = false;
  };
  filing.then(stop, stop);
  while (isFiling || looks < LOOKS_MIN) {
    const latest = filed.at(-1);
    const seen = latest === undefined ? null : await look(latest);
    assert.ok(seen === null || seen === STATEMENTS, `${seen} of ${STATEMENTS} statements`);
    for (const line of await lines()) assert.equal(line.statementCount, STATEMENTS);
    const counted = await database.rows(
      `SELECT item.id, item.statements_count, (SELECT count(*) FROM statement WHERE statement.item = item.id) AS stored FROM item`,
    );
    for (const row of counted) assert.equal(Number(row.stored), row.statements_count);
    looks += 3;
    if (seen !== null) whole += 1;
  }
  await filing;
  t.diagnostic(`${looks} looks, ${whole} of them at a whole report of ${STATEMENTS} statements`);
  assert.equal((await lines()).length, REPORTS);
});

test('who hears of a report can read it whole at that moment', async () => {
  const stream = await openStream(ph, bearer(ph, 'analyst'));
  await until('the stream has begun', 2_000, async () => stream.text().includes('hello'));
  const heard = new Map<string, Promise<number | null>>();
  const listen = setInterval(() => {
    for (const [, id] of stream.text().matchAll(/event: report\.received\ndata: .*"id":"([0-9a-f-]{36})"/g))
      if (id && !heard.has(id)) heard.set(id, look(id));
  }, 1);
  const filed = await Promise.all(
    Array.from({ length: 4 }, (_, round) => file(kr, 'desk-officer', large(100 + round))),
  );
  for (const id of filed) await delivered(kr, 'desk-officer', id);
  await until('all are heard of', 5_000, async () => filed.every((id) => heard.has(id)));
  clearInterval(listen);
  stream.close();
  for (const id of filed) assert.equal(await heard.get(id), STATEMENTS);
});

test('a filing that is refused at its last statement leaves nothing behind', async () => {
  await using database = await databaseOf(coalition.dataDir, 'KR');
  const count = async () =>
    Number(
      (
        await database.rows(
          'SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM statement) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM report_filing) AS all',
        )
      )[0]?.all,
    );
  const before = await count();
  const draft = large(7) as { statements: object[] };
  const spoilt = {
    ...draft,
    statements: [...draft.statements, { entity: 'x', schema: 'Person', property: 'note', value: '\u0000' }],
  };
  await assert.rejects(file(kr, 'desk-officer', spoilt), /422/);
  assert.equal(await count(), before);
});
