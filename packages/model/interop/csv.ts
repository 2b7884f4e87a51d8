/**
 * A strict reader of RFC 4180 text that says where it stumbles.
 * Libraries exist; this one names row, line and column of a broken quote in our own closed list, runs in the
 * browser, and reads chunk by chunk. It never guesses: what is not well-formed is refused.
 */
import { fieldCharactersMax, rowsMax } from './bounds.ts';
import { ImportRefused } from './refusal.ts';

/** Text whole or in pieces; a piece may end anywhere, also inside a field. */
export type TextChunks = string | Iterable<string>;

export type CsvRow = {
  /** Counts records from 1. */
  row: number;
  /** Line on which the record begins, from 1; differs from `row` after a line break inside quotes. */
  line: number;
  fields: string[];
};

type State = 'field-start' | 'bare' | 'quoted' | 'quote-seen';

/**
 * Yields records as they are complete. Empty lines are skipped, as spreadsheets write one at the end.
 * Throws ImportRefused: nul-character, quote-not-closed, quote-inside-field, text-after-quote, field-too-long,
 * too-many-rows.
 */
export function* readCsv(text: TextChunks): Generator<CsvRow> {
  const record = new RecordReader();
  for (const chunk of typeof text === 'string' ? [text] : text) {
    let from = 0;
    while (from < chunk.length) {
      from = record.take(chunk, from);
      if (record.complete) yield* record.hand();
    }
  }
  record.end();
  if (record.complete) yield* record.hand();
}

/** The record being read. Kept as an object because a chunk may end in the middle of anything. */
class RecordReader {
  complete = false;
  #state: State = 'field-start';
  #field = '';
  #fields: string[] = [];
  #row = 1;
  #line = 1;
  #beganAtLine = 1;
  #quoteAtLine = 1;
  #afterCarriageReturn = false;
  #hasQuotes = false;

  /** Consumes at least one character of `chunk` from `from` on; answers where to go on. */
  take(chunk: string, from: number): number {
    const run = this.#state === 'quoted' ? quotedRun(chunk, from) : bareRun(chunk, from);
    if (run > from && this.#state !== 'quote-seen') {
      this.#append(chunk.slice(from, run));
      return run;
    }
    this.#mark(chunk.charCodeAt(from));
    return from + 1;
  }

  end(): void {
    if (this.#state === 'quoted') throw this.#refused('quote-not-closed', this.#quoteAtLine);
    if (this.#fields.length > 0 || this.#state !== 'field-start') this.#endRecord();
  }

  *hand(): Generator<CsvRow> {
    const fields = this.#fields;
    const isEmptyLine = fields.length === 1 && fields[0] === '' && !this.#hasQuotes;
    const row = { row: this.#row, line: this.#beganAtLine, fields };
    this.complete = false;
    this.#fields = [];
    this.#beganAtLine = this.#line;
    this.#hasQuotes = false;
    if (isEmptyLine) return;
    if (row.row > rowsMax) throw new ImportRefused('too-many-rows', { maximum: rowsMax });
    this.#row += 1;
    yield row;
  }

  #append(text: string): void {
    if (this.#state === 'field-start') this.#state = 'bare';
    this.#afterCarriageReturn = false;
    if (this.#state === 'quoted') this.#line += lineBreaks(text);
    this.#field += text;
    if (this.#field.length > fieldCharactersMax)
      throw new ImportRefused('field-too-long', { row: this.#row, line: this.#line, maximum: fieldCharactersMax });
  }

  /** One character that means something here: quote, comma, line end, NUL. */
  #mark(code: number): void {
    if (code === NUL) throw this.#refused('nul-character', this.#line);
    const afterCarriageReturn = this.#afterCarriageReturn;
    this.#afterCarriageReturn = false;
    if (code === QUOTE) this.#quote();
    else if (this.#state === 'quoted') throw new Error('only a quote or NUL ends a quoted run');
    else if (code === COMMA) this.#endField();
    else if (code === LINE_FEED || code === CARRIAGE_RETURN) this.#endLine(code, afterCarriageReturn);
    else throw this.#refused('text-after-quote', this.#line);
  }

  #quote(): void {
    if (this.#state === 'bare') throw this.#refused('quote-inside-field', this.#line);
    if (this.#state === 'quote-seen') this.#field += '"';
    if (this.#state === 'field-start') this.#quoteAtLine = this.#line;
    this.#hasQuotes = true;
    this.#state = this.#state === 'quoted' ? 'quote-seen' : 'quoted';
  }

  #endLine(code: number, afterCarriageReturn: boolean): void {
    if (code === LINE_FEED && afterCarriageReturn) {
      this.#beganAtLine = this.#line;
      return;
    }
    this.#line += 1;
    this.#afterCarriageReturn = code === CARRIAGE_RETURN;
    this.#endRecord();
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'field-start';
  }

  #endRecord(): void {
    this.#endField();
    this.complete = true;
  }

  #refused(code: 'quote-not-closed' | 'nul-character' | 'quote-inside-field' | 'text-after-quote', line: number) {
    return new ImportRefused(code, { row: this.#row, line });
  }
}

const NUL = 0;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const COMMA = 44;

function quotedRun(chunk: string, from: number): number {
  let at = from;
  while (at < chunk.length && chunk.charCodeAt(at) !== QUOTE && chunk.charCodeAt(at) !== NUL) at += 1;
  return at;
}

function bareRun(chunk: string, from: number): number {
  let at = from;
  while (at < chunk.length && !endsBareRun(chunk.charCodeAt(at))) at += 1;
  return at;
}

function endsBareRun(code: number): boolean {
  return code === COMMA || code === QUOTE || code === LINE_FEED || code === CARRIAGE_RETURN || code === NUL;
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
