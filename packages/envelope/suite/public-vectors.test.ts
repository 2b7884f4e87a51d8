import assert from 'node:assert/strict';
import { createDecipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { joinBytes, sameBytes, toHex } from '../cbor/index.ts';
import { hex, hpkeVectors, publicVectorsAbsent, wycheproof } from '../vectors/public-vectors.ts';
import { cobblestoneOpen } from './cobblestone.ts';
import { keySchedule } from './hpke.ts';
import { decapsulateWith, kemKeyFromSeed } from './kem-key.ts';
import {
  aesGcmOpen,
  aesGcmSeal,
  curvePrivateKey,
  ed25519Verify,
  type HashName,
  hkdfExpand,
  hmac,
  latticePrivateKey,
  mldsaVerify,
  mlkemDecapsulate,
  publicBytesOf,
  publicKeyFromBytes,
  x25519,
} from './primitives.ts';

const options = { skip: publicVectorsAbsent };

/** Null instead of a throw: a refusal either way. */
function attempt<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch {
    return null;
  }
}

test('all 35 public Cobblestone-256 vectors open or are refused as they say', options, (t) => {
  type Fields = { key: string; ctx: string; ct: string; msgSha512: string; msgLength: number };
  const tests = wycheproof<object, Fields>('c2sp_chunked_encryption_aes_256_gcm_test.json').flatMap((g) => g.tests);
  for (const vector of tests) {
    const sealed = new Uint8Array(inflateSync(hex(vector.ct)));
    const message = attempt(() => cobblestoneOpen(hex(vector.key), hex(vector.ctx), sealed));
    assert.equal(message !== null, vector.result === 'valid', `tcId ${vector.tcId}`);
    if (message === null) continue;
    assert.equal(message.length, vector.msgLength);
    assert.equal(createHash('sha512').update(message).digest('hex'), vector.msgSha512);
  }
  assert.equal(tests.length, 35);
  t.diagnostic(`Cobblestone-256: ${tests.length}`);
});

test('all 151 public Ed25519 vectors verify or are refused as they say', options, (t) => {
  const groups = wycheproof<{ publicKey: { pk: string } }, { msg: string; sig: string }>('ed25519_test.json');
  let count = 0;
  for (const group of groups) {
    const key = publicKeyFromBytes('ed25519', hex(group.publicKey.pk));
    for (const { msg, sig, result, tcId } of group.tests) {
      assert.equal(ed25519Verify(key, hex(msg), hex(sig)), result === 'valid', `tcId ${tcId}`);
      count += 1;
    }
  }
  assert.equal(count, 151);
  t.diagnostic(`Ed25519: ${count}`);
});

test('all 518 public X25519 vectors agree, and every all-zero secret throws', options, (t) => {
  type Fields = { public: string; private: string; shared: string };
  const tests = wycheproof<object, Fields>('x25519_test.json').flatMap((group) => group.tests);
  let zeroCount = 0;
  for (const vector of tests) {
    const exchange = () =>
      x25519(curvePrivateKey('x25519', hex(vector.private)), publicKeyFromBytes('x25519', hex(vector.public)));
    if (/^0+$/.test(vector.shared)) {
      assert.throws(exchange, `tcId ${vector.tcId}`);
      zeroCount += 1;
    } else {
      assert.equal(toHex(exchange()), vector.shared, `tcId ${vector.tcId}`);
    }
  }
  assert.equal(tests.length, 518);
  assert.ok(zeroCount > 0);
  t.diagnostic(`X25519: ${tests.length}, of which ${zeroCount} throw for an all-zero secret`);
});

