import canonicalize from 'canonicalize';
import { fromUtf8, sameBytes, utf8 } from '../cbor/index.ts';

/**
 * Evidence as a file (wire.md §3): JSON in its one form (JCS, RFC 8785), byte strings as base64url without padding.
 * Everything in it is signed, hashed or proven; there is no field that could be changed unseen.
 */
export const EVIDENCE_FORMAT = 'tripoint-evidence/1';
export const FORK_FORMAT = 'tripoint-fork/1';

/** Every version of an item with a copy of 1 MiB for each of 64 nations stays far below; a parser must end. */
export const EVIDENCE_BYTES_MAX = 32 * 1024 * 1024;
const LIST_MAX = 4_096;

/** Where an entry stands: under the head of this place in `heads`. */
export type PlaceForm = { readonly head: number; readonly index: number; readonly path: readonly Uint8Array[] };

export type ReceiptForm = { readonly log: PlaceForm | null; readonly signed: Uint8Array };

export type EnvelopeForm = {
  readonly bodyHash: Uint8Array;
  readonly core: Uint8Array;
  readonly cs: Uint8Array;
  readonly ed: Uint8Array;
  readonly inner: Uint8Array;
  readonly log: PlaceForm | null;
  readonly ml: Uint8Array;
  readonly receipts: readonly ReceiptForm[];
  readonly stanzaHashes: readonly Uint8Array[];
};

/** What lets anybody check it who knows the hash of charter version 1: the charters and the keys they vouch for. */
export type Vouching = {
  /** Signed charters (`encodeSignedCharter`) from version 1 on. */
  readonly charters: readonly Uint8Array[];
  /** Signed directory entries of whoever signs below: identity, log and witness keys. */
  readonly entries: readonly Uint8Array[];
};

export type EvidenceForm = Vouching & {
  readonly envelopes: readonly EnvelopeForm[];
  /** Checkpoints with the lines of their witnesses, as C2SP notes. */
  readonly heads: readonly string[];
};

/** A log that does not hold together: the evidence of frame 9 (`encodeFork`), and what lets anybody check it. */
export type ForkForm = Vouching & { readonly fork: Uint8Array };

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const textOfPlace = (place: PlaceForm | null) => (place === null ? null : { ...place, path: place.path.map(text) });

/** The bytes of the file. */
export const encodeEvidence = (form: EvidenceForm): Uint8Array =>
  canonical({
    format: EVIDENCE_FORMAT,
    charters: form.charters.map(text),
    entries: form.entries.map(text),
    heads: form.heads,
    envelopes: form.envelopes.map((one) => ({
      bodyHash: text(one.bodyHash),
      core: text(one.core),
      cs: text(one.cs),
      ed: text(one.ed),
      inner: text(one.inner),
      log: textOfPlace(one.log),
      ml: text(one.ml),
      receipts: one.receipts.map(({ log, signed }) => ({ log: textOfPlace(log), signed: text(signed) })),
      stanzaHashes: one.stanzaHashes.map(text),
    })),
  });

export const encodeForkFile = ({ charters, entries, fork }: ForkForm): Uint8Array =>
  canonical({
    format: FORK_FORMAT,
    charters: charters.map(text),
    entries: entries.map(text),
    fork: text(fork),
  });

const canonical = (value: object): Uint8Array => utf8(canonicalize(value) as string);

class WrongForm extends Error {
  readonly at: string;
  constructor(at: string) {
    super(at);
    this.at = at;
  }
}

export type FormRead =
  | { readonly ok: true; readonly kind: 'evidence'; readonly form: EvidenceForm }
  | { readonly ok: true; readonly kind: 'fork'; readonly form: ForkForm }
  /** `at`: the field, such as `envelopes.0.core`; empty: the file as a whole. */
  | { readonly ok: false; readonly at: string };

