/** One report filed in one nation: five others read the same words, and the screen that sent it says so only with proof. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeReceipt, verifyReceipt } from '@tripoint/envelope/proof';
import { stolenKeys } from '../../bureau/keys/tests/stolen-keyring.ts';
import { demoSecrets } from '../constellation/demo-secrets.ts';
import { nations } from '../constellation/index.ts';
import { asOfficer, type Coalition, openCoalition } from './fixtures/coalition.ts';
import { type Database, databaseOf } from './fixtures/database.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file } from './fixtures/filing.ts';

const role = 'desk-officer';
const ladder = ['queued', 'sealed', 'sent', 'received', 'verified', 'opened'];
const DELIVERED_MS_MAX = 20_000;
const LOOK_MS = 2;

interface Tick {
  nation: string;
  state: string;
  at: Record<'sealed' | 'sent' | 'received' | 'verified' | 'opened', string | null>;
  elapsedMs: number | null;
}

interface Whole {
  id: string;
  title: string;
  text: string;
  says: string;
  recipients: string[];
  statements: object[];
}

let coalition: Coalition;
before(async () => {
  coalition = await openCoalition(nations);
});
after(() => coalition[Symbol.asyncDispose]());

const others = (nation: string) => nations.filter((one) => one !== nation);
const card = (nation: string) => coalition.card(nation);

async function ticksOf(nation: string, id: string): Promise<Tick[]> {
  const answer = await asOfficer(card(nation), role, { path: `/api/reports/${id}/delivery` });
  return (answer.json as { recipients: Tick[] }).recipients;
}

async function read(nation: string, id: string): Promise<Whole> {
  const answer = await asOfficer(card(nation), role, { path: `/api/reports/${id}` });
  assert.equal(answer.status, 200, `${nation} has no report ${id}`);
  return answer.json as Whole;
}

const statements = Array.from({ length: 30 }, (_, at) => ({
  entity: `person ${Math.floor(at / 3)}`,
  schema: 'Person',
  property: at % 3 === 0 ? 'name' : 'note',
  value: at % 3 === 0 ? `Invented Person ${at}` : `ភ្នំ · 서울 · Hà Nội · ลำปาง ${at}`,
}));

test('a report filed in any of six nations is read in the five others, word for word, under one id', async () => {
  for (const from of nations) {
    const title = `From ${from} to everybody`;
    const id = await file(card(from), role, goodDraft(others(from), { title, statements }));
    await delivered(card(from), role, id);
    const own = await read(from, id);
    assert.equal(own.statements.length, statements.length);
    for (const nation of others(from)) {
      const theirs = await read(nation, id);
      assert.equal(JSON.stringify(theirs.statements), JSON.stringify(own.statements));
      assert.deepEqual(
        [theirs.id, theirs.title, theirs.text, theirs.says, theirs.recipients],
        [id, title, own.text, from, own.recipients],
      );
    }
  }
});

test('five ticks turn, each only forward, and each bears its times in order', async (t) => {
  const id = await file(card('KR'), role, goodDraft(others('KR'), { title: 'Watched closely' }));
  const seen = await watchTicks('KR', id, async () => {});
  assert.equal(seen.size, 5);
  for (const [nation, states] of seen) {
    const places = states.map((state) => ladder.indexOf(state));
    assert.deepEqual(places, [...places].sort(), `${nation}: ${states.join(' → ')}`);
    assert.equal(states.at(-1), 'verified');
  }
  const ticks = await ticksOf('KR', id);
  for (const { at, elapsedMs } of ticks) {
    assert.ok(at.sealed && at.sent && at.received && at.verified && elapsedMs !== null);
    assert.ok(at.sealed <= at.received && at.received <= at.verified);
  }
  t.diagnostic(
    `POST to verified receipt: ${ticks.map(({ nation, elapsedMs }) => `${nation} ${elapsedMs} ms`).join(', ')}`,
  );
});

/** Looks at the delivery as often as it can until everybody has receipted. Returns the states each nation went through. */
async function watchTicks(
  nation: string,
  id: string,
  onLook: (ticks: readonly Tick[]) => Promise<void>,
): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>();
  const endMs = performance.now() + DELIVERED_MS_MAX;
  for (;;) {
    const ticks = await ticksOf(nation, id);
    await onLook(ticks);
    for (const { nation: to, state } of ticks) {
      const states = seen.get(to) ?? [];
      if (states.at(-1) !== state) seen.set(to, [...states, state]);
    }
    if (ticks.every(({ state }) => state === 'verified')) return seen;
    if (performance.now() > endMs) throw new Error(`not delivered in time: ${JSON.stringify(ticks)}`);
    await sleep(LOOK_MS);
  }
}

