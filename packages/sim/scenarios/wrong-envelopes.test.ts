/**
 * A member with real keys sends what no honest bureau would. The bureau sets it aside, tells an officer in a code,
 * tells the sender no more than the closed list, and takes the very next good report.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemRandom } from '@tripoint/bureau/main';
import { type CborMap, decode, encode, toHex } from '@tripoint/envelope/cbor';
import { decodeReceipt, verifyReceipt } from '@tripoint/envelope/proof';
import { REFUSALS, receiptCodeOf } from '@tripoint/envelope/seal';
import { signingKeyFromSeed } from '@tripoint/envelope/suite';
import fc from 'fast-check';
import { kemKeyIn, stolenKeys } from '../../bureau/keys/tests/stolen-keyring.ts';
import { asOfficer, openCoalition, until } from './fixtures/coalition.ts';
import { databaseOf } from './fixtures/database.ts';
import { goodDraft } from './fixtures/draft.ts';
import { delivered, file } from './fixtures/filing.ts';
import { type Copy, Forger, type Forgery } from './fixtures/forger.ts';
import { bentPayload, goodPayload, goodReport, utf8 } from './fixtures/payload.ts';

const coalition = await openCoalition(['KR', 'PH', 'TH']);
const kr = coalition.card('KR');
const krDoor = door('KR');
const krDatabase = await databaseOf(coalition.dataDir, 'KR');
after(async () => {
  await krDatabase[Symbol.asyncDispose]();
  await coalition[Symbol.asyncDispose]();
});

const [th, ph] = [await keysOf('TH'), await keysOf('PH')];
const krKeys = await keysOf('KR');
const toKorea = { memberId: krKeys.memberId, publicKey: await kemKeyOf('KR', 'TH', th.memberId) };
const toManila = { memberId: ph.memberId, publicKey: await kemKeyOf('PH', 'TH', th.memberId) };
/** Lane 1: the Thai bureau itself files nothing urgent here, so the chain is the forger's alone. */
const forger = new Forger(th, toKorea, 1);

const receiptsToThailand: Uint8Array[] = [];
const thDoor = door('TH');
const takeReceipts = thDoor.receipts.bind(thDoor);
thDoor.receipts = (peer, receipts) => {
  receiptsToThailand.push(...receipts);
  return takeReceipts(peer, receipts);
};

function door(nation: string) {
  const bureau = coalition.constellation.bureau(nation);
  if (!bureau) throw new Error(`${nation} does not run in this process`);
  return bureau.exchange.door;
}

function keysOf(nation: string) {
  const { passphrases } = JSON.parse(readFileSync(join(coalition.dataDir, 'demo-secrets.json'), 'utf8'));
  return stolenKeys(join(coalition.dataDir, nation.toLowerCase()), passphrases[nation]);
}

/** A bureau shows its keys when a link comes up; here it is made to show them again. */
async function kemKeyOf(nation: string, towards: string, towardsId: Uint8Array): Promise<Uint8Array> {
  const shown = Promise.withResolvers<Uint8Array>();
  const heard = door(towards);
  const control = heard.control.bind(heard);
  const { memberId } = await keysOf(nation);
  heard.control = (peer, kind, payload) => {
    if (kind === 'keys' && peer === toHex(memberId)) shown.resolve(payload);
    return control(peer, kind, payload);
  };
  door(nation).linkChanged(toHex(towardsId), 'up');
  const payload = await shown.promise;
  heard.control = control;
  return kemKeyIn(payload, memberId, Math.floor(Date.now() / 1000));
}

const thaiReport = (changes: object = {}) => goodReport('TH', ['KR'], changes);
const thaiPayload = (changes: object = {}) => goodPayload(thaiReport(changes));

async function receive(...copies: Copy[]) {
  return krDoor.receive(forger.peer, copies);
}

interface Seen {
  aside: number;
  alarms: Map<string, number>;
  listed: string;
  items: number;
}