test('all 210 public ML-DSA-65 and 180 ML-DSA-44 signatures verify or are refused as they say', options, (t) => {
  for (const [algorithm, expected] of [
    ['ml-dsa-65', 210],
    ['ml-dsa-44', 180],
  ] as const) {
    const file = `${algorithm.replaceAll('-', '').replace('mldsa', 'mldsa_')}_verify_test.json`;
    const groups = wycheproof<{ publicKey: string }, { msg: string; sig: string; ctx?: string }>(file);
    let count = 0;
    for (const group of groups) {
      const key = attempt(() => publicKeyFromBytes(algorithm, hex(group.publicKey)));
      for (const { msg, sig, ctx, result, tcId } of group.tests) {
        const holds = key !== null && mldsaVerify(key, hex(msg), hex(ctx ?? ''), hex(sig));
        assert.equal(holds, result === 'valid', `${algorithm} tcId ${tcId}`);
        count += 1;
      }
    }
    assert.equal(count, expected);
    t.diagnostic(`${algorithm} verify: ${count}`);
  }
});

test('every public ML-DSA seed gives its public key and its signatures verify', options, (t) => {
  for (const algorithm of ['ml-dsa-65', 'ml-dsa-44'] as const) {
    const file = `${algorithm.replaceAll('-', '').replace('mldsa', 'mldsa_')}_sign_seed_test.json`;
    type Fields = { msg?: string; sig?: string; ctx?: string };
    const groups = wycheproof<{ privateSeed: string; publicKey?: string }, Fields>(file);
    let count = 0;
    for (const group of groups) {
      const key = attempt(() => latticePrivateKey(algorithm, hex(group.privateSeed)));
      for (const { msg, sig, ctx, result, tcId, flags } of group.tests) {
        count += 1;
        if (key === null) {
          assert.equal(result, 'invalid', `${algorithm} tcId ${tcId}`);
          continue;
        }
        const publicBytes = publicBytesOf(key);
        if (group.publicKey) assert.equal(toHex(publicBytes), group.publicKey, `${algorithm} tcId ${tcId}`);
        if (msg === undefined || flags.includes('Internal')) continue; // signs a message representative, which we never do
        const known = publicKeyFromBytes(algorithm, publicBytes);
        const holds = mldsaVerify(known, hex(msg), hex(ctx ?? ''), hex(sig ?? ''));
        assert.equal(holds, result === 'valid', `${algorithm} tcId ${tcId}`);
      }
    }
    t.diagnostic(`${algorithm} seeds and signatures: ${count}`);
  }
});

test('all 193 public ML-KEM-768 vectors decapsulate or are refused as they say', options, (t) => {
  type Fields = { seed: string; ek?: string; c: string; K: string };
  const tests = wycheproof<object, Fields>('mlkem_768_test.json').flatMap((group) => group.tests);
  for (const vector of tests) {
    const shared = attempt(() => mlkemDecapsulate(latticePrivateKey('ml-kem-768', hex(vector.seed)), hex(vector.c)));
    assert.equal(
      shared === null ? '' : toHex(shared),
      vector.result === 'valid' ? vector.K : '',
      `tcId ${vector.tcId}`,
    );
  }
  assert.equal(tests.length, 193);
  t.diagnostic(`ML-KEM-768: ${tests.length}`);
});

test('all 265 public ML-KEM-768 key checks: a key outside the modulus is no key', options, (t) => {
  const tests = wycheproof<object, { ek: string }>('mlkem_768_encaps_test.json').flatMap((group) => group.tests);
  for (const { ek, result, tcId } of tests) {
    const key = attempt(() => publicKeyFromBytes('ml-kem-768', hex(ek)));
    assert.equal(key !== null, result === 'valid', `tcId ${tcId}`);
  }
  assert.equal(tests.length, 265);
  t.diagnostic(`ML-KEM-768 key checks: ${tests.length}`);
});

test('all 100 public ML-KEM-768 seeds give their public key', options, (t) => {
  type Fields = { seed: string; ek: string };
  const tests = wycheproof<object, Fields>('mlkem_768_keygen_seed_test.json').flatMap((group) => group.tests);
  for (const { seed, ek, tcId } of tests)
    assert.equal(toHex(publicBytesOf(latticePrivateKey('ml-kem-768', hex(seed)))), ek, `tcId ${tcId}`);
  assert.equal(tests.length, 100);
  t.diagnostic(`ML-KEM-768 seeds: ${tests.length}`);
});

