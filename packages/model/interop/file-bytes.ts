/**
 * The first look at bytes from outside: is it text at all, and in UTF-8?
 * Archives are recognised by their first bytes and never opened, so a bomb in one stays packed.
 */
import { ImportRefused } from './refusal.ts';

/** First bytes of what people wrongly hand in; the list need not be complete, NUL and UTF-8 catch the rest. */
const packed: [name: string, magic: number[], offset?: number][] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['gzip', [0x1f, 0x8b]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['tar', [0x75, 0x73, 0x74, 0x61, 0x72], 257],
];
const binary: number[][] = [
  [0x25, 0x50, 0x44, 0x46, 0x2d],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/**
 * Looks at the first bytes (512 suffice) of a file.
 * Throws ImportRefused: empty-file, archive, binary-file, not-utf8 (a UTF-16 mark).
 */
export function refuseUnlessText(first: Uint8Array): void {
  if (first.length === 0) throw new ImportRefused('empty-file');
  for (const [name, magic, offset = 0] of packed)
    if (startsWith(first, magic, offset)) throw new ImportRefused('archive', { found: name });
  if (binary.some((magic) => startsWith(first, magic, 0))) throw new ImportRefused('binary-file');
  if (startsWith(first, [0xff, 0xfe], 0) || startsWith(first, [0xfe, 0xff], 0))
    throw new ImportRefused('not-utf8', { byte: 0 });
  const nul = first.indexOf(0);
  if (nul >= 0) throw new ImportRefused('binary-file', { byte: nul });
}

/**
 * Decodes pieces of a file as strict UTF-8; a piece may end inside a character. A byte order mark is dropped.
 * Throws ImportRefused: all of `refuseUnlessText`, and not-utf8 with the byte where it goes wrong.
 */
export function* decodeText(pieces: Iterable<Uint8Array>): Generator<string> {
  let rest: Uint8Array = new Uint8Array();
  let offset = 0;
  let isFirst = true;
  for (const piece of pieces) {
    const bytes = joined(rest, piece);
    if (isFirst && bytes.length > 0) {
      refuseUnlessText(bytes.subarray(0, firstLookBytes));
      isFirst = false;
    }
    const whole = wholeCharacters(bytes, offset);
    if (whole > 0) yield decode(bytes.subarray(0, whole), offset === 0);
    offset += whole;
    rest = bytes.slice(whole);
  }
  if (isFirst) throw new ImportRefused('empty-file');
  if (rest.length > 0) throw new ImportRefused('not-utf8', { byte: offset });
}

const firstLookBytes = 512;

function startsWith(bytes: Uint8Array, magic: number[], offset: number): boolean {
  return bytes.length >= offset + magic.length && magic.every((byte, index) => bytes[offset + index] === byte);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Number of leading bytes that are whole characters; the rest may go on in the next piece. RFC 3629 §4. */
function wholeCharacters(bytes: Uint8Array, offset: number): number {
  let at = 0;
  while (at < bytes.length) {
    const size = characterSize(bytes, at);
    if (size === 'wrong') throw new ImportRefused('not-utf8', { byte: offset + at });
    if (size === 'cut') return at;
    at += size;
  }
  return at;
}

function characterSize(bytes: Uint8Array, at: number): number | 'wrong' | 'cut' {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const size =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (size === 0) return 'wrong';
  for (let index = 1; index < size; index += 1) {
    const next = bytes[at + index];
    if (next === undefined) return 'cut';
    const low = index === 1 ? lowestSecond(lead) : 0x80;
    const high = index === 1 ? highestSecond(lead) : 0xbf;
    if (next < low || next > high) return 'wrong';
  }
  return size;
}

/** Overlong forms are not UTF-8. */
function lowestSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

/** Neither are surrogates and numbers past the last character. */
function highestSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}

/** `bytes` are known to be whole UTF-8, so decoding cannot fail. */
function decode(bytes: Uint8Array, isBeginning: boolean): string {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  return isBeginning && text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Part of every engine, browsers and Node alike; named here because this room is checked without either's types. */
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
