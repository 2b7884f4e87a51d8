import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Founded, found } from './bureaus-for-tests.ts';
import { connected } from './cable-for-tests.ts';
import { QUEUE_ENVELOPES_MAX, QUEUE_RESERVE } from './deliveries.ts';
import { Forger } from './forging-for-tests.ts';
import { handOver } from './index.ts';
import { QUARANTINE_RAW_MAX } from './port.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH']);
});
after(() => founded.close());

async function pair() {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = (await connected([korea, thailand]))(korea, thailand);
  return { korea, thailand, cable };
}

test('a nation that cannot be sealed to gets a full queue, not an endless one; urgent items have room kept', async () => {
  const { korea, thailand } = await pair();
  korea.otherwise = { maySeal: () => false };
  const hand = (lane: 1 | 2) => {
    const recipients = [{ row: randomUUID(), memberId: thailand.memberId, nation: 'TH' }];
    const handing = { item: randomUUID(), version: 1, lane, recipients };
    return korea.running.store.transact((tx) => handOver(tx.db, handing, korea.clock.nowMs()));
  };
  const fill = (count: number) =>
    korea.rows(`INSERT INTO outbox (id, item, version, peer, nation, lane, state, queued_at)
      SELECT gen_random_uuid(), gen_random_uuid(), 1, '\\x${Buffer.from(thailand.memberId).toString('hex')}', 'TH', 2, 'queued', now()
      FROM generate_series(1, ${count})`);
  await fill(QUEUE_ENVELOPES_MAX - 11);
  // Ten are sealed and wait for their receipt: they count as well.
  await korea.rows(`INSERT INTO chain_out (peer, lane, seq, head, acked)
    VALUES ('\\x${Buffer.from(thailand.memberId).toString('hex')}', 3, 30, '', 20)`);
  assert.equal(await hand(2), true);
  assert.equal(await hand(2), false);
  assert.equal(await hand(1), true);
  await fill(QUEUE_RESERVE - 1);
  assert.equal(await hand(1), false);
});

test('of a nation that sends nothing but bad envelopes so many are kept whole, of the rest all but the bytes', async () => {
  const { korea, thailand, cable } = await pair();
  const forger = new Forger(korea, thailand);
  await cable.give(thailand, [forger.next('{}').copy]);
  await thailand.rows(`INSERT INTO quarantine (id, peer, lane, seq, code, raw, set_aside_at)
    SELECT gen_random_uuid(), peer, 2, 1, code, raw, set_aside_at FROM quarantine, generate_series(1, ${QUARANTINE_RAW_MAX - 2})`);
  for (let more = 0; more < 3; more += 1) await cable.give(thailand, [forger.next('{}').copy]);
  assert.equal(await thailand.count('quarantine WHERE raw IS NOT NULL'), QUARANTINE_RAW_MAX);
  assert.equal(
    await thailand.count(`quarantine WHERE raw IS NULL AND leaf IS NOT NULL AND code = 'schema_invalid'`),
    2,
  );
});
