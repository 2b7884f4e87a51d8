import { createCipheriv, createDecipheriv } from 'node:crypto';
import { joinBytes, u32 } from '@tripoint/envelope/cbor';
import { domainBytes, hmac } from '@tripoint/envelope/suite';
import type { Random } from './ports.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key of its own below the KEK, bound to the key id and the day: no seed fits another row. */
export function wrapSeed(kek: Uint8Array, seed: Uint8Array, kid: Uint8Array, day: number, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(kek), nonce);
  cipher.setAAD(place(kid, day));
  return joinBytes(nonce, cipher.update(seed), cipher.final(), cipher.getAuthTag());
}

/** Throws when the row was changed or belongs to another keyring: the bureau must not start on such a database. */
export function unwrapSeed(kek: Uint8Array, wrapped: Uint8Array, kid: Uint8Array, day: number): Uint8Array {
  const end = wrapped.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(kek), wrapped.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(place(kid, day));
  decipher.setAuthTag(wrapped.subarray(end));
  return joinBytes(decipher.update(wrapped.subarray(NONCE_BYTES, end)), decipher.final());
}

const wrappingKey = (kek: Uint8Array): Uint8Array => hmac('sha256', kek, domainBytes('kem-wrap'));
const place = (kid: Uint8Array, day: number): Uint8Array => joinBytes(kid, u32(day));
