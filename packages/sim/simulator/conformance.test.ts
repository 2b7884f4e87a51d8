/** One suite, two adapters: what PostgreSQL does for the exchange, memory does, or the simulator proves nothing. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ArrivedRow, ExchangeTx, GivenReceipt, QueuedItem } from '@tripoint/bureau/exchange';
import { toHex } from '@tripoint/envelope/cbor';
import { encodeInner } from '@tripoint/envelope/seal';
import { parseReport, type Report } from '@tripoint/model/report';
import { type Addressee, postgresSubject, type Subject } from '../../bureau/exchange/postgres-subject-for-tests.ts';
import { chanceOf } from './chance.ts';
import { memberOf } from './members.ts';
import { memorySubject } from './memory-subject-for-tests.ts';
import { draftFor } from './reports.ts';

const chance = chanceOf(1, 'conformance');
const [thailand, laos, vietnam] = [memberOf('TH', 'stub'), memberOf('LA', 'stub'), memberOf('VN', 'stub')] as const;
const NOW_MS = 1_800_000_000_000;

interface Written {
  report: Report;
  payload: Uint8Array;
}

function written(to: readonly Addressee[], says = 'KR'): Written {
  const named = to.map((member) => ({ member: memberOf(member.nation, 'stub'), row: '' }));
  const { payload } = draftFor(says, { item: chance.uuid(), lane: 2, to: named, condition: null }, NOW_MS);
  const parsed = parseReport(payload);
  assert.ok(parsed.ok);
  return { report: parsed.report, payload };
}

async function file(on: Subject, lane: 0 | 1 | 2 | 3, ...to: Addressee[]): Promise<string> {
  const { report, payload } = written(to);
  await on.file(report, payload, lane, to);
  return report.id;
}

/** Takes what waits and writes it as sealed, as the outbox does. Returns the rows in the order of their sealing. */
async function seal(on: Subject, limit = 64): Promise<(QueuedItem & { seq: number; leaf: Uint8Array })[]> {
  return on.store.transact(async (tx) => {
    const queued = await tx.takeQueued(limit, []);
    const sealed: (QueuedItem & { seq: number; leaf: Uint8Array })[] = [];
    const heads = new Map<string, number>();
    for (const head of await tx.lockOut(queued)) heads.set(`${toHex(head.peer)}/${head.lane}`, head.seq);
    const envelopes = new Map<string, { id: Uint8Array; leaf: Uint8Array; front: Uint8Array; rear: Uint8Array }>();
    for (const row of queued) {
      const key = `${toHex(row.peer)}/${row.lane}`;
      heads.set(key, (heads.get(key) ?? 0) + 1);
      const envelope = envelopes.get(row.item) ?? {
        ...{ id: chance.bytes(16), leaf: chance.bytes(32) },
        ...{ front: Uint8Array.of(1, 2), rear: Uint8Array.of(8, 9) },
      };
      envelopes.set(row.item, envelope);
      sealed.push({ ...row, seq: heads.get(key) as number, leaf: envelope.leaf });
    }
    await tx.saveSealed(
      [...envelopes.values()],
      sealed.map((row) => ({
        ...{ peer: row.peer, lane: row.lane, seq: row.seq, outbox: row.id, leaf: row.leaf },
        envelope: (envelopes.get(row.item) as { id: Uint8Array }).id,
        middle: Uint8Array.of(5),
      })),
      NOW_MS,
    );
    return sealed;
  });
}

const at = ({ memberId }: Addressee, lane: 0 | 1 | 2 | 3, seq: number) => ({ peer: memberId, lane, seq });
const range = ({ memberId }: Addressee, lane: 0 | 1 | 2 | 3, from: number, to: number) => ({
  peer: memberId,
  lane,
  from,
  to,
});

async function stateOf(on: Subject, to: Addressee, lane: 0 | 1 | 2 | 3, seq: number): Promise<string | undefined> {
  const [row] = await on.store.transact((tx) => tx.outRows([range(to, lane, seq, seq)]));
  return row?.state;
}

