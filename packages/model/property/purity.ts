import { decimalText, readNumber, rounded, times } from './decimal.ts';
import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';

export interface Purity {
  /** Hundredths of a per cent, 0 to 10 000. */
  readonly basisPoints: number;
  /** How it was measured, as stated; null when nobody says. */
  readonly method: string | null;
}

const canonicalPurity = /^(\d{1,5})bp(?::([a-z0-9][a-z0-9 -]{0,38}))?$/;
const percent = /^([\d.,]*\d)\s*(?:%|percent|per cent|เปอร์เซ็นต์|퍼센트|phần trăm|ເປີເຊັນ|ភាគរយ)\s*(.*)$/iu;

/** `8250bp` or `8250bp:gc-ms`: integer basis points and the method. A bare number may be a share or per cent: refused. */
export const purityType = defineType({
  name: 'purity',
  maxLength: 48,
  matchable: false,
  reportedMax: 120,
  clean(text, hints) {
    const plain = asciiForms(text).normalize('NFC');
    const known = purityOf(plain);
    if (known) return known.basisPoints <= 10_000 ? cleaned(purityText(known)) : unparsed('range');
    const [, numeral, tail = ''] = percent.exec(plain) ?? [];
    if (numeral === undefined) return unparsed(/^[\d.,]+$/.test(plain) ? 'unit-needed' : 'form');
    const number = readNumber(numeral, hints);
    if (!number.ok) return unparsed(number.reason);
    const basisPoints = rounded(times(number.number, { digits: 100n, scale: 0 }));
    if (basisPoints > 10_000n) return unparsed('range');
    return cleaned(purityText({ basisPoints: Number(basisPoints), method: methodOf(tail) }));
  },
  compare(a, b) {
    const [left, right] = [purityOf(a)?.basisPoints, purityOf(b)?.basisPoints];
    return left === undefined || right === undefined ? 0 : 1 - Math.abs(left - right) / 10_000;
  },
  mask: () => '••%',
  label(value) {
    const purity = purityOf(value);
    if (!purity) return value;
    const share = `${decimalText({ digits: BigInt(purity.basisPoints), scale: 2 })} %`;
    return purity.method ? `${share} (${purity.method})` : share;
  },
});

function methodOf(text: string): string | null {
  const method = text
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^by /, '')
    .slice(0, 39)
    .trim();
  return /^[a-z0-9]/.test(method) ? method : null;
}

function purityText({ basisPoints, method }: Purity): string {
  return method ? `${basisPoints}bp:${method}` : `${basisPoints}bp`;
}

/** Reads a canonical value, or null for text that is none. */
export function purityOf(value: string): Purity | null {
  const match = canonicalPurity.exec(value);
  return match ? { basisPoints: Number(match[1]), method: match[2]?.trim() ?? null } : null;
}
