import { createHash } from 'node:crypto';
import { utf8 } from '../cbor/index.ts';
import type { Random } from '../suite/index.ts';

/** Repeatable bytes for tests, figures and vectors: SHAKE-256 of a name and a counter. Never for real keys. */
export function seededRandom(name: string): Random {
  let drawn = 0;
  return (sizeBytes) => {
    drawn += 1;
    const hash = createHash('shake256', { outputLength: sizeBytes });
    return new Uint8Array(hash.update(utf8(`${name}\0${drawn}`)).digest());
  };
}
