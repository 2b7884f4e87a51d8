import { fromUtf8, sameBytes } from './bytes.ts';
import { encode } from './encode.ts';
import { CBOR_DEPTH_MAX, CBOR_ITEMS_MAX, CBOR_SIZE_BYTES_MAX, type CborValue, MalformedCbor } from './value.ts';

/**
 * The value of deterministic CBOR. Refuses (MalformedCbor) unless `encode(decode(input))` gives the same bytes:
 * that one comparison catches long integers, unsorted and duplicate keys, and every later surprise.
 * Byte strings are views into `input`, not copies.
 */
export function decode(input: Uint8Array): CborValue {
  if (input.length > CBOR_SIZE_BYTES_MAX) throw new MalformedCbor('too large');
  // A Buffer is a Uint8Array whose views are Buffers again; what we hand out is always plain.
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  const cursor: Cursor = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
    items: 0,
  };
  const value = read(cursor, 0);
  if (cursor.at !== bytes.length) throw new MalformedCbor('bytes after the value');
  if (!sameBytes(encode(value), bytes)) throw new MalformedCbor('not the deterministic encoding');
  return value;
}

type Cursor = { readonly bytes: Uint8Array; readonly view: DataView; at: number; items: number };

function read(cursor: Cursor, depth: number): CborValue {
  if (depth > CBOR_DEPTH_MAX) throw new MalformedCbor('too deep');
  cursor.items += 1;
  if (cursor.items > CBOR_ITEMS_MAX) throw new MalformedCbor('too many values');
  const initial = byteAt(cursor);
  if (initial === 0xf4 || initial === 0xf5) return initial === 0xf5;
  const argument = readArgument(cursor, initial & 31);
  switch (initial >> 5) {
    case 0:
      return argument;
    case 1:
      return typeof argument === 'bigint' || argument === Number.MAX_SAFE_INTEGER
        ? -1n - BigInt(argument)
        : -1 - argument;
    case 2:
      return readBytes(cursor, argument);
    case 3:
      return readText(cursor, argument);
    case 4:
      return readArray(cursor, argument, depth);
    case 5:
      return readMap(cursor, argument, depth);
    default:
      throw new MalformedCbor('a tag, float or other simple value');
  }
}

function byteAt(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw new MalformedCbor('cut short');
  cursor.at += 1;
  return byte;
}

function readArgument(cursor: Cursor, short: number): number | bigint {
  if (short < 24) return short;
  if (short > 27) throw new MalformedCbor('indefinite or reserved length');
  const widthBytes = 1 << (short - 24);
  const { view, at } = cursor;
  if (at + widthBytes > cursor.bytes.length) throw new MalformedCbor('cut short');
  cursor.at = at + widthBytes;
  if (widthBytes === 1) return view.getUint8(at);
  if (widthBytes === 2) return view.getUint16(at);
  if (widthBytes === 4) return view.getUint32(at);
  const wide = view.getBigUint64(at);
  return wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
}

/** A declared count can never exceed the bytes that are left, so no count allocates more than the input. */
function countWithin(cursor: Cursor, argument: number | bigint): number {
  const left = cursor.bytes.length - cursor.at;
  if (typeof argument === 'bigint' || argument > left) throw new MalformedCbor('cut short');
  return argument;
}

function readBytes(cursor: Cursor, argument: number | bigint): Uint8Array {
  const end = cursor.at + countWithin(cursor, argument);
  const part = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return part;
}

function readText(cursor: Cursor, argument: number | bigint): string {
  try {
    return fromUtf8(readBytes(cursor, argument));
  } catch (error) {
    if (error instanceof MalformedCbor) throw error;
    throw new MalformedCbor('text is not UTF-8');
  }
}

function readArray(cursor: Cursor, argument: number | bigint, depth: number): CborValue[] {
  const count = countWithin(cursor, argument);
  const items: CborValue[] = [];
  for (let i = 0; i < count; i += 1) items.push(read(cursor, depth + 1));
  return items;
}

function readMap(cursor: Cursor, argument: number | bigint, depth: number): Map<number, CborValue> {
  const count = countWithin(cursor, argument);
  const map = new Map<number, CborValue>();
  for (let i = 0; i < count; i += 1) {
    const key = read(cursor, depth + 1);
    if (typeof key !== 'number') throw new MalformedCbor('a map key that is not an integer');
    map.set(key, read(cursor, depth + 1));
  }
  return map;
}
