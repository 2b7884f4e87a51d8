/** What the index key makes: blind tokens for equality, keys of entities, and the key that seals cursors. */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { uuidFrom } from './uuid.ts';

const INDEX_KEY_BYTES = 32;
/** 128 bits: two different values share a token with probability 2^-64 only among 2^32 of them. */
const TOKEN_BYTES = 16;

export type MatchKey = {
  /** Type of the property, such as 'phone': equal keys of different types never meet. */
  readonly type: string;
  /** Canonical match key of the value (model/property). */
  readonly key: string | Uint8Array;
};

export type Tokens = {
  /** 16 bytes, equal for equal type and key, meaningless without the index key. */
  match(match: MatchKey): Buffer;
  /** A uuid, stable for an entity of an item. */
  entityKey(item: string, entity: number): string;
  readonly cursorKey: KeyObject;
};

export function tokensOf(indexKey: Uint8Array): Tokens {
  if (indexKey.length !== INDEX_KEY_BYTES) throw new Error('the index key has 32 bytes');
  const matchKey = derive(indexKey, 'match');
  const entityKey = derive(indexKey, 'entity');
  return {
    match: ({ type, key }) =>
      createHmac('sha256', matchKey).update(`${type}\0`).update(key).digest().subarray(0, TOKEN_BYTES),
    entityKey: (item, entity) =>
      uuidFrom(createHmac('sha256', entityKey).update(`${item}\0${entity}`).digest().subarray(0, TOKEN_BYTES), 8),
    cursorKey: derive(indexKey, 'cursor'),
  };
}

function derive(indexKey: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', indexKey, '', `tripoint-index/1\0${purpose}`, INDEX_KEY_BYTES)),
  );
}
