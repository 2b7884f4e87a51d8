/** What became no statement, written into the report's text so that whoever holds the report holds it too. */
import { textFault } from '@tripoint/model/property';
import type { Unmapped } from './imported.ts';

/** One line longer than this is cut into several, so that no single remark fills a report. */
const reportedLengthMax = 20_000;

/** Place and reason of a piece, each; ours are well below it. */
const ownWordsLengthMax = 300;

/** The lines of the annex for one piece; several when the source's wording is very long. */
export function annexLines({ where, reported, reason, homeOnly }: Unmapped): string[] {
  const [place, why] = [ours(where), ours(reason)];
  if (homeOnly) return [`- ${place}: left out here, ${why}`];
  const shown = quoted(reported);
  if (shown.length <= reportedLengthMax) return [`- ${place}: ${shown} (${why})`];
  const pieces = cut(shown, reportedLengthMax);
  return pieces.map((piece, index) => `- ${place} (${index + 1} of ${pieces.length}): ${piece} (${why})`);
}

/** Our own words may name a word of the file, such as a type nobody knows; that word stands whole in what is kept. */
function ours(text: string): string {
  const shown = showable(text);
  return shown.length <= ownWordsLengthMax ? shown : `${cut(shown, ownWordsLengthMax)[0]}…`;
}

export function annexHeading(count: number): string {
  return `Kept in the source's words, ${count} ${count === 1 ? 'piece' : 'pieces'}:`;
}

/** As a JSON text, so that line breaks and quotation marks can be told from the annex's own. */
function quoted(text: string): string {
  return showable(JSON.stringify(text));
}

/** Characters no report may hold are written as \uXXXX; everything else stays. */
export function showable(text: string, lines: 'one-line' | 'many-lines' = 'one-line'): string {
  if (textFault(text, lines) === null) return text;
  let out = '';
  for (const character of text) out += textFault(character, lines) === null ? character : escaped(character);
  return out;
}

function escaped(character: string): string {
  let out = '';
  for (let at = 0; at < character.length; at += 1)
    out += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return out;
}

/** Cuts by UTF-16 length, never inside a surrogate pair. */
export function cut(text: string, lengthMax: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + lengthMax, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/** The same, at the end of a line where the last half of a piece has one. */
export function cutAtLines(text: string, lengthMax: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > lengthMax) {
    const piece = cut(rest.slice(0, lengthMax + 1), lengthMax)[0]!;
    const lineEnd = piece.lastIndexOf('\n') + 1;
    const length = lineEnd > lengthMax / 2 ? lineEnd : piece.length;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest];
}