/** Reads the file; refuses what is not the one form of what it says, unknown and missing keys, and other encodings. */
export function readEvidence(bytes: Uint8Array): FormRead {
  try {
    const file = whole(bytes);
    if (file.format === FORK_FORMAT) return { ok: true, kind: 'fork', form: readFork(file) };
    if (file.format !== EVIDENCE_FORMAT) throw new WrongForm('format');
    return { ok: true, kind: 'evidence', form: readReport(file) };
  } catch (error) {
    if (error instanceof WrongForm) return { ok: false, at: error.at };
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function whole(bytes: Uint8Array): Fields {
  if (bytes.length > EVIDENCE_BYTES_MAX) throw new WrongForm('');
  const value = parsed(bytes);
  return fields(value, '');
}

/** canonicalize throws on what JSON text can spell but JCS cannot (lone surrogates). */
function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes));
    const one = canonicalize(value);
    if (one !== undefined && sameBytes(utf8(one), bytes)) return value;
  } catch {
    // not UTF-8, not JSON, or without a canonical form: no file of ours
  }
  throw new WrongForm('');
}

function fields(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongForm(at);
  return value as Fields;
}

function closed(value: unknown, names: readonly string[], at: string): Fields {
  const record = fields(value, at);
  if (Object.keys(record).length !== names.length) throw new WrongForm(at);
  for (const name of names) if (!Object.hasOwn(record, name)) throw new WrongForm(at);
  return record;
}

function readFork(file: Fields): ForkForm {
  closed(file, ['charters', 'entries', 'fork', 'format'], '');
  return { ...readVouching(file), fork: bytesAt(file.fork, 'fork') };
}

const readVouching = (file: Fields): Vouching => ({
  charters: listAt(file.charters, 'charters', bytesAt),
  entries: listAt(file.entries, 'entries', bytesAt),
});

function readReport(file: Fields): EvidenceForm {
  closed(file, ['charters', 'entries', 'envelopes', 'format', 'heads'], '');
  return {
    ...readVouching(file),
    heads: listAt(file.heads, 'heads', textAt),
    envelopes: listAt(file.envelopes, 'envelopes', readEnvelope),
  };
}

function readEnvelope(value: unknown, at: string): EnvelopeForm {
  const names = ['bodyHash', 'core', 'cs', 'ed', 'inner', 'log', 'ml', 'receipts', 'stanzaHashes'];
  const one = closed(value, names, at);
  return {
    bodyHash: bytesAt(one.bodyHash, `${at}.bodyHash`),
    core: bytesAt(one.core, `${at}.core`),
    cs: bytesAt(one.cs, `${at}.cs`),
    ed: bytesAt(one.ed, `${at}.ed`),
    inner: bytesAt(one.inner, `${at}.inner`),
    log: placeAt(one.log, `${at}.log`),
    ml: bytesAt(one.ml, `${at}.ml`),
    receipts: listAt(one.receipts, `${at}.receipts`, readReceipt),
    stanzaHashes: listAt(one.stanzaHashes, `${at}.stanzaHashes`, bytesAt),
  };
}

function readReceipt(value: unknown, at: string): ReceiptForm {
  const one = closed(value, ['log', 'signed'], at);
  return { log: placeAt(one.log, `${at}.log`), signed: bytesAt(one.signed, `${at}.signed`) };
}

function placeAt(value: unknown, at: string): PlaceForm | null {
  if (value === null) return null;
  const one = closed(value, ['head', 'index', 'path'], at);
  return {
    head: countAt(one.head, `${at}.head`),
    index: countAt(one.index, `${at}.index`),
    path: listAt(one.path, `${at}.path`, bytesAt),
  };
}

function listAt<Item>(value: unknown, at: string, read: (item: unknown, at: string) => Item): Item[] {
  if (!Array.isArray(value) || value.length > LIST_MAX) throw new WrongForm(at);
  return value.map((item, place) => read(item, `${at}.${place}`));
}

function textAt(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new WrongForm(at);
  return value;
}

function bytesAt(value: unknown, at: string): Uint8Array {
  const given = textAt(value, at);
  const bytes = Buffer.from(given, 'base64url');
  if (bytes.toString('base64url') !== given) throw new WrongForm(at);
  return Uint8Array.from(bytes);
}

function countAt(value: unknown, at: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new WrongForm(at);
  return value as number;
}
