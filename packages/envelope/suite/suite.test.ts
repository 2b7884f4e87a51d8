import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_kem768_x25519 as nobleXWing } from '@noble/post-quantum/hybrid.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import fc from 'fast-check';
import * as HPKE from 'hpke';
import { joinBytes, sameBytes, toHex, utf8 } from '../cbor/index.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import {
  cobblestoneOpen,
  cobblestoneSeal,
  cobblestoneSizeBytes,
  domainBytes,
  domainHash,
  hpkeOpen,
  hpkeSeal,
  KEM_ENC_BYTES,
  kemKeyFromSeed,
  kemPublicKey,
  keyId,
  logKeyFromSeed,
  sha256,
  signingKeyFromSeed,
  signPair,
  verifyingKey,
  verifyPair,
  verifyWithLogKey,
} from './index.ts';
import { decapsulateWith, encapsulateTo } from './kem-key.ts';

const random = seededRandom('suite');
const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
};

test('a signature pair holds only with both halves, this text, this context and this key', () => {
  const key = signingKeyFromSeed(random(64));
  const other = signingKeyFromSeed(random(64));
  const tbs = utf8('a text to be signed');
  const { ed, ml } = signPair(key, tbs, 'tripoint-env/1');
  const wrongPairs = [other.sign(tbs, 'tripoint-env/1'), key.sign(utf8('another text'), 'tripoint-env/1')];
  assert.ok(verifyPair(key.verifying, tbs, 'tripoint-env/1', ed, ml));
  assert.ok(verifyPair(key.publicBytes, tbs, 'tripoint-env/1', ed, ml));
  assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-rcpt/1', ed, ml), 'another context');
  assert.ok(!verifyPair(other.verifying, tbs, 'tripoint-env/1', ed, ml), 'another key');
  for (const wrong of wrongPairs) {
    assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-env/1', wrong.ed, ml), 'a foreign Ed25519 half');
    assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-env/1', ed, wrong.ml), 'a foreign ML-DSA half');
  }
  assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-env/1', ed.subarray(1), ml));
  for (const size of [0, 3308, 3310])
    assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-env/1', ed, new Uint8Array(size)));
  for (const size of [0, 63, 65])
    assert.ok(!verifyPair(key.verifying, tbs, 'tripoint-env/1', new Uint8Array(size), ml));
});

test('bytes of the right length that are no key verify nothing and break nothing', () => {
  const { ed, ml } = signingKeyFromSeed(random(64)).sign(utf8('text'), 'tripoint-env/1');
  for (const publicBytes of [random(1984), new Uint8Array(1984), new Uint8Array(1984).fill(0xff)])
    assert.ok(!verifyPair(publicBytes, utf8('text'), 'tripoint-env/1', ed, ml));
});

test('an independent implementation makes the same public keys of a seed and accepts our signatures', () => {
  const seed = random(64);
  const key = signingKeyFromSeed(seed);
  const lattice = ml_dsa65.keygen(seed.subarray(32));
  assert.equal(toHex(key.publicBytes), toHex(joinBytes(ed25519.getPublicKey(seed.subarray(0, 32)), lattice.publicKey)));
  const tbs = random(100);
  const context = utf8('tripoint-env/1');
  const { ed, ml } = key.sign(tbs, 'tripoint-env/1');
  assert.ok(ed25519.verify(ed, tbs, key.publicBytes.subarray(0, 32)));
  assert.ok(ml_dsa65.verify(ml, tbs, lattice.publicKey, { context }));
  assert.ok(verifyPair(key.verifying, tbs, 'tripoint-env/1', ed, ml_dsa65.sign(tbs, lattice.secretKey, { context })));
});

test('a key id names the class and the whole set of public keys', () => {
  const { publicBytes, kid } = signingKeyFromSeed(random(64));
  assert.equal(toHex(kid), toHex(sha256(utf8('tripoint-kid/1\0sig\0'), publicBytes)).slice(0, 32));
  assert.ok(!sameBytes(kid, keyId('kem', publicBytes)));
  assert.ok(!sameBytes(kid, keyId('sig', flip(publicBytes, 12_345))));
});

