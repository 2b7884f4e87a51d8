import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encode } from '@tripoint/envelope/cbor';
import { type DirectoryEntry, signDirectoryEntry } from '@tripoint/envelope/charter';
import { kemKeyFromSeed, type SigningKey, sha256, signingKeyFromSeed } from '@tripoint/envelope/suite';
import { sql } from 'kysely';
import { ENTRIES_PER_MEMBER_MAX } from './directory.ts';
import { yearEntry } from './publish.ts';
import {
  type Bureau,
  type Coalition,
  coalition,
  DAY_MS,
  DAY_SEC,
  daySec,
  random,
  startSec,
} from './tests/coalition.ts';

let founders: Coalition;
let korea: Bureau;
let thai: { memberId: Uint8Array; identity: SigningKey; custodians: SigningKey[] };

before(async () => {
  founders = await coalition();
  korea = await founders.bureau('KR');
  const { memberId, keyring } = founders.founded('TH');
  thai = { memberId, identity: keyring.identity, custodians: await founders.custodiansOf('TH') };
});
after(() => founders.close());

/** A Thai KEM key of today, altered as wished. */
const kem = (change: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  memberId: thai.memberId,
  class: 'kem',
  publicBytes: kemKeyFromSeed(random(32)).publicBytes,
  notBefore: daySec,
  useUntil: daySec + DAY_SEC,
  destroyAfter: daySec + 15 * DAY_SEC,
  ...change,
});
const identityEntry = (key: SigningKey): DirectoryEntry => yearEntry(thai.memberId, 'sig', key.publicBytes, startSec);
const newIdentity = (): SigningKey => signingKeyFromSeed(random(64));

const outcome = async (...signed: Uint8Array[]) => {
  const { accepted, refused } = await korea.keys.acceptEntries(thai.memberId, signed);
  return [accepted.length, ...refused];
};

test('a key its nation’s identity signed is taken once', async () => {
  const signed = signDirectoryEntry(kem(), [thai.identity]);
  assert.deepEqual(await outcome(signed), [1]);
  assert.deepEqual(await outcome(signed), [0]);
  const again = await korea.again();
  assert.ok(again.directory.kemFor(thai.memberId, startSec) !== null);
});

test('a key signed by anybody else is refused', async () => {
  const { keyring: lao } = founders.founded('LA');
  assert.deepEqual(await outcome(signDirectoryEntry(kem(), [lao.identity])), [0, 'signatures_missing']);
  assert.deepEqual(await outcome(signDirectoryEntry(kem(), [newIdentity()])), [0, 'signatures_missing']);
  assert.deepEqual(await outcome(signDirectoryEntry(kem(), thai.custodians)), [0, 'signatures_missing']);
  assert.deepEqual(await outcome(signDirectoryEntry(kem(), [])), [0, 'signatures_missing']);
});

test('a signed key of which any byte was changed is refused', async () => {
  const signed = signDirectoryEntry(kem(), [thai.identity]);
  for (let at = 0; at < signed.length; at += 97) {
    const changed = Uint8Array.from(signed);
    changed[at] = (changed[at] as number) ^ 1;
    const [accepted] = await outcome(changed);
    assert.equal(accepted, 0, `byte ${at}`);
  }
});

test('a nation may speak only for its own keys, and only while it is a member', async () => {
  const { keyring: lao } = founders.founded('LA');
  const signed = signDirectoryEntry(kem({ memberId: lao.memberId }), [lao.identity]);
  assert.deepEqual(await outcome(signed), [0, 'wrong_member']);
  const stranger = random(16);
  const foreign = signDirectoryEntry(kem({ memberId: stranger }), [thai.identity]);
  assert.deepEqual((await korea.keys.acceptEntries(stranger, [foreign])).refused, ['not_a_member']);
});

test('an expired key, one too far ahead and one that lives too long are refused', async () => {
  const why = (change: Partial<DirectoryEntry>) => outcome(signDirectoryEntry(kem(change), [thai.identity]));
  const ended = { notBefore: daySec - DAY_SEC, useUntil: startSec };
  assert.deepEqual(await why(ended), [0, 'expired']);
  const from = daySec + 4 * DAY_SEC;
  const far = { notBefore: from, useUntil: from + DAY_SEC, destroyAfter: from + 15 * DAY_SEC };
  assert.deepEqual(await why(far), [0, 'too_far_ahead']);
  assert.deepEqual(await why({ useUntil: daySec + 2 * DAY_SEC }), [0, 'life_too_long']);
  assert.deepEqual(await why({ destroyAfter: daySec + 17 * DAY_SEC }), [0, 'life_too_long']);
});

