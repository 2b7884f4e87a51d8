/**
 * A strict JSON reader (RFC 8259) for files from outside: bounded depth and size, line and column of every fault,
 * and a key that stands twice is refused, because JSON.parse would drop the first value without a word.
 */
import { jsonDepthMax, jsonValuesMax } from './bounds.ts';
import { type ImportFacts, type ImportRefusalCode, ImportRefused } from './refusal.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

/** Objects become Maps, so that a key such as `__proto__` is only a key. Throws ImportRefused (json-…, nul-character). */
export function readJson(text: string): Json {
  const reader = new JsonReader(text.startsWith('\uFEFF') ? text.slice(1) : text);
  return reader.document();
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    this.#skipSpace();
    if (this.#at === this.#text.length) throw this.#refused('empty-file');
    const value = this.#value(1);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#broken('the end');
    return value;
  }

  #value(depth: number): Json {
    if (depth > jsonDepthMax) throw this.#refused('json-too-deep', { maximum: jsonDepthMax });
    this.#values += 1;
    if (this.#values > jsonValuesMax) throw this.#refused('json-too-large', { maximum: jsonValuesMax });
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#list(depth);
    if (next === '"') return this.#string();
    return this.#scalar();
  }

  #object(depth: number): JsonObject {
    const members: JsonObject = new Map();
    this.#at += 1;
    if (this.#closes('}')) return members;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#broken('a key in quotation marks');
      const key = this.#string();
      if (members.has(key)) throw this.#refused('json-key-twice', { found: key.slice(0, 64) });
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#broken('a colon');
      this.#at += 1;
      this.#skipSpace();
      members.set(key, this.#value(depth + 1));
    } while (this.#goesOn('}'));
    return members;
  }

  #list(depth: number): Json[] {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#closes(']')) return items;
    do {
      this.#skipSpace();
      items.push(this.#value(depth + 1));
    } while (this.#goesOn(']'));
    return items;
  }

  #closes(end: '}' | ']'): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== end) return false;
    this.#at += 1;
    return true;
  }

  #goesOn(end: '}' | ']'): boolean {
    if (this.#closes(end)) return false;
    if (this.#text[this.#at] !== ',') throw this.#broken(`a comma or ${end}`);
    this.#at += 1;
    return true;
  }

  /** The text between quotation marks; escapes are left to JSON.parse, which sees this one string only. */
  #string(): string {
    const begin = this.#at;
    let at = begin + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === '\\' ? 2 : 1;
    if (at >= this.#text.length) throw this.#refused('json-cut-off');
    this.#at = at + 1;
    try {
      return JSON.parse(this.#text.slice(begin, at + 1)) as string;
    } catch {
      this.#at = begin;
      throw this.#broken('a well-formed text (an escape or a control character is wrong)');
    }
  }

  /** A number too long for a double keeps its digits as text, so that no identifier is rounded. */
  #scalar(): Json {
    scalarPattern.lastIndex = this.#at;
    const found = scalarPattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#broken('a value');
    this.#at += found.length;
    if (found === 'true') return true;
    if (found === 'false') return false;
    if (found === 'null') return null;
    const number = Number(found);
    return String(number) === found ? number : found;
  }

  #skipSpace(): void {
    spacePattern.lastIndex = this.#at;
    spacePattern.exec(this.#text);
    this.#at = spacePattern.lastIndex;
  }

  #broken(expected: string): ImportRefused {
    if (this.#at >= this.#text.length) return this.#refused('json-cut-off');
    if (this.#text[this.#at] === '\0') return this.#refused('nul-character');
    return this.#refused('json-broken', { expected });
  }

  #refused(code: ImportRefusalCode, facts: ImportFacts = {}): ImportRefused {
    const before = this.#text.slice(0, this.#at).split('\n');
    return new ImportRefused(code, { line: before.length, column: before[before.length - 1]!.length + 1, ...facts });
  }
}

const scalarPattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spacePattern = /[ \t\n\r]*/y;
