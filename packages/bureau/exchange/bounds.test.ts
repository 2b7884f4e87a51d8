import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Founded, found } from './bureaus-for-tests.ts';
import { connected } from './cable-for-tests.ts';
import { QUEUE_ENVELOPES_MAX, QUEUE_RESERVE } from './deliveries.ts';
import { Forger } from './forging-for-tests.ts';
import { handOver } from './index.ts';
import { QUARANTINE_RAW_MAX } from './port.ts';
import { HELD_BYTES_MAX, HELD_ENVELOPES_MAX, hasRoomToHold } from './rules.ts';

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
    return korea.running.store.transact((tx) => handOver(tx, handing, korea.clock.nowMs()));
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

test('of a nation whose first envelope is missing so many are held; the rest waits with it and is lost to nobody', async () => {
  const { korea, thailand, cable } = await pair();
  const titles = Array.from({ length: 8 }, (_, at) => `report ${at + 1}`);
  const ids: string[] = [];
  for (const title of titles) ids.push(await korea.file({ to: [thailand], title }));
  await korea.sealed();
  const [, ...others] = await cable.pullAll(korea, 2);
  // All but two places are taken, by envelopes that lie far ahead.
  await thailand.rows(`INSERT INTO envelope_in (peer, id, leaf, lane, seq, state, code, raw, received_at)
    SELECT '\\x${Buffer.from(korea.memberId).toString('hex')}', sha256(n::text::bytea), '', 2, 1000000 + n, 'held', 'gap', '', now()
    FROM generate_series(1, ${HELD_ENVELOPES_MAX - 2}) AS n`);
  await assert.rejects(cable.give(thailand, others));
  assert.equal(cable.isUp, false, 'the link ends without an acknowledgement');
  assert.equal(await thailand.count(`envelope_in WHERE state = 'held'`), HELD_ENVELOPES_MAX);
  assert.deepEqual(await thailand.rows('SELECT kind, code, nation FROM alarm'), [
    { kind: 'hold', code: 'over_quota', nation: 'KR' },
  ]);
  assert.equal(await korea.count(`outbox WHERE state IN ('sealed', 'sent')`), ids.length, 'none counts as refused');
  // Links are made anew until everything has passed; each brings what is missing first.
  for (let link = 0; link < 2; link += 1) {
    assert.ok(await cable.up());
    await cable.flow().catch(() => {});
  }
  assert.deepEqual(await thailand.received(), titles);
  for (const id of ids) assert.deepEqual(await korea.ticks(id), { TH: 'verified' });
});

test('what is held of a nation has a bound in envelopes and one in bytes', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 40 * 1024 * 1024 }), { maxLength: 100 });
  fc.assert(
    fc.property(fc.nat(HELD_ENVELOPES_MAX), sizes, (envelopes, all) => {
      let held = { envelopes, sizeBytes: 0 };
      for (const sizeBytes of all)
        if (hasRoomToHold(held, sizeBytes))
          held = { envelopes: held.envelopes + 1, sizeBytes: held.sizeBytes + sizeBytes };
      assert.ok(held.envelopes <= HELD_ENVELOPES_MAX && held.sizeBytes <= HELD_BYTES_MAX);
    }),
  );
  assert.ok(hasRoomToHold({ envelopes: HELD_ENVELOPES_MAX - 1, sizeBytes: HELD_BYTES_MAX - 7 }, 7));
  assert.ok(!hasRoomToHold({ envelopes: 1, sizeBytes: HELD_BYTES_MAX - 7 }, 8));
});