async function koreaSees(): Promise<Seen> {
  const { items } = (await asOfficer(kr, 'duty-lead', { path: '/api/alarms' })).json as {
    items: { kind: string; code: string; nation: string; count: number; acknowledgedAt: string | null }[];
  };
  const open = items.filter(({ acknowledgedAt, nation }) => acknowledgedAt === null && nation === 'TH');
  const [counted] = await krDatabase.rows(
    'SELECT (SELECT count(*) FROM quarantine) AS aside, (SELECT count(*) FROM item) AS items',
  );
  const list = await asOfficer(kr, 'desk-officer', { path: '/api/reports?limit=200' });
  assert.equal(list.status, 200, 'the Korean list answers');
  return {
    aside: Number(counted?.aside),
    alarms: new Map(open.map(({ kind, code, count }) => [`${kind}/${code}`, count])),
    listed: list.body.toString(),
    items: Number(counted?.items),
  };
}

/** The next good report of the same sender is there at once, and receipted. */
async function nextGoodIsDelivered(what: string): Promise<void> {
  const report = thaiReport({ title: `Good after ${what}`.slice(0, 200) });
  const [ack] = await receive(forger.next(goodPayload(report)));
  assert.equal(ack?.state, 'durable', `the good one after ${what}`);
  const read = await asOfficer(kr, 'desk-officer', { path: `/api/reports/${report.id}` });
  assert.equal(read.status, 200, `the good one after ${what} is read`);
}

/** One bad copy: refused with `code`, set aside, alarmed, nothing shown, the next good one delivered. */
async function isSetAside(what: string, copy: Copy, codes: readonly string[]): Promise<void> {
  const before = await koreaSees();
  const [ack] = await receive(copy);
  assert.equal(ack?.state, 'refused', `${what} is refused`);
  const told = ack?.state === 'refused' ? ack.code : '';
  const seen = await koreaSees();
  assert.equal(seen.aside, before.aside + 1, `${what} is set aside`);
  assert.equal(seen.listed, before.listed, `${what} shows nothing`);
  assert.equal(seen.items, before.items, `${what} stores nothing`);
  const grown = [...seen.alarms].filter(([name, count]) => count === (before.alarms.get(name) ?? 0) + 1);
  assert.equal(grown.length, 1, `${what} raises one alarm`);
  const code = String(grown[0]?.[0]).replace('quarantine/', '');
  assert.ok(codes.includes(code), `${what}: ${code} is one of ${codes.join(', ')}`);
  assert.equal(told, receiptCodeOf(code as 'expired') ?? code, `${what}: the sender hears the code of the protocol`);
  await nextGoodIsDelivered(what);
}

test('a good envelope made by the forger is read in Korea, so that what follows proves something', async () => {
  await nextGoodIsDelivered('nothing');
  await until('Thailand holds a receipt', 5_000, async () => receiptsToThailand.length > 0);
});

const other = signingKeyFromSeed(systemRandom(64));
const nowSec = () => Math.floor(Date.now() / 1000);
const change = (key: number, value: unknown) => (core: CborMap) => new Map([...core, [key, value]]) as CborMap;

