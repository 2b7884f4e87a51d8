/** Bodies as JSON that says one thing: UTF-8 without a broken byte, and no key twice in one object. */
import type { FastifyInstance } from 'fastify';
import { Refused } from '../door/index.ts';

/** A write that says everything in its path may come with a JSON content type and no byte of JSON. */
export function takeJsonBodies(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined);
    const text = textOf(bytes);
    if (text === null) return done(unreadable('utf-8'));
    void parseJson(request, text, (failure, value) => {
      if (!failure && namesKeyTwice(text)) return done(unreadable('key-twice'));
      done(failure, value);
    });
  });
}

const unreadable = (reason: string) => new Refused({ code: 'invalid', at: '', reason });

/** null when the bytes are no UTF-8: replaced characters would be filed as if somebody had written them. */
function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Does an object in this text name a key twice? A parser keeps the last value without a word, so what a person read
 * could differ from what is filed. `text` must be JSON already. Linear.
 */
export function namesKeyTwice(text: string): boolean {
  /** The keys met so far of every object that is open; null stands for a list. */
  const open: (Set<string> | null)[] = [];
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return true;
        keys.add(key);
      }
      at = end;
      continue;
    }
    const sign = text[at];
    if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(null);
    else if (sign === '}' || sign === ']') open.pop();
    at += 1;
  }
  return false;
}

/** Behind the closing quotation mark of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
    at = quote + 1;
  }
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (/\s/.test(text.charAt(at))) at += 1;
  return text.charCodeAt(at) === COLON;
}
