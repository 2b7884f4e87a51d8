/** A text as it is: a report to read, without statements. Finding phones and names in it is another room's work. */
import { isBlank, type Language } from '@tripoint/model/property';
import { showable } from './annex.ts';
import type { TextChunks } from './csv.ts';
import type { Imported } from './imported.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';

/** Longest title taken from a first line, in UTF-16 code units; a longer line is cut and stands whole in the text. */
const titleLengthMax = 120;

/** Title from the first line in which something can be seen. Refuses empty-file, nul-character. */
export function readPlainText(chunks: TextChunks, options: { lang?: Language } = {}): Reading<Imported> {
  return reading(() => {
    const text = (typeof chunks === 'string' ? chunks : [...chunks].join('')).replaceAll('\r\n', '\n').trimEnd();
    const lines = text.split('\n');
    const first = lines.find((line) => !isBlank(showable(line)))?.trim();
    if (first === undefined) throw new ImportRefused('empty-file');
    const nulLine = lines.findIndex((line) => line.includes('\0'));
    if (nulLine >= 0) throw new ImportRefused('nul-character', { line: nulLine + 1 });
    const shown = showable(text, 'many-lines');
    const notes = ['A plain text becomes a report without statements; people and numbers in it are not yet extracted.'];
    if (shown !== text) notes.push('Control characters of the text are written as \\uXXXX.');
    return {
      title: titleOf(first),
      text: shown,
      lang: options.lang ?? 'und',
      statements: [],
      unmapped: [],
      rows: lines.length,
      counts: { lines: lines.length },
      notes,
    };
  });
}

function titleOf(line: string): string {
  const characters = [...showable(line)];
  return characters.length <= titleLengthMax
    ? characters.join('')
    : `${characters.slice(0, titleLengthMax - 1).join('')}…`;
}