test('nothing is shown as delivered before the recipient’s own signed receipt is here and holds', async () => {
  const keys = new Map<string, Uint8Array>();
  const { passphrases } = demoSecrets(coalition.dataDir, nations);
  for (const nation of others('TH')) {
    const dir = join(coalition.dataDir, nation.toLowerCase());
    keys.set(nation, (await stolenKeys(dir, passphrases[nation] as string)).identity.publicBytes);
  }
  await using database = await databaseOf(coalition.dataDir, 'TH');
  for (let round = 0; round < 5; round += 1) {
    const id = await file(card('TH'), role, goodDraft(others('TH'), { title: `Proof ${round}` }));
    await watchTicks('TH', id, async (ticks) => {
      for (const { nation, state, at } of ticks) {
        const isShown = ladder.indexOf(state) >= ladder.indexOf('received') || at.received !== null;
        if (isShown) await assertReceipted(database, id, nation, keys.get(nation) as Uint8Array);
      }
    });
  }
});

/** A receipt of this nation for the very envelope stands in the sender's database, signed by the nation's own key. */
async function assertReceipted(database: Database, id: string, nation: string, key: Uint8Array): Promise<void> {
  const rows = await database.rows(
    `SELECT receipt_in.bytes, outbox.seq, outbox.leaf FROM outbox JOIN receipt_in ON receipt_in.peer = outbox.peer
     AND receipt_in.lane = outbox.lane AND outbox.seq BETWEEN from_seq AND to_seq WHERE item = $1 AND nation = $2`,
    [id, nation],
  );
  const proofs = rows.filter(({ bytes, seq, leaf }) => {
    const decoded = decodeReceipt(new Uint8Array(bytes as Buffer));
    if (!decoded.ok || !verifyReceipt(decoded.signed, key).ok) return false;
    const { receipt } = decoded.signed;
    const isOfLast = receipt.toSeq === Number(seq) ? Buffer.compare(receipt.leafAtToSeq, leaf as Buffer) === 0 : true;
    return receipt.state === 'verified' && receipt.exceptions.every((one) => one.seq !== Number(seq)) && isOfLast;
  });
  assert.ok(proofs.length > 0, `${nation} is shown as delivered without its signed receipt`);
}

test('a nation that is no recipient finds nothing, not even by the id', async () => {
  const id = await file(card('VN'), role, goodDraft(['LA', 'KH'], { title: 'For two neighbours' }));
  await delivered(card('VN'), role, id);
  for (const nation of ['KR', 'PH', 'TH'])
    assert.equal((await asOfficer(card(nation), role, { path: `/api/reports/${id}` })).status, 404);
  assert.equal((await asOfficer(card('LA'), role, { path: `/api/reports/${id}/delivery` })).status, 404);
});

test('many reports from all sides at once reach everybody once', async (t) => {
  const each = 8;
  const startMs = performance.now();
  const filed = await Promise.all(
    nations.flatMap((from) =>
      Array.from({ length: each }, (_, at) =>
        file(card(from), role, goodDraft(others(from), { title: `Crossing ${from} ${at}` })).then((id) => ({
          from,
          id,
        })),
      ),
    ),
  );
  for (const { from, id } of filed) await delivered(card(from), role, id);
  const ms = performance.now() - startMs;
  t.diagnostic(`${filed.length} reports, ${filed.length * 5} deliveries, all receipted in ${(ms / 1000).toFixed(1)} s`);
  for (const nation of nations) {
    const answer = await asOfficer(card(nation), role, { path: '/api/reports?limit=200' });
    const ids = (answer.json as { items: { id: string; title: string }[] }).items;
    const crossing = ids.filter(({ title }) => title.startsWith('Crossing '));
    assert.equal(crossing.length, filed.length);
    assert.equal(new Set(crossing.map(({ title }) => title)).size, filed.length);
  }
});