/** What a dishonest sender does with an otherwise good report, and the refusals that answer it. */
const forgeries: [string, (payload: Uint8Array) => Forgery, readonly string[]][] = [
  ['a copy sealed to Manila', () => ({ publicKey: toManila.publicKey }), ['not_addressed']],
  ['an envelope signed by a Philippine key', () => ({ signer: ph.identity }), ['signer_unknown']],
  ['an envelope signed by nobody’s key', () => ({ signer: other }), ['signer_unknown']],
  ['a second signature of another key', () => ({ deviation: { latticeSigner: other } }), ['signature_invalid']],
  [
    'a signature for another purpose',
    () => ({ deviation: { signatureContext: 'tripoint-rcpt/1' } }),
    ['signature_invalid'],
  ],
  ['an unknown suite', () => ({ deviation: { core: change(2, 9) } }), ['suite_not_permitted']],
  ['a suite of zero', () => ({ deviation: { core: change(2, 0) } }), ['suite_not_permitted']],
  ['an unknown version', () => ({ deviation: { core: change(1, 2) } }), ['version_unsupported']],
  ['an unknown key in the core', () => ({ deviation: { core: change(10, 1) } }), ['version_unsupported']],
  ['a time that is no whole minute', () => ({ deviation: { core: change(6, nowSec() | 1) } }), ['malformed']],
  ['an expiry beyond 45 days', () => ({ deviation: { core: change(7, nowSec() + 60 * 86_400) } }), ['malformed']],
  ['an envelope that has expired', () => ({ expirySec: nowSec() - (nowSec() % 60) }), ['expired']],
  [
    'a signing key before its first day',
    () => ({ timeSec: nowSec() - 400 * 86_400, expirySec: nowSec() - 360 * 86_400 }),
    ['signer_unknown'],
  ],
  ['a charter of another coalition', () => ({ charter: { version: 1, hash: systemRandom(32) } }), ['charter_conflict']],
  [
    'a list of hashes without our own',
    () => ({ deviation: { hashes: (all) => all.map(() => systemRandom(32)).sort(Buffer.compare) } }),
    ['not_addressed'],
  ],
  ['hashes out of order', () => ({ deviation: { hashes: (all) => [...all].reverse() } }), ['not_addressed']],
  [
    'a bucket of another size',
    () => ({ deviation: { hashes: (all) => all.slice(0, 7) } }),
    ['not_addressed', 'malformed'],
  ],
  ['a stanza that does not open', () => ({ deviation: { stanzaCt: () => systemRandom(93) } }), ['unwrap_failed']],
  ['a stanza of another envelope', () => ({ deviation: { stanzaContext: systemRandom(32) } }), ['unwrap_failed']],
  [
    'a lane that does not exist',
    () => ({ deviation: { stanzaText: (text) => ({ ...text, lane: 9 }) } }),
    ['unwrap_failed'],
  ],
  ['a body under another key', () => ({ deviation: { bodyKey: systemRandom(32) } }), ['body_invalid']],
  [
    'a body with a broken chunk',
    () => ({ deviation: { body: (body) => withFlip(body, body.length - 5) } }),
    ['body_invalid'],
  ],
  [
    'padding that is not zero',
    () => ({ deviation: { message: (message) => withFlip(message, message.length - 1) } }),
    ['body_invalid'],
  ],
  [
    'a commitment to other words',
    () => ({ deviation: { commitment: () => systemRandom(32) } }),
    ['commitment_mismatch'],
  ],
  ['an audience without us', () => ({ audience: [ph.memberId] }), ['audience_mismatch']],
  [
    'an audience with its own sender',
    () => ({ audience: [th.memberId, krKeys.memberId].sort(Buffer.compare) }),
    ['audience_mismatch'],
  ],
  [
    'an audience out of order',
    () => ({ audience: [ph.memberId, krKeys.memberId].sort(Buffer.compare).reverse() }),
    ['audience_mismatch'],
  ],
  ['an inner part that is no map', () => ({ deviation: { innerBytes: () => encode([1, 2, 3]) } }), ['schema_invalid']],
  [
    'an inner part with an unknown key',
    () => ({ deviation: { innerBytes: (inner) => encode(new Map([...(decode(inner) as CborMap), [10, 1]])) } }),
    ['schema_invalid'],
  ],
  [
    'an inner part nested without end',
    () => ({ deviation: { innerBytes: () => new Uint8Array(60_000).fill(0x81) } }),
    ['schema_invalid'],
  ],
  [
    'another time inside than outside',
    () => ({ deviation: { inner: (inner) => ({ ...inner, exactTimeSec: inner.exactTimeSec - 3_600 }) } }),
    ['schema_invalid'],
  ],
  ['a type nobody knows', () => ({ type: 'pair.nonsense' }), ['type_unknown']],
  ['a payload that is no text', () => ({ payload: systemRandom(300) }), ['schema_invalid']],
  ['a payload of nothing', () => ({ payload: new Uint8Array(0) }), ['schema_invalid']],
  ['a payload nested without end', () => ({ payload: utf8('['.repeat(400_000)) }), ['schema_invalid']],
  [
    'a payload nested and closed again',
    () => ({ payload: utf8('['.repeat(300_000) + ']'.repeat(300_000)) }),
    ['schema_invalid'],
  ],
  [
    'a payload with a doubled key',
    (payload) => ({ payload: utf8(text(payload).replace('{', '{"id":"x",')) }),
    ['schema_invalid'],
  ],
  ['a payload with white space', (payload) => ({ payload: utf8(`${text(payload)} `) }), ['schema_invalid']],
  [
    'a payload above its size',
    () => ({ payload: utf8(`"${'a'.repeat(1_020_000)}"`) }),
    ['too_large', 'schema_invalid'],
  ],
];

