/** Whose fault a failure is: what would fail again is ours, what passes is the database's absence. */
/** Classes of SQLSTATE that say the database is away, full or busy: no word on what was asked (PostgreSQL, appendix A). */
const passing = new Set(['08', '40', '53', '55', '57', '58']);

/** true when trying again would fail again: our code or the data, not the database's absence. */
export function isOwnFault(reason: unknown): boolean {
  if (reason instanceof TypeError || reason instanceof RangeError || reason instanceof SyntaxError) return true;
  const code = (reason as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !passing.has(code.slice(0, 2));
}

/** Name and SQLSTATE only: a message may quote what was stored. */
export function faultName(reason: unknown): string {
  const { name, code } = (reason ?? {}) as { name?: string; code?: string };
  return `${name ?? typeof reason}${code ? ` ${code}` : ''}`;
}
