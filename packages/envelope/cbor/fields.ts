import type { CborMap, CborValue } from './value.ts';

/** Readers of one field of a decoded form. Each answers null when the field is not what it must be. */

export const bytesOf = (value: CborValue | undefined, sizeBytes?: number): Uint8Array | null =>
  value instanceof Uint8Array && (sizeBytes === undefined || value.length === sizeBytes) ? value : null;

export const countOf = (value: CborValue | undefined): number | null =>
  typeof value === 'number' && value >= 0 ? value : null;

export const textOf = (value: CborValue | undefined): string | null => (typeof value === 'string' ? value : null);

export const flagOf = (value: CborValue | undefined): boolean | null => (typeof value === 'boolean' ? value : null);

export const listOf = (value: CborValue | undefined, count?: number): readonly CborValue[] | null =>
  Array.isArray(value) && (count === undefined || value.length === count) ? value : null;

export const mapOf = (value: CborValue | undefined): CborMap | null => (value instanceof Map ? value : null);

/** Every item read by `read`, or null as soon as one is not what it must be. */
export function eachOf<Item>(
  value: CborValue | undefined,
  read: (item: CborValue) => Item | null,
): readonly Item[] | null {
  const list = listOf(value);
  if (list === null) return null;
  const items: Item[] = [];
  for (const entry of list) {
    const item = read(entry);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}
