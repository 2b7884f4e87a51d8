import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromUtf8, utf8 } from '@tripoint/envelope/cbor';
import { checkEvidence, type EnvelopeFinding } from '@tripoint/envelope/evidence';
import { encodeFork, logOrigin, signCheckpoint } from '@tripoint/envelope/proof';
import { admitViewer, type Viewer } from '@tripoint/model/policy';
import { signedCharters } from '../keys/index.ts';
import { keptForks } from '../log/index.ts';
import type { Reader } from '../store/index.ts';
import { type Founded, found, hex, type TestBureau, until } from './bureaus-for-tests.ts';
import { connected } from './cable-for-tests.ts';
import { type EvidenceKeys, gatherEvidence, gatherFork, standingOf, unplaced } from './index.ts';

let founded: Founded;
let korea: TestBureau;
let thailand: TestBureau;
let laos: TestBureau;
let cables: Awaited<ReturnType<typeof connected>>;

before(async () => {
  founded = await found(['KR', 'TH', 'LA']);
  [korea, thailand, laos] = [await founded.bureau('KR'), await founded.bureau('TH'), await founded.bureau('LA')];
  for (const bureau of [korea, thailand, laos]) bureau.isWitnessing = true;
  cables = await connected([korea, thailand, laos]);
});
after(() => founded.close());

async function flow(): Promise<void> {
  const pairs = [cables(korea, thailand), cables(korea, laos), cables(thailand, laos)];
  for (let moved = 1; moved > 0; ) {
    moved = 0;
    for (const cable of pairs) moved += await cable.flow();
    for (const { running } of [korea, thailand, laos]) await running.witnessing.round();
    for (const cable of pairs) moved += await cable.flow();
  }
}

/** The next beat of everybody, shown to and cosigned by everybody. */
async function beat(): Promise<void> {
  for (const bureau of [korea, thailand, laos]) {
    bureau.clock.aheadMs += 10_000;
    await bureau.running.log.beat();
  }
  await flow();
}

const officerOf = (bureau: TestBureau, agency = 'contact-point'): Viewer =>
  admitViewer({ nation: bureau.nation, officer: 'o1', agency, roles: ['desk-officer'] });
const reading = <R>(bureau: TestBureau, work: (reader: Reader) => Promise<R>, viewer = officerOf(bureau)): Promise<R> =>
  bureau.running.store.read(viewer, work);

function keysOf(bureau: TestBureau): EvidenceKeys {
  const { real, store } = bureau.running;
  const { charter, directory } = real;
  const originOf = (memberId: Uint8Array) => logOrigin(hex(charter.current().charterId), hex(memberId));
  return {
    memberId: bureau.memberId,
    charters: () => store.transact(signedCharters),
    papersOf: (memberId) => directory.papersOf(memberId),
    ownerOf: (origin) => charter.members().find(({ memberId }) => originOf(memberId) === origin)?.memberId ?? null,
  };
}

async function evidenceAt(bureau: TestBureau, item: string, viewer = officerOf(bureau)): Promise<Uint8Array | null> {
  const keys = keysOf(bureau);
  const charters = await keys.charters();
  return reading(bureau, (reader) => gatherEvidence(reader, keys, charters, item), viewer);
}

/** Asks authors where their envelopes stand, as the desk does, while the cable carries it. */
async function locate(bureau: TestBureau, item: string): Promise<void> {
  const missing = await reading(bureau, (reader) => unplaced(reader, bureau.memberId, item));
  const asking = missing.map(({ author, leaf }) => bureau.running.witnessing.locate(author, leaf));
  await flow();
  assert.deepEqual(
    await Promise.all(asking),
    missing.map(() => true),
  );
}

function findings(file: Uint8Array | null): readonly EnvelopeFinding[] {
  assert.ok(file !== null, 'there is evidence');
  const verdict = checkEvidence(file, korea.keys.charter().id);
  assert.ok(verdict.ok && verdict.kind === 'evidence', JSON.stringify(verdict));
  return verdict.envelopes;
}

