/** What frame 9 says (wire.md §7): CBOR lists, the first element names the kind. */
import { bytesOf, type CborValue, countOf, decode, eachOf, encode, listOf, textOf } from '@tripoint/envelope/cbor';
import type { Ask } from './witness-rules.ts';

export type LogFrame =
  /** My newest head; cosign it. */
  | ({ readonly kind: 'ask' } & Ask)
  /** My two lines under your head of this size. */
  | { readonly kind: 'cosigned'; readonly size: number; readonly lines: string }
  /** I hold this head of yours (size 0 and an empty note: none); prove from there. */
  | { readonly kind: 'held'; readonly size: number; readonly note: string }
  /** Nothing of mine grows out of what you hold; this is all I have. */
  | { readonly kind: 'admit'; readonly note: string }
  /** Evidence that a log does not hold together. */
  | { readonly kind: 'fork'; readonly evidence: Uint8Array }
  /** Where does this entry stand in your log? */
  | { readonly kind: 'where'; readonly entry: Uint8Array }
  /** There, under this head, cosigned by these; `path` leads from the entry to its root. */
  | {
      readonly kind: 'there';
      readonly entry: Uint8Array;
      readonly index: number;
      readonly path: readonly Uint8Array[];
      readonly note: string;
    };

const NUMBERS = { ask: 1, cosigned: 2, held: 3, admit: 4, fork: 5, where: 6, there: 7 } as const;
/** A proof in a tree of 2^53 entries has at most this many hashes. */
const HASHES_MAX = 128;

export function encodeLogFrame(frame: LogFrame): Uint8Array {
  return encode([NUMBERS[frame.kind], ...fieldsOf(frame)]);
}

function fieldsOf(frame: LogFrame): CborValue[] {
  switch (frame.kind) {
    case 'ask':
      return [frame.oldSize, frame.note, frame.proof];
    case 'cosigned':
      return [frame.size, frame.lines];
    case 'held':
      return [frame.size, frame.note];
    case 'admit':
      return [frame.note];
    case 'fork':
      return [frame.evidence];
    case 'where':
      return [frame.entry];
    case 'there':
      return [frame.entry, frame.index, frame.path, frame.note];
  }
}

/** Null when the bytes are no such frame; nothing in it is verified. */
export function decodeLogFrame(bytes: Uint8Array): LogFrame | null {
  const list = listOrNull(bytes);
  const [number, ...fields] = list ?? [];
  switch (number) {
    case NUMBERS.ask:
      return readAsk(fields);
    case NUMBERS.cosigned:
      return readSized(fields, (size, lines) => ({ kind: 'cosigned', size, lines }));
    case NUMBERS.held:
      return readSized(fields, (size, note) => ({ kind: 'held', size, note }));
    case NUMBERS.admit:
      return readOne(fields, textOf, (note) => ({ kind: 'admit', note }));
    case NUMBERS.fork:
      return readOne(fields, bytesOf, (evidence) => ({ kind: 'fork', evidence }));
    case NUMBERS.where:
      return readOne(
        fields,
        (value) => bytesOf(value, 32),
        (entry) => ({ kind: 'where', entry }),
      );
    case NUMBERS.there:
      return readThere(fields);
    default:
      return null;
  }
}

function listOrNull(bytes: Uint8Array): readonly CborValue[] | null {
  try {
    return listOf(decode(bytes));
  } catch {
    return null; // MalformedCbor
  }
}

function hashesOf(value: CborValue | undefined): readonly Uint8Array[] | null {
  const hashes = eachOf(value, (hash) => bytesOf(hash, 32));
  return hashes === null || hashes.length > HASHES_MAX ? null : hashes;
}

function readAsk(fields: readonly CborValue[]): LogFrame | null {
  const [oldSize, note, proof] = [countOf(fields[0]), textOf(fields[1]), hashesOf(fields[2])];
  if (fields.length !== 3 || oldSize === null || note === null || proof === null) return null;
  return { kind: 'ask', oldSize, note, proof };
}

function readSized(fields: readonly CborValue[], make: (size: number, text: string) => LogFrame): LogFrame | null {
  const [size, text] = [countOf(fields[0]), textOf(fields[1])];
  return fields.length !== 2 || size === null || text === null ? null : make(size, text);
}

function readOne<Value>(
  fields: readonly CborValue[],
  read: (value: CborValue | undefined) => Value | null,
  make: (value: Value) => LogFrame,
): LogFrame | null {
  const value = fields.length === 1 ? read(fields[0]) : null;
  return value === null ? null : make(value);
}

function readThere(fields: readonly CborValue[]): LogFrame | null {
  const [entry, index, path] = [bytesOf(fields[0], 32), countOf(fields[1]), hashesOf(fields[2])];
  const note = textOf(fields[3]);
  if (fields.length !== 4 || entry === null || index === null || path === null || note === null) return null;
  return { kind: 'there', entry, index, path, note };
}
