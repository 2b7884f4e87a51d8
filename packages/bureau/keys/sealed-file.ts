/** Secrets under a passphrase: Argon2id (RFC 9106) to a key, AES-256-GCM over the rest, one CBOR map. */
import { argon2, createCipheriv, createDecipheriv } from 'node:crypto';
import { promisify } from 'node:util';
import { decode, encode, joinBytes, MalformedCbor, utf8 } from '@tripoint/envelope/cbor';
import { KeyringRefused } from './keyring-refused.ts';
import type { Random } from './ports.ts';

/** NIST SP 800-63B-4 asks for 15 where a passphrase stands alone; here the file must be stolen as well. */
export const PASSPHRASE_CHARS_MIN = 12;

/** OWASP's floor for Argon2id, 62–75 ms here: a bureau opens its keyring once a start. */
const ARGON2_MEMORY_KIB = 19 * 1024;
const ARGON2_PASSES = 2;
/** What an opener is willing to spend: a changed header must not exhaust the machine. */
const ARGON2_MEMORY_KIB_MAX = 1024 * 1024;
const ARGON2_PASSES_MAX = 16;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const KIND = 'tripoint-sealed-file/1';

type Header = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
};

const argon2Async = promisify(argon2);

/** Seals `secret` (any bytes) under a passphrase. Throws `passphrase-short`. */
export async function sealUnderPassphrase(passphrase: string, secret: Uint8Array, random: Random): Promise<Uint8Array> {
  if ([...passphrase].length < PASSPHRASE_CHARS_MIN) throw new KeyringRefused('passphrase-short');
  const header = {
    memoryKib: ARGON2_MEMORY_KIB,
    passes: ARGON2_PASSES,
    salt: random(SALT_BYTES),
    nonce: random(NONCE_BYTES),
  };
  const cipher = createCipheriv('aes-256-gcm', await passphraseKey(passphrase, header), header.nonce);
  cipher.setAAD(encode(headerMap(header)));
  const sealed = joinBytes(cipher.update(secret), cipher.final(), cipher.getAuthTag());
  return encode(new Map([...headerMap(header), [6, sealed]]));
}

/** The secret again. Throws `damaged` or `passphrase`. */
export async function openUnderPassphrase(passphrase: string, bytes: Uint8Array): Promise<Uint8Array> {
  const { header, sealed } = parseSealed(bytes);
  const decipher = createDecipheriv('aes-256-gcm', await passphraseKey(passphrase, header), header.nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(encode(headerMap(header)));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const secret = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new KeyringRefused('passphrase'); // the only thing final() can complain about is the tag
  }
  return new Uint8Array(secret);
}

/** NFKC, so that the same keys typed on another machine give the same bytes (Hangul, Vietnamese). */
const passphraseKey = (passphrase: string, header: Header): Promise<Buffer> =>
  argon2Async('argon2id', {
    message: utf8(passphrase.normalize('NFKC')),
    nonce: header.salt,
    parallelism: 1,
    tagLength: 32,
    memory: header.memoryKib,
    passes: header.passes,
  });

const headerMap = (header: Header): Map<number, string | number | Uint8Array> =>
  new Map<number, string | number | Uint8Array>([
    [1, KIND],
    [2, header.memoryKib],
    [3, header.passes],
    [4, header.salt],
    [5, header.nonce],
  ]);

function parseSealed(bytes: Uint8Array): { header: Header; sealed: Uint8Array } {
  const map = decodeMap(bytes);
  const [kind, memoryKib, passes, salt, nonce, sealed] = [1, 2, 3, 4, 5, 6].map((key) => map.get(key));
  const isSound =
    map.size === 6 &&
    kind === KIND &&
    isWithin(memoryKib, 8, ARGON2_MEMORY_KIB_MAX) &&
    isWithin(passes, 1, ARGON2_PASSES_MAX) &&
    salt instanceof Uint8Array &&
    salt.length === SALT_BYTES &&
    nonce instanceof Uint8Array &&
    nonce.length === NONCE_BYTES &&
    sealed instanceof Uint8Array &&
    sealed.length >= TAG_BYTES;
  if (!isSound) throw new KeyringRefused('damaged');
  return { header: { memoryKib, passes, salt, nonce }, sealed };
}

const isWithin = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

/** A CBOR map with int keys, or `damaged`. */
export function decodeMap(bytes: Uint8Array): Map<unknown, unknown> {
  try {
    const value = decode(bytes);
    if (value instanceof Map) return value as Map<unknown, unknown>;
  } catch (error) {
    if (!(error instanceof MalformedCbor)) throw error;
  }
  throw new KeyringRefused('damaged');
}