test('every public AES-256-GCM vector with our sizes seals and opens as it says', options, (t) => {
  type Fields = { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
  const groups = wycheproof<{ ivSize: number; keySize: number; tagSize: number }, Fields>('aes_gcm_test.json');
  const tests = groups
    .filter(({ ivSize, keySize, tagSize }) => ivSize === 96 && keySize === 256 && tagSize === 128)
    .flatMap((group) => group.tests);
  for (const { key, iv, aad, msg, ct, tag, result, tcId } of tests) {
    const sealed = joinBytes(hex(ct), hex(tag));
    const opened = aesGcmOpen(hex(key), hex(iv), sealed, hex(aad));
    assert.equal(opened === null ? null : toHex(opened), result === 'valid' ? msg : null, `tcId ${tcId}`);
    if (result === 'valid') assert.ok(sameBytes(aesGcmSeal(hex(key), hex(iv), hex(msg), hex(aad)), sealed));
  }
  assert.ok(tests.length > 40);
  t.diagnostic(`AES-256-GCM: ${tests.length}`);
});

test('every public HKDF vector expands as it says', options, (t) => {
  type Fields = { ikm: string; salt: string; info: string; size: number; okm: string };
  for (const name of ['sha256', 'sha512'] as const satisfies readonly HashName[]) {
    const tests = wycheproof<object, Fields>(`hkdf_${name}_test.json`).flatMap((group) => group.tests);
    for (const { ikm, salt, info, size, okm, result, tcId } of tests) {
      const expanded = attempt(() => hkdfExpand(name, hmac(name, hex(salt), hex(ikm)), hex(info), size));
      assert.equal(expanded === null ? '' : toHex(expanded), result === 'valid' ? okm : '', `${name} tcId ${tcId}`);
    }
    t.diagnostic(`HKDF ${name}: ${tests.length}`);
  }
});

test('the public HPKE vector of KEM 0x647a decapsulates, schedules and decrypts', options, (t) => {
  type Vector = {
    kem_id: number;
    kdf_id: number;
    aead_id: number;
    skRm: string;
    pkRm: string;
    enc: string;
    info: string;
    shared_secret: string;
    key: string;
    base_nonce: string;
    suite_id: string;
    encryptions: { aad: string; ct: string; nonce: string; pt: string }[];
  };
  const vectors = hpkeVectors<Vector>().filter(({ kem_id, kdf_id }) => kem_id === 0x647a && kdf_id === 1);
  for (const vector of vectors) {
    const key = kemKeyFromSeed(hex(vector.skRm));
    assert.equal(toHex(key.publicBytes), vector.pkRm);
    const shared = decapsulateWith(key, hex(vector.enc));
    assert.equal(toHex(shared), vector.shared_secret);
    const schedule = keySchedule(shared, hex(vector.info), hex(vector.suite_id));
    assert.equal(toHex(schedule.key), vector.key);
    assert.equal(toHex(schedule.nonce), vector.base_nonce);
    const first = vector.encryptions[0];
    assert.ok(first !== undefined);
    assert.equal(vector.aead_id, 3, 'ChaCha20-Poly1305, which suite 1 does not use');
    const sealed = hex(first.ct);
    const opening = createDecipheriv('chacha20-poly1305', schedule.key, hex(first.nonce), { authTagLength: 16 });
    opening.setAAD(hex(first.aad), { plaintextLength: sealed.length - 16 });
    opening.setAuthTag(sealed.subarray(-16));
    assert.equal(opening.update(sealed.subarray(0, -16)).toString('hex') + opening.final('hex'), first.pt);
  }
  assert.ok(vectors.length > 0);
  t.diagnostic(`HPKE 0x647a: ${vectors.length}`);
});
