/** Whose fault a failure is. What would fail again is ours or the item's; the database's absence passes. */

import { AtRestDamaged } from '../store/index.ts';

/** What this bureau keeps as its own report is none. */
export class OwnPayloadDamaged extends Error {}

/** Classes of SQLSTATE that say the database is away, full or busy: no word on what was asked (PostgreSQL, appendix A). */
const passingClasses = new Set(['08', '40', '53', '55', '57', '58']);
/** A transaction that stood idle too long was ended: the machine was slow, nothing more. */
const passingStates = new Set(['25P02', '25P03', '25P04']);

/** true when trying again would fail again: our code or the data, not the database's absence. */
export function isOwnFault(reason: unknown): boolean {
  if (reason instanceof TypeError || reason instanceof RangeError || reason instanceof SyntaxError) return true;
  const { code, severity } = (reason ?? {}) as { code?: unknown; severity?: unknown };
  // A broken socket has a code of five letters too (EPIPE); only what the server itself said has a severity.
  if (typeof code !== 'string' || typeof severity !== 'string') return false;
  return !passingClasses.has(code.slice(0, 2)) && !passingStates.has(code);
}

/**
 * true when an own item cannot be opened or sealed, whenever it is tried: damaged at rest, no report any more, or not
 * to be sealed with this key. Nothing the database says is among them: after that its transaction is over.
 */
export function isItemsFault(reason: unknown): boolean {
  if (reason instanceof AtRestDamaged || reason instanceof OwnPayloadDamaged) return true;
  if (reason instanceof TypeError || reason instanceof RangeError || reason instanceof SyntaxError) return true;
  const { code } = (reason ?? {}) as { code?: unknown };
  return typeof code === 'string' && (code.startsWith('ERR_CRYPTO') || code.startsWith('ERR_OSSL'));
}

/** Name and SQLSTATE only: a message may quote what was stored. */
export function faultName(reason: unknown): string {
  const { name, code } = (reason ?? {}) as { name?: string; code?: string };
  return `${name ?? typeof reason}${code ? ` ${code}` : ''}`;
}