test('a new identity needs two of the nation’s custodians, and then vouches for what stands beside it', async () => {
  const next = newIdentity();
  const entry = identityEntry(next);
  const [first, second, third] = thai.custodians as [SigningKey, SigningKey, SigningKey];
  const beside = signDirectoryEntry(kem(), [next]);
  const missing = 'signatures_missing';
  assert.deepEqual(await outcome(beside, signDirectoryEntry(entry, [first])), [0, missing, missing]);
  assert.deepEqual(await outcome(signDirectoryEntry(entry, [thai.identity, first])), [0, missing]);
  assert.deepEqual(await outcome(signDirectoryEntry(entry, [first, first])), [0, missing]);
  assert.equal(korea.keys.directory.signer(next.kid), null);
  assert.deepEqual(await outcome(beside, signDirectoryEntry(entry, [second, third])), [2]);
  assert.equal(korea.keys.directory.signer(next.kid)?.nation, 'TH');
  assert.equal((await korea.again()).directory.signer(next.kid)?.nation, 'TH');
});

test('an identity whose year is over vouches for nothing new', async () => {
  const laos = await founders.bureau('LA');
  laos.clock.at += 366 * DAY_MS;
  const from = daySec + 366 * DAY_SEC;
  const late = kem({ notBefore: from, useUntil: from + DAY_SEC, destroyAfter: from + 15 * DAY_SEC });
  const { accepted, refused } = await laos.keys.acceptEntries(thai.memberId, [
    signDirectoryEntry(late, [thai.identity]),
  ]);
  assert.deepEqual([accepted.length, ...refused], [0, 'signatures_missing']);
  assert.equal(laos.keys.directory.kemFor(thai.memberId, from), null);
  assert.equal(laos.keys.directory.fingerprint(thai.memberId), null);
});

test('what is not a directory payload is refused whole', async () => {
  const accept = (payload: Uint8Array) => korea.keys.acceptPayload(thai.memberId, payload);
  for (const payload of [random(40), encode(7), encode(['text']), encode(Array(65).fill(random(4)))]) {
    assert.deepEqual(await accept(payload), { accepted: [], refused: ['malformed'] });
  }
  assert.deepEqual((await accept(encode([random(8), random(8)]))).refused, ['malformed', 'malformed']);
});

test('the newest of several valid keys is used, and an entry of a later key does not hide today’s', async () => {
  const laos = await founders.bureau('LA');
  const today = kem();
  const from = daySec + DAY_SEC;
  const tomorrow = kem({ notBefore: from, useUntil: from + DAY_SEC, destroyAfter: from + 15 * DAY_SEC });
  await laos.keys.acceptEntries(
    thai.memberId,
    [tomorrow, today].map((entry) => signDirectoryEntry(entry, [thai.identity])),
  );
  const at = (sec: number) => laos.keys.directory.kemFor(thai.memberId, sec)?.key.publicBytes;
  assert.deepEqual(at(startSec), today.publicBytes);
  assert.deepEqual(at(from - 1), today.publicBytes);
  assert.deepEqual(at(from), tomorrow.publicBytes);
  assert.equal(at(from + DAY_SEC), undefined);
});

test('a row that somebody wrote into the table counts for nothing', async () => {
  const vietnam = await founders.bureau('LA');
  const forged = newIdentity();
  const signed = signDirectoryEntry(identityEntry(forged), [newIdentity(), newIdentity()]);
  await vietnam.store.transact((tx) =>
    sql`INSERT INTO directory_entry VALUES (${sha256(signed)}, ${thai.memberId}, 'sig', ${forged.kid},
      now() + interval '1 year', ${signed}, now())`.execute(tx.db),
  );
  assert.equal((await vietnam.again()).directory.signer(forged.kid), null);
});

test('one member cannot fill the table', async () => {
  const laos = await founders.bureau('LA');
  const many = Array.from({ length: ENTRIES_PER_MEMBER_MAX }, (_, at) =>
    signDirectoryEntry({ ...kem(), destroyAfter: daySec + DAY_SEC + at }, [thai.identity]),
  );
  const { accepted, refused } = await laos.keys.acceptEntries(thai.memberId, many);
  assert.equal(accepted.length, ENTRIES_PER_MEMBER_MAX - 4);
  assert.deepEqual(new Set(refused), new Set(['too_many']));
});

test('destroyed KEM keys leave the directory, other entries stay as evidence', async () => {
  const laos = await founders.bureau('LA');
  laos.clock.at += 20 * DAY_MS;
  await laos.keys.maintain();
  const { rows } = await laos.store.transact((tx) =>
    sql<{
      class: string;
      count: bigint;
    }>`SELECT class, count(*) FROM directory_entry GROUP BY class ORDER BY class`.execute(tx.db),
  );
  assert.deepEqual(
    rows.map((row) => [row.class, Number(row.count)]),
    [
      ['kem', 4],
      ['link', 3],
      ['log', 3],
      ['sig', 3],
      ['witness', 3],
    ],
  );
});
