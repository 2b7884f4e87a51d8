import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import {
  decodeSignedCharter,
  encodeSignedCharter,
  verifyCharter,
  verifyDirectoryEntry,
} from '@tripoint/envelope/charter';
import { sql } from 'kysely';
import type { ExchangeKeys } from '../exchange/index.ts';
import { custodianFile, holdCeremony, keysForExchange, openKeyring, readFounding } from './index.ts';
import {
  type Bureau,
  type Coalition,
  coalition,
  DAY_MS,
  daySec,
  passphrase,
  random,
  startMs,
} from './tests/coalition.ts';

let founders: Coalition;
before(async () => {
  founders = await coalition();
});
after(() => founders.close());

const logged = async ({ store }: Bureau) => {
  const { rows } = await store.transact((tx) =>
    sql<{ kind: string; entry: Uint8Array }>`SELECT kind, entry FROM log_pending`.execute(tx.db),
  );
  return rows;
};

test('a ceremony can be checked from its bytes alone', async () => {
  const founding = await readFounding(founders.founded('TH').dir);
  const signed = decodeSignedCharter(founding.signedCharter);
  assert.ok(signed !== null);
  const verdict = verifyCharter(signed.bytes, signed.signatures, startMs / 1000);
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.verified.hash, founders.held.charterHash);
  assert.deepEqual(verdict.verified.charter.members.map(({ nation }) => nation).sort(), ['KR', 'LA', 'TH']);
  for (const { memberId, signed: entries } of founding.entries) {
    const member = verdict.verified.charter.members.find(({ id }) => id === toHex(memberId));
    const custodians = member?.custodians.map((key) => Uint8Array.from(Buffer.from(key, 'base64url'))) ?? [];
    const identities: Uint8Array[] = [];
    const classes = entries.map((bytes) => {
      const entry = verifyDirectoryEntry(bytes, () => ({ custodians, identities }));
      assert.ok(entry.ok);
      if (entry.entry.class === 'sig') identities.push(entry.entry.publicBytes);
      return entry.entry.class;
    });
    assert.deepEqual(classes, ['sig', 'link', 'log', 'witness']);
  }
});

