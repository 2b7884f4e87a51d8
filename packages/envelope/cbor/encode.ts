import { utf8 } from './bytes.ts';
import { CBOR_DEPTH_MAX, type CborMap, type CborValue } from './value.ts';

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const UINT64_MAX = (1n << 64n) - 1n;

/**
 * The one deterministic encoding of a value (RFC 8949 §4.2.1): shortest integers, definite lengths, map keys
 * ascending by their encoded bytes. Throws TypeError on a value we do not allow: that is our own mistake.
 */
export function encode(value: CborValue): Uint8Array {
  const sink = new Sink();
  write(sink, value, 0);
  return sink.finish();
}

/** Grows by doubling; long byte strings are copied once. */
class Sink {
  bytes = new Uint8Array(512);
  view = new DataView(this.bytes.buffer);
  at = 0;

  reserve(countBytes: number): void {
    if (this.at + countBytes <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + countBytes + 64));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  put(part: Uint8Array): void {
    this.reserve(part.length);
    this.bytes.set(part, this.at);
    this.at += part.length;
  }

  finish(): Uint8Array {
    return this.at === this.bytes.length ? this.bytes : this.bytes.slice(0, this.at);
  }
}

function write(sink: Sink, value: CborValue, depth: number): void {
  if (depth > CBOR_DEPTH_MAX) throw new TypeError('too deep for CBOR');
  if (typeof value === 'number') writeNumber(sink, value);
  else if (value instanceof Uint8Array) writeString(sink, BYTES, value);
  else if (typeof value === 'string') writeText(sink, value);
  else if (typeof value === 'boolean') writeHead(sink, 0, 0, value ? TRUE : FALSE);
  else if (typeof value === 'bigint') writeBigint(sink, value);
  else if (Array.isArray(value)) writeArray(sink, value, depth);
  else if (value instanceof Map) writeMap(sink, value, depth);
  else throw new TypeError('not a value for CBOR');
}

function writeText(sink: Sink, text: string): void {
  if (!text.isWellFormed()) throw new TypeError('text with a lone surrogate');
  writeString(sink, TEXT, utf8(text));
}

function writeArray(sink: Sink, items: readonly CborValue[], depth: number): void {
  writeHead(sink, ARRAY, items.length);
  for (const item of items) write(sink, item, depth + 1);
}

function writeMap(sink: Sink, map: CborMap, depth: number): void {
  writeHead(sink, MAP, map.size);
  for (const key of [...map.keys()].sort(byEncodedKey)) {
    writeNumber(sink, key);
    write(sink, map.get(key) as CborValue, depth + 1);
  }
}

/** Encoded unsigned keys sort before negative ones, and each kind by magnitude. */
function byEncodedKey(a: number, b: number): number {
  if (a < 0 !== b < 0) return a < 0 ? 1 : -1;
  return a < 0 ? b - a : a - b;
}

function writeNumber(sink: Sink, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError('not a safe integer');
  if (value >= 0) writeHead(sink, UNSIGNED, value);
  else writeHead(sink, NEGATIVE, -1 - value);
}

function writeBigint(sink: Sink, value: bigint): void {
  const magnitude = value >= 0n ? value : -1n - value;
  const major = value >= 0n ? UNSIGNED : NEGATIVE;
  if (magnitude > UINT64_MAX) throw new TypeError('integer beyond 64 bits');
  if (magnitude <= BigInt(Number.MAX_SAFE_INTEGER)) writeHead(sink, major, Number(magnitude));
  else writeWide(sink, major, magnitude);
}

function writeWide(sink: Sink, major: number, magnitude: bigint): void {
  sink.reserve(9);
  sink.bytes[sink.at] = (major << 5) | 27;
  sink.view.setBigUint64(sink.at + 1, magnitude);
  sink.at += 9;
}

function writeString(sink: Sink, major: number, bytes: Uint8Array): void {
  writeHead(sink, major, bytes.length);
  sink.put(bytes);
}

/** Initial byte and argument in the shortest form; `whole` overrides the initial byte for simple values. */
function writeHead(sink: Sink, major: number, argument: number, whole?: number): void {
  sink.reserve(9);
  const { bytes, view, at } = sink;
  const top = major << 5;
  if (whole !== undefined) {
    bytes[at] = whole;
    sink.at = at + 1;
  } else if (argument < 24) {
    bytes[at] = top | argument;
    sink.at = at + 1;
  } else if (argument < 0x100) {
    bytes[at] = top | 24;
    bytes[at + 1] = argument;
    sink.at = at + 2;
  } else if (argument < 0x1_0000) {
    bytes[at] = top | 25;
    view.setUint16(at + 1, argument);
    sink.at = at + 3;
  } else if (argument < 0x1_0000_0000) {
    bytes[at] = top | 26;
    view.setUint32(at + 1, argument);
    sink.at = at + 5;
  } else {
    writeWide(sink, major, BigInt(argument));
  }
}