test('a domain hash puts its purpose and labels in front, each closed by a zero byte', () => {
  assert.equal(toHex(domainBytes('env', 'core', Uint8Array.of(7))), toHex(utf8('tripoint-env/1\0core\0\x07')));
  assert.equal(toHex(domainHash('env', 'core', Uint8Array.of(7))), toHex(sha256(utf8('tripoint-env/1\0core\0\x07'))));
});

test('X-Wing agrees with an independent implementation in both directions', () => {
  const seed = random(32);
  const ours = kemKeyFromSeed(seed);
  const theirs = nobleXWing.keygen(seed);
  assert.equal(toHex(ours.publicBytes), toHex(theirs.publicKey));
  const fromThem = nobleXWing.encapsulate(theirs.publicKey);
  assert.equal(toHex(decapsulateWith(ours, fromThem.cipherText)), toHex(fromThem.sharedSecret));
  const fromUs = encapsulateTo(kemPublicKey(ours.publicBytes), random);
  assert.equal(toHex(nobleXWing.decapsulate(fromUs.enc, theirs.secretKey)), toHex(fromUs.shared));
});

test('HPKE agrees with the reference package in both directions', async () => {
  const reference = new HPKE.CipherSuite(HPKE.KEM_MLKEM768_X25519, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM);
  const seed = random(32);
  const key = kemKeyFromSeed(seed);
  const [info, aad, plaintext] = [utf8('tripoint-env/1\0wrap\0'), utf8('aad'), random(77)];
  const theirPublic = await reference.DeserializePublicKey(key.publicBytes);
  const theirPrivate = await reference.DeserializePrivateKey(seed);
  const fromThem = await reference.Seal(theirPublic, plaintext, { info, aad });
  assert.deepEqual(hpkeOpen(key, fromThem.encapsulatedSecret, info, aad, fromThem.ciphertext), plaintext);
  const fromUs = hpkeSeal(kemPublicKey(key.publicBytes), info, aad, plaintext, random);
  assert.deepEqual(new Uint8Array(await reference.Open(theirPrivate, fromUs.enc, fromUs.ct, { info, aad })), plaintext);
});

test('a wrapped key opens only with its key, info, aad and untouched bytes', () => {
  const key = kemKeyFromSeed(random(32));
  const [info, aad, plaintext] = [utf8('info'), utf8('aad'), random(77)];
  const { enc, ct } = hpkeSeal(kemPublicKey(key.publicBytes), info, aad, plaintext, random);
  assert.deepEqual(hpkeOpen(key, enc, info, aad, ct), plaintext);
  assert.equal(hpkeOpen(kemKeyFromSeed(random(32)), enc, info, aad, ct), null);
  assert.equal(hpkeOpen(key, enc, utf8('other'), aad, ct), null);
  assert.equal(hpkeOpen(key, enc, info, utf8('other'), ct), null);
  assert.equal(hpkeOpen(key, enc.subarray(1), info, aad, ct), null);
  assert.equal(hpkeOpen(key, enc, info, aad, ct.subarray(0, 15)), null);
  for (let i = 0; i < 60; i += 1) {
    assert.equal(hpkeOpen(key, flip(enc, (i * 149) % (KEM_ENC_BYTES * 8)), info, aad, ct), null);
    assert.equal(hpkeOpen(key, enc, info, aad, flip(ct, (i * 13) % (ct.length * 8))), null);
  }
});

test('an all-zero X25519 share or key never gives a shared secret', () => {
  const key = kemKeyFromSeed(random(32));
  const { enc } = encapsulateTo(kemPublicKey(key.publicBytes), random);
  const zeroShare = enc.slice().fill(0, 1088);
  assert.throws(() => decapsulateWith(key, zeroShare));
  assert.equal(hpkeOpen(key, zeroShare, utf8(''), utf8(''), random(93)), null);
  const zeroKey = key.publicBytes.slice().fill(0, 1184);
  assert.throws(() => kemPublicKey(zeroKey), 'found when the key is taken up, not when an item waits to be sealed');
});