/** The same report with one field bent. */
const bends: [string, (report: ReturnType<typeof thaiReport>) => object, readonly string[]][] = [
  ['a report that says to be Philippine', () => ({ says: 'PH' }), ['audience_mismatch', 'schema_invalid']],
  [
    'a report that says to be ours',
    () => ({ says: 'KR', recipients: ['TH'] }),
    ['audience_mismatch', 'schema_invalid'],
  ],
  ['a report to others only', () => ({ recipients: ['PH'] }), ['audience_mismatch']],
  ['a report with a field of its own', () => ({ agency: 'x' }), ['schema_invalid']],
  ['a report without a marking', () => ({ marking: {} }), ['schema_invalid']],
  [
    'a report with a handling nobody knows',
    () => ({ marking: { conditions: [], handling: ['H9'], pap: 'PAP:AMBER' } }),
    ['schema_invalid'],
  ],
  [
    'a report that is open and strict at once',
    () => ({ marking: { conditions: [], handling: ['H0', 'H1'], pap: 'PAP:AMBER' } }),
    ['schema_invalid'],
  ],
  ['a report with a bell in its title', () => ({ title: 'a\u0007b' }), ['schema_invalid']],
  ['a report that turns its text around', () => ({ text: 'abc\u202edef' }), ['schema_invalid']],
  ['a report with an id that is none', () => ({ id: '../../etc/passwd' }), ['schema_invalid']],
  ['a report of version zero', () => ({ version: 0 }), ['schema_invalid']],
  ['a report released in no month', () => ({ releasedAt: '2026-13-01T00:00:00Z' }), ['schema_invalid']],
  [
    'a report whose statement speaks for Korea',
    (report) => ({ statements: report.statements.map((one) => ({ ...one, says: 'KR' })) }),
    ['schema_invalid'],
  ],
  [
    'a report with one statement twice',
    (report) => ({ statements: [report.statements[0], report.statements[0]] }),
    ['schema_invalid'],
  ],
];

const text = (payload: Uint8Array) => new TextDecoder().decode(payload);

function withFlip(bytes: Uint8Array, at: number, bit = 1): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[at] = (flipped[at] as number) ^ bit;
  return flipped;
}

for (const [what, forgery, codes] of forgeries)
  test(`Korea sets aside ${what} and reads the next`, async () => {
    const payload = thaiPayload();
    await isSetAside(what, forger.next(payload, forgery(payload)), codes);
  });

for (const [what, bend, codes] of bends)
  test(`Korea sets aside ${what} and reads the next`, async () => {
    const report = thaiReport();
    await isSetAside(what, forger.next(bentPayload(report, bend(report))), codes);
  });

const FLIPS = 120;

interface Field {
  name: string;
  from: number;
  size: number;
}

