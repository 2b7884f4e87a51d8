/** Keeps a foreign object in its own words. What names its authors is told to the importing officer and never leaves. */
import type { About, Gathering } from './gathering.ts';
import { isObject, type Json } from './json.ts';
import { textOfJson } from './json-text.ts';

type At = Pick<About, 'where'> & { entity?: string };

export const authorsStay = 'an agency or an officer is never named outside the bureau';

export function keepJson(
  gathering: Gathering,
  at: At,
  json: Json,
  reason: string,
  authorKeys: ReadonlySet<string>,
): void {
  const rest = withoutKeys(json, authorKeys);
  if (!isObject(rest) || rest.size > 0 || rest === json) gathering.keep(at, textOfJson(rest), reason);
  if (rest !== json) gathering.keepAtHome(at, textOfJson(json), authorsStay);
}

/** The same value when it holds none of the keys, at any depth. */
function withoutKeys(json: Json, keys: ReadonlySet<string>): Json {
  if (Array.isArray(json)) {
    const items = json.map((item) => withoutKeys(item, keys));
    return items.every((item, index) => item === json[index]) ? json : items;
  }
  if (!isObject(json)) return json;
  const left = new Map<string, Json>();
  let isChanged = false;
  for (const [key, value] of json) {
    if (keys.has(key)) isChanged = true;
    else left.set(key, withoutKeys(value, keys));
    if (left.get(key) !== value) isChanged = true;
  }
  return isChanged ? left : json;
}
