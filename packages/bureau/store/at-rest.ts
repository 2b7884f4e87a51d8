/**
 * Items at rest: a fresh AES-256 key for each item and version seals its head and body, and is itself wrapped under the
 * bureau's key-encryption key. Destroying the wrapped key is erasing the item.
 *
 * Knows bytes and keys, nothing of reports. Every sealed part is bound to its item, version and place, so that none can
 * be moved to another row.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Random } from './ports.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type SealedItem = { readonly key: Uint8Array; readonly head: Uint8Array | null; readonly body: Uint8Array };

/** What was stored cannot be opened: wrong key-encryption key, or altered bytes. */
export class AtRestDamaged extends Error {}

type Part = 'head' | 'body' | 'key' | `beside ${string}`;

export type ItemVault = {
  /** Seals `head` and `body` under a fresh key. */
  seal(id: string, version: number, head: Uint8Array | null, body: Uint8Array): SealedItem;
  /** Throws `AtRestDamaged`. */
  openHead(id: string, version: number, sealed: SealedItem): Uint8Array | null;
  /** Throws `AtRestDamaged`. */
  openBody(id: string, version: number, sealed: SealedItem): Uint8Array;
  /** Seals more under the key of an item that is here already; `name` says what it is. Throws `AtRestDamaged`. */
  sealBeside(id: string, version: number, wrappedKey: Uint8Array, name: string, plain: Uint8Array): Uint8Array;
  /** Throws `AtRestDamaged`. */
  openBeside(id: string, version: number, wrappedKey: Uint8Array, name: string, sealed: Uint8Array): Uint8Array;
};

export function itemVault(kek: Uint8Array, random: Random): ItemVault {
  if (kek.length !== KEY_BYTES) throw new Error('the key-encryption key has 32 bytes');
  const wrappingKey = createSecretKey(kek);
  const itemKey = (id: string, version: number, { key }: Pick<SealedItem, 'key'>) =>
    createSecretKey(open(wrappingKey, aad('key', id, version), key));
  return {
    seal(id, version, head, body) {
      const plainKey = random(KEY_BYTES);
      const key = createSecretKey(plainKey);
      const wrapped = seal(wrappingKey, random, aad('key', id, version), plainKey);
      plainKey.fill(0);
      return {
        key: wrapped,
        head: head === null ? null : seal(key, random, aad('head', id, version), head),
        body: seal(key, random, aad('body', id, version), body),
      };
    },
    openHead: (id, version, sealed) =>
      sealed.head === null ? null : open(itemKey(id, version, sealed), aad('head', id, version), sealed.head),
    openBody: (id, version, sealed) => open(itemKey(id, version, sealed), aad('body', id, version), sealed.body),
    sealBeside: (id, version, key, name, plain) =>
      seal(itemKey(id, version, { key }), random, aad(`beside ${name}`, id, version), plain),
    openBeside: (id, version, key, name, sealed) =>
      open(itemKey(id, version, { key }), aad(`beside ${name}`, id, version), sealed),
  };
}

function aad(part: Part, id: string, version: number): Uint8Array {
  return Buffer.from(`tripoint-at-rest/1\0${part}\0${id}\0${version}`);
}

/** nonce ‖ ciphertext ‖ tag */
export function seal(key: KeyObject, random: Random, bound: Uint8Array, plain: Uint8Array): Buffer {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws `AtRestDamaged`. */
export function open(key: KeyObject, bound: Uint8Array, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new AtRestDamaged('too short to be sealed');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new AtRestDamaged('the bytes or their place were altered, or the key is another');
  }
}
