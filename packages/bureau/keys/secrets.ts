import { encode } from '@tripoint/envelope/cbor';
import { SIGNING_SEED_BYTES } from '@tripoint/envelope/suite';
import { KeyringRefused } from './keyring-refused.ts';
import { decodeMap } from './sealed-file.ts';

/** What the sealed file of a bureau holds. Everything else is derived from it or stands in the database under it. */
export type Secrets = {
  /** 16 bytes, given at admission (wire.md §1). */
  readonly memberId: Uint8Array;
  /** ISO 3166 alpha-2. */
  readonly nation: string;
  /** Ed25519 (32) ‖ ML-DSA-65 (32). */
  readonly identitySeed: Uint8Array;
  /** Ed25519 (32). */
  readonly logSeed: Uint8Array;
  /** Key-encryption key of items and KEM seeds (32). */
  readonly kek: Uint8Array;
  /** HMAC key of equality indexes (32). */
  readonly indexKey: Uint8Array;
  /** Root of envelope ids, salts and cursors (32). */
  readonly localSecret: Uint8Array;
  /** Root of agencies' pseudonyms (32). */
  readonly aliasSecret: Uint8Array;
  /** TLS key and self-issued certificate of the link, PEM. */
  readonly linkKeyPem: string;
  readonly linkCertPem: string;
};

/** Place in the CBOR map, and the exact size in bytes, or `text`. */
const FIELDS: readonly [keyof Secrets, number, number | 'text'][] = [
  ['memberId', 1, 16],
  ['nation', 2, 'text'],
  ['identitySeed', 3, SIGNING_SEED_BYTES],
  ['logSeed', 4, 32],
  ['kek', 5, 32],
  ['indexKey', 6, 32],
  ['localSecret', 7, 32],
  ['aliasSecret', 8, 32],
  ['linkKeyPem', 9, 'text'],
  ['linkCertPem', 10, 'text'],
];

export const encodeSecrets = (secrets: Secrets): Uint8Array =>
  encode(new Map(FIELDS.map(([name, place]) => [place, secrets[name]])));

/** Throws `damaged` on any other shape. */
export function parseSecrets(bytes: Uint8Array): Secrets {
  const map = decodeMap(bytes);
  if (map.size !== FIELDS.length) throw new KeyringRefused('damaged');
  return Object.fromEntries(
    FIELDS.map(([name, place, size]) => {
      const value = map.get(place);
      const isSound =
        size === 'text' ? typeof value === 'string' : value instanceof Uint8Array && value.length === size;
      if (!isSound) throw new KeyringRefused('damaged');
      return [name, value];
    }),
  ) as Secrets;
}
