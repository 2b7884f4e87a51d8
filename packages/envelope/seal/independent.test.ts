/**
 * A frozen copy opened with other people's code only: cborg, hpke, noble and WebCrypto, following the specification.
 * None of our own reading, hashing or decrypting takes part.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import * as cborg from 'cborg';
import * as HPKE from 'hpke';

type Frozen = {
  state: { kemSeeds: string[]; signers: { publicBytes: string }[] };
  cases: { name: string; copy?: string; outcome: { opened?: Record<string, unknown> } }[];
};
const file = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/protocol/vectors/envelopes.json'), 'utf8'),
) as Frozen;

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const H = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const ascii = (text: string): Uint8Array => Buffer.from(text, 'ascii');
type Map1 = Map<number, never>;

async function gcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Promise<Buffer> {
  const imported = await webcrypto.subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, 'AES-GCM', false, [
    'decrypt',
  ]);
  const algorithm = { name: 'AES-GCM', iv: nonce as Uint8Array<ArrayBuffer> };
  return Buffer.from(await webcrypto.subtle.decrypt(algorithm, imported, sealed as Uint8Array<ArrayBuffer>));
}

/** Cobblestone-256 of less than one chunk. */
async function openShortBody(cek: Uint8Array, ctx: Uint8Array, body: Uint8Array): Promise<Buffer> {
  const info = Buffer.concat([ascii('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), body.subarray(0, 24), ctx]);
  const first = createHmac('sha512', cek).update(info).update(Uint8Array.of(1)).digest();
  const second = createHmac('sha512', cek).update(first).update(info).update(Uint8Array.of(2)).digest();
  const derived = Buffer.concat([first, second]).subarray(0, 76);
  assert.equal(hexOf(derived.subarray(44)), hexOf(body.subarray(24, 56)), 'commitment');
  return gcmOpen(derived.subarray(0, 32), derived.subarray(32, 44), body.subarray(56));
}

for (const name of ['bucket-8', 'bucket-16', 'bucket-64', 'control-with-every-option']) {
  test(`other people's code opens the frozen copy ${name} and finds what we find`, async () => {
    const frozen = file.cases.find((one) => one.name === name);
    const expected = frozen?.outcome.opened as Record<string, unknown>;
    const decoded = cborg.decode(bytesOf(frozen?.copy ?? ''), { useMaps: true });
    const [core, hashes, stanza, body, ed, ml] = decoded as [
      Map1,
      Uint8Array[],
      Uint8Array[],
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const [kid, enc, ct] = stanza as [Uint8Array, Uint8Array, Uint8Array];
    const ctx = H(ascii('tripoint-env/1\0core\0'), cborg.encode(core));
    assert.ok(hashes.map(hexOf).includes(hexOf(H(cborg.encode(stanza)))));
    const tbs = Buffer.concat([ascii('tripoint-env/1\0sign\0'), ctx, H(...hashes), H(body)]);
    const signer = bytesOf(file.state.signers[0]?.publicBytes ?? '');
    assert.equal(hexOf(H(ascii('tripoint-kid/1\0sig\0'), signer).subarray(0, 16)), hexOf(core.get(4) as never));
    assert.ok(ed25519.verify(ed, tbs, signer.subarray(0, 32)));
    assert.ok(ml_dsa65.verify(ml, tbs, signer.subarray(32), { context: ascii('tripoint-env/1') }));
    assert.equal(hexOf(H(ascii('tripoint-env/1\0leaf\0'), tbs)), expected.leaf);

    const suite = new HPKE.CipherSuite(HPKE.KEM_MLKEM768_X25519, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM);
    const key = await suite.DeserializePrivateKey(bytesOf(file.state.kemSeeds[0] ?? ''));
    const info = Buffer.concat([ascii('tripoint-env/1\0wrap\0'), ctx, kid]);
    const text = Buffer.from(await suite.Open(key, enc, ct, { info: new Uint8Array(info) }));
    assert.equal(text.readUInt8(32), expected.lane);
    assert.equal(text.readBigUInt64BE(33), BigInt(expected.seq as number));
    assert.equal(hexOf(text.subarray(41, 73)), expected.prev);
    assert.equal(text.readUInt32BE(73), expected.alias);

    const message = await openShortBody(text.subarray(0, 32), ctx, body);
    assert.equal(message.length, 1024);
    const inner = message.subarray(36, 36 + message.readUInt32BE(32));
    assert.equal(
      hexOf(createHmac('sha256', message.subarray(0, 32)).update(inner).digest()),
      hexOf(core.get(8) as never),
    );
    const fields = cborg.decode(inner, { useMaps: true }) as Map1;
    assert.equal(hexOf(fields.get(3) as never), expected.payload);
    assert.equal(fields.get(4), expected.type);
    assert.equal(fields.get(9), expected.exactTimeSec);
    assert.ok(message.subarray(36 + inner.length).every((byte) => byte === 0));
  });
}
