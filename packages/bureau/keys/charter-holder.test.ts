import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { toHex } from '@tripoint/envelope/cbor';
import {
  type Charter,
  charterBytes,
  decodeSignedCharter,
  encodeSignedCharter,
  parseCharter,
  signCharter,
} from '@tripoint/envelope/charter';
import { sql } from 'kysely';
import { openKeys } from './index.ts';
import { type Coalition, coalition, DAY_MS, random, startSec } from './tests/coalition.ts';

let founders: Coalition;
before(async () => {
  founders = await coalition();
});
after(() => founders.close());

test('a charter warns for its last 30 days, then seals only control and urgent items for 30, then nothing', async () => {
  const { keys, clock } = await founders.bureau('KR');
  const startMs = clock.at;
  const at = (days: number) => {
    clock.at = startMs + days * DAY_MS;
    const lanes = ([0, 1, 2, 3] as const).filter((lane) => keys.charter.maySeal(lane));
    return [keys.charter.standing(), lanes.join('')];
  };
  assert.deepEqual(at(0), ['in-force', '0123']);
  assert.deepEqual(at(59), ['in-force', '0123']);
  assert.deepEqual(at(60), ['warning', '0123']);
  assert.deepEqual(at(90), ['grace', '01']);
  assert.deepEqual(at(119), ['grace', '01']);
  assert.deepEqual(at(120), ['ended', '']);
});

test('a bureau starts with an expired charter, but adopts none', async () => {
  const korea = await founders.bureau('KR');
  const thailand = await founders.bureau('TH', false);
  korea.clock.at += 100 * DAY_MS;
  thailand.clock.at += 100 * DAY_MS;
  const again = await korea.again();
  assert.equal(again.charter.standing(), 'grace');
  assert.equal(await again.adoptFounding(founders.held.founding), null);
  assert.equal(await thailand.keys.adoptFounding(founders.held.founding), 'expired');
});

test('a charter changed in the database stops the start', async () => {
  const korea = await founders.bureau('KR');
  const signed = decodeSignedCharter(founders.held.founding.signedCharter);
  assert.ok(signed !== null);
  const changed = Uint8Array.from(signed.bytes);
  changed[changed.indexOf(0x37)] = 0x38; // a digit: still JSON, no longer what was signed
  const forged = encodeSignedCharter(changed, signed.signatures);
  await korea.store.transact((tx) => sql`UPDATE charter SET signed = ${forged}`.execute(tx.db));
  await assert.rejects(korea.again(), /does not verify/);
});

test('members are found by id and by nation, strangers are not', async () => {
  const { keys } = await founders.bureau('LA');
  const lao = keys.charter.memberOf('LA');
  assert.deepEqual(lao?.memberId, keys.keyring.memberId);
  assert.deepEqual(lao?.addresses, ['la.example:7443']);
  assert.equal(lao?.custodians.length, 3);
  assert.equal(keys.charter.member(random(16)), null);
  assert.equal(keys.charter.memberOf('US'), null);
  assert.deepEqual(keys.charter.known(), [{ version: 1, hash: founders.held.charterHash }]);
});

/** A bureau of the same nations under another version 1, altered as wished and signed by the same custodians. */
async function bureauUnder(alter: (charter: Charter) => Charter) {
  const { store, clock } = await founders.bureau('KR', false);
  const signed = decodeSignedCharter(founders.held.founding.signedCharter);
  const parsed = parseCharter(signed?.bytes ?? new Uint8Array(0));
  assert.ok(parsed.ok);
  const bytes = charterBytes(alter(parsed.charter));
  const custodians = await Promise.all(['KR', 'TH', 'LA'].map((nation) => founders.custodiansOf(nation)));
  const signedCharter = encodeSignedCharter(
    bytes,
    custodians.flatMap((keys) => keys.slice(1).map((key) => signCharter(bytes, key))),
  );
  const { keyring } = founders.founded('KR');
  const keys = await openKeys({ keyring, transact: store.transact, clock, random, appendLeaves: async () => {} });
  assert.equal(await keys.adoptFounding({ ...founders.held.founding, signedCharter }), null);
  return { keys, clock };
}

test('a suspended nation is sent nothing until its suspension ends by itself', async () => {
  const suspendedUntil = startSec + 3 * 86_400;
  const { keys, clock } = await bureauUnder((charter) => ({
    ...charter,
    members: charter.members.map((member) =>
      member.nation === 'TH' ? { ...member, status: 'suspended', suspendedUntil } : member,
    ),
  }));
  const nations = () =>
    keys.charter
      .activeRecipients()
      .map(({ nation }) => nation)
      .sort();
  assert.equal(keys.charter.memberOf('TH')?.status, 'suspended');
  assert.equal(keys.directory.signer(founders.founded('TH').keyring.identity.kid)?.status, 'suspended');
  assert.deepEqual(nations(), ['KR', 'LA']);
  clock.at += 3 * DAY_MS + 1_000;
  assert.equal(keys.charter.memberOf('TH')?.status, 'active');
  assert.deepEqual(nations(), ['KR', 'LA', 'TH']);
});

test('a revoked key is named with the index it ends at, and vouches for, receives and links no more', async () => {
  const { keyring: thai } = founders.founded('TH');
  const link = (await bureauUnder((charter) => charter)).keys.directory
    .entriesOf(thai.memberId)
    .find((entry) => entry.class === 'link');
  assert.ok(link !== undefined);
  const { keys } = await bureauUnder((charter) => ({
    ...charter,
    revocations: [thai.identity.kid, link.kid].map((kid) => ({ kid: toHex(kid), logIndex: 41 })),
  }));
  assert.equal(keys.directory.signer(thai.identity.kid)?.revokedFrom, 41);
  assert.equal(keys.directory.fingerprint(thai.memberId), null);
  assert.deepEqual(keys.directory.linkPins(thai.memberId), []);
  assert.deepEqual(keys.directory.logKeys(thai.memberId), [], 'nobody vouches for it');
});
