import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeReceipt, type Receipt } from '@tripoint/envelope/proof';
import { type AttachmentEntry, type Inner, REFUSALS } from '@tripoint/envelope/seal';
import { encodeReport, type Report } from '@tripoint/model/report';
import { type Founded, found, hex, type TestBureau, until } from './bureaus-for-tests.ts';
import { type Cable, connected } from './cable-for-tests.ts';
import { Forger, regionsOf, turned } from './forging-for-tests.ts';
import { markingOfPayload } from './payload.ts';

let founded: Founded;
before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
});
after(() => founded.close());

async function pair(): Promise<{ korea: TestBureau; thailand: TestBureau; cable: Cable; forger: Forger }> {
  const [korea, thailand] = [await founded.bureau('KR'), await founded.bureau('TH')];
  const cable = (await connected([korea, thailand]))(korea, thailand);
  return { korea, thailand, cable, forger: new Forger(korea, thailand) };
}

/** Everything a recipient may be told of a refusal. */
const closed = new Set<string>([...REFUSALS, 'unreadable']);

function receiptsOf(bytes: readonly Uint8Array[]): Receipt[] {
  return bytes.map((one) => {
    const decoded = decodeReceipt(one);
    assert.ok(decoded.ok);
    return decoded.signed.receipt;
  });
}

const quarantined = async (bureau: TestBureau) =>
  (await bureau.rows('SELECT code FROM quarantine ORDER BY set_aside_at')).map(({ code }) => code);
const alarms = (bureau: TestBureau) => bureau.rows('SELECT kind, code, nation, count FROM alarm');

test('a copy with one bit turned, wherever, is set aside with an alarm, and the next one is read', async (t) => {
  const { korea, thailand, cable } = await pair();
  for (const region of Object.keys(regionsOf((await filed(korea, thailand, cable, 'to be measured')).bytes)))
    await t.test(`in ${region}`, async () => {
      const before = (await quarantined(thailand)).length;
      const bad = await filed(korea, thailand, cable, `broken in ${region}`);
      const good = await filed(korea, thailand, cable, `after ${region}`);
      const range = regionsOf(bad.bytes)[region];
      assert.ok(range && range.from > 0);
      const [answer] = await cable.give(thailand, [turned(bad, range)]);
      assert.equal(answer?.state, 'refused');
      assert.ok(answer?.state === 'refused' && closed.has(answer.code));
      await cable.give(thailand, [good]);
      assert.equal((await thailand.received()).at(-1), `after ${region}`);
      assert.equal((await quarantined(thailand)).length, before + 1);
      // Up to the signature nothing is signed: whoever turned the bit need not be the sender.
      for (const { exceptions } of receiptsOf(cable.takeReceipts(thailand))) assert.deepEqual(exceptions, []);
    });
  assert.ok((await alarms(thailand)).every(({ kind, nation }) => kind === 'quarantine' && nation === 'KR'));
});

async function filed(from: TestBureau, to: TestBureau, cable: Cable, title: string) {
  await from.file({ to: [to], title });
  await from.sealed();
  const [copy] = await cable.pullAll(from, 2);
  assert.ok(copy);
  if (title === 'to be measured') {
    await cable.give(to, [copy]);
    cable.takeReceipts(to);
  }
  return copy;
}

const titled = (report: Report, title: string) => encodeReport({ ...report, title });

const conditioned = ({ marking }: Report, code: string) =>
  ({ ...marking, conditions: [{ code }] }) as Report['marking'];

function saidBy(report: Report, nation: string): Report {
  const says = nation as Report['says'];
  return { ...report, says, statements: report.statements.map((statement) => ({ ...statement, says })) };
}

const attachment: AttachmentEntry = {
  id: new Uint8Array(16),
  key: new Uint8Array(32),
  sizeBytes: 1,
  plainHash: new Uint8Array(32),
  cipherHash: new Uint8Array(32),
  mediaType: 'image/jpeg',
  required: true,
};

const poisons: Record<
  string,
  {
    of(report: Report): {
      payload: Uint8Array | string;
      type?: string;
      handling?: Uint8Array;
      more?: Pick<Inner, 'part' | 'attachments'>;
    };
    told: string;
    code: string;
  }
