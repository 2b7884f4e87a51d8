import { bytesOf, type CborValue, countOf, decode, eachOf, encode, mapOf, textOf } from '../cbor/index.ts';
import { domainHash } from '../suite/index.ts';
import { type Checkpoint, NOTE_BYTES_MAX, verifyCheckpoint } from './checkpoint.ts';
import { verifyConsistency } from './tree-proof.ts';

/**
 * That a log does not hold together (wire.md §8), as it travels: CBOR `{1: 1, 2: kind, 3: member id, 4: note, 5: note,
 * 6: [hashes]}`. Both notes are signed by the log itself.
 * - `same-size`: two heads of one size with different roots. Proves itself.
 * - `unproven`: a later head for which the log gave no proof, or field 6, that it grew out of the first. An accusation
 *   of whoever tells it: an honest log answers it with a proof.
 */
export const FORK_KINDS = ['same-size', 'unproven'] as const;
export type ForkKind = (typeof FORK_KINDS)[number];

export type Fork = {
  readonly kind: ForkKind;
  /** Member id (16 bytes) of whose log it is. */
  readonly memberId: Uint8Array;
  /** The head held before, and the one that does not fit it. */
  readonly notes: readonly [string, string];
  /** What was offered as proof; empty when there was none. */
  readonly proof: readonly Uint8Array[];
};

const PROOF_HASHES_MAX = 128;

export const encodeFork = ({ kind, memberId, notes, proof }: Fork): Uint8Array =>
  encode(
    new Map<number, CborValue>([
      [1, 1],
      [2, FORK_KINDS.indexOf(kind) + 1],
      [3, memberId],
      [4, notes[0]],
      [5, notes[1]],
      [6, proof],
    ]),
  );

/** Null when the bytes are no such evidence; nothing is verified. */
export function decodeFork(bytes: Uint8Array): Fork | null {
  const map = mapOrNull(bytes);
  const kind = FORK_KINDS[(countOf(map?.get(2)) ?? 0) - 1];
  const memberId = bytesOf(map?.get(3), 16);
  const [first, second] = [textOf(map?.get(4)), textOf(map?.get(5))];
  const proof = eachOf(map?.get(6), (hash) => bytesOf(hash, 32));
  if (map === null || map.size !== 6 || map.get(1) !== 1 || kind === undefined || memberId === null) return null;
  if (first === null || second === null || proof === null || proof.length > PROOF_HASHES_MAX) return null;
  return Math.max(first.length, second.length) > NOTE_BYTES_MAX
    ? null
    : { kind, memberId, notes: [first, second], proof };
}

function mapOrNull(bytes: Uint8Array) {
  try {
    return mapOf(decode(bytes));
  } catch {
    return null; // MalformedCbor
  }
}

/** Names one piece of evidence (32 bytes); also its entry in the log of whoever keeps it. */
export const forkLeaf = (bytes: Uint8Array): Uint8Array => domainHash('fork', 'leaf', bytes);

export type ForkVerdict =
  | { readonly ok: true; readonly heads: readonly [Checkpoint, Checkpoint] }
  | { readonly ok: false; readonly why: 'malformed' | 'signature_invalid' | 'no_contradiction' };

/**
 * Whether the evidence says what its kind promises: both heads signed by a key of this log and, for `same-size`, one
 * size and two roots; for `unproven`, two sizes and no proof that holds. An evidence note carries the log's line alone.
 */
export function verifyFork(fork: Fork, origin: string, logKeys: readonly Uint8Array[]): ForkVerdict {
  const read = fork.notes.map((note) => signedHead(note, origin, logKeys));
  const [first, second] = read;
  if (first === undefined || second === undefined || first === 'malformed' || second === 'malformed')
    return { ok: false, why: 'malformed' };
  if (first === null || second === null) return { ok: false, why: 'signature_invalid' };
  return contradicts(fork, first, second)
    ? { ok: true, heads: [first, second] }
    : { ok: false, why: 'no_contradiction' };
}

function signedHead(note: string, origin: string, logKeys: readonly Uint8Array[]): Checkpoint | 'malformed' | null {
  for (const key of logKeys) {
    const verdict = verifyCheckpoint(note, origin, key);
    if (verdict.ok) return verdict.note.signatures.length === 1 ? verdict.checkpoint : 'malformed';
    if (verdict.why === 'malformed') return 'malformed';
  }
  return null;
}

function contradicts({ kind, proof }: Fork, first: Checkpoint, second: Checkpoint): boolean {
  const isSameRoot = Buffer.compare(first.root, second.root) === 0;
  if (kind === 'same-size') return first.size === second.size && !isSameRoot && proof.length === 0;
  if (first.size === second.size) return false;
  // Where the second head is the shorter one, the log went back behind what it had signed.
  if (second.size < first.size) return proof.length === 0;
  return first.size > 0 && !verifyConsistency(first.size, second.size, first.root, second.root, proof);
}