/** Where each field of a copy lies in its bytes. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const [core, hashes, stanza, body, ed, ml] = decode(bytes) as [
    CborMap,
    Uint8Array[],
    Uint8Array[],
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const place = (name: string, part: Uint8Array): Field => {
    const from = Buffer.from(bytes).indexOf(part);
    assert.ok(from >= 0, name);
    return { name, from, size: part.length };
  };
  const charter = core.get(5) as readonly Uint8Array[];
  return [
    { name: 'head', from: 0, size: 8 },
    place('id', core.get(3) as Uint8Array),
    place('signer', core.get(4) as Uint8Array),
    place('charter', charter[1] as Uint8Array),
    { name: 'times', from: Buffer.from(bytes).indexOf(charter[1] as Uint8Array) + 32, size: 12 },
    place('commitment', core.get(8) as Uint8Array),
    ...hashes.map((hash, i) => place(`hash ${i}`, hash)),
    place('stanza key', stanza[0] as Uint8Array),
    place('stanza enc', stanza[1] as Uint8Array),
    place('stanza text', stanza[2] as Uint8Array),
    place('body', body),
    place('Ed25519', ed),
    place('ML-DSA', ml),
  ];
}

const nameAt = (fields: readonly Field[], at: number) =>
  fields.find(({ from, size }) => at >= from && at < from + size)?.name ?? '?';

const MIB = 1024 * 1024;
const garbage: [string, () => Uint8Array, readonly string[]][] = [
  ['nothing at all', () => new Uint8Array(0), ['malformed']],
  ['noise', () => systemRandom(5_000), ['malformed']],
  ['zeros', () => new Uint8Array(9_000), ['malformed']],
  ['text', () => utf8('<svg onload=alert(1)>'), ['malformed']],
  ['lists in lists without end', () => new Uint8Array(200_000).fill(0x81), ['malformed']],
  ['a map that promises four billion entries', () => Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff), ['malformed']],
  ['a copy without its last byte', () => forger.forge({ payload: thaiPayload() }).bytes.slice(0, -1), ['malformed']],
  [
    'a copy with a byte behind it',
    () => Uint8Array.of(...forger.forge({ payload: thaiPayload() }).bytes, 0),
    ['malformed'],
  ],
  ['a copy larger than any', () => new Uint8Array(1_114_113), ['too_large']],
  ['three mebibytes', () => new Uint8Array(3 * MIB).fill(0x80), ['too_large']],
];

for (const [what, bytes, codes] of garbage)
  test(`Korea sets aside ${what} and reads the next`, async () => {
    const { lane, seq } = forger.next(thaiPayload());
    await isSetAside(what, { lane, seq, bytes: bytes() }, codes);
  });

for (const hint of [0n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])
  test(`a place of ${hint} that the sender only claims blocks nothing in Korea`, async () => {
    const before = await koreaSees();
    const [ack] = await receive({ lane: forger.lane, seq: hint, bytes: systemRandom(50) });
    assert.equal(ack?.state, 'refused');
    assert.equal((await koreaSees()).aside, before.aside + 1);
    await nextGoodIsDelivered(`a claimed place of ${hint}`);
  });

test('the same envelope again is acknowledged again and makes nothing new', async () => {
  const copy = forger.next(thaiPayload({ title: 'Said once' }));
  assert.equal((await receive(copy))[0]?.state, 'durable');
  const before = await koreaSees();
  const receipts = receiptsToThailand.length;
  assert.deepEqual(
    (await receive(copy, copy)).map(({ state }) => state),
    ['durable', 'durable'],
  );
  assert.deepEqual(await koreaSees(), before);
  await until('the receipt is given again', 5_000, async () => receiptsToThailand.length > receipts);
  await nextGoodIsDelivered('a replay');
});

test('a later envelope waits unseen for the missing one, and then both are read in order', async () => {
  const [first, second] = [thaiReport({ title: 'The missing one' }), thaiReport({ title: 'The one too early' })];
  const [missing, early] = [forger.next(goodPayload(first)), forger.next(goodPayload(second))];
  const before = await koreaSees();
  assert.equal((await receive(early))[0]?.state, 'held');
  assert.deepEqual(await koreaSees(), before, 'what waits is in no list');
  assert.equal((await asOfficer(kr, 'desk-officer', { path: `/api/reports/${second.id}` })).status, 404);
  assert.equal((await receive(missing))[0]?.state, 'durable');
  for (const { id } of [first, second])
    assert.equal((await asOfficer(kr, 'desk-officer', { path: `/api/reports/${id}` })).status, 200);
  await nextGoodIsDelivered('a gap');
});

test('an envelope that names a charter nobody has yet is kept unseen and stops nobody', async () => {
  const before = await koreaSees();
  const charter = { version: 2, hash: systemRandom(32) };
  const copy = forger.forge({ payload: thaiPayload(), charter });
  assert.equal((await receive(copy))[0]?.state, 'held');
  assert.deepEqual(await koreaSees(), before);
  await nextGoodIsDelivered('a charter ahead');
});

test('an envelope that denies the one before is set aside as evidence, and the chain goes on behind it', async () => {
  const before = await koreaSees();
  const copy = forger.next(thaiPayload(), { prev: systemRandom(32) });
  assert.equal((await receive(copy))[0]?.state, 'refused');
  const seen = await koreaSees();
  assert.equal(seen.alarms.get('quarantine/chain_broken'), (before.alarms.get('quarantine/chain_broken') ?? 0) + 1);
  assert.equal(seen.items, before.items);
  await nextGoodIsDelivered('a broken chain');
});

test('one id for two envelopes is refused and kept as evidence', async () => {
  const id = systemRandom(16);
  assert.equal((await receive(forger.next(thaiPayload(), { id })))[0]?.state, 'durable');
  await isSetAside('a second envelope under one id', forger.next(thaiPayload(), { id }), ['id_reused']);
});

test('a report under the id of a Philippine one never takes its place', async () => {
  const manila = coalition.card('PH');
  const id = await file(manila, 'desk-officer', goodDraft(['KR'], { title: 'What Manila said' }));
  await delivered(manila, 'desk-officer', id);
  for (const version of [1, 2]) {
    const report = { ...thaiReport({ title: 'What Bangkok made of it' }), id, version };
    await isSetAside(`version ${version} of a Philippine report`, forger.next(goodPayload(report)), ['id_reused']);
  }
  const read = (await asOfficer(kr, 'desk-officer', { path: `/api/reports/${id}` })).json as {
    title: string;
    says: string;
  };
  assert.deepEqual([read.title, read.says], ['What Manila said', 'PH']);
});

test('a report under the id of a Korean one never takes its place', async () => {
  const id = await file(kr, 'desk-officer', goodDraft(['TH'], { title: 'What Seoul said' }));
  for (const version of [1, 2]) {
    const report = { ...thaiReport({ title: 'What Bangkok made of it' }), id, version };
    await isSetAside(`version ${version} of a Korean report`, forger.next(goodPayload(report)), ['id_reused']);
  }
  const read = (await asOfficer(kr, 'desk-officer', { path: `/api/reports/${id}` })).json as {
    title: string;
    own: boolean;
  };
  assert.deepEqual([read.title, read.own], ['What Seoul said', true]);
});

function forPosts(code: string, count: number) {
  const posts = Array.from(
    { length: count },
    (_, i) => `${'Invented post of a contact point with a long name'} ${i + 1_000}`,
  ).sort();
  return { conditions: [{ code, param: { posts, within_ms: 60_000 } }], handling: ['H1'], pap: 'PAP:AMBER' };
}

function manyConditions() {
  const param = Array.from({ length: 256 }, (_, i) => `${'n'.repeat(60)}${i + 1_000}`);
  return Array.from({ length: 32 }, (_, i) => ({ code: `zz-later-${i + 10}`, param }));
}

/** Allowed by the protocol, written by a newer version or by a strange hand: kept whole, and no screen breaks. */
const odd: [string, object][] = [
  ['a grade of a scheme to come', { grade: { information: '9', scheme: '7x7', source: 'Q' } }],
  [
    'terms of sixteen thousand characters',
    { marking: { conditions: [], handling: ['H3'], pap: 'PAP:AMBER', terms: '한'.repeat(16_000) } },
  ],
  ['a condition for many posts', { marking: forPosts('acknowledge', 256) }],
  ['conditions to come in masses', { marking: { ...forPosts('zz-later', 256), conditions: manyConditions() } }],
  ['a condition to come', { marking: { conditions: [{ code: 'zz-later' }], handling: ['H1'], pap: 'PAP:AMBER' } }],
  ['a purpose to come', { purpose: 'zz-later' }],
  ['a language to come', { lang: 'zzz' }],
  ['a release in the year nought', { releasedAt: '0000-01-01T00:00:00Z' }],
  ['a release in the year 9999', { releasedAt: '9999-12-31T23:59:59Z' }],
  ['script in its title', { title: '<script>alert(1)</script><svg onload=alert(2)>' }],
  ['a version beyond counting', { version: Number.MAX_SAFE_INTEGER }],
  ['a version beyond a column', { version: 2 ** 31 }],
  [
    'statements of a schema to come',
    (() => {
      const report = thaiReport();
      return {
        statements: report.statements.map((one) => ({ ...one, schema: 'Zeppelin', property: 'zz', unparsed: true })),
      };
    })(),
  ],
  [
    'statements observed in the year nought',
    { statements: thaiReport().statements.map((one) => ({ ...one, observedFrom: '0000', observedTo: '9999-12' })) },
  ],
];

