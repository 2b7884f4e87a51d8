import {
  bytesOf,
  type CborMap,
  type CborValue,
  countOf,
  decode,
  eachOf,
  encode,
  flagOf,
  listOf,
  mapOf,
  textOf,
} from '../cbor/index.ts';
import { HASH_BYTES, ID_BYTES } from './sizes.ts';

/** Inner keys from here on are kept and ignored when unknown; below, an unknown key is refused (§10). */
const FIRST_IGNORABLE_KEY = 64;
/** A kind of item, such as `report` or `pair.void`. */
const TYPE_PATTERN = /^[a-z][a-z0-9.-]{0,63}$/;
/** Members of one coalition; also the largest stanza bucket. */
const AUDIENCE_MAX = 64;
const ATTACHMENTS_MAX = 64;
const FOLLOWS_MAX = 256;
const MEDIA_TYPE_CHARS_MAX = 127;

/** What only the recipients read. `handling` and `payload` are bytes to us; the model gives them meaning. */
export type Inner = {
  /** Member ids (16) of all who get this item, ascending, sender absent. */
  readonly audience: readonly Uint8Array[];
  readonly handling: Uint8Array;
  readonly payload: Uint8Array;
  readonly type: string;
  readonly attachments?: readonly AttachmentEntry[];
  readonly part?: GroupPart;
  /** Ids of envelopes this one follows; only such as every recipient holds. */
  readonly follows?: readonly Uint8Array[];
  readonly firstSealing?: { readonly id: Uint8Array; readonly leaf: Uint8Array };
  /** Unix seconds, not floored. */
  readonly exactTimeSec: number;
};

export type AttachmentEntry = {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
  readonly sizeBytes: number;
  readonly plainHash: Uint8Array;
  readonly cipherHash: Uint8Array;
  readonly mediaType: string;
  readonly required: boolean;
};

/** Place of an envelope in a bundle of several: index from 0, and the hash over all part ids. */
export type GroupPart = {
  readonly groupId: Uint8Array;
  readonly index: number;
  readonly count: number;
  readonly partIdsHash: Uint8Array;
};

export function encodeInner(inner: Inner): Uint8Array {
  const map = new Map<number, CborValue>([
    [1, inner.audience],
    [2, inner.handling],
    [3, inner.payload],
    [4, inner.type],
    [9, inner.exactTimeSec],
  ]);
  if (inner.attachments !== undefined) map.set(5, inner.attachments.map(attachmentList));
  if (inner.part !== undefined) map.set(6, partList(inner.part));
  if (inner.follows !== undefined) map.set(7, inner.follows);
  if (inner.firstSealing !== undefined) map.set(8, [inner.firstSealing.id, inner.firstSealing.leaf]);
  return encode(map);
}

const attachmentList = (entry: AttachmentEntry): CborValue[] => [
  entry.id,
  entry.key,
  entry.sizeBytes,
  entry.plainHash,
  entry.cipherHash,
  entry.mediaType,
  entry.required,
];

const partList = (part: GroupPart): CborValue[] => [part.groupId, part.index, part.count, part.partIdsHash];

/** The inner part of its bytes, or null when it is not of this version's shape. Order in the audience is not judged. */
export function readInner(bytes: Uint8Array): Inner | null {
  const map = mapOrNull(bytes);
  if (map === null || [...map.keys()].some((key) => key < 1 || (key > 9 && key < FIRST_IGNORABLE_KEY))) return null;
  const audience = idsOf(map.get(1), AUDIENCE_MAX);
  const handling = bytesOf(map.get(2));
  const payload = bytesOf(map.get(3));
  const type = textOf(map.get(4));
  const exactTimeSec = countOf(map.get(9));
  if (audience === null || handling === null || payload === null || exactTimeSec === null) return null;
  if (type === null || !TYPE_PATTERN.test(type)) return null;
  const options = readOptions(map);
  return options === null ? null : { audience, handling, payload, type, exactTimeSec, ...options };
}

type Options = Pick<Inner, 'attachments' | 'part' | 'follows' | 'firstSealing'>;

function readOptions(map: CborMap): Options | null {
  const attachments = map.has(5) ? eachOf(map.get(5), readAttachment) : undefined;
  const part = map.has(6) ? readPart(map.get(6)) : undefined;
  const follows = map.has(7) ? idsOf(map.get(7), FOLLOWS_MAX) : undefined;
  const firstSealing = map.has(8) ? readFirstSealing(map.get(8)) : undefined;
  if (attachments === null || part === null || follows === null || firstSealing === null) return null;
  if (attachments !== undefined && attachments.length > ATTACHMENTS_MAX) return null;
  return {
    ...(attachments && { attachments }),
    ...(part && { part }),
    ...(follows && { follows }),
    ...(firstSealing && { firstSealing }),
  };
}

function mapOrNull(bytes: Uint8Array): CborMap | null {
  try {
    return mapOf(decode(bytes));
  } catch {
    return null; // MalformedCbor: to the caller just another wrong shape
  }
}

function idsOf(value: CborValue | undefined, countMax: number): readonly Uint8Array[] | null {
  const ids = eachOf(value, (id) => bytesOf(id, ID_BYTES));
  return ids === null || ids.length === 0 || ids.length > countMax ? null : ids;
}

function readAttachment(value: CborValue): AttachmentEntry | null {
  const list = listOf(value, 7);
  const id = bytesOf(list?.[0], ID_BYTES);
  const key = bytesOf(list?.[1], 32);
  const sizeBytes = countOf(list?.[2]);
  const plainHash = bytesOf(list?.[3], HASH_BYTES);
  const cipherHash = bytesOf(list?.[4], HASH_BYTES);
  const mediaType = textOf(list?.[5]);
  const required = flagOf(list?.[6]);
  if (id === null || key === null || sizeBytes === null || plainHash === null || cipherHash === null) return null;
  if (mediaType === null || mediaType.length > MEDIA_TYPE_CHARS_MAX || required === null) return null;
  return { id, key, sizeBytes, plainHash, cipherHash, mediaType, required };
}

function readPart(value: CborValue | undefined): GroupPart | null {
  const list = listOf(value, 4);
  const groupId = bytesOf(list?.[0], ID_BYTES);
  const index = countOf(list?.[1]);
  const count = countOf(list?.[2]);
  const partIdsHash = bytesOf(list?.[3], HASH_BYTES);
  if (groupId === null || index === null || count === null || partIdsHash === null || index >= count) return null;
  return { groupId, index, count, partIdsHash };
}

function readFirstSealing(value: CborValue | undefined): { id: Uint8Array; leaf: Uint8Array } | null {
  const pair = listOf(value, 2);
  const id = bytesOf(pair?.[0], ID_BYTES);
  const leaf = bytesOf(pair?.[1], HASH_BYTES);
  return id === null || leaf === null ? null : { id, leaf };
}