> = {
  'of a type nobody knows yet': {
    of: (report) => ({ payload: titled(report, 'poison'), type: 'report.9' }),
    told: 'type_unknown',
    code: 'type_unknown',
  },
  'that is no report': {
    of: () => ({ payload: '{"title":"poison"}' }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'that is no text': {
    of: () => ({ payload: Uint8Array.of(0xff, 0xfe, 0) }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'with a field too many': {
    of: (report) => ({ payload: new TextDecoder().decode(titled(report, 'poison')).replace('{', '{"agency":"x",') }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'that speaks for another nation': {
    of: (report) => ({ payload: encodeReport(saidBy(report, 'LA')) }),
    told: 'unreadable',
    code: 'audience_mismatch',
  },
  'under a condition nobody knows yet': {
    of: (report) => ({ payload: encodeReport({ ...report, marking: conditioned(report, 'burn-after-reading') }) }),
    told: 'handling_unknown',
    code: 'handling_unknown',
  },
  'with one statement under a condition nobody knows yet': {
    of: (report) => ({
      payload: encodeReport({
        ...report,
        statements: report.statements.map((statement, at) =>
          at === 1 ? { ...statement, marking: conditioned(report, 'burn-after-reading') } : statement,
        ),
      }),
    }),
    told: 'handling_unknown',
    code: 'handling_unknown',
  },
  'whose envelope speaks of another handling': {
    of: (report) => ({
      payload: encodeReport({ ...report, marking: conditioned(report, 'hide-recipients') }),
      handling: markingOfPayload(encodeReport(report)),
    }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'that is one part of three': {
    of: (report) => ({
      payload: titled(report, 'poison'),
      more: { part: { groupId: new Uint8Array(16), index: 0, count: 3, partIdsHash: new Uint8Array(32) } },
    }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'with an attachment that nobody here would fetch': {
    of: (report) => ({ payload: titled(report, 'poison'), more: { attachments: [attachment] } }),
    told: 'schema_invalid',
    code: 'schema_invalid',
  },
  'that is not for its reader': {
    of: (report) => ({ payload: encodeReport({ ...report, recipients: ['LA'] as Report['recipients'] }) }),
    told: 'unreadable',
    code: 'audience_mismatch',
  },
};

for (const [name, { of, told, code }] of Object.entries(poisons))
  test(`a sealed item ${name} is set aside with an alarm and a signed refusal, and the next one is read`, async () => {
    const { korea, thailand, cable, forger } = await pair();
    const report = korea.compose({ to: [thailand] });
    const { payload, ...otherwise } = of(report);
    const bad = forger.next(payload, otherwise);
    const good = forger.next(titled(korea.compose({ to: [thailand] }), 'good'));
    const acks = await cable.give(thailand, [bad.copy, good.copy]);
    assert.deepEqual(
      acks.map(({ state }) => state),
      ['refused', 'durable'],
    );
    await assertSetAside(thailand, cable, { code, told, seq: 1, leaf: bad.leaf });
    assert.deepEqual(await thailand.received(), ['good']);
    assert.equal(await thailand.read(report.id), null);
    // The same bad copy again changes nothing.
    await cable.give(thailand, [bad.copy]);
    assert.equal((await quarantined(thailand)).length, 1);
  });

async function assertSetAside(
  bureau: TestBureau,
  cable: Cable,
  wanted: { code: string; told: string; seq: number; leaf: Uint8Array },
): Promise<void> {
  assert.deepEqual(await quarantined(bureau), [wanted.code]);
  assert.deepEqual(await alarms(bureau), [{ kind: 'quarantine', code: wanted.code, nation: 'KR', count: 1 }]);
  const exceptions = receiptsOf(cable.takeReceipts(bureau)).flatMap((receipt) => receipt.exceptions);
  assert.deepEqual(
    exceptions.map(({ seq, leaf, code }) => ({ seq, leaf: hex(leaf), code })),
    [{ seq: wanted.seq, leaf: hex(wanted.leaf), code: wanted.told }],
  );
  for (const { code } of exceptions) assert.ok(closed.has(code));
}

test('a nation that takes the id of another nation’s report changes nothing there, is told so, and its next one is read', async () => {
  const [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  const cables = await connected([korea, thailand, laos]);
  const id = await laos.file({ to: [thailand], title: 'of Laos' });
  await laos.sealed();
  await cables(laos, thailand).flow();
  const forger = new Forger(korea, thailand);
  const cable = cables(korea, thailand);
  const bad = forger.next(encodeReport({ ...korea.compose({ to: [thailand], title: 'of Korea' }), id }));
  const good = forger.next(encodeReport(korea.compose({ to: [thailand], title: 'good' })));
  await cable.give(thailand, [bad.copy, good.copy]);
  await assertSetAside(thailand, cable, { code: 'id_reused', told: 'id_reused', seq: 1, leaf: bad.leaf });
  assert.deepEqual([...(await thailand.received())].sort(), ['good', 'of Laos']);
  assert.equal((await thailand.read(id))?.title, 'of Laos');
});

test('one envelope id for two envelopes is evidence, and the next one is read', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const make = (title: string) => encodeReport(korea.compose({ to: [thailand], title }));
  const first = forger.next(make('first'));
  const second = forger.next(make('second'), { id: first.id });
  const third = forger.next(make('third'));
  await cable.give(thailand, [first.copy, second.copy, third.copy]);
  assert.deepEqual(await thailand.received(), ['first', 'third']);
  await assertSetAside(thailand, cable, { code: 'id_reused', told: 'id_reused', seq: 2, leaf: second.leaf });
});

test('a nation that contradicts its own chain is told so, and what it says next is read', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const make = (title: string) => encodeReport(korea.compose({ to: [thailand], title }));
  const first = forger.next(make('first'));
  const forked = forger.next(make('forked'), { prev: new Uint8Array(32) });
  const third = forger.next(make('third'));
  await cable.give(thailand, [first.copy, forked.copy, third.copy]);
  assert.deepEqual(await thailand.received(), ['first', 'third']);
  await assertSetAside(thailand, cable, { code: 'chain_broken', told: 'unreadable', seq: 2, leaf: forked.leaf });
});

test('a nation restored from an old copy, which says other things at old places, is heard again', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const make = (title: string) => encodeReport(korea.compose({ to: [thailand], title }));
  await cable.give(thailand, [forger.next(make('first')).copy, forger.next(make('second')).copy]);
  const other = new Forger(korea, thailand);
  const said = ['other first', 'other second', 'other third', 'other fourth'].map((title) => other.next(make(title)));
  for (const { copy } of said) await cable.give(thailand, [copy]);
  assert.deepEqual(await thailand.received(), ['first', 'second', 'other fourth']);
  assert.deepEqual(await quarantined(thailand), ['chain_broken', 'chain_broken', 'chain_broken']);
});

test('a bad copy that comes twice in one frame is set aside and the frame is taken', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const bad = forger.next('{}');
  const good = forger.next(encodeReport(korea.compose({ to: [thailand], title: 'good' })));
  await cable.give(thailand, [bad.copy, bad.copy, good.copy]);
  assert.deepEqual(await thailand.received(), ['good']);
  assert.deepEqual(await quarantined(thailand), ['schema_invalid']);
});

test('a bad one that waited behind a gap is set aside when its turn comes, and what waited behind it is read', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const make = (title: string) => encodeReport(korea.compose({ to: [thailand], title }));
  const [first, bad, third] = [forger.next(make('first')), forger.next('{}'), forger.next(make('third'))];
  await cable.give(thailand, [third.copy]);
  await cable.give(thailand, [bad.copy]);
  await cable.give(thailand, [first.copy]);
  assert.deepEqual(await thailand.received(), ['first', 'third']);
  await assertSetAside(thailand, cable, { code: 'schema_invalid', told: 'schema_invalid', seq: 2, leaf: bad.leaf });
});

test('one that is refused before its turn takes its place when it is asked for again, and stops nobody', async () => {
  const { korea, thailand, cable, forger } = await pair();
  const make = (title: string) => encodeReport(korea.compose({ to: [thailand], title }));
  const first = forger.next(make('first'));
  // Its end passes at the reader. Written earlier it would be older than its author's key just after midnight (UTC).
  const expired = forger.next(make('expired'), { lifeSec: 60 });
  const third = forger.next(make('third'));
  thailand.clock.aheadMs = 3 * 60_000;
  await cable.give(thailand, [expired.copy, first.copy, third.copy]);
  assert.deepEqual(cable.end(thailand).needs, [{ lane: 2, from: 2n, to: 2n }]);
  await assertSetAside(thailand, cable, { code: 'expired', told: 'expired', seq: 2, leaf: expired.leaf });
  await cable.give(thailand, [expired.copy]);
  assert.deepEqual(await thailand.received(), ['first', 'third']);
});

test('twenty bad signatures within a minute end the link, and the administrator is told whose', async () => {
  const { korea, thailand, cable } = await pair();
  const bad = await filed(korea, thailand, cable, 'broken');
  const turnedCopy = turned(bad, regionsOf(bad.bytes)['the first signature']!);
  const raised = async () => (await alarms(thailand)).filter(({ code }) => code === 'bad_signatures');
  for (let at = 0; at < 19; at += 1) await cable.give(thailand, [turnedCopy]);
  assert.deepEqual([cable.isUp, await raised()], [true, []]);
  await cable.give(thailand, [turnedCopy]);
  assert.deepEqual(
    [cable.isUp, await raised()],
    [false, [{ kind: 'link', code: 'bad_signatures', nation: 'KR', count: 1 }]],
  );
});

test('an officer sees which delivery was refused, by the closed word of the signed receipt or of the link', async () => {
  const { korea, thailand, cable } = await pair();
  const id = await korea.file({ to: [thailand] });
  await korea.sealed();
  const [copy] = await cable.pullAll(korea, 2);
  await cable.give(thailand, [turned(copy!, regionsOf(copy!.bytes)['the body']!)]);
  await until('Korea shows the refusal', async () => (await korea.ticks(id)).TH === 'refused');
  assert.deepEqual(await korea.rows('SELECT reason FROM outbox'), [{ reason: 'signature_invalid' }]);
  // It will not be sent again, so nothing of it is kept for sending.
  for (const table of ['copy_out', 'envelope_out']) assert.equal(await korea.count(table), 0);
  assert.equal(await korea.count('chain_out WHERE acked < seq'), 0);
});