const titleOf = (said: EnvelopeFinding | undefined): string => JSON.parse(fromUtf8(said?.payload ?? utf8('{}'))).title;

test('an own report’s evidence shows what was said, both receipts and the witnesses, to whoever knows the charter’s hash', async () => {
  const id = await korea.file({ to: [thailand, laos], title: 'seen at dawn', agency: 'harbour-watch' });
  await korea.sealed();
  await flow();
  assert.deepEqual(await korea.ticks(id), { LA: 'verified', TH: 'verified' });
  assert.equal((await reading(korea, (reader) => standingOf(reader, korea.memberId, id))).state, 'durable');
  await korea.running.log.integrate();
  assert.equal((await reading(korea, (reader) => standingOf(reader, korea.memberId, id))).state, 'integrated');
  const early = findings(await evidenceAt(korea, id));
  assert.equal(early[0]?.log, null, 'no head has left since');
  await beat();
  const standing = await reading(korea, (reader) => standingOf(reader, korea.memberId, id));
  assert.equal(standing.state, 'witnessed');
  assert.deepEqual(standing.witnesses.map(hex).sort(), [thailand.id, laos.id].sort());
  const file = await evidenceAt(korea, id, officerOf(korea, 'harbour-watch'));
  const [said, ...more] = findings(file);
  assert.equal(more.length, 0);
  assert.deepEqual([said?.author, titleOf(said)], ['KR', 'seen at dawn']);
  assert.deepEqual([...(said?.recipients ?? [])].sort(), ['LA', 'TH']);
  assert.ok(said?.log?.isWitnessed === true);
  assert.deepEqual(said.receipts.map(({ nation, state, log }) => [nation, state, log?.isWitnessed]).sort(), [
    ['LA', 'verified', true],
    ['TH', 'verified', true],
  ]);
  assert.ok(!Buffer.from(file ?? []).includes('harbour-watch'));
});

test('a received report’s evidence shows the same of its author, with the author’s own log asked for it', async () => {
  const id = await laos.file({ to: [thailand], title: 'seen at noon' });
  await laos.sealed();
  await flow();
  await beat();
  const alone = findings(await evidenceAt(thailand, id));
  assert.equal(alone[0]?.log, null, 'nobody was asked yet');
  await locate(thailand, id);
  const [said] = findings(await evidenceAt(thailand, id));
  assert.deepEqual([said?.author, said?.recipients, titleOf(said)], ['LA', ['TH'], 'seen at noon']);
  assert.ok(said?.log?.isWitnessed === true && said.log.nation === 'LA');
  const [receipt] = said.receipts;
  assert.deepEqual([receipt?.nation, receipt?.state, receipt?.log?.nation], ['TH', 'verified', 'TH']);
  assert.equal(receipt?.log?.isWitnessed, true);
  assert.deepEqual(await reading(thailand, (reader) => unplaced(reader, thailand.memberId, id)), [], 'asked once');
});

test('who spoils what witnesses signed spoils no evidence: it then shows less', async () => {
  const id = await laos.file({ to: [thailand], title: 'seen at dusk' });
  await laos.sealed();
  await flow();
  await beat();
  await locate(thailand, id);
  const [before] = findings(await evidenceAt(thailand, id));
  assert.equal(before?.log?.isWitnessed, true);
  await thailand.rows(`UPDATE entry_elsewhere SET note = note || E'— somebody.example AAAAAAAA\\n'`);
  const [said] = findings(await evidenceAt(thailand, id));
  assert.deepEqual(
    [said?.log?.nation, said?.log?.isWitnessed, titleOf(said as EnvelopeFinding)],
    ['LA', false, 'seen at dusk'],
  );
  await thailand.rows('DELETE FROM entry_elsewhere');
});

