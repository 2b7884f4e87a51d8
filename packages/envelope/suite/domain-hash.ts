import { joinBytes, utf8 } from '../cbor/index.ts';
import { sha256 } from './primitives.ts';

/** A source of random bytes, given by whoever puts the bureau together; never taken from the machine here. */
export type Random = (sizeBytes: number) => Uint8Array;

/** Kinds of key a directory lists. `sig` and `kem` name whole sets of two algorithms. */
export type KeyClass = 'sig' | 'kem' | 'link' | 'log' | 'witness';

/**
 * `"tripoint-<purpose>/1\0"` and then every part. A text part is a label and ends with one zero byte, so that
 * `domainBytes('env', 'core', core)` is `"tripoint-env/1\0core\0" ‖ core`. wire.md §0: every hash, HPKE info and
 * signature context has its own such prefix.
 */
export function domainBytes(purpose: string, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return joinBytes(
    utf8(`tripoint-${purpose}/1\0`),
    ...parts.map((part) => (typeof part === 'string' ? utf8(`${part}\0`) : part)),
  );
}

/** SHA-256 (32 bytes) over `domainBytes`. */
export const domainHash = (purpose: string, ...parts: readonly (Uint8Array | string)[]): Uint8Array =>
  sha256(domainBytes(purpose, ...parts));

/** Key id: 16 bytes that name the whole set of public keys, so that no half of it can be exchanged (§1). */
export const keyId = (keyClass: KeyClass, publicBytes: Uint8Array): Uint8Array =>
  domainHash('kid', keyClass, publicBytes).slice(0, 16);
