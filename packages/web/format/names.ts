/** Names of nations and languages, and lists, in the language that was loaded last. */
import type { Pack } from './pack.ts';

let pack: Pack | null = null;

/** Takes the pack of the console language; call it before anything is drawn in that language. */
export function takePack(loaded: unknown): void {
  pack = loaded as Pack;
}

export function currentPack(): Pack {
  if (pack === null) throw new Error('format pack used before a language was chosen');
  return pack;
}

/** The nation's name, or its code where ICU knows no name for it. */
export const nationName = (code: string): string => currentPack().nations[code] ?? code;

/** The language's name, or its code. */
export const languageName = (code: string): string => currentPack().languages[code] ?? code;

/** "a", "a and b", "a, b and c" in the console language. */
export function listText(items: readonly string[]): string {
  const { pair, middle, last } = currentPack().list;
  if (items.length <= 1) return items[0] ?? '';
  if (items.length === 2) return items.join(pair);
  return items.slice(0, -1).join(middle) + last + items[items.length - 1];
}
