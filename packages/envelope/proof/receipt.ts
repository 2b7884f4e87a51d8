import {
  bytesOf,
  type CborMap,
  type CborValue,
  countOf,
  decode,
  eachOf,
  encode,
  listOf,
  mapOf,
  textOf,
} from '../cbor/index.ts';
import {
  domainBytes,
  domainHash,
  ED25519_SIGNATURE_BYTES,
  MLDSA65_SIGNATURE_BYTES,
  type SignaturePair,
  type Signer,
  SUITE,
  sha256,
  type VerifyingKey,
  verifyPair,
  verifyPairLater,
} from '../suite/index.ts';

/** What a recipient says of envelopes, in the order they become true; the number on the wire is the place from 1. */
export const RECEIPT_STATES = ['received', 'verified', 'opened', 'refused', 'recalled', 'erased', 'kept'] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

/** One envelope of the range to which the state does not apply, and why: a refusal's code or a ground. */
export type ReceiptException = { readonly seq: number; readonly leaf: Uint8Array; readonly code: string };

/** A signed answer for a range of one lane (wire.md §5). Times are unix milliseconds: an officer sees how long a delivery took. */
export type Receipt = {
  readonly signerKid: Uint8Array;
  /** Member id of who sent the envelopes. */
  readonly senderId: Uint8Array;
  readonly charter: { readonly version: number; readonly hash: Uint8Array };
  readonly lane: 0 | 1 | 2 | 3;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Leaf of the envelope at `toSeq`; the chain proves all before it. */
  readonly leafAtToSeq: Uint8Array;
  readonly state: ReceiptState;
  readonly exceptions: readonly ReceiptException[];
  /** When the bytes were durable here: this is *delivered*. */
  readonly receivedAtMs: number;
  /** When the state became true: always with `verified`; with `opened` floored to the day. Absent with `received`. */
  readonly stateAtMs?: number;
};

/** ML-DSA context of a receipt's signature. */
export const RECEIPT_CONTEXT = 'tripoint-rcpt/1';
const DAY_MS = 86_400_000;
const EXCEPTIONS_MAX = 4_096;
const CODE_PATTERN = /^[a-z][a-z0-9_-]{0,47}$/;
/** States above *verified* speak of one envelope. */
const RANGE_STATES: ReadonlySet<ReceiptState> = new Set(['received', 'verified']);

/** The deterministic bytes that are hashed, signed and logged. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const map = new Map<number, CborValue>([
    [1, 1],
    [2, SUITE],
    [3, receipt.signerKid],
    [4, receipt.senderId],
    [5, [receipt.charter.version, receipt.charter.hash]],
    [6, receipt.lane],
    [7, receipt.fromSeq],
    [8, receipt.toSeq],
    [9, receipt.leafAtToSeq],
    [10, RECEIPT_STATES.indexOf(receipt.state) + 1],
    [11, receipt.exceptions.map(({ seq, leaf, code }) => [seq, leaf, code])],
    [12, receipt.receivedAtMs],
  ]);
  if (receipt.stateAtMs !== undefined) map.set(13, receipt.stateAtMs);
  return encode(map);
}

export type ReceiptRefusal = 'malformed' | 'version_unsupported' | 'suite_not_permitted' | 'signature_invalid';

/** A receipt as it travels, read but not yet proven. */
export type SignedReceipt = {
  readonly receipt: Receipt;
  readonly receiptBytes: Uint8Array;
  readonly signatures: SignaturePair;
};

const receiptTbs = (receiptBytes: Uint8Array): Uint8Array => domainBytes('rcpt', 'sign', sha256(receiptBytes));

/** Entry of a receipt in both logs (32 bytes). */
export const receiptLeaf = (receiptBytes: Uint8Array): Uint8Array => domainHash('rcpt', 'leaf', receiptBytes);

/**
 * The receipt with both signatures, ready to travel: CBOR `[rcpt, ed, ml]`, and its log entry. Throws on a receipt
 * nobody could read.
 */
export async function signReceiptLater(
  receipt: Omit<Receipt, 'signerKid'>,
  signer: Signer,
): Promise<{ readonly bytes: Uint8Array; readonly leaf: Uint8Array }> {
  const { map, receiptBytes } = readable({ ...receipt, signerKid: signer.kid });
  const { ed, ml } = await signer.signLater(receiptTbs(receiptBytes), RECEIPT_CONTEXT);
  return { bytes: encode([map, ed, ml]), leaf: receiptLeaf(receiptBytes) };
}

/** The same on this thread; only the bytes. */
export function signReceipt(receipt: Omit<Receipt, 'signerKid'>, signer: Signer): Uint8Array {
  const { map, receiptBytes } = readable({ ...receipt, signerKid: signer.kid });
  const { ed, ml } = signer.sign(receiptTbs(receiptBytes), RECEIPT_CONTEXT);
  return encode([map, ed, ml]);
}

function readable(receipt: Receipt): { readonly map: CborMap; readonly receiptBytes: Uint8Array } {
  const receiptBytes = encodeReceipt(receipt);
  const map = decode(receiptBytes) as CborMap;
  if (readReceipt(map) === null) throw new RangeError('a receipt that cannot be');
  return { map, receiptBytes };
}

