import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { fromHex } from '@tripoint/envelope/cbor';

/** Pins, not dates, decide whom we speak with (the directory says how long a pin holds), so the certificate outlives its pin. */
const DEFAULT_DAYS = 365;
/** Wire sheet, §1. */
const MIN_DAYS = 90;
const DAY_MS = 86_400_000;

export interface LinkCertificate {
  keyPem: string;
  certPem: string;
  /** SHA-256 of the SPKI, 32 bytes: what the directory entry of class `link` pins. */
  pin: Uint8Array;
}

/**
 * A P-256 key and its self-issued certificate. Nothing inside names a nation, an agency or a host, and the dates are whole days,
 * so that no working hours show. The key comes from `random`; with the same random bytes the pin is the same.
 * @param options.nowMs start of validity, ms since 1970; the day it falls on
 */
export function makeLinkCertificate(options: {
  nowMs: number;
  random?: (n: number) => Uint8Array;
  days?: number;
}): LinkCertificate {
  const random = options.random ?? randomBytes;
  const days = options.days ?? DEFAULT_DAYS;
  if (days < MIN_DAYS) throw new RangeError(`a link certificate lives at least ${MIN_DAYS} days`);
  const key = p256Key(random);
  const today = Math.floor(options.nowMs / DAY_MS);
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(random(16)),
    ECDSA_SHA256,
    NAME,
    sequence(time(today), time(today + days)),
    NAME,
    spki(key),
    EXTENSIONS,
  );
  const signature = sign('sha256', body, key);
  const certificate = sequence(body, ECDSA_SHA256, tagged(0x03, Uint8Array.of(0), signature));
  return {
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certPem: `-----BEGIN CERTIFICATE-----\n${lines(Buffer.from(certificate).toString('base64'))}-----END CERTIFICATE-----\n`,
    pin: spkiHash(key),
  };
}

/** SHA-256 over the DER SubjectPublicKeyInfo (RFC 7469, §2.4 form). Takes a certificate (PEM, DER or parsed), or a key, private or public. */
export function spkiHash(certificateOrKey: string | Uint8Array | X509Certificate | KeyObject): Uint8Array {
  return new Uint8Array(
    createHash('sha256')
      .update(spki(publicKeyOf(certificateOrKey)))
      .digest(),
  );
}

function publicKeyOf(value: string | Uint8Array | X509Certificate | KeyObject): KeyObject {
  if (value instanceof X509Certificate) return value.publicKey;
  if (typeof value === 'string' && !value.includes('CERTIFICATE')) return createPublicKey(value);
  if (typeof value === 'string' || value instanceof Uint8Array) return new X509Certificate(value).publicKey;
  return value;
}

function spki(key: KeyObject): Uint8Array {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  return open.export({ type: 'spki', format: 'der' });
}

function p256Key(random: (n: number) => Uint8Array): KeyObject {
  const ecdh = createECDH('prime256v1');
  const scalar = random(32);
  // Throws for 0 and for values from the group order on: one in 2^32.
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const part = (from: number, to: number) => point.subarray(from, to).toString('base64url');
  const d = Buffer.from(scalar).toString('base64url');
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x: part(1, 33), y: part(33, 65), d }, format: 'jwk' });
}

// DER, X.690: just what one certificate needs.

const ECDSA_SHA256 = sequence(fromHex('06082a8648ce3d040302'));
/** CN=tripoint link, issuer and subject alike. */
const NAME = sequence(
  tagged(0x31, sequence(fromHex('0603550403'), tagged(0x0c, new TextEncoder().encode('tripoint link')))),
);
/** Not an authority; signs handshakes only. */
const EXTENSIONS = tagged(
  0xa3,
  sequence(
    sequence(fromHex('0603551d13'), fromHex('0101ff'), tagged(0x04, sequence())),
    sequence(fromHex('0603551d0f'), fromHex('0101ff'), tagged(0x04, fromHex('03020780'))),
  ),
);

function sequence(...parts: Uint8Array[]): Uint8Array {
  return tagged(0x30, ...parts);
}

function tagged(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...length), content]));
}

/** A positive integer: the top bit is cleared and a leading zero byte avoided. */
function integer(bytes: Uint8Array): Uint8Array {
  const positive = Uint8Array.from(bytes);
  positive[0] = positive[0]! & 0x7f || 1;
  return tagged(0x02, positive);
}

/** Midnight UTC of a day counted from 1970: UTCTime up to 2049, GeneralizedTime after (RFC 5280, §4.1.2.5). */
function time(day: number): Uint8Array {
  const [year, month, dayOfMonth] = civil(day);
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = `${two(month)}${two(dayOfMonth)}000000Z`;
  const text = new TextEncoder();
  return year < 2050 ? tagged(0x17, text.encode(two(year % 100) + rest)) : tagged(0x18, text.encode(year + rest));
}

/** Year, month 1–12, day 1–31 of a day counted from 1970 (years counted from March, so that leap days come last). */
function civil(day: number): [number, number, number] {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1];
}

function lines(base64: string): string {
  return base64.replace(/.{1,64}/g, '$&\n');
}
