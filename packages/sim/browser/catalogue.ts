/** The console's message catalogues as its translators left them, read from the PO files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const messages = join(import.meta.dirname, '..', '..', 'web', 'messages');

/** Message by id; in PO files of explicit ids the English text is a translation like any other. */
export function catalogue(language: string): Map<string, string> {
  const text = readFileSync(join(messages, language, 'messages.po'), 'utf8');
  const found = new Map<string, string>();
  for (const block of text.split(/\n\n+/)) {
    const id = fieldOf(block, 'msgid');
    const said = fieldOf(block, 'msgstr');
    if (id) found.set(id, said || (language === 'en' && !block.includes('explicit-id') ? id : said));
  }
  return found;
}

/** A field of a PO entry: one quoted line, or several that follow an empty one. */
function fieldOf(block: string, name: string): string {
  const match = new RegExp(`^${name} ((?:".*"\\n?)+)`, 'm').exec(block);
  const lines = match?.[1]?.trim().split('\n') ?? [];
  return lines.map((line) => JSON.parse(line) as string).join('');
}

/** What one message looks like on a screen: its fixed words, with anything where a value stands. */
function patternsOf(message: string): RegExp[] {
  const pieces = message
    .split(/<\/?\d+\/?>/)
    .map((piece) => piece.trim())
    .filter((piece) => /\p{L}{2}/u.test(piece.replaceAll(/\{[^{}]*\}/g, '')) && !/\{\w+, (plural|select)/.test(piece));
  return pieces.map((piece) => {
    const fixed = piece.split(/\{[^{}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${fixed.join('.+')}$`, 's');
  });
}

/** Finds, among texts of a screen, those that are English messages; `same` are those that are right in this language too. */
export function leftInEnglish(texts: readonly string[], language: string, same: ReadonlySet<string>): string[] {
  const own = new Set(catalogue(language).values());
  const english = [...catalogue('en').values()].flatMap(patternsOf);
  return texts.filter((text) => {
    if (same.has(text) && own.has(text)) return false;
    return english.some((pattern) => pattern.test(text));
  });
}