test('a ceremony leaves sealed files only their owner may read, and the bureau opens from them', async () => {
  const { dir, keyring, custodianFingerprints } = founders.founded('KR');
  for (const each of [1, 2, 3] as const) assert.equal((await stat(custodianFile(dir, each))).mode & 0o777, 0o600);
  const reopened = await openKeyring({ dir, passphrase });
  assert.deepEqual(reopened.memberId, keyring.memberId);
  assert.equal(new Set(custodianFingerprints).size, 3);
  assert.match(founders.held.bureaus[0]?.fingerprint ?? '', /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
});

test('a founded bureau knows every member, pins their links and lists its own keys for four days', async () => {
  const { keys, clock } = await founders.bureau('KR');
  for (const { nation, memberId, keyring, fingerprint } of founders.held.bureaus) {
    const member = keys.charter.memberOf(nation);
    assert.ok(member !== null && sameBytes(member.memberId, memberId));
    assert.equal(keys.charter.member(memberId)?.addresses.length, 1);
    assert.deepEqual(keys.directory.linkPins(memberId), [keyring.link.pin]);
    assert.deepEqual(keys.directory.logKeys(memberId), [keyring.logKey.publicBytes]);
    assert.deepEqual(keys.directory.witnessKeys(memberId), [keyring.witnessKey.publicBytes]);
    assert.equal(keys.directory.fingerprint(memberId), fingerprint);
    assert.equal(keys.directory.signer(keyring.identity.kid)?.nation, nation);
  }
  assert.equal(keys.charter.activeRecipients().length, 3);
  assert.equal(keys.charter.standing(), 'in-force');
  const own = keys.directory.entriesOf(keys.keyring.memberId).filter((entry) => entry.class === 'kem');
  assert.deepEqual(
    own.map(({ notBefore }) => notBefore).sort(),
    [0, 1, 2, 3].map((ahead) => daySec + ahead * 86_400),
  );
  assert.equal(keys.directory.kemFor(founders.founded('TH').memberId, clock.at / 1000), null);
});

test('what a bureau adopts and publishes stands in its log, once', async () => {
  const korea = await founders.bureau('KR');
  assert.equal(await korea.keys.adoptFounding(founders.held.founding), null);
  assert.deepEqual(await korea.keys.maintain(), { published: 0, destroyed: 0 });
  const rows = await logged(korea);
  assert.deepEqual(rows.map(({ kind }) => kind).sort(), ['charter', ...Array(8).fill('key')]);
  assert.equal(new Set(rows.map(({ entry }) => toHex(entry))).size, 9);
});

test('another coalition’s charter, or a second version 1, is not adopted', async () => {
  const { keys } = await founders.bureau('KR', false);
  const stranger = await holdCeremony({
    nations: [{ nation: 'KR', address: 'h:1', dir: join(founders.root, 'stranger'), passphrase }],
    clock: { nowMs: () => startMs },
    random,
  });
  assert.equal(await keys.adoptFounding(stranger.founding), 'pin_mismatch');
  assert.equal(await keys.adoptFounding(founders.held.founding), null);
  assert.equal(await keys.adoptFounding(stranger.founding), 'pin_mismatch');
  const signed = decodeSignedCharter(founders.held.founding.signedCharter);
  assert.ok(signed !== null);
  const fewer = encodeSignedCharter(signed.bytes, signed.signatures.slice(1));
  const { keys: empty } = await founders.bureau('TH', false);
  assert.equal(await empty.adoptFounding({ ...founders.held.founding, signedCharter: fewer }), 'quorum_missing');
  assert.throws(() => empty.charter.current(), /no charter/);
});

test('two bureaus that exchange their directories can seal to each other and open it', async () => {
  const [korea, thailand] = [await founders.bureau('KR'), await founders.bureau('TH')];
  const heard: number[] = [];
  const ours: ExchangeKeys = keysForExchange(korea.keys, (_peer, { accepted }) => heard.push(accepted.length));
  const theirs: ExchangeKeys = keysForExchange(thailand.keys);
  const [kr, th] = [korea.keys.keyring.memberId, thailand.keys.keyring.memberId];
  assert.equal(ours.kemFor(th, startMs), null);
  await ours.takeDirectory(th, theirs.directoryFor(kr) ?? new Uint8Array(0));
  await ours.takeDirectory(th, theirs.directoryFor(kr) ?? new Uint8Array(0));
  assert.deepEqual(heard, [4, 0]);
  for (const days of [0, 1, 2, 3]) {
    const key = korea.keys.directory.kemFor(th, startMs / 1000 + days * 86_400);
    const own = theirs.kemKey(key?.kid ?? new Uint8Array(16));
    assert.ok(own !== null && own !== 'destroyed');
    assert.deepEqual(own.publicBytes, key?.key.publicBytes);
    assert.equal(key?.useUntilSec, daySec + (days + 1) * 86_400);
    assert.equal(key?.destroyAfterSec, daySec + (days + 15) * 86_400);
  }
  assert.equal(ours.kemFor(th, startMs + 4 * DAY_MS), null);
  assert.equal(ours.signerEntry(theirs.signer.kid)?.useUntilSec, daySec + 365 * 86_400);
  assert.equal(ours.maySeal(2), true);
  assert.deepEqual(ours.charter().hash, founders.held.charterHash);
  assert.equal(ours.aliasFor(null, 'TH'), 0);
});

test('a link key is listed for another year a month before its end, so that peers go on pinning it', async () => {
  const [korea, thailand] = [await founders.bureau('KR'), await founders.bureau('TH')];
  const [kr, th] = [korea.keys.keyring.memberId, thailand.keys.keyring.memberId];
  const dayCome = async (day: number) => {
    korea.clock.at = startMs + day * DAY_MS;
    thailand.clock.at = startMs + day * DAY_MS;
    await thailand.keys.maintain();
    await keysForExchange(korea.keys).takeDirectory(th, thailand.keys.directoryBytes());
  };
  const pin = thailand.keys.keyring.link.pin;
  const endsSec = () =>
    Math.max(
      ...korea.keys.directory
        .entriesOf(th)
        .filter((entry) => entry.class === 'link')
        .map(({ useUntil }) => useUntil),
    );
  await dayCome(300);
  assert.equal(endsSec(), daySec + 365 * 86_400);
  await dayCome(340);
  assert.equal(endsSec(), daySec + (340 + 365) * 86_400);
  korea.clock.at = startMs + 366 * DAY_MS;
  assert.deepEqual(korea.keys.directory.linkPins(th), [pin]);
  assert.deepEqual(korea.keys.directory.linkPins(kr), []);
});
