import { currencyByWord, placesOf, signsAlone } from './currencies.ts';
import { type Decimal, likeness, readNumber, times } from './decimal.ts';
import { asciiForms } from './digits.ts';
import { type Cleaned, cleaned, defineType, type Hints, unparsed } from './property-type.ts';
import { multiplierByWord } from './unit-words.ts';

export interface Money {
  /** Smallest units of the currency: cents, satang, won, satoshi. */
  readonly minor: bigint;
  /** ISO 4217, or the usual ticker of a coin. */
  readonly currency: string;
  readonly basis: MoneyBasis | null;
}

/** What a price of drugs is a price of; null when nobody says. */
export const moneyBases = ['street', 'wholesale', 'paid', 'asked', 'estimated'] as const;
export type MoneyBasis = (typeof moneyBases)[number];

const canonicalMoney = /^([A-Z]{3,4}) (\d+)(?:\.(\d+))?(?: ([a-z]+))?$/;

/**
 * `THB 1500.00` or `THB 1500.00 street`: currency, amount with exactly the currency's places, basis when stated.
 * More places than the currency has are refused, not rounded. A bare `$` names no currency.
 */
export const moneyType = defineType({
  name: 'money',
  maxLength: 64,
  matchable: false,
  reportedMax: 200,
  clean(text, hints) {
    const plain = asciiForms(text).normalize('NFC');
    return moneyOf(plain) ? cleaned(plain) : cleanWords(plain, hints);
  },
  compare(a, b) {
    const [left, right] = [moneyOf(a), moneyOf(b)];
    if (a === b) return 1;
    return left && right && left.currency === right.currency ? likeness(left.minor, right.minor) : 0;
  },
  mask: (value) => `${value.split(' ', 1)[0]} ••`,
  label: (value) => value.replace(/\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, '\u202f')),
});

function cleanWords(text: string, hints: Hints): Cleaned {
  const { amount, basis } = withoutBasis(text.toLowerCase());
  const match = /^([^\d]*)([\d.,'’\s\u00a0\u202f]*\d|\d)\s*([^\d]*)$/u.exec(amount);
  if (!match) return unparsed('form');
  const { rest, multiplier } = countingWord(match[3]!.trim());
  const word = [match[1]!.trim(), rest].filter(Boolean).join(' ');
  const currency = currencyOf(word);
  if (!currency) return unparsed(word === '' ? 'unit-needed' : signsAlone.has(word) ? 'ambiguous' : 'unknown-code');
  const number = readNumber(match[2]!.trim(), hints);
  if (!number.ok) return unparsed(number.reason);
  const minor = minorUnits(times(number.number, { digits: multiplier, scale: 0 }), placesOf(currency)!);
  return minor === null ? unparsed('range') : cleaned(moneyText({ minor, currency, basis }));
}

function withoutBasis(text: string): { amount: string; basis: MoneyBasis | null } {
  const basis = moneyBases.find((word) => new RegExp(`[\\s(]${word}(?: value| price)?\\)?$`).test(text)) ?? null;
  return {
    amount: basis ? text.replace(new RegExp(`[\\s(]*${basis}(?: value| price)?\\)?$`), '').trim() : text,
    basis,
  };
}

function currencyOf(word: string): string | undefined {
  const code = word.toUpperCase();
  return placesOf(code) === undefined ? currencyByWord.get(word) : code;
}

function countingWord(tail: string): { rest: string; multiplier: bigint } {
  const [first = '', ...others] = tail.split(' ');
  const whole = multiplierByWord.get(first);
  if (whole !== undefined) return { rest: others.join(' '), multiplier: whole };
  for (let length = first.length - 1; length > 0; length--) {
    const multiplier = multiplierByWord.get(first.slice(0, length));
    if (multiplier !== undefined) return { rest: [first.slice(length), ...others].join(' '), multiplier };
  }
  return { rest: tail, multiplier: 1n };
}

function minorUnits({ digits, scale }: Decimal, decimals: number): bigint | null {
  if (scale <= decimals) return digits * 10n ** BigInt(decimals - scale);
  const surplus = 10n ** BigInt(scale - decimals);
  return digits % surplus === 0n ? digits / surplus : null;
}

function moneyText({ minor, currency, basis }: Money): string {
  const decimals = placesOf(currency)!;
  const text = minor.toString().padStart(decimals + 1, '0');
  const amount = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  return `${currency} ${amount}${basis ? ` ${basis}` : ''}`;
}

/** Reads a canonical value, or null for text that is none. */
export function moneyOf(value: string): Money | null {
  const [, currency = '', whole = '', fraction = '', basis] = canonicalMoney.exec(value) ?? [];
  const isBasis = basis === undefined || (moneyBases as readonly string[]).includes(basis);
  if (placesOf(currency) !== fraction.length || !isBasis || whole.length > 30 || /^0\d/.test(whole)) return null;
  return { minor: BigInt(whole + fraction), currency, basis: (basis as MoneyBasis | undefined) ?? null };
}
