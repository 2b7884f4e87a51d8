import { utf8 } from '../cbor/index.ts';
import type { Random } from '../suite/index.ts';
import { shake256 } from '../suite/primitives.ts';

/** Repeatable bytes for tests, figures and vectors: SHAKE-256 of a name and a counter. Never for real keys. */
export function seededRandom(name: string): Random {
  let drawn = 0;
  return (sizeBytes) => {
    drawn += 1;
    return shake256(utf8(`${name}\0${drawn}`), sizeBytes);
  };
}
