import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import test from 'node:test';
import { makeLinkCertificate, spkiHash } from './link-certificate.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 23, 14, 33, 7);

test('a link certificate proves its own key, lives whole days, and tells no place and no hour', () => {
  const { certPem, keyPem } = makeLinkCertificate({ nowMs });
  const certificate = new X509Certificate(certPem);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(certificate.subject, 'CN=tripoint link');
  assert.equal(certificate.issuer, certificate.subject);
  assert.equal(certificate.subjectAltName, undefined);
  assert.equal(certificate.validFromDate.getTime(), Date.UTC(2026, 10, 23));
  assert.equal(certificate.validToDate.getTime() - certificate.validFromDate.getTime(), 365 * DAY_MS);
  assert.match(keyPem, /BEGIN PRIVATE KEY/);
});

test('certificate and key have one pin: the hash of their public key information', () => {
  const { certPem, keyPem, pin } = makeLinkCertificate({ nowMs });
  const { publicKey, raw } = new X509Certificate(certPem);
  const expected = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  for (const form of [certPem, keyPem, publicKey, new X509Certificate(certPem), new Uint8Array(raw)]) {
    assert.equal(Buffer.from(spkiHash(form)).toString('hex'), expected);
  }
  assert.equal(Buffer.from(pin).toString('hex'), expected);
});

test('the same random bytes give the same key, others another', () => {
  const constant = (byte: number) => (n: number) => new Uint8Array(n).fill(byte);
  const pinOf = (byte: number) =>
    Buffer.from(makeLinkCertificate({ nowMs, random: constant(byte) }).pin).toString('hex');
  assert.equal(pinOf(7), pinOf(7));
  assert.notEqual(pinOf(7), pinOf(8));
});

test('dates are right across leap years and past 2049, and a short life is refused', () => {
  for (const from of [Date.UTC(2028, 1, 29), Date.UTC(2049, 11, 31), Date.UTC(2100, 1, 28), Date.UTC(2027, 0, 1)]) {
    const certificate = new X509Certificate(makeLinkCertificate({ nowMs: from + 5_000, days: 500 }).certPem);
    assert.equal(certificate.validFromDate.getTime(), from);
    assert.equal(certificate.validToDate.getTime(), from + 500 * DAY_MS);
  }
  assert.throws(() => makeLinkCertificate({ nowMs, days: 89 }), RangeError);
});
