import { codeRow, codes, isCode, versionOf } from '@tripoint/model/codes';
import { type Decimal, decimalOf, decimalText, likeness, readNumber, rounded, times } from './decimal.ts';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, type Hints, unparsed } from './property-type.ts';
import { multiplierByWord, unitByWord } from './unit-words.ts';

/** Amount and unit as reported; mass is derived from them and never replaces them. */
export interface Quantity {
  readonly amount: Decimal;
  /** Code of units.json. */
  readonly unit: string;
}

const canonicalQuantity = /^(\d+(?:\.\d+)?) ([a-z0-9-]+)$/;

const unitByLabel = new Map(codes.units.codes.map((row) => [row.label_en.toLowerCase(), row.code]));

/**
 * `12.5 kilogram`: plain decimal and a unit code. Three decimals get a fourth (`1.2340 gram`), so that nobody takes
 * the point for a thousands mark. A number without a unit is not a quantity.
 */
export const quantityType = defineType({
  name: 'quantity',
  maxLength: 64,
  matchable: false,
  reportedMax: 200,
  clean(text, hints) {
    const read = readQuantity(asciiForms(text).normalize('NFC'), hints);
    return typeof read === 'string' ? unparsed(read) : cleaned(quantityText(read));
  },
  compare(a, b) {
    const [left, right] = [massOf(a)?.micrograms, massOf(b)?.micrograms];
    if (a === b || (left !== undefined && left === right)) return 1;
    if (left === undefined || right === undefined) return 0;
    return likeness(left, right);
  },
  mask: (value) => `•• ${value.split(' ')[1]}`,
  label(value) {
    const [amount = '', unit = ''] = value.split(' ');
    return `${grouped(amount)} ${(codeRow('units', unit)?.label_en ?? unit).toLowerCase()}`;
  },
});

function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

function quantityText({ amount, unit }: Quantity): string {
  const plain = decimalText(amount);
  return `${/\.\d{3}$/.test(plain) ? `${plain}0` : plain} ${unit}`;
}

function readQuantity(text: string, hints: Hints): Quantity | 'form' | 'ambiguous' | 'unit-needed' | 'unknown-code' {
  const canonical = canonicalQuantity.exec(text);
  if (canonical && isCode('units', canonical[2]) && !/\.\d{3}$/.test(canonical[1]!)) {
    return { amount: decimalOf(canonical[1]!)!, unit: canonical[2] };
  }
  const [, numeral = '', tail = ''] = /^([\d.,'’_\s\u00a0\u202f]*\d)\s*(.*)$/su.exec(text) ?? [];
  if (numeral === '') return 'form';
  const number = readNumber(numeral, hints);
  if (!number.ok) return number.reason;
  const { rest, multiplier } = countingWord(tail.toLowerCase().trim());
  if (rest === '') return 'unit-needed';
  const unit = unitOf(rest);
  return unit ? { amount: times(number.number, { digits: multiplier, scale: 0 }), unit } : 'unknown-code';
}

function countingWord(tail: string): { rest: string; multiplier: bigint } {
  for (let length = Math.min(tail.length, 8); length > 0; length--) {
    const multiplier = multiplierByWord.get(tail.slice(0, length));
    if (multiplier !== undefined) return { rest: tail.slice(length).trim(), multiplier };
  }
  return { rest: tail, multiplier: 1n };
}

function unitOf(word: string): string | undefined {
  const bare = word.replace(/\.$/, '');
  if (isCode('units', bare)) return bare;
  return unitByWord.get(word) ?? unitByWord.get(bare) ?? unitByLabel.get(bare);
}

/** Amount and unit of a canonical value, or null for text that is none. */
export function quantityOf(value: string): Quantity | null {
  const [, amount, unit] = canonicalQuantity.exec(value) ?? [];
  const number = amount === undefined ? null : decimalOf(amount);
  return number && isCode('units', unit) ? { amount: number, unit } : null;
}

/** A mass worked out of an amount, and by which factor of which list. */
export interface DerivedMass {
  readonly micrograms: bigint;
  /** Code of the factor in units.json or kg-equivalents.json, and the date of that list. */
  readonly factor: string;
  readonly factorVersion: string;
}

export const gramInMicrograms: Decimal = { digits: 1_000_000n, scale: 0 };

/** Mass of a canonical value in a unit of mass; null for volumes, counts and areas, which need a factor. */
export function massOf(value: string): DerivedMass | null {
  const quantity = quantityOf(value);
  const factor = quantity && codeRow('units', quantity.unit)?.factor_g;
  if (!quantity || !factor) return null;
  const micrograms = rounded(times(times(quantity.amount, decimalOf(factor)!), gramInMicrograms));
  return { micrograms, factor: quantity.unit, factorVersion: versionOf('units') };
}
