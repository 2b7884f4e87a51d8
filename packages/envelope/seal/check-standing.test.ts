import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Core, checkSigner, checkStanding, type StandingState } from './index.ts';
import { REFUSALS, receiptCodeOf } from './refusal.ts';

const DAY_SEC = 86_400;
const nowSec = 1_800_000_000;
const hash = (fill: number) => new Uint8Array(32).fill(fill);

const core = (change: Partial<Core> = {}): Core => ({
  suite: 1,
  id: hash(1).subarray(16),
  signerKid: hash(2).subarray(16),
  charter: { version: 3, hash: hash(3) },
  timeSec: nowSec - 60,
  expirySec: nowSec + DAY_SEC,
  commitment: hash(9),
  ...change,
});

const state = (change: Partial<StandingState> = {}): StandingState => ({
  charters: [
    { version: 1, hash: hash(1), replacedAtSec: nowSec - 31 * DAY_SEC },
    { version: 2, hash: hash(2), replacedAtSec: nowSec - 29 * DAY_SEC },
    { version: 3, hash: hash(3) },
  ],
  senderStatus: 'active',
  nowSec,
  ...change,
});

const verdict = (coreChange: Partial<Core> = {}, stateChange: Partial<StandingState> = {}): string => {
  const result = checkStanding(core(coreChange), state(stateChange));
  return result.ok ? (result.hold ?? 'ok') : result.why;
};

test('the current charter is taken, one replaced less than 30 days ago too, an older one is stale', () => {
  assert.equal(verdict(), 'ok');
  assert.equal(verdict({ charter: { version: 2, hash: hash(2) } }), 'ok');
  assert.equal(verdict({ charter: { version: 1, hash: hash(1) } }), 'charter_stale');
  assert.equal(
    verdict({ charter: { version: 2, hash: hash(2) } }, { charters: [{ version: 3, hash: hash(3) }] }),
    'charter_stale',
  );
});

test('a newer charter is waited for; one version with two hashes is a conflict', () => {
  assert.equal(verdict({ charter: { version: 4, hash: hash(4) } }), 'charter_ahead');
  assert.equal(verdict({ charter: { version: 3, hash: hash(4) } }), 'charter_conflict');
  assert.equal(verdict({ charter: { version: 1, hash: hash(4) } }), 'charter_conflict');
});

test('a suspended or removed nation is heard only with proof from before', () => {
  for (const senderStatus of ['suspended', 'removed', 'observer'] as const) {
    assert.equal(verdict({}, { senderStatus }), 'signer_not_active');
    assert.equal(verdict({ charter: { version: 2, hash: hash(2) } }, { senderStatus }), 'charter_stale');
    assert.equal(
      verdict({ charter: { version: 2, hash: hash(2) } }, { senderStatus, witnessedBeforeChange: true }),
      'ok',
    );
  }
});

test('a revoked key still stands for what was witnessed before the revocation', () => {
  assert.equal(verdict({}, { revokedFromIndex: 10 }), 'key_revoked');
  assert.equal(verdict({}, { revokedFromIndex: 10, witnessedIndex: 10 }), 'key_revoked');
  assert.equal(verdict({}, { revokedFromIndex: 10, witnessedIndex: 9 }), 'ok');
});

test('an expired envelope is refused, after everything that says more about its sender', () => {
  assert.equal(verdict({ expirySec: nowSec }), 'ok');
  assert.equal(verdict({ expirySec: nowSec - 1 }), 'expired');
  assert.equal(verdict({ expirySec: nowSec - 1 }, { revokedFromIndex: 0 }), 'key_revoked');
});

test('a key speaks only in its days of use', () => {
  const entry = {
    memberId: hash(5).subarray(16),
    publicBytes: hash(6),
    notBeforeSec: nowSec - DAY_SEC,
    useUntilSec: nowSec,
  };
  const why = (timeSec: number) => {
    const result = checkSigner(core({ timeSec }), entry);
    return result.ok ? 'ok' : result.why;
  };
  assert.equal(why(nowSec - 60), 'ok');
  assert.equal(why(nowSec + 60), 'signer_unknown');
  assert.equal(why(nowSec - DAY_SEC - 60), 'signer_unknown');
  assert.deepEqual(checkSigner(core(), undefined), { ok: false, why: 'signer_unknown' });
});

test('a receipt tells nothing up to the signature, and one word for all that opening could reveal', () => {
  const told = Object.fromEntries(REFUSALS.map((why) => [why, receiptCodeOf(why)]));
  assert.equal(told.signature_invalid, null);
  assert.equal(told.malformed, null);
  assert.equal(told.inner_failure, null);
  assert.equal(told.charter_conflict, 'charter_conflict');
  assert.equal(told.id_reused, 'id_reused');
  for (const why of ['unwrap_failed', 'chain_broken', 'body_invalid', 'commitment_mismatch', 'audience_mismatch'])
    assert.equal(told[why], 'unreadable');
  assert.equal(told.type_unknown, 'type_unknown');
});