/** Reads a receipt that travelled; nothing in it is proven until `verifyReceipt`. */
export function decodeReceipt(
  bytes: Uint8Array,
):
  | { readonly ok: true; readonly signed: SignedReceipt }
  | { readonly ok: false; readonly why: Exclude<ReceiptRefusal, 'signature_invalid'> } {
  const parts = partsOf(bytes);
  const map = mapOf(parts?.[0]);
  const ed = bytesOf(parts?.[1], ED25519_SIGNATURE_BYTES);
  const ml = bytesOf(parts?.[2], MLDSA65_SIGNATURE_BYTES);
  if (map === null) return { ok: false, why: 'malformed' };
  if (map.get(1) !== 1) return { ok: false, why: countOf(map.get(1)) === null ? 'malformed' : 'version_unsupported' };
  if (map.get(2) !== SUITE)
    return { ok: false, why: countOf(map.get(2)) === null ? 'malformed' : 'suite_not_permitted' };
  const receipt = readReceipt(map);
  if (receipt === null || ed === null || ml === null) return { ok: false, why: 'malformed' };
  return { ok: true, signed: { receipt, receiptBytes: encode(map), signatures: { ed, ml } } };
}

/** The leaf when both signatures hold; the caller has looked up the key of `receipt.signerKid` in the directory. */
export function verifyReceipt(
  signed: SignedReceipt,
  signer: VerifyingKey | Uint8Array,
): { readonly ok: true; readonly leaf: Uint8Array } | { readonly ok: false; readonly why: 'signature_invalid' } {
  const { ed, ml } = signed.signatures;
  const holds = verifyPair(signer, receiptTbs(signed.receiptBytes), RECEIPT_CONTEXT, ed, ml);
  return holds ? { ok: true, leaf: receiptLeaf(signed.receiptBytes) } : { ok: false, why: 'signature_invalid' };
}

/** The same without holding up this thread. */
export async function verifyReceiptLater(
  signed: SignedReceipt,
  signer: VerifyingKey | Uint8Array,
): Promise<ReturnType<typeof verifyReceipt>> {
  const { ed, ml } = signed.signatures;
  const holds = await verifyPairLater(signer, receiptTbs(signed.receiptBytes), RECEIPT_CONTEXT, ed, ml);
  return holds ? { ok: true, leaf: receiptLeaf(signed.receiptBytes) } : { ok: false, why: 'signature_invalid' };
}

function partsOf(bytes: Uint8Array): readonly CborValue[] | null {
  try {
    return listOf(decode(bytes), 3);
  } catch {
    return null; // MalformedCbor: answered as `malformed`
  }
}

function readReceipt(map: CborMap): Receipt | null {
  if ([...map.keys()].some((key) => key < 1 || key > 13)) return null;
  const signerKid = bytesOf(map.get(3), 16);
  const senderId = bytesOf(map.get(4), 16);
  const named = listOf(map.get(5), 2);
  const version = countOf(named?.[0]);
  const hash = bytesOf(named?.[1], 32);
  const leafAtToSeq = bytesOf(map.get(9), 32);
  const range = readRange(map);
  const state = RECEIPT_STATES[(countOf(map.get(10)) ?? 0) - 1];
  const times = readTimes(map, state);
  if (signerKid === null || senderId === null || version === null || version < 1 || hash === null) return null;
  if (leafAtToSeq === null || range === null || state === undefined || times === null) return null;
  if (!RANGE_STATES.has(state) && range.fromSeq !== range.toSeq) return null;
  const exceptions = readExceptions(map.get(11), range);
  if (exceptions === null) return null;
  return { signerKid, senderId, charter: { version, hash }, ...range, leafAtToSeq, state, exceptions, ...times };
}

type Range = Pick<Receipt, 'lane' | 'fromSeq' | 'toSeq'>;

function readRange(map: CborMap): Range | null {
  const lane = countOf(map.get(6));
  const fromSeq = countOf(map.get(7));
  const toSeq = countOf(map.get(8));
  if (lane === null || lane > 3 || fromSeq === null || toSeq === null || fromSeq < 1 || fromSeq > toSeq) return null;
  return { lane: lane as Receipt['lane'], fromSeq, toSeq };
}

function readTimes(map: CborMap, state: ReceiptState | undefined): Pick<Receipt, 'receivedAtMs' | 'stateAtMs'> | null {
  const receivedAtMs = countOf(map.get(12));
  if (receivedAtMs === null) return null;
  if (!map.has(13)) return state === 'received' || state === 'refused' ? { receivedAtMs } : null;
  const stateAtMs = countOf(map.get(13));
  if (stateAtMs === null || state === 'received') return null;
  if (state === 'verified' && stateAtMs < receivedAtMs) return null;
  // A finer time of reading would show an officer's working hours.
  if (state === 'opened' && stateAtMs % DAY_MS !== 0) return null;
  return { receivedAtMs, stateAtMs };
}

function readExceptions(value: CborValue | undefined, range: Range): readonly ReceiptException[] | null {
  const exceptions = eachOf(value, readException);
  if (exceptions === null || exceptions.length > EXCEPTIONS_MAX) return null;
  const isInOrder = exceptions.every(
    ({ seq }, i) => seq >= range.fromSeq && seq <= range.toSeq && (i === 0 || seq > (exceptions[i - 1]?.seq ?? 0)),
  );
  return isInOrder ? exceptions : null;
}

function readException(value: CborValue): ReceiptException | null {
  const list = listOf(value, 3);
  const seq = countOf(list?.[0]);
  const leaf = bytesOf(list?.[1], 32);
  const code = textOf(list?.[2]);
  return seq === null || leaf === null || code === null || !CODE_PATTERN.test(code) ? null : { seq, leaf, code };
}
