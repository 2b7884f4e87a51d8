/** Does a telephone number say its country itself? Without that, a reader would take it for a number of his own. */
export function isInternational(number: string): boolean {
  return /^\s*(?:\+|00)/.test(number);
}
