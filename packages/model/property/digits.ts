/**
 * Digits of every script an officer types become ASCII before anything else looks at a value: Thai, Lao, Khmer,
 * Burmese (and Shan), fullwidth, Arabic-Indic, Devanagari and the other decimal digits of Unicode.
 */
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

const asciiByUnit = new Map<number, string>(
  zeros.flatMap((zero) => Array.from({ length: 10 }, (_, value) => [zero + value, String(value)] as const)),
);

// Above ASCII only; most values have no such character and are returned as they came.
const beyondAscii = /[\u0080-\uffff]/;

/** The same text with every decimal digit in ASCII; all other characters, and the length in UTF-16, stay. */
export function asciiDigits(text: string): string {
  if (!beyondAscii.test(text)) return text;
  let out = '';
  for (let at = 0; at < text.length; at++) out += asciiByUnit.get(text.charCodeAt(at)) ?? text[at]!;
  return out;
}

/** Fullwidth ASCII (U+FF01–FF5E) and the ideographic space become plain ASCII; digits of all scripts too. */
export function asciiForms(text: string): string {
  if (!beyondAscii.test(text)) return text;
  let out = '';
  for (const character of asciiDigits(text)) {
    const point = character.codePointAt(0)!;
    if (point >= 0xff01 && point <= 0xff5e) out += String.fromCharCode(point - 0xfee0);
    else out += point === 0x3000 ? ' ' : character;
  }
  return out;
}