for (const [what, changes] of odd)
  test(`a report with ${what} breaks no Korean screen: it is read, or set aside with the next one read`, async () => {
    const report = thaiReport();
    const [ack] = await receive(forger.next(bentPayload(report, changes)));
    await koreaSees();
    if (ack?.state === 'durable') {
      const read = await asOfficer(kr, 'desk-officer', { path: `/api/reports/${report.id}` });
      assert.equal(read.status, 200, read.body.toString());
    } else assert.equal(ack?.state, 'refused');
    await nextGoodIsDelivered(what);
  });

test('an item that Korea’s own store cannot keep is set aside as our own failure and delays nobody', async () => {
  await krDatabase.rows(`CREATE FUNCTION refuse_item() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.purpose = 'zz-not-kept' THEN RAISE numeric_value_out_of_range; END IF; RETURN NEW; END $$`);
  await krDatabase.rows('CREATE TRIGGER refuse_item BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION refuse_item()');
  const before = await koreaSees();
  const unkept = () => forger.next(bentPayload(thaiReport(), { purpose: 'zz-not-kept' }));
  const [first, bad, second] = [forger.next(thaiPayload()), unkept(), forger.next(thaiPayload())];
  const acks = await receive(first, bad, second);
  assert.deepEqual(
    acks.map(({ state }) => state),
    ['durable', 'refused', 'durable'],
  );
  const [missing, heldBad, heldGood] = [forger.next(thaiPayload()), unkept(), forger.next(thaiPayload())];
  assert.deepEqual(
    (await receive(heldBad, heldGood)).map(({ state }) => state),
    ['held', 'held'],
  );
  assert.deepEqual(
    (await receive(missing)).map(({ state }) => state),
    ['durable'],
  );
  const seen = await koreaSees();
  assert.equal(seen.items, before.items + 4);
  assert.equal(seen.aside, before.aside + 2);
  assert.equal(seen.alarms.get('quarantine/inner_failure'), 2);
  await nextGoodIsDelivered('an item that could not be kept');
  await krDatabase.rows('DROP TRIGGER refuse_item ON item');
});

