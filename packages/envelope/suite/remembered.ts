import { toHex } from '../cbor/index.ts';
import { sha256 } from './primitives.ts';

/** Public key objects kept ready: six bureaus with three weeks of daily keys are about 200. */
const REMEMBERED_MAX = 1_024;

/**
 * A pure function of key bytes that answers from memory the second time; the oldest answer goes first.
 * Building a key object costs as much as a verification does.
 */
export function rememberByBytes<Key>(build: (bytes: Uint8Array) => Key): (bytes: Uint8Array) => Key {
  const known = new Map<string, Key>();
  return (bytes) => {
    const name = toHex(sha256(bytes));
    const found = known.get(name);
    if (found !== undefined) return found;
    const built = build(bytes);
    if (known.size >= REMEMBERED_MAX) known.delete(known.keys().next().value as string);
    known.set(name, built);
    return built;
  };
}