async function ackedOf(on: Subject, to: Addressee, lane: number): Promise<number | undefined> {
  return (await on.store.heads(to.memberId)).out.find((head) => head.lane === lane)?.acked;
}

async function tick(
  on: Subject,
  row: { id: string },
  state: 'received' | 'verified' | 'opened' | 'refused',
): Promise<void> {
  const times = state === 'opened' ? { openedAtMs: NOW_MS } : { receivedAtMs: NOW_MS, verifiedAtMs: NOW_MS };
  await on.store.transact((tx) => tx.markOut([{ id: row.id, state, ...times }], NOW_MS));
}

const arrived = (from: Addressee, over: Partial<ArrivedRow> = {}): ArrivedRow => ({
  ...{ peer: from.memberId, id: chance.bytes(16), leaf: chance.bytes(32), lane: 2, seq: 1, state: 'verified' },
  ...{ code: null, item: null, alias: 0, raw: null, receivedAtMs: NOW_MS, verifiedAtMs: NOW_MS },
  ...over,
});

const held = (from: Addressee, seq: number, over: Partial<ArrivedRow> = {}): ArrivedRow =>
  arrived(from, { seq, state: 'held', code: 'gap', raw: Uint8Array.of(seq), verifiedAtMs: null, ...over });

const receipt = (to: Addressee, fromSeq: number, toSeq: number, state = 'verified') => ({
  ...{ peer: to.memberId, lane: 2 as const, fromSeq, toSeq, state, bytes: chance.bytes(20) },
});

/** A peer's receipt that says the envelope with this leaf was sent last. */
const given = (to: Addressee, fromSeq: number, toSeq: number, leafAtToSeq: Uint8Array): GivenReceipt => ({
  ...receipt(to, fromSeq, toSeq),
  ...{ leaf: chance.bytes(32), leafAtToSeq },
});

const taken = (on: Subject, rows: Partial<Parameters<ExchangeTx['saveTaken']>[0]>) =>
  on.store.transact((tx) => tx.saveTaken({ arrived: [], heads: [], receipts: [], ...rows }));

/** A gate in a transaction's way. */
function gate(): { opened: Promise<void>; open: () => void; reached: Promise<void>; reach: () => void } {
  const [way, arrival] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return { opened: way.promise, open: way.resolve, reached: arrival.promise, reach: arrival.resolve };
}

const codeOf = (reason: unknown) => (reason as { code?: string }).code;

