/**
 * Why a file is turned away before anything of it is kept, and where in it the trouble lies.
 * A closed list: the command line and the console word it; the facts say row, line or byte.
 */

export const importRefusalCodes = [
  'empty-file',
  'file-too-large',
  'archive',
  'binary-file',
  'not-utf8',
  'nul-character',
  'quote-not-closed',
  'quote-inside-field',
  'text-after-quote',
  'wrong-column-count',
  'field-too-long',
  'too-many-rows',
  'identifier-missing',
  'json-broken',
  'json-cut-off',
  'json-too-deep',
  'json-key-twice',
  'json-too-large',
  'not-stix',
  'stix-version',
  'not-misp',
  'format-unknown',
  'nothing-said',
  'too-much-said',
  'entity-too-large',
  'entity-too-long',
] as const;
export type ImportRefusalCode = (typeof importRefusalCodes)[number];

export type ImportFacts = {
  /** Name of the file, when several are read together. */
  file?: string;
  /** First row or line is 1. */
  row?: number;
  line?: number;
  column?: number;
  /** First byte is 0. */
  byte?: number;
  expected?: string | number;
  found?: string | number;
  maximum?: number;
};

export type ImportRefusal = { code: ImportRefusalCode; facts: ImportFacts };

/** What every reader answers: the content whole, or why none of it was taken. */
export type Reading<T> = { ok: true; value: T } | { ok: false; refusal: ImportRefusal };

/** Travels only inside this room, from a deep parser to the reader's door. */
export class ImportRefused extends Error {
  readonly refusal: ImportRefusal;

  constructor(code: ImportRefusalCode, facts: ImportFacts = {}) {
    super(code);
    this.name = 'ImportRefused';
    this.refusal = { code, facts };
  }
}

/** Turns a refusal thrown while reading into an answer; anything else is our own mistake and goes on. */
export function reading<T>(read: () => T): Reading<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof ImportRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
