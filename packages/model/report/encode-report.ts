import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Report } from './report.ts';

/**
 * Canonical JSON after RFC 8785 for the values a report has: keys ascending by UTF-16 code unit, no white space,
 * integers only. Equal reports have equal bytes, in every bureau and every version of a runtime.
 * A float, an undefined value or a lone surrogate is our own mistake and throws.
 */
export function encodeReport(report: Report): Uint8Array {
  return utf8ToBytes(canonicalText(report));
}

/** The same as text; what the audience preview shows is byte for byte what is sealed. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number') return integer(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object') throw new TypeError(`no canonical form for ${typeof value}`);
  return inKeyOrder(value as Record<string, unknown>);
}

function inKeyOrder(value: Record<string, unknown>): Record<string, unknown> {
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) ordered[key] = inOrder(value[key]);
  return ordered;
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('only integers have a canonical form');
  return value;
}

function wellFormed(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return value;
}
