import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeSignedCharter, encodeSignedCharter } from '@tripoint/envelope/charter';
import { sql } from 'kysely';
import { type Coalition, coalition, DAY_MS, random } from './tests/coalition.ts';

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