for (const [name, open] of [
  ['memory', memorySubject],
  ['PostgreSQL', postgresSubject],
] as const)
  describe(`the exchange’s store in ${name}`, () => {
    const subjects: Subject[] = [];
    const fresh = async () => {
      const subject = await open();
      subjects.push(subject);
      return subject;
    };
    after(async () => {
      for (const subject of subjects) await subject.close();
    });

    test('gives what waits by lane and then by the order of filing, no more than asked for, past blocked queues', async () => {
      const on = await fresh();
      const normal = await file(on, 2, thailand);
      const later = await file(on, 2, laos);
      const urgent = await file(on, 1, thailand);
      const items = (limit: number, blocked: { peer: Uint8Array; lane: 0 | 1 | 2 | 3 }[] = []) =>
        on.store.transact(async (tx) => (await tx.takeQueued(limit, blocked)).map(({ item }) => item));
      assert.deepEqual(await items(9), [urgent, normal, later]);
      assert.deepEqual(await items(2), [urgent, normal]);
      assert.deepEqual(await items(9, [{ peer: thailand.memberId, lane: 2 }]), [urgent, later]);
    });

    test('passes over what another transaction works on, and whatever was filed behind it for the same queue', async () => {
      const on = await fresh();
      const first = await file(on, 2, thailand);
      await file(on, 2, thailand);
      const second = await file(on, 2, laos);
      const urgent = await file(on, 1, thailand);
      const way = gate();
      const working = on.store.transact(async (tx) => {
        const [row] = await tx.takeQueued(1, [{ peer: thailand.memberId, lane: 1 }]);
        way.reach();
        await way.opened;
        return row?.item;
      });
      await way.reached;
      const others = await on.store.transact((tx) => tx.takeQueued(9, []));
      way.open();
      assert.equal(await working, first);
      assert.deepEqual(
        others.map(({ item }) => item),
        [urgent, second],
      );
    });

    test('gives the payload that was filed; once it is erased only word of it, also past a blocked queue', async () => {
      const on = await fresh();
      const { report, payload } = written([thailand]);
      await on.file(report, payload, 2, [thailand]);
      const read = () => on.store.transact((tx) => tx.payloadOf(report.id, 1));
      assert.deepEqual(new Uint8Array((await read()) as Uint8Array), new Uint8Array(payload));
      await on.erase(report.id);
      assert.equal(await read(), 'recalled');
      const blocked = [{ peer: thailand.memberId, lane: 2 as const }];
      const rows = await on.store.transact((tx) => tx.takeQueued(9, blocked));
      assert.deepEqual(
        rows.map(({ item, isRecalled }) => [item, isRecalled]),
        [[report.id, true]],
      );
    });

    test('begins a chain at nothing, and lets the next in only when the first is done, who then sees what was written', async () => {
      const on = await fresh();
      await file(on, 2, thailand);
      const places = [{ peer: thailand.memberId, lane: 2 as const }];
      const way = gate();
      const order: string[] = [];
      const first = on.store.transact(async (tx) => {
        assert.deepEqual(await tx.lockOut(places), [{ peer: thailand.memberId, lane: 2, seq: 0, head: null }]);
        way.reach();
        await way.opened;
        order.push('first');
      });
      await way.reached;
      const second = on.store.transact(async (tx) => {
        await tx.lockOut(places);
        order.push('second');
      });
      way.open();
      await Promise.all([first, second]);
      assert.deepEqual(order, ['first', 'second']);
      const [row] = await seal(on);
      const [head] = await on.store.transact((tx) => tx.lockOut(places));
      assert.equal(head?.seq, 1);
      assert.equal(toHex(head?.head as Uint8Array), toHex(row?.leaf as Uint8Array));
    });

    test('shows a chain that was locked and never used without a head', async () => {
      const on = await fresh();
      await on.store.transact((tx) => tx.lockOut([{ peer: thailand.memberId, lane: 2 }]));
      const { out } = await on.store.heads(thailand.memberId);
      assert.deepEqual(
        out.map(({ seq, head, acked }) => ({ seq, head, acked })),
        [{ seq: 0, head: null, acked: 0 }],
      );
    });

    test('locks chains in the order of the members, however they are named', async () => {
      const on = await fresh();
      const ascending = [thailand, laos, vietnam].map(({ memberId }) => toHex(memberId)).sort();
      const named = [vietnam, thailand, laos].map(({ memberId }) => ({ peer: memberId, lane: 1 as const }));
      const heads = await on.store.transact((tx) => tx.lockOut(named));
      assert.deepEqual(
        heads.map(({ peer }) => toHex(peer)),
        ascending,
      );
    });

    test('keeps nothing of a transaction that fails', async () => {
      const on = await fresh();
      await file(on, 2, thailand);
      const failing = on.store.transact(async (tx) => {
        await tx.alarm('gap', 'gap', 'TH', NOW_MS);
        await tx.appendLog([{ kind: 'env', leaf: chance.bytes(32), ref: 'x' }]);
        await tx.announce([{ kind: 'alarm' }]);
        throw new Error('half way');
      });
      await assert.rejects(failing, /half way/);
      const { alarms, log, events } = await on.counts();
      assert.deepEqual({ alarms, log, events }, { alarms: 0, log: 0, events: 0 });
    });

    test('refuses a second envelope for one place, and everything after that in the same transaction', async () => {
      const on = await fresh();
      await file(on, 2, thailand);
      const [row] = await seal(on);
      await file(on, 2, thailand);
      const place = at(thailand, 2, 1);
      const failing = on.store.transact(async (tx) => {
        const [next] = await tx.takeQueued(1, []);
        const [id, leaf, nothing] = [chance.bytes(16), chance.bytes(32), new Uint8Array(0)];
        const sealed = { ...place, outbox: next?.id as string, envelope: id, leaf, middle: Uint8Array.of(1) };
        // It may say so itself, or leave it to what is asked behind it.
        const saving = tx.saveSealed([{ id, leaf, front: nothing, rear: nothing }], [sealed], NOW_MS);
        await saving.catch((reason: unknown) => assert.equal(codeOf(reason), '23505'));
        assert.equal(codeOf(await tx.alarm('gap', 'gap', null, NOW_MS).catch((reason: unknown) => reason)), '23505');
      });
      await assert.rejects(failing, (reason) => codeOf(reason) === '23505');
      const [kept] = await on.store.transact((tx) => tx.outRows([range(thailand, 2, 1, 1)]));
      assert.equal(toHex(kept?.leaf as Uint8Array), toHex(row?.leaf as Uint8Array));
      assert.equal((await on.counts()).alarms, 0);
    });

    test('gives copies in order, within bounds, and the first one whatever its size', async () => {
      const on = await fresh();
      for (let count = 0; count < 5; count += 1) await file(on, 2, thailand);
      await seal(on);
      const copies = async (from: number, maxCopies: number, maxBytes: number) =>
        (await on.store.copies(thailand.memberId, 2, from, { maxCopies, maxBytes })).map(({ seq }) => seq);
      assert.deepEqual(await copies(1, 9, 1_000), [1, 2, 3, 4, 5]);
      assert.deepEqual(await copies(3, 9, 1_000), [3, 4, 5]);
      assert.deepEqual(await copies(2, 2, 1_000), [2, 3]);
      assert.deepEqual(await copies(2, 9, 10), [2, 3]);
      assert.deepEqual(await copies(2, 9, 1), [2]);
      assert.deepEqual(await copies(6, 9, 1_000), []);
      const [first] = await on.store.copies(thailand.memberId, 2, 1, { maxCopies: 1, maxBytes: 1 });
      assert.deepEqual([...(first?.bytes ?? [])], [1, 2, 5, 8, 9]);
    });

    test('tells which chains wait for receipts', async () => {
      const on = await fresh();
      await file(on, 2, thailand, laos);
      await seal(on);
      const open = (await on.store.unreceipted()).map(({ peer, seq }) => `${toHex(peer)} ${seq}`).sort();
      assert.deepEqual(open, [thailand, laos].map(({ memberId }) => `${toHex(memberId)} 1`).sort());
    });

    test('gives the rows that a receipt can still change, and the last of each range', async () => {
      const on = await fresh();
      for (let count = 0; count < 4; count += 1) await file(on, 2, thailand);
      const rows = await seal(on);
      await tick(on, rows[0] as QueuedItem, 'verified');
      await tick(on, rows[3] as QueuedItem, 'refused');
      await tick(on, rows[1] as QueuedItem, 'opened');
      const seqs = async (from: number, to: number) =>
        (await on.store.transact((tx) => tx.outRows([range(thailand, 2, from, to)]))).map(({ seq }) => seq);
      assert.deepEqual(await seqs(1, 3), [2, 3]);
      assert.deepEqual(await seqs(1, 4), [2, 3, 4]);
      assert.deepEqual(await seqs(1, 1), [1]);
      assert.deepEqual(await seqs(7, 9), []);
    });

    test('never takes a delivery back from its end', async () => {
      const on = await fresh();
      for (let count = 0; count < 3; count += 1) await file(on, 2, thailand);
      const [refused, opened, verified] = await seal(on);
      await tick(on, refused!, 'refused');
      await tick(on, refused!, 'verified');
      await tick(on, opened!, 'opened');
      await tick(on, opened!, 'verified');
      await tick(on, verified!, 'verified');
      const mark = { ...at(thailand, 2, 3), atMs: NOW_MS };
      await on.store.transact((tx) => tx.markSent([mark]));
      const states = [1, 2, 3].map((seq) => stateOf(on, thailand, 2, seq));
      assert.deepEqual(await Promise.all(states), ['refused', 'opened', 'verified']);
    });

    test('notes that a copy was written to a link only while nothing better is known', async () => {
      const on = await fresh();
      await file(on, 2, thailand);
      await seal(on);
      await on.store.transact((tx) =>
        tx.markSent([
          { ...at(thailand, 2, 1), atMs: NOW_MS },
          { ...at(laos, 2, 1), atMs: NOW_MS },
        ]),
      );
      assert.equal(await stateOf(on, thailand, 2, 1), 'sent');
    });

    test('lets copies go with their receipts, and what they share with the last of them', async () => {
      const on = await fresh();
      await file(on, 2, thailand, laos);
      await seal(on);
      const drop = (to: Addressee) => on.store.transact((tx) => tx.dropCopies([range(to, 2, 1, 1)]));
      await drop(thailand);
      assert.deepEqual(pick(await on.counts()), { copies: 1, envelopes: 1 });
      await drop(laos);
      assert.deepEqual(pick(await on.counts()), { copies: 0, envelopes: 0 });
    });

    test('lets go of what copies share also when the last two are dropped at the same time', async () => {
      const on = await fresh();
      await file(on, 2, thailand, laos);
      await seal(on);
      const way = gate();
      const first = on.store.transact(async (tx) => {
        await tx.dropCopies([range(thailand, 2, 1, 1)]);
        // Whatever is asked behind it is answered when it is done.
        await tx.heldSince(0);
        way.reach();
        await way.opened;
      });
      await way.reached;
      const second = on.store.transact((tx) => tx.dropCopies([range(laos, 2, 1, 1)]));
      // Long enough for the second to have looked before the first is done.
      await Promise.race([second, new Promise((next) => setTimeout(next, 300))]);
      way.open();
      await Promise.all([first, second]);
      assert.deepEqual(pick(await on.counts()), { copies: 0, envelopes: 0 });
    });

    test('counts as receipted only what lies before the first delivery that is not proven', async () => {
      const on = await fresh();
      for (let count = 0; count < 4; count += 1) await file(on, 2, thailand);
      const rows = await seal(on);
      const prove = async (seq: number) => {
        await tick(on, rows[seq - 1] as QueuedItem, 'verified');
        await on.store.transact((tx) => tx.dropCopies([range(thailand, 2, seq, seq)]));
      };
      await prove(2);
      assert.equal(await ackedOf(on, thailand, 2), 0);
      // Opened, and the receipt of its delivery was lost on the way: it has to be asked for.
      await tick(on, rows[0]!, 'opened');
      await prove(3);
      assert.equal(await ackedOf(on, thailand, 2), 0);
      await prove(1);
      assert.equal(await ackedOf(on, thailand, 2), 3);
      await prove(4);
      assert.equal(await ackedOf(on, thailand, 2), 4);
      assert.deepEqual(await on.store.unreceipted(), []);
    });

    test('counts all as receipted once nothing is open, in whatever order the receipts came', async () => {
      const on = await fresh();
      for (let count = 0; count < 3; count += 1) await file(on, 2, thailand);
      const rows = await seal(on);
      for (const seq of [3, 2, 1]) {
        await tick(on, rows[seq - 1] as QueuedItem, 'verified');
        await on.store.transact((tx) => tx.dropCopies([range(thailand, 2, seq, seq)]));
      }
      assert.equal(await ackedOf(on, thailand, 2), 3);
    });

    test('keeps a peer’s receipt once, also when two transactions bring it', async () => {
      const on = await fresh();
      for (let count = 0; count < 2; count += 1) await file(on, 2, thailand);
      const [one, other] = (await seal(on)).map(({ seq, leaf }) => given(thailand, seq, seq, leaf));
      const way = gate();
      const first = on.store.transact(async (tx) => {
        const kept = await tx.keepReceipts([one!, one!]);
        way.reach();
        await way.opened;
        return kept;
      });
      await way.reached;
      const second = on.store.transact((tx) => tx.keepReceipts([one!, other!]));
      way.open();
      const [mine, theirs] = [await first, await second];
      assert.deepEqual(mine.fresh.map(toHex), [toHex(one!.leaf)]);
      assert.deepEqual(theirs.fresh.map(toHex), [toHex(other!.leaf)]);
      assert.deepEqual(
        theirs.matching.map(toHex),
        [one!, other!].map(({ leaf }) => toHex(leaf)),
      );
      assert.deepEqual(
        [mine, theirs].map(({ rows }) => rows.map(({ seq }) => seq)),
        [[1], [2]],
      );
    });

    test('keeps only receipts that end at what was sent, and gives what each of them can still change', async () => {
      const on = await fresh();
      for (let count = 0; count < 3; count += 1) await file(on, 2, thailand, laos);
      const rows = await seal(on);
      const leafOf = (to: Addressee, seq: number) =>
        rows.find((row) => toHex(row.peer) === toHex(to.memberId) && row.seq === seq)?.leaf as Uint8Array;
      await tick(on, rows.find(({ seq, nation }) => seq === 1 && nation === 'TH') as QueuedItem, 'verified');
      const good = given(thailand, 1, 3, leafOf(thailand, 3));
      const wrong: GivenReceipt[] = [
        given(laos, 1, 2, leafOf(laos, 3)),
        given(laos, 1, 4, leafOf(laos, 3)),
        { ...given(laos, 1, 3, leafOf(laos, 3)), lane: 1 },
      ];
      const keep = (...all: GivenReceipt[]) => on.store.transact((tx) => tx.keepReceipts(all));
      const kept = await keep(...wrong, good);
      assert.deepEqual(
        [kept.matching, kept.fresh].map((leaves) => leaves.map(toHex)),
        [[toHex(good.leaf)], [toHex(good.leaf)]],
      );
      assert.deepEqual(
        kept.rows.map(({ nation, seq, state }) => [nation, seq, state]),
        [
          ['TH', 2, 'sealed'],
          ['TH', 3, 'sealed'],
        ],
      );
      assert.deepEqual(await keep(good), { matching: [good.leaf], fresh: [], rows: [] });
      assert.deepEqual(await keep(), { matching: [], fresh: [], rows: [] });
    });

    test('takes a peer’s arrivals one batch after the other, and shows each what the one before it left', async () => {
      const on = await fresh();
      const row = arrived(thailand, { seq: 1 });
      const head = { ...at(thailand, 2, 1), head: row.leaf };
      const way = gate();
      const first = on.store.transact(async (tx) => {
        assert.deepEqual(await tx.lockIn(thailand.memberId, [row.id]), { heads: [], arrived: [], heldLanes: [] });
        way.reach();
        await way.opened;
        await tx.saveTaken({ arrived: [row, held(thailand, 3, { lane: 1 })], heads: [head], receipts: [] });
      });
      await way.reached;
      const second = on.store.transact((tx) => tx.lockIn(thailand.memberId, [row.id, chance.bytes(16)]));
      way.open();
      await first;
      const seen = await second;
      assert.deepEqual(
        seen.heads.map(({ lane, seq }) => ({ lane, seq })),
        [{ lane: 2, seq: 1 }],
      );
      assert.deepEqual(
        seen.arrived.map(({ id }) => toHex(id)),
        [toHex(row.id)],
      );
      assert.deepEqual(seen.heldLanes, [1]);
      assert.deepEqual(
        (await on.store.heads(thailand.memberId)).in.map(({ seq }) => seq),
        [1],
      );
    });

    test('changes an arrival only while it is held', async () => {
      const on = await fresh();
      const waiting = held(thailand, 2);
      await taken(on, { arrived: [waiting, held(thailand, 3)] });
      const rows = (from: number, limit: number) =>
        on.store.transact(async (tx) => (await tx.held(thailand.memberId, 2, from, limit)).map(({ seq }) => seq));
      assert.deepEqual(await rows(1, 9), [2, 3]);
      assert.deepEqual(await rows(1, 1), [2]);
      assert.deepEqual(await rows(3, 9), [3]);
      const { report } = written([thailand]);
      const opened = {
        ...waiting,
        state: 'verified',
        code: null,
        item: report.id,
        raw: null,
        verifiedAtMs: NOW_MS,
      } as const;
      await taken(on, { arrived: [opened] });
      await taken(on, { arrived: [{ ...opened, state: 'refused', code: 'unreadable', item: null }] });
      assert.deepEqual(await rows(1, 9), [3]);
      const row = await on.store.transact((tx) => tx.arrivedItem(report.id));
      assert.deepEqual([row?.state, row?.seq], ['verified', 2]);
    });

    test('says how much of a peer is held, on all lanes', async () => {
      const on = await fresh();
      const size = () => on.store.transact((tx) => tx.heldSize(thailand.memberId));
      assert.deepEqual(await size(), { envelopes: 0, sizeBytes: 0 });
      const lane1 = held(thailand, 5, { lane: 1, raw: Uint8Array.of(1, 2, 3) });
      await taken(on, { arrived: [held(thailand, 2), lane1, held(laos, 2), arrived(thailand)] });
      assert.deepEqual(await size(), { envelopes: 2, sizeBytes: 4 });
    });

    test('says what is held since when, each kind once a peer', async () => {
      const on = await fresh();
      await taken(on, {
        arrived: [
          held(thailand, 2),
          held(thailand, 3),
          held(laos, 2, { code: 'charter_ahead', receivedAtMs: NOW_MS + 9 }),
        ],
      });
      const since = (beforeMs: number) => on.store.transact((tx) => tx.heldSince(beforeMs));
      assert.deepEqual(
        (await since(NOW_MS + 1)).map(({ code }) => code),
        ['gap'],
      );
      assert.deepEqual((await since(NOW_MS + 10)).map(({ code }) => code).sort(), ['charter_ahead', 'gap']);
      assert.deepEqual(await since(NOW_MS), []);
    });

    test('gives own receipts above a place in the order they were signed, page by page, those of opening apart', async () => {
      const on = await fresh();
      await taken(on, { receipts: [receipt(thailand, 1, 2), receipt(thailand, 3, 3), receipt(laos, 1, 1)] });
      await taken(on, {
        receipts: [receipt(thailand, 1, 1, 'opened'), receipt(thailand, 2, 2, 'opened'), receipt(thailand, 4, 4)],
      });
      const above = (seq: number, after: bigint, limit: number) =>
        on.store.receiptsAbove(thailand.memberId, 2, seq, after, limit);
      const all = await above(0, 0n, 9);
      assert.deepEqual(
        all.map(({ toSeq }) => toSeq),
        [2, 3, 4],
      );
      assert.deepEqual(
        (await above(2, 0n, 9)).map(({ toSeq }) => toSeq),
        [3, 4],
      );
      const [first] = await above(0, 0n, 1);
      assert.deepEqual(
        (await above(0, first?.id ?? 0n, 1)).map(({ toSeq }) => toSeq),
        [3],
      );
      const opened = await on.store.receiptsOpened(thailand.memberId, 2, 1);
      assert.deepEqual(
        opened.map(({ toSeq }) => toSeq),
        [2],
      );
    });

    test('gives each receipt that covers places once', async () => {
      const on = await fresh();
      await taken(on, { receipts: [receipt(thailand, 1, 3), receipt(thailand, 4, 4), receipt(laos, 1, 9)] });
      const covering = (...seqs: number[]) =>
        on.store.transact((tx) =>
          tx.receiptsCovering(
            thailand.memberId,
            seqs.map((seq) => ({ lane: 2 as const, seq })),
          ),
        );
      assert.deepEqual(
        (await covering(1, 2, 3)).map(({ toSeq }) => toSeq),
        [3],
      );
      assert.deepEqual(
        (await covering(2, 4)).map(({ toSeq }) => toSeq),
        [3, 4],
      );
      assert.deepEqual(await covering(9), []);
    });

    test('stores an arrived item once, and no other nation’s under its id', async () => {
      const on = await fresh();
      const { report, payload } = written([memberOf('KR', 'stub')], 'TH');
      const put = (item: Report) => on.store.transact((tx) => tx.putItem({ report: item, payload, alias: 0 }, NOW_MS));
      assert.equal(await put(report), 'stored');
      assert.equal(await put(report), 'already-stored');
      const stolen = { ...report, says: 'LA', statements: report.statements.map((one) => ({ ...one, says: 'LA' })) };
      assert.equal(await put(stolen as Report), 'id-of-another-nation');
    });

    test('owes a word of opening once', async () => {
      const on = await fresh();
      const [one, other] = [chance.uuid(), chance.uuid()];
      await on.owe(other, NOW_MS + 5);
      await on.owe(one, NOW_MS);
      await on.owe(one, NOW_MS + 9);
      assert.deepEqual(await on.store.openedOwed(9), [one, other]);
      assert.deepEqual(await on.store.openedOwed(1), [one]);
      const take = () => on.store.transact((tx) => tx.takeOpenedOwed(one));
      assert.equal(await take(), NOW_MS);
      assert.equal(await take(), null);
      assert.deepEqual(await on.store.openedOwed(9), [other]);
    });

    test('counts an open alarm up instead of raising it twice', async () => {
      const on = await fresh();
      for (const nation of ['TH', 'TH', 'LA', null])
        await on.store.transact((tx) => tx.alarm('quarantine', 'malformed', nation, NOW_MS));
      assert.equal((await on.counts()).alarms, 3);
    });

    test('keeps the bytes of a bounded number of bad copies a peer', async () => {
      const on = await fresh();
      const row = { ...at(thailand, 2, 1), code: 'malformed', leaf: null, raw: Uint8Array.of(1) };
      await on.store.transact(async (tx) => {
        for (let count = 0; count < 1_001; count += 1) await tx.setAside(row, NOW_MS);
        await tx.setAside({ ...row, peer: laos.memberId }, NOW_MS);
      });
      assert.equal((await on.counts()).rawSetAside, 1_001);
    });

    test('keeps the evidence of an envelope once, and none of an item that is erased or unknown', async () => {
      const on = await fresh();
      const { report, payload } = written([thailand]);
      await on.file(report, payload, 2, [thailand]);
      const bytes = (fill: number, size: number) => new Uint8Array(size).fill(fill);
      const inner = encodeInner({ audience: [], handling: bytes(0, 1), payload, type: 'report.1', exactTimeSec: 60 });
      const signed = { core: bytes(1, 9), stanzaHashes: [], bodyHash: bytes(2, 32), ed: bytes(3, 64), ml: bytes(4, 9) };
      const of = { item: report.id, version: 1, author: thailand.memberId, payload };
      const one = { ...signed, ...of, cs: bytes(5, 32), inner, leaf: bytes(6, 32) };
      const keep = (...all: (typeof one)[]) => on.store.transact((tx) => tx.keepEvidence(all));
      await keep();
      await keep(one, { ...one, leaf: bytes(7, 32) });
      await keep(one);
      assert.equal((await on.counts()).evidence, 2);
      await keep({ ...one, item: '00000000-0000-4000-8000-000000000000', leaf: bytes(8, 32) });
      await on.erase(report.id);
      await keep({ ...one, leaf: bytes(9, 32) });
      assert.equal((await on.counts()).evidence, 2);
    });

    test('ends one of two transactions that wait for each other, and lets the other go on', async () => {
      const on = await fresh();
      const chain = ({ memberId }: Addressee) => [{ peer: memberId, lane: 2 as const }];
      await on.store.transact((tx) => tx.lockOut([...chain(thailand), ...chain(laos)]));
      const [a, b] = [gate(), gate()];
      const crossing = (mine: Addressee, theirs: Addressee, own: typeof a, other: typeof a) =>
        on.store.transact(async (tx) => {
          await tx.lockOut(chain(mine));
          own.reach();
          await other.reached;
          await tx.lockOut(chain(theirs));
        });
      const outcomes = await Promise.allSettled([crossing(thailand, laos, a, b), crossing(laos, thailand, b, a)]);
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.deepEqual(
        failed.map(({ reason }) => codeOf(reason)),
        ['40P01'],
      );
    });

    test('shows a transaction what others committed while it ran', async () => {
      const on = await fresh();
      const seen = await on.store.transact(async (tx) => {
        const before = await tx.takeQueued(9, []);
        await file(on, 2, thailand);
        return [before.length, (await tx.takeQueued(9, [])).length];
      });
      assert.deepEqual(seen, [0, 1]);
    });
  });

const pick = ({ copies, envelopes }: { copies: number; envelopes: number }) => ({ copies, envelopes });
