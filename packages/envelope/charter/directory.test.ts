import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CborValue, decode, encode, toHex } from '../cbor/index.ts';
import {
  kemKeyFromSeed,
  keyId,
  logKeyFromSeed,
  type SigningKey,
  signingKeyFromSeed,
  witnessKeyFromSeed,
} from '../suite/index.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import {
  type DirectoryEntry,
  type DirectoryTrust,
  signDirectoryEntry,
  signRevocation,
  verifyDirectoryEntry,
  verifyRevocation,
} from './index.ts';

const random = seededRandom('directory');
const memberId = random(16);
const custodians = [0, 1, 2].map(() => signingKeyFromSeed(random(64))) as [SigningKey, SigningKey, SigningKey];
const identity = signingKeyFromSeed(random(64));
const stranger = signingKeyFromSeed(random(64));
const trust: DirectoryTrust = {
  custodians: custodians.map(({ publicBytes }) => publicBytes),
  identities: [identity.publicBytes],
};
const trustOf = (id: Uint8Array): DirectoryTrust =>
  toHex(id) === toHex(memberId) ? trust : { custodians: [], identities: [] };

const entryOf = (change: Partial<DirectoryEntry>): DirectoryEntry => ({
  memberId,
  class: 'kem',
  publicBytes: kemKeyFromSeed(random(32)).publicBytes,
  notBefore: 100,
  useUntil: 200,
  destroyAfter: 300,
  ...change,
});
const identityEntry = entryOf({ class: 'sig', publicBytes: identity.publicBytes });

const verdict = (signed: Uint8Array): string => {
  const result = verifyDirectoryEntry(signed, trustOf);
  return result.ok ? 'ok' : result.why;
};

test('two custodians vouch for the identity key, the identity key for all others', () => {
  assert.equal(verdict(signDirectoryEntry(identityEntry, custodians.slice(1))), 'ok');
  assert.equal(verdict(signDirectoryEntry(identityEntry, custodians.slice(2))), 'signatures_missing');
  assert.equal(verdict(signDirectoryEntry(identityEntry, [custodians[0], custodians[0]])), 'signatures_missing');
  assert.equal(verdict(signDirectoryEntry(identityEntry, [identity])), 'signatures_missing');
  for (const entry of [
    entryOf({}),
    entryOf({ class: 'log', publicBytes: logKeyFromSeed(random(32)).publicBytes }),
    entryOf({ class: 'witness', publicBytes: witnessKeyFromSeed(random(64)).publicBytes }),
    entryOf({ class: 'link', publicBytes: random(91) }),
  ]) {
    assert.equal(verdict(signDirectoryEntry(entry, [identity])), 'ok', entry.class);
    assert.equal(verdict(signDirectoryEntry(entry, custodians)), 'signatures_missing', entry.class);
    assert.equal(verdict(signDirectoryEntry(entry, [stranger])), 'signatures_missing', entry.class);
  }
});

test('an entry gives back what was signed, its key id and its log leaf', () => {
  const entry = entryOf({});
  const result = verifyDirectoryEntry(signDirectoryEntry(entry, [identity]), trustOf);
  assert.ok(result.ok);
  assert.deepEqual(result.entry, entry);
  assert.deepEqual(result.kid, keyId('kem', entry.publicBytes));
  assert.equal(result.leaf.length, 32);
});

test('nobody vouches for another nation’s keys', () => {
  assert.equal(verdict(signDirectoryEntry(entryOf({ memberId: random(16) }), [identity])), 'signatures_missing');
});

test('any changed byte of an entry is refused', () => {
  const signed = signDirectoryEntry(entryOf({}), [identity]);
  for (let at = 0; at < signed.length; at += 7) {
    const changed = signed.slice();
    changed[at] = (changed[at] as number) ^ 1;
    assert.notEqual(verdict(changed), 'ok', `byte ${at}`);
  }
});

