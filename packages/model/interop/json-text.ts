/** JSON as one line of text, keys in the file's order: how an unmapped object is kept in its own words. */
import { isObject, type Json } from './json.ts';

export function textOfJson(value: Json): string {
  if (isObject(value))
    return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}: ${textOfJson(member)}`).join(', ')}}`;
  return Array.isArray(value) ? `[${value.map(textOfJson).join(', ')}]` : JSON.stringify(value);
}
