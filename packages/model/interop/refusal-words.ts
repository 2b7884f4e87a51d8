/** The refusals in words an officer understands; English, because the command line speaks English only. */
import type { ImportFacts, ImportRefusal, ImportRefusalCode } from './refusal.ts';

type Wording = (facts: ImportFacts) => string;

const words: Record<ImportRefusalCode, Wording> = {
  'empty-file': () => 'the file is empty',
  'file-too-large': ({ found, maximum }) =>
    `the file is too large: ${megabytes(found)} MiB, at most ${megabytes(maximum)} MiB are read; cut it into parts first`,
  archive: ({ found }) => `this is a packed archive (${found}), and archives are never opened here; unpack it first`,
  'binary-file': () => 'this is not a text file (it looks like a program, picture or document)',
  'not-utf8': () => 'the text is not UTF-8; save it again as UTF-8',
  'nul-character': () => 'the text holds a NUL character, which no honest text file does',
  'quote-not-closed': () => 'a quotation mark opens here and is never closed, so the file may be cut off',
  'quote-inside-field': () => 'a quotation mark stands inside a field that is not quoted',
  'text-after-quote': () => 'text follows the closing quotation mark of a field',
  'wrong-column-count': ({ expected, found }) => `this row has ${found} columns where ${expected} are expected`,
  'field-too-long': ({ maximum }) => `a field is longer than ${maximum} characters`,
  'too-many-rows': ({ maximum }) => `the file has more than ${maximum} rows; cut it into parts first`,
  'identifier-missing': () => 'the first column of this row should be the identifier, a number',
  'json-broken': ({ expected }) => `the JSON is broken: ${expected} is expected here`,
  'json-cut-off': () => 'the JSON ends too early, so the file may be cut off',
  'json-too-deep': ({ maximum }) => `the JSON is nested deeper than ${maximum} levels, which no honest report is`,
  'json-key-twice': ({ found }) => `the same key ("${found}") stands twice in one object, so one value would be lost`,
  'json-too-large': ({ maximum }) => `the JSON holds more than ${maximum} values; cut it into parts first`,
  'not-stix': () => 'this is not a STIX 2.1 bundle',
  'stix-version': ({ found }) => `this is STIX ${found}; only STIX 2.1 is read`,
  'not-misp': () => 'this is not a MISP event',
  'format-unknown': () => 'this JSON is neither a STIX 2.1 bundle nor a MISP event',
  'nothing-said': ({ expected }) =>
    expected === undefined
      ? 'nothing stands in it that a report could say'
      : `no entry of the list is of the part that was asked for (${expected})`,
  'too-much-said': ({ maximum }) => `the file makes more than ${maximum} statements; cut it into parts first`,
  'entity-too-large': ({ found, maximum }) =>
    `one entity has ${found} statements; a report holds at most ${maximum}, and an entity is never cut in two`,
  'entity-too-long': ({ found, maximum }) =>
    `one entity takes ${found} bytes; a report holds at most ${maximum}, and an entity is never cut in two`,
};

/** One sentence without a full stop, such as `alt.csv, row 7, line 9: this row has 4 columns where 5 are expected`. */
export function wordImportRefusal({ code, facts }: ImportRefusal): string {
  const place = placeOf(facts);
  return place === '' ? words[code](facts) : `${place}: ${words[code](facts)}`;
}

function placeOf({ file, row, line, column, byte }: ImportFacts): string {
  const parts = [
    file,
    row === undefined ? undefined : `row ${row}`,
    line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
    byte === undefined ? undefined : `byte ${byte}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function megabytes(bytes: string | number | undefined): string {
  return (Number(bytes ?? 0) / 1024 ** 2).toFixed(0);
}