test('a Thai bureau that alters its copies on the link sees each one refused, and its next report delivered', async () => {
  const thailand = coalition.card('TH');
  const pull = thDoor.nextCopies.bind(thDoor);
  thDoor.nextCopies = async (...asked) =>
    (await pull(...asked)).map((copy) => ({ ...copy, bytes: withFlip(copy.bytes, copy.bytes.length >> 1) }));
  const spoilt = await file(thailand, 'desk-officer', goodDraft(['KR'], { title: 'Spoilt on the way' }));
  await until('Bangkok sees the refusal', 10_000, async () => {
    const { recipients } = (await asOfficer(thailand, 'desk-officer', { path: `/api/reports/${spoilt}/delivery` }))
      .json as {
      recipients: { state: string; reason: string | null }[];
    };
    return recipients.every(({ state, reason }) => state === 'refused' && reason === 'signature_invalid');
  });
  thDoor.nextCopies = pull;
  const good = await file(thailand, 'desk-officer', goodDraft(['KR'], { title: 'Whole on the way' }));
  await delivered(thailand, 'desk-officer', good);
  assert.equal((await asOfficer(kr, 'desk-officer', { path: `/api/reports/${good}` })).status, 200);
  assert.equal((await asOfficer(kr, 'desk-officer', { path: `/api/reports/${spoilt}` })).status, 404);
});