test('keys of a wrong length or outside the lattice modulus are refused', () => {
  assert.throws(() => signingKeyFromSeed(random(63)), RangeError);
  assert.throws(() => kemKeyFromSeed(random(31)), RangeError);
  assert.throws(() => logKeyFromSeed(random(33)), RangeError);
  assert.throws(() => verifyingKey(random(1983)), RangeError);
  assert.throws(() => kemPublicKey(random(1215)), RangeError);
  assert.throws(() => kemPublicKey(new Uint8Array(1216).fill(0xff)));
});

test('a text of any length opens to itself, and its sealed size is the published one', () => {
  const lengths = fc.oneof(fc.nat(200), fc.constantFrom(16_383, 16_384, 16_385, 32_768, 40_000));
  fc.assert(
    fc.property(lengths, fc.nat(), (length, bit) => {
      const [key, context, message] = [random(32), random(32), random(length)];
      const sealed = cobblestoneSeal(key, context, message, random);
      assert.equal(sealed.length, cobblestoneSizeBytes(length));
      assert.deepEqual(cobblestoneOpen(key, context, sealed), message);
      assert.equal(cobblestoneOpen(key, context, flip(sealed, bit % (sealed.length * 8))), null);
      assert.equal(cobblestoneOpen(key, random(32), sealed), null);
      assert.equal(cobblestoneOpen(random(32), context, sealed), null);
    }),
    { numRuns: 60 },
  );
});

test('a content key has 32 bytes, whatever is to be sealed or opened with it', () => {
  assert.throws(() => cobblestoneSeal(random(16), random(32), random(10), random), RangeError);
  const sealed = cobblestoneSeal(random(32), random(32), random(10), random);
  assert.equal(cobblestoneOpen(random(16), random(32), sealed), null);
});

test('chunks swapped, repeated, dropped or added are refused', () => {
  const [key, context] = [random(32), random(32)];
  const sealed = cobblestoneSeal(key, context, random(40_000), random);
  const [head, first, second, last] = [
    sealed.subarray(0, 56),
    sealed.subarray(56, 56 + 16_400),
    sealed.subarray(56 + 16_400, 56 + 32_800),
    sealed.subarray(56 + 32_800),
  ] as const;
  assert.notEqual(cobblestoneOpen(key, context, joinBytes(head, first, second, last)), null);
  for (const wrong of [
    [second, first, last],
    [first, last],
    [first, second],
    [first, first, last],
    [first, second, last, last],
    [],
  ])
    assert.equal(cobblestoneOpen(key, context, joinBytes(head, ...wrong)), null);
});

test('a log key verifies its own texts and no others', () => {
  const key = logKeyFromSeed(random(32));
  const text = utf8('a checkpoint\n');
  assert.ok(verifyWithLogKey(key.publicBytes, text, key.sign(text)));
  assert.ok(!verifyWithLogKey(key.publicBytes, utf8('another\n'), key.sign(text)));
  assert.ok(!verifyWithLogKey(logKeyFromSeed(random(32)).publicBytes, text, key.sign(text)));
});

test('the same seeds make the same ephemeral halves: only OpenSSL draws randomness of its own', () => {
  const key = kemPublicKey(kemKeyFromSeed(new Uint8Array(32).fill(9)).publicBytes);
  const [one, two] = [encapsulateTo(key, seededRandom('same')), encapsulateTo(key, seededRandom('same'))];
  assert.equal(toHex(one.enc.subarray(1088)), toHex(two.enc.subarray(1088)));
  assert.notEqual(toHex(one.enc.subarray(0, 1088)), toHex(two.enc.subarray(0, 1088)));
});
