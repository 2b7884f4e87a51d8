import {
  bytesOf,
  type CborMap,
  type CborValue,
  compareBytes,
  countOf,
  decode,
  eachOf,
  encode,
  listOf,
  mapOf,
  sameBytes,
} from '../cbor/index.ts';
import { ED25519_SIGNATURE_BYTES, MLDSA65_SIGNATURE_BYTES, SUITE } from '../suite/index.ts';
import { type Core, contextOf, ENVELOPE_VERSION, hasOnlyKnownKeys, readCore } from './core.ts';
import { type Refused, refuse } from './refusal.ts';
import { COPY_BYTES_MAX, HASH_BYTES, isBodySize, STANZA_BUCKETS } from './sizes.ts';
import { readStanza, type Stanza, stanzaHash } from './stanza.ts';

/** A copy whose shape is right and that is addressed to us. Nothing in it is proven yet. */
export type ParsedCopy = {
  readonly bytes: Uint8Array;
  readonly core: Core;
  readonly ctx: Uint8Array;
  readonly stanzaHashes: readonly Uint8Array[];
  readonly stanza: Stanza;
  readonly body: Uint8Array;
  readonly ed: Uint8Array;
  readonly ml: Uint8Array;
};

export type InspectState = {
  /** Whether this peer has used up what the charter allows it; counted before parsing. */
  readonly overQuota?: boolean;
  /** Suites the charter permits today. Default: suite 1. */
  readonly suitesPermitted?: readonly number[];
  /** Lengths of the hash list the named charter permits. Default: all three. */
  readonly bucketsPermitted?: readonly number[];
  /** What we know of a KEM key id: ours and usable, ours and destroyed, or never ours. */
  readonly kemKeyStatus: (kid: Uint8Array) => 'ours' | 'destroyed' | 'unknown';
};

export type InspectRefusal =
  | 'too_large'
  | 'over_quota'
  | 'malformed'
  | 'version_unsupported'
  | 'suite_not_permitted'
  | 'not_addressed'
  | 'key_destroyed';

/** Checks 1 to 4 (wire.md §4), cheap ones first: size, quota, shape, version and suite, address. */
export function inspectCopy(
  bytes: Uint8Array,
  state: InspectState,
): { readonly ok: true; readonly copy: ParsedCopy } | Refused<InspectRefusal> {
  if (bytes.length > COPY_BYTES_MAX) return refuse('too_large');
  if (state.overQuota === true) return refuse('over_quota');
  const parts = partsOf(bytes);
  const coreFields = mapOf(parts?.[0]);
  if (parts === null || coreFields === null) return refuse('malformed');
  const spoken = checkSpoken(coreFields, state.suitesPermitted ?? [SUITE]);
  if (spoken !== null) return refuse(spoken);
  const copy = readParts(bytes, parts, coreFields);
  if (copy === null) return refuse('malformed');
  const address = checkAddress(copy, state);
  return address === null ? { ok: true, copy } : refuse(address);
}

function partsOf(bytes: Uint8Array): readonly CborValue[] | null {
  try {
    return listOf(decode(bytes));
  } catch {
    return null; // MalformedCbor: the sender's fault, answered as `malformed`
  }
}

/**
 * Version and suite are read before the rest of the shape is judged: what another version looks like is not ours to
 * say. Null when both are spoken here.
 */
function checkSpoken(
  core: CborMap,
  suitesPermitted: readonly number[],
): 'malformed' | 'version_unsupported' | 'suite_not_permitted' | null {
  const version = countOf(core.get(1));
  const suite = countOf(core.get(2));
  if (version === null || suite === null) return 'malformed';
  if (version !== ENVELOPE_VERSION || !hasOnlyKnownKeys(core)) return 'version_unsupported';
  return suite === SUITE && suitesPermitted.includes(suite) ? null : 'suite_not_permitted';
}

function readParts(bytes: Uint8Array, parts: readonly CborValue[], coreFields: CborMap): ParsedCopy | null {
  if (parts.length !== 6) return null;
  const core = readCore(coreFields);
  const stanzaHashes = eachOf(parts[1], (hash) => bytesOf(hash, HASH_BYTES));
  const stanza = readStanza(parts[2]);
  const body = bytesOf(parts[3]);
  const ed = bytesOf(parts[4], ED25519_SIGNATURE_BYTES);
  const ml = bytesOf(parts[5], MLDSA65_SIGNATURE_BYTES);
  if (core === null || stanzaHashes === null || stanza === null || ed === null || ml === null) return null;
  if (body === null || !isBodySize(body.length)) return null;
  // The bytes are deterministic, so encoding the core again gives the very bytes that arrived.
  return { bytes, core, ctx: contextOf(encode(coreFields)), stanzaHashes, stanza, body, ed, ml };
}

function checkAddress(copy: ParsedCopy, state: InspectState): 'not_addressed' | 'key_destroyed' | null {
  const status = state.kemKeyStatus(copy.stanza.kid);
  if (status === 'destroyed') return 'key_destroyed';
  if (status === 'unknown') return 'not_addressed';
  const buckets = state.bucketsPermitted ?? STANZA_BUCKETS;
  if (!buckets.includes(copy.stanzaHashes.length as (typeof STANZA_BUCKETS)[number])) return 'not_addressed';
  if (!isStrictlyAscending(copy.stanzaHashes)) return 'not_addressed';
  const ours = stanzaHash(copy.stanza);
  return copy.stanzaHashes.some((hash) => sameBytes(hash, ours)) ? null : 'not_addressed';
}

const isStrictlyAscending = (hashes: readonly Uint8Array[]): boolean =>
  hashes.every((hash, i) => i === 0 || compareBytes(hashes[i - 1] as Uint8Array, hash) < 0);
