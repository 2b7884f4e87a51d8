/** Reading fields of a foreign JSON object without trusting their kind. */
import { isObject, type Json, type JsonObject } from './json.ts';

export function textIn(record: JsonObject, key: string): string | undefined {
  const value = record.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** Text, number or boolean as text; '' for everything else. */
export function scalarIn(record: JsonObject, key: string): string {
  const value = record.get(key);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The objects of a list; what else stands in it is not among them (see `oddIn`). */
export function listIn(record: JsonObject, key: string): JsonObject[] {
  const list = record.get(key);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** What stands where a list of objects should and is none, so that it can be kept and said; undefined when nothing. */
export function oddIn(record: JsonObject, key: string): Json | undefined {
  const value = record.get(key);
  if (value === undefined || value === null || value === '') return undefined;
  if (!Array.isArray(value)) return value;
  const odd = value.filter((item) => !isObject(item));
  return odd.length === 0 ? undefined : odd;
}

/** What a table of ours holds under a foreign word; `constructor` and its like are words too. */
export function own<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

export function without(record: JsonObject, keys: Iterable<string>): JsonObject {
  const left = new Map(record);
  for (const key of keys) left.delete(key);
  return left;
}

/** One text for a scalar, several for a list, the members' values for an object such as `hashes`. */
export function valuesOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (isObject(value)) return [...value.values()].flatMap(valuesOf);
  return value === null ? [] : [String(value)];
}
