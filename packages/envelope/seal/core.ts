import { bytesOf, type CborMap, type CborValue, countOf, listOf, textOf } from '../cbor/index.ts';
import { domainHash } from '../suite/index.ts';
import { EXPIRY_SEC_MAX, HASH_BYTES, ID_BYTES, KID_BYTES, MINUTE_SEC } from './sizes.ts';

export const ENVELOPE_VERSION = 1;
/** A gateway's name in the open part of an envelope, when the charter asks for one. */
const GATEWAY_LABEL_CHARS_MAX = 64;

/** The open part of an envelope: what a relay that sees a bare copy can read (§3). Times are unix seconds. */
export type Core = {
  readonly suite: number;
  readonly id: Uint8Array;
  readonly signerKid: Uint8Array;
  readonly charter: CharterName;
  /** Floored to the minute. */
  readonly timeSec: number;
  readonly expirySec: number;
  /** C: HMAC over `inner` under cs. */
  readonly commitment: Uint8Array;
  readonly gatewayLabel?: string;
};

/** How an envelope or receipt names the charter it was made under. */
export type CharterName = { readonly version: number; readonly hash: Uint8Array };

export function coreMap(core: Core): CborMap {
  const map = new Map<number, CborValue>([
    [1, ENVELOPE_VERSION],
    [2, core.suite],
    [3, core.id],
    [4, core.signerKid],
    [5, [core.charter.version, core.charter.hash]],
    [6, core.timeSec],
    [7, core.expirySec],
    [8, core.commitment],
  ]);
  if (core.gatewayLabel !== undefined) map.set(9, core.gatewayLabel);
  return map;
}

/** ctx: binds body and stanzas to this core (32 bytes). */
export const contextOf = (coreBytes: Uint8Array): Uint8Array => domainHash('env', 'core', coreBytes);

/** Whether every key of a core is one that version 1 knows; others ask for a newer version (§10). */
export const hasOnlyKnownKeys = (map: CborMap): boolean => [...map.keys()].every((key) => key >= 1 && key <= 9);

/** The core of a version 1 map, or null when a field is missing or has another shape. */
export function readCore(map: CborMap): Core | null {
  const suite = countOf(map.get(2));
  const id = bytesOf(map.get(3), ID_BYTES);
  const signerKid = bytesOf(map.get(4), KID_BYTES);
  const charter = readCharterName(map.get(5));
  const timeSec = countOf(map.get(6));
  const expirySec = countOf(map.get(7));
  const commitment = bytesOf(map.get(8), HASH_BYTES);
  if (suite === null || id === null || signerKid === null || charter === null || commitment === null) return null;
  if (timeSec === null || timeSec % MINUTE_SEC !== 0) return null;
  if (expirySec === null || expirySec < timeSec || expirySec > timeSec + EXPIRY_SEC_MAX) return null;
  const open = { suite, id, signerKid, charter, timeSec, expirySec, commitment };
  if (!map.has(9)) return open;
  const gatewayLabel = textOf(map.get(9));
  if (gatewayLabel === null || gatewayLabel.length === 0 || gatewayLabel.length > GATEWAY_LABEL_CHARS_MAX) return null;
  return { ...open, gatewayLabel };
}

export function readCharterName(value: CborValue | undefined): CharterName | null {
  const pair = listOf(value, 2);
  const version = countOf(pair?.[0]);
  const hash = bytesOf(pair?.[1], HASH_BYTES);
  return version === null || version < 1 || hash === null ? null : { version, hash };
}
