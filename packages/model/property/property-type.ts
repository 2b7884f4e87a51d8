import type { CodeListName } from '@tripoint/model/codes';

export const propertyTypeNames = [
  'name',
  'text',
  'date',
  'country',
  'language',
  'phone',
  'email',
  'domain',
  'url',
  'ip',
  'onion',
  'handle',
  'wallet',
  'txid',
  'account',
  'iban',
  'imei',
  'imsi',
  'plate',
  'identityDocument',
  'registration',
  'imo',
  'mmsi',
  'callSign',
  'container',
  'parcel',
  'pgp',
  'hash',
  'place',
  'point',
  'quantity',
  'purity',
  'money',
  'substance',
  'code',
  'entity',
] as const;
export type PropertyTypeName = (typeof propertyTypeNames)[number];

/** Why a text stays as reported. Closed: the console words each in seven languages. */
export type UnparsedReason =
  | 'empty'
  | 'too-long'
  | 'form'
  | 'checksum'
  | 'range'
  | 'ambiguous'
  | 'unknown-code'
  | 'country-needed'
  | 'unit-needed'
  | 'unsafe-text';

export type Cleaned =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: UnparsedReason };

/** What stands beside a value and helps to read it; never guessed, always stated by somebody. */
export interface Hints {
  /** ISO 3166 alpha-2: the desk's own country, or the entity's where it is stated. */
  readonly country?: string;
  readonly lang?: string;
  readonly platform?: string;
  readonly bank?: string;
  /** For codes: the list, or the few words the property may be. */
  readonly list?: CodeListName;
  /** Of a list with several axes: the one this property holds. */
  readonly axis?: string;
  readonly values?: readonly string[];
}

/**
 * Meaning lives in the value's type. One object a type; a value is its canonical text, so that a statement is the
 * same bytes everywhere, and `clean` of a canonical text is that text again.
 */
export interface PropertyType {
  readonly name: PropertyTypeName;
  /** Longest canonical text, in UTF-16 code units. */
  readonly maxLength: number;
  /** May two equal values under two names mean the same thing? Then they correlate and may be asked blind. */
  readonly matchable: boolean;
  /** Reported text → canonical text, or why not. Never throws, never guesses. */
  clean(text: string, hints?: Hints): Cleaned;
  /** 0 = nothing in common, 1 = the same; symmetric. Both sides are canonical. */
  compare(a: string, b: string): number;
  /** Enough to recognise a value one already knows, too little to learn it. */
  mask(value: string): string;
  /** For people; `lang` is a BCP 47 primary subtag. */
  label(value: string, lang?: string): string;
  /** Canonical text for correlation and hit/no-hit, or null when the value must not be matched. */
  matchKey(value: string): string | null;
}

type Definition = Pick<PropertyType, 'name' | 'maxLength' | 'matchable'> &
  Partial<Pick<PropertyType, 'compare' | 'mask' | 'label' | 'matchKey'>> & {
    /** Gets trimmed, non-empty text of bounded length without unsafe characters. */
    clean(text: string, hints: Hints): Cleaned;
    /** Longest reported text that is looked at; beyond it nothing is parsed. */
    reportedMax?: number;
  };

/** Reported texts are longer than canonical ones: spaces, dots, a sentence around them. */
const reportedMaxDefault = 4_000;

/** Fills what most types share: equality, a middle mask, the value as its own label, the type's name as key domain. */
export function defineType(definition: Definition): PropertyType {
  const { name, maxLength, matchable, reportedMax = reportedMaxDefault } = definition;
  return {
    compare: (a, b) => (a === b ? 1 : 0),
    mask: maskMiddle,
    label: (value) => value,
    matchKey: (value) => (matchable ? `${name}:${value}` : null),
    ...definition,
    clean(text, hints = {}) {
      const trimmed = text.trim();
      if (trimmed === '') return unparsed('empty');
      if (trimmed.length > reportedMax) return unparsed('too-long');
      const cleaned = definition.clean(trimmed, hints);
      return cleaned.ok && cleaned.value.length > maxLength ? unparsed('too-long') : cleaned;
    },
  };
}

export function cleaned(value: string): Cleaned {
  return { ok: true, value };
}

export function unparsed(reason: UnparsedReason): Cleaned {
  return { ok: false, reason };
}

/** `+8210•••••678`: at most a third of the characters stay, and never more than four at an end. */
export function maskMiddle(value: string): string {
  const characters = [...value];
  const shown = Math.min(4, Math.floor(characters.length / 6));
  const end = characters.length - shown;
  return characters.map((character, at) => (at < shown || at >= end ? character : '•')).join('');
}