test('where recipients are hidden from each other, each envelope proves itself alone', async () => {
  const id = await korea.file({ to: [thailand, laos], title: 'apart', conditions: [{ code: 'hide-recipients' }] });
  await korea.sealed();
  await flow();
  await beat();
  const all = findings(await evidenceAt(korea, id));
  assert.deepEqual(all.map(({ recipients }) => recipients.join()).sort(), ['LA', 'TH']);
  assert.deepEqual(
    all.map(({ receipts }) => receipts.length),
    [1, 1],
  );
  await locate(thailand, id);
  const [said, ...more] = findings(await evidenceAt(thailand, id));
  assert.deepEqual([said?.recipients, more.length], [['TH'], 0]);
});

test('of a run of reports signed for in one receipt, only the one it ends at has it in its evidence', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 3; at += 1) ids.push(await korea.file({ to: [laos], title: `run ${at}` }));
  await korea.sealed();
  await flow();
  await beat();
  const counts = [];
  for (const id of ids) counts.push(findings(await evidenceAt(korea, id))[0]?.receipts.length);
  assert.deepEqual(counts, [0, 0, 1]);
});

test('hidden, unknown and erased reports have no evidence', async () => {
  const id = await korea.file({ to: [thailand], title: 'to be erased', agency: 'harbour-watch' });
  await korea.sealed();
  await flow();
  const stranger = officerOf(korea, 'another-agency');
  assert.equal(await evidenceAt(korea, '00000000-0000-4000-8000-000000000000'), null);
  const seen = await korea.read(id);
  assert.ok(seen !== null && (await evidenceAt(korea, id)) !== null);
  const nobody = admitViewer({ nation: 'KR', officer: 'o2', agency: 'another-agency', roles: ['administrator'] });
  assert.equal(await evidenceAt(korea, id, nobody), null);
  assert.deepEqual(await reading(korea, (reader) => unplaced(reader, korea.memberId, id), stranger), []);
  await thailand.running.store.transact((tx) => tx.erase(id));
  assert.equal(await evidenceAt(thailand, id), null);
  await until('the tables hold no text of it', async () => {
    const rows = await korea.rows('SELECT open, shut FROM envelope_evidence');
    return rows.every(({ open, shut }) => !Buffer.concat([open as Buffer, shut as Buffer]).includes('to be erased'));
  });
});

test('a nation that shows one neighbour another log than the rest is found by its hello, told to all, and proven to anybody', async () => {
  await beat();
  const { keyring } = korea;
  const note = fromUtf8((await korea.running.witnessing.shown()) ?? new Uint8Array(0));
  const size = Number(note.split('\n')[1]);
  const origin = logOrigin(hex(korea.keys.charter().id), korea.id);
  const other = signCheckpoint({ origin, size, root: new Uint8Array(32) }, keyring.logKey);
  const cable = cables(korea, thailand);
  const hello = await korea.exchange.door.hello(thailand.id);
  await thailand.exchange.door.welcome(korea.id, { ...hello, checkpoint: utf8(other) });
  await flow();
  assert.ok(cable.isUp);
  for (const bureau of [thailand, laos]) {
    const [alarm] = await bureau.rows(`SELECT kind, code, nation FROM alarm WHERE kind = 'fork'`);
    assert.deepEqual(alarm, { kind: 'fork', code: 'log_disputed', nation: 'KR' });
  }
  const keys = keysOf(laos);
  const [fork] = await reading(laos, ({ db }) => keptForks({ db }));
  assert.ok(fork !== undefined && fork.toldBy !== null);
  const file = gatherFork(keys, await keys.charters(), fork);
  const verdict = checkEvidence(file, korea.keys.charter().id);
  assert.deepEqual(verdict, { ok: true, kind: 'fork', fork: { nation: 'KR', kind: 'same-size', sizes: [size, size] } });
  const slander = encodeFork({ kind: 'same-size', memberId: laos.memberId, notes: [note, other], proof: [] });
  assert.ok(
    !checkEvidence(gatherFork(keys, await keys.charters(), { ...fork, evidence: slander }), korea.keys.charter().id).ok,
  );
});
