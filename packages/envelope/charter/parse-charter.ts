import canonicalize from 'canonicalize';
import { fromUtf8, sameBytes, toHex, utf8 } from '../cbor/index.ts';
import { domainHash, SIGNING_PUBLIC_BYTES } from '../suite/index.ts';
import {
  ACCREDITED_HANDLINGS,
  ACCREDITED_PAPS,
  CHARTER_BYTES_MAX,
  type Charter,
  type CharterMember,
  DECISIONS,
  EXPIRY_AFTER_EFFECT_SEC_MAX,
  MEMBER_STATUSES,
  MEMBERS_MAX,
  type Quorum,
  SHARES,
  SUSPENSION_SEC_MAX,
} from './charter.ts';
import { closed, flag, list, named, oneOf, orNull, type Shape, text, WrongShape, whole } from './shape.ts';

/** Why bytes are no charter, before any signature is looked at. */
export type CharterParseRefusal = 'too_large' | 'malformed' | 'not_canonical' | 'expiry_too_far';

const id = text(/^[0-9a-f]{32}$/);
const hash = text(/^[0-9a-f]{64}$/);
const name = /^[a-z][a-zA-Z0-9.-]{0,63}$/;
const NAMED_MAX = 256;
const custodian: Shape<string> = (value) => {
  const key = text(/^[A-Za-z0-9_-]{2646}$/)(value);
  if (bytesOfBase64url(key).length !== SIGNING_PUBLIC_BYTES || base64urlOf(bytesOfBase64url(key)) !== key)
    throw new WrongShape('key');
  return key;
};

const quorum = closed<Quorum>({ share: oneOf(SHARES), of: oneOf(['all', 'others']), least: whole(1, MEMBERS_MAX) });

const member = closed<CharterMember>({
  id,
  nation: text(/^[A-Z]{2}$/),
  status: oneOf(MEMBER_STATUSES),
  suspendedUntil: orNull(whole()),
  custodians: list(custodian, 3, 3),
  accreditation: closed({ handling: oneOf(ACCREDITED_HANDLINGS), pap: oneOf(ACCREDITED_PAPS) }),
  logOrigin: text(/^[!-*,-~]{1,255}$/),
  addresses: list(text(/^[!-~]{1,255}$/), 0, 8),
  suites: list(whole(1, 255), 1, 8),
});

const charter = closed<Charter>({
  charterId: orNull(hash),
  version: whole(1),
  previous: orNull(hash),
  effective: whole(),
  expires: whole(),
  members: list(member, 1, MEMBERS_MAX),
  rules: closed(Object.fromEntries(DECISIONS.map((decision) => [decision, quorum])) as Record<string, Shape<Quorum>>),
  suites: list(closed({ suite: whole(1, 255), sunset: orNull(whole()) }), 1, 8),
  bounds: closed({
    copyBytesMax: whole(1),
    stanzaBucket: whole(8, 64),
    envelopesPerSecond: whole(1),
    envelopesBurst: whole(1),
    bytesPerSecond: whole(1),
    badSignaturesPerMinute: whole(1),
    queriesPerDay: whole(),
    queriesPerMonth: whole(),
    witnessQuorum: whole(0, MEMBERS_MAX),
    logCadenceSec: whole(1),
    logLeavesPerBeat: whole(1),
  }),
  revocations: list(closed({ kid: id, logIndex: whole() }), 0, 4_096),
  policy: orNull(hash),
  switches: named(name, flag, NAMED_MAX),
  limits: named(name, whole(), NAMED_MAX),
} as { [Key in keyof Charter]: Shape<Charter[Key]> });

/** Hash (32 bytes) that names a charter version: in envelopes, in the next version, read aloud at the ceremony. */
export const charterHash = (bytes: Uint8Array): Uint8Array => domainHash('charter', bytes);

/** The charter id (32 bytes): the hash of version 1. */
export const charterIdOf = (parsed: Charter, bytes: Uint8Array): Uint8Array =>
  parsed.charterId === null ? charterHash(bytes) : Uint8Array.from(Buffer.from(parsed.charterId, 'hex'));

/** The one form of a charter that can be signed: its JCS bytes (RFC 8785). */
export const charterBytes = (value: Charter): Uint8Array => utf8(canonicalize(value) as string);

/**
 * The charter of its bytes. Refuses bytes that are not the JCS form of what they say (duplicate keys, floats, numbers
 * beyond 2^53 − 1, spaces), unknown keys, and a validity beyond 90 days.
 */
export function parseCharter(
  bytes: Uint8Array,
): { readonly ok: true; readonly charter: Charter } | { readonly ok: false; readonly why: CharterParseRefusal } {
  if (bytes.length > CHARTER_BYTES_MAX) return { ok: false, why: 'too_large' };
  const value = jsonOf(bytes);
  if (value === undefined) return { ok: false, why: 'malformed' };
  if (!isCanonical(value, bytes)) return { ok: false, why: 'not_canonical' };
  const parsed = shapeOf(value);
  if (parsed === null || !isConsistent(parsed)) return { ok: false, why: 'malformed' };
  if (parsed.expires > parsed.effective + EXPIRY_AFTER_EFFECT_SEC_MAX) return { ok: false, why: 'expiry_too_far' };
  return { ok: true, charter: parsed };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined; // not UTF-8 or not JSON
  }
}

/** canonicalize throws on what JSON text can spell but JCS cannot (lone surrogates, infinities by overflow). */
function isCanonical(value: unknown, bytes: Uint8Array): boolean {
  try {
    const canonical = canonicalize(value);
    return canonical !== undefined && sameBytes(utf8(canonical), bytes);
  } catch {
    return false;
  }
}

function shapeOf(value: unknown): Charter | null {
  try {
    return charter(value);
  } catch (error) {
    if (error instanceof WrongShape) return null;
    throw error;
  }
}

/** What no single field can say: order and uniqueness, and that version 1 alone has no predecessor. */
function isConsistent(parsed: Charter): boolean {
  const isFirst = parsed.version === 1;
  const custodians = parsed.members.flatMap((one) => one.custodians);
  return (
    isFirst === (parsed.charterId === null) &&
    isFirst === (parsed.previous === null) &&
    parsed.expires > parsed.effective &&
    parsed.members.every((one) => isSuspensionRight(one, parsed.effective)) &&
    [8, 16, 64].includes(parsed.bounds.stanzaBucket) &&
    isAscending(parsed.members.map((one) => one.id)) &&
    new Set(parsed.members.map((one) => one.nation)).size === parsed.members.length &&
    new Set(custodians).size === custodians.length
  );
}

const isSuspensionRight = ({ status, suspendedUntil }: CharterMember, effective: number): boolean =>
  suspendedUntil === null
    ? status !== 'suspended'
    : status === 'suspended' && suspendedUntil <= effective + SUSPENSION_SEC_MAX;

const isAscending = (ids: readonly string[]): boolean => ids.every((one, i) => i === 0 || (ids[i - 1] as string) < one);

export const base64urlOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
export const bytesOfBase64url = (key: string): Uint8Array => Uint8Array.from(Buffer.from(key, 'base64url'));
export const hexHashOf = (bytes: Uint8Array): string => toHex(charterHash(bytes));
