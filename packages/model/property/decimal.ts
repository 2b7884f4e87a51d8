/** Exact decimals as text and as scaled big integers. No floating point: a total of seizures must add up. */

/** `digits × 10^-scale` */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Digits of a number as people write it; a longer one is no measured amount. */
const reportedDigitsMax = 20;
/** Digits of a canonical number: a reported one times a counting word, with the places of the smallest coin. */
const digitsMax = 60;

/** Reads `12.5` (plain, no sign, no groups), or null. */
export function decimalOf(text: string): Decimal | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match || text.length > digitsMax + 1) return null;
  const fraction = match[2] ?? '';
  return { digits: BigInt(match[1]! + fraction), scale: fraction.length };
}

export function times(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

/** Rounded once, half away from zero (amounts are never negative). */
export function rounded({ digits, scale }: Decimal): bigint {
  const unit = 10n ** BigInt(scale);
  return (digits * 2n + unit) / (unit * 2n);
}

/** Shortest plain text: `12.50` → `12.5`, `007` → `7`. */
export function decimalText({ digits, scale }: Decimal): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Smaller over larger, in thousandths: 1 = equal, 0 = either is nothing or they are far apart. */
export function likeness(a: bigint, b: bigint): number {
  if (a === b) return 1;
  if (a === 0n || b === 0n) return 0;
  return Number(a < b ? (a * 1_000n) / b : (b * 1_000n) / a) / 1_000;
}

export type ReadNumber = { ok: true; number: Decimal } | { ok: false; reason: 'form' | 'ambiguous' };

/** Languages and countries that write a comma before decimals and a point between thousands. */
const commaLanguages = new Set(['vi', 'id', 'es', 'de', 'it', 'pt', 'nl', 'tr', 'fr', 'ru']);
const commaCountries = new Set(['VN', 'ID', 'LA', 'KH', 'DE', 'ES', 'IT', 'PT', 'NL', 'TR', 'FR', 'RU', 'BR', 'CO']);

/**
 * A number as people write it: groups of three by comma, point, blank or apostrophe, then decimals.
 * `1.234` from a place where the point parts thousands could be either: ambiguous, and a thousandfold matters.
 */
export function readNumber(text: string, hints: { lang?: string; country?: string } = {}): ReadNumber {
  const plain = text.replace(/(?<=\d)[\s\u00a0\u202f'’_](?=\d{3}(?!\d))/g, '');
  const isComma = commaLanguages.has(hints.lang ?? '') || commaCountries.has(hints.country ?? '');
  const marks = plain.replace(/\d/g, '');
  if (!/^\d[\d.,]*$|^\.\d+$/.test(plain) || plain.endsWith('.') || plain.endsWith(','))
    return { ok: false, reason: 'form' };
  if (marks === '') return numberFrom(plain);
  const last = marks.at(-1)!;
  const isGrouped = new RegExp(`^\\d{1,3}(?:\\${last}\\d{3})+$`).test(plain);
  if (new Set(marks).size === 1) {
    if (marks.length > 1) return isGrouped ? numberFrom(plain.replaceAll(last, '')) : { ok: false, reason: 'form' };
    return readSingleMark(plain, last, isGrouped, isComma);
  }
  const [group, decimal] = last === ',' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction = ''] = plain.split(decimal);
  const isWell = new RegExp(`^\\d{1,3}(?:\\${group}\\d{3})+$`).test(whole) && !fraction.includes(group);
  return isWell ? numberFrom(`${whole.replaceAll(group, '')}.${fraction}`) : { ok: false, reason: 'form' };
}

function readSingleMark(plain: string, mark: string, isGrouped: boolean, isComma: boolean): ReadNumber {
  const asDecimal = numberFrom(`0${plain}`.replace(',', '.'));
  if (!isGrouped || plain.startsWith('0')) return asDecimal;
  if (mark === ',') return isComma ? { ok: false, reason: 'ambiguous' } : numberFrom(plain.replace(',', ''));
  return isComma ? { ok: false, reason: 'ambiguous' } : asDecimal;
}

function numberFrom(text: string): ReadNumber {
  const number = text.length > reportedDigitsMax + 1 ? null : decimalOf(text);
  return number ? { ok: true, number } : { ok: false, reason: 'form' };
}
