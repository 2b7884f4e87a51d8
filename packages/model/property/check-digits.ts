/** Check-digit arithmetic of public numbering schemes. Every function takes ASCII digits or capitals only. */

/** ISO/IEC 7812 (Luhn): the digit that makes the number valid. */
export function luhnDigit(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const value = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? value * 2 : value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** Remainder of a long decimal number by 97, in pieces that stay exact (ISO 7064, IBAN). */
export function mod97(digits: string): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

// ISO 6346: A = 10, then upwards, leaving out 11, 22 and 33.
const containerLetters = Array.from({ length: 29 }, (_, at) => at + 10).filter((value) => value % 11 !== 0);

function containerValue(character: string): number {
  return character <= '9' ? Number(character) : containerLetters[character.charCodeAt(0) - 65]!;
}

/** ISO 6346: check digit of owner code, category letter and serial (ten characters). */
export function containerDigit(code: string): number {
  let sum = 0;
  for (let at = 0; at < 10; at++) sum += containerValue(code[at]!) * 2 ** at;
  return (sum % 11) % 10;
}

/** UPU S10: check digit of the eight-digit serial. */
export function parcelDigit(serial: string): number {
  const digit = 11 - (weightedSum(serial, [8, 6, 4, 2, 3, 5, 9, 7]) % 11);
  return digit === 10 ? 0 : digit === 11 ? 5 : digit;
}

/** ICAO 9303: check digit over a machine-readable field; `<` counts as zero, letters from 10. */
export function travelDocumentDigit(field: string): number {
  const weights = [7, 3, 1];
  let sum = 0;
  for (let at = 0; at < field.length; at++) {
    const character = field[at]!;
    const value = character === '<' ? 0 : character <= '9' ? Number(character) : character.charCodeAt(0) - 55;
    sum += value * weights[at % 3]!;
  }
  return sum % 10;
}

/** Thai citizen number: last of thirteen digits. */
export function thaiCitizenDigit(digits: string): number {
  return (11 - (weightedSum(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
}