test('an entry that cannot be is neither signed nor read', () => {
  const wrong: Partial<DirectoryEntry>[] = [
    { notBefore: 201 },
    { destroyAfter: 199 },
    { publicBytes: random(100) },
    { publicBytes: new Uint8Array(1216).fill(0xff) },
    { publicBytes: entryOf({}).publicBytes.slice().fill(0, 1184) },
    { class: 'link', publicBytes: random(0) },
    { class: 'other' as 'link' },
    { memberId: random(15) },
  ];
  for (const change of wrong) assert.throws(() => signDirectoryEntry(entryOf(change), [identity]));
  assert.equal(verdict(random(100)), 'malformed');
  const [map, signatures] = decode(signDirectoryEntry(entryOf({}), [identity])) as [Map<number, never>, never];
  assert.equal(
    verdict(encode([new Map([...map, [4, random(16) as never]]), signatures])),
    'malformed',
    'another key id',
  );
  assert.equal(verdict(encode([new Map([...map, [9, 1 as never]]), signatures])), 'malformed', 'an unknown key');
});

test('a key is revoked from a log index on, by whom it was vouched for', () => {
  const revocation = { memberId, class: 'kem' as const, kid: random(16), logIndex: 77 };
  const why = (signed: Uint8Array) => {
    const result = verifyRevocation(signed, trustOf);
    return result.ok ? 'ok' : result.why;
  };
  const result = verifyRevocation(signRevocation(revocation, [identity]), trustOf);
  assert.ok(result.ok);
  assert.deepEqual(result.revocation, revocation);
  const ofIdentity = { ...revocation, class: 'sig' as const, kid: identity.kid };
  assert.equal(why(signRevocation(ofIdentity, custodians.slice(0, 2))), 'ok');
  assert.equal(
    why(signRevocation(ofIdentity, [identity])),
    'signatures_missing',
    'a stolen key cannot speak for itself',
  );
  assert.equal(why(signRevocation(revocation, [stranger])), 'signatures_missing');
  const forged = signRevocation(revocation, [identity]);
  forged[20] = (forged[20] as number) ^ 1;
  assert.notEqual(why(forged), 'ok');
});

test('an entry or revocation with any field missing or of another shape is malformed', () => {
  const isMalformed = (kind: 'entry' | 'revocation', parts: CborValue): boolean => {
    const verify = kind === 'entry' ? verifyDirectoryEntry : verifyRevocation;
    const result = verify(encode(parts), trustOf);
    return !result.ok && result.why === 'malformed';
  };
  const revocation = { memberId, class: 'kem' as const, kid: random(16), logIndex: 1 };
  for (const [kind, signed] of [
    ['entry', signDirectoryEntry(entryOf({}), [identity])],
    ['revocation', signRevocation(revocation, [identity])],
  ] as const) {
    const [map, signatures] = decode(signed) as [Map<number, CborValue>, CborValue[][]];
    for (const [key, value] of map) {
      const without = new Map([...map].filter(([other]) => other !== key));
      assert.ok(isMalformed(kind, [without, signatures]), `${kind} without ${key}`);
      const odd = value instanceof Uint8Array ? [value.subarray(1), new Uint8Array(value.length + 1)] : [-1];
      for (const wrong of ['text', true, [], new Map(), ...odd])
        assert.ok(isMalformed(kind, [new Map([...map, [key, wrong]]), signatures]), `${kind} field ${key}`);
    }
    assert.ok(isMalformed(kind, [new Map([...map, [1, 2]]), signatures]), `${kind} of another version`);
    assert.ok(isMalformed(kind, [new Map([...map, [9, 0]]), signatures]), `${kind} with an unknown field`);
    const [one] = signatures as [CborValue[]];
    const wrongSignatures = [
      one.slice(1),
      [...one, 0],
      ...one.map((part, i) => one.with(i, (part as Uint8Array).subarray(1))),
    ];
    for (const wrong of wrongSignatures) assert.ok(isMalformed(kind, [map, [wrong]]));
    assert.ok(!isMalformed(kind, [map, Array.from({ length: 8 }, () => one)]));
    assert.ok(isMalformed(kind, [map, Array.from({ length: 9 }, () => one)]));
    assert.ok(isMalformed(kind, [map, signatures, 0]) && isMalformed(kind, [map]) && isMalformed(kind, map));
  }
});

test('an entry is no revocation and a revocation no entry', () => {
  const revocation = signRevocation({ memberId, class: 'kem', kid: random(16), logIndex: 1 }, [identity]);
  assert.equal(verdict(revocation), 'malformed');
  const result = verifyRevocation(signDirectoryEntry(entryOf({}), [identity]), trustOf);
  assert.ok(!result.ok && result.why === 'malformed');
});