test('every receipt Korea gave holds, and says no more than the closed list', () => {
  const told = new Set(['unreadable', ...REFUSALS.map(receiptCodeOf).filter((code) => code !== null)]);
  const codes = new Set<string>();
  for (const bytes of receiptsToThailand) {
    const decoded = decodeReceipt(bytes);
    assert.ok(decoded.ok);
    assert.ok(verifyReceipt(decoded.signed, krKeys.identity.publicBytes).ok);
    for (const { code } of decoded.signed.receipt.exceptions) codes.add(code);
  }
  for (const code of codes) assert.ok(told.has(code as 'expired'), code);
  assert.ok(codes.has('unreadable') && codes.has('schema_invalid') && codes.has('expired'));
});

test('receipts for envelopes that Thailand’s own bureau never sent alarm it, and turn no tick', async () => {
  const { items } = (await asOfficer(coalition.card('TH'), 'duty-lead', { path: '/api/alarms' })).json as {
    items: { kind: string; code: string; nation: string }[];
  };
  assert.ok(items.some(({ kind, code, nation }) => kind === 'fork' && code === 'receipt_mismatch' && nation === 'KR'));
});

test('an officer takes note of an alarm once; officers without that duty see none', async () => {
  const { items } = (await asOfficer(kr, 'desk-officer', { path: '/api/alarms' })).json as { items: { id: string }[] };
  const note = { method: 'POST', path: `/api/alarms/${items[0]?.id}/acknowledge` };
  assert.equal((await asOfficer(kr, 'analyst', { path: '/api/alarms' })).status, 403);
  assert.equal((await asOfficer(kr, 'analyst', note)).status, 404);
  assert.equal((await asOfficer(kr, 'duty-lead', note)).status, 204);
  assert.equal((await asOfficer(kr, 'administrator', note)).status, 404);
});

test('no flipped bit of a copy gets past the Korean door', async () => {
  const { bytes } = forger.forge({ payload: thaiPayload() });
  const fields = fieldsOf(bytes);
  const before = await koreaSees();
  const flips = fc.sample(
    fc
      .constantFrom(...fields)
      .chain(({ from, size }) => fc.tuple(fc.nat(size - 1), fc.nat(7)).map(([at, bit]) => [from + at, bit] as const)),
    { numRuns: FLIPS, seed: 20_261_123 },
  );
  for (const [at, bit] of flips) {
    const [ack] = await receive({ lane: forger.lane, seq: 1n, bytes: withFlip(bytes, at, 1 << bit) });
    assert.equal(ack?.state, 'refused', `bit ${bit} of byte ${at} in ${nameAt(fields, at)}`);
    assert.ok((REFUSALS as readonly string[]).includes(ack?.state === 'refused' ? ack.code : ''));
  }
  const seen = await koreaSees();
  assert.equal(seen.aside, before.aside + flips.length);
  assert.equal(seen.items, before.items);
  assert.equal(seen.listed, before.listed);
  await nextGoodIsDelivered(`${flips.length} flipped bits`);
  await until('so many bad signatures end the link', 5_000, async () => {
    const { members } = (await asOfficer(kr, 'desk-officer', { path: '/api/coalition' })).json as {
      members: { nation: string; link: string }[];
    };
    return members.some(({ nation, link }) => nation === 'TH' && link === 'down');
  });
});
