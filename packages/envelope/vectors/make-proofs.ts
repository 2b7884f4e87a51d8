import { type CborMap, type CborValue, decode, encode, fromHex, toHex, utf8 } from '../cbor/index.ts';
import {
  consistencyProof,
  cosignCheckpoint,
  decodeReceipt,
  inclusionProof,
  leafHash,
  logOrigin,
  MemoryTree,
  parseNote,
  type Receipt,
  rootAt,
  signCheckpoint,
  signReceipt,
  verifyCheckpoint,
  verifyCosignature,
  verifyReceipt,
} from '../proof/index.ts';
import { logKeyFromSeed, sha256, signingKeyFromSeed, witnessKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from './seeded-random.ts';

type Outcome = { readonly leaf: string } | { readonly refused: string };

export type ReceiptFile = {
  readonly about: string;
  readonly signerPublicBytes: string;
  readonly cases: readonly {
    readonly name: string;
    readonly bytes: string;
    /** The fields by their numbers on the wire, bytes in hexadecimal. */
    readonly fields?: Readonly<Record<string, unknown>>;
    readonly outcome: Outcome;
  }[];
};

export function judgeReceipt(bytes: Uint8Array, signerPublicBytes: Uint8Array): Outcome {
  const decoded = decodeReceipt(bytes);
  if (!decoded.ok) return { refused: decoded.why };
  const verdict = verifyReceipt(decoded.signed, signerPublicBytes);
  return verdict.ok ? { leaf: toHex(verdict.leaf) } : { refused: verdict.why };
}

/** CBOR as JSON: bytes in hexadecimal, maps by their keys. */
export function plainly(value: CborValue): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plainly);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plainly(item)]));
  return typeof value === 'bigint' ? value.toString() : value;
}

export function makeReceipts(): ReceiptFile {
  const random = seededRandom('frozen receipts');
  const signer = signingKeyFromSeed(random(64));
  const range: Omit<Receipt, 'signerKid'> = {
    senderId: random(16),
    charter: { version: 1, hash: random(32) },
    lane: 2,
    fromSeq: 5,
    toSeq: 9,
    leafAtToSeq: random(32),
    state: 'verified',
    exceptions: [],
    receivedAtMs: 1_800_000_000_125,
    stateAtMs: 1_800_000_000_250,
  };
  const { stateAtMs: _, ...received } = range;
  const single = { ...range, fromSeq: 9 };
  const day = 20_833 * 86_400_000;
  const valid: readonly [string, Omit<Receipt, 'signerKid'>][] = [
    ['verified, a range', range],
    ['verified, with exceptions', { ...range, exceptions: [{ seq: 6, leaf: random(32), code: 'unreadable' }] }],
    ['received: a hold', { ...received, state: 'received' }],
    ['opened, to the day', { ...single, state: 'opened', stateAtMs: day }],
    ['refused', { ...single, state: 'refused', exceptions: [{ seq: 9, leaf: random(32), code: 'expired' }] }],
    ['recalled', { ...single, lane: 0, state: 'recalled' }],
    ['erased', { ...single, state: 'erased' }],
    [
      'kept, with a ground',
      { ...single, state: 'kept', exceptions: [{ seq: 9, leaf: random(32), code: 'open-case' }] },
    ],
  ];
  const signed = valid.map(([name, receipt]) => ({ name, bytes: signReceipt(receipt, signer) }));
  const [map, ed, ml] = decode((signed[0] as { bytes: Uint8Array }).bytes) as [CborMap, Uint8Array, Uint8Array];
  const other = signReceipt(range, signingKeyFromSeed(random(64)));
  const changed = (name: string, key: number, value: CborValue) => ({
    name,
    bytes: encode([new Map([...map, [key, value]]), ed, ml]),
  });
  const invalid = [
    changed('signature_invalid: another end of the range', 8, 10),
    changed('version_unsupported', 1, 2),
    changed('suite_not_permitted', 2, 2),
    changed('malformed: range backwards', 7, 10),
    changed('malformed: state 8', 10, 8),
    changed('malformed: an unknown key', 14, 0),
    changed('malformed: opened, and not to the day', 10, 3),
    { name: 'malformed: without the ML-DSA signature', bytes: encode([map, ed]) },
    { name: 'signature_invalid: signed by another bureau', bytes: other },
  ];
  return {
    about:
      'Signed receipts, CBOR [rcpt, ed, ml], checked with the key set signerPublicBytes. outcome: the log leaf, or why it is refused.',
    signerPublicBytes: toHex(signer.publicBytes),
    cases: [...signed, ...invalid].map(({ name, bytes }, i) => ({
      name,
      bytes: toHex(bytes),
      ...(i < signed.length && {
        fields: plainly((decode(bytes) as CborValue[])[0] as CborValue) as Record<string, unknown>,
      }),
      outcome: judgeReceipt(bytes, signer.publicBytes),
    })),
  };
}

export type LogFile = {
  readonly about: string;
  readonly entries: readonly string[];
  readonly leafHashes: readonly string[];
  /** Root by size, from 0. */
  readonly roots: readonly string[];
  readonly inclusion: readonly { readonly index: number; readonly size: number; readonly proof: readonly string[] }[];
  readonly consistency: readonly {
    readonly oldSize: number;
    readonly size: number;
    readonly proof: readonly string[];
  }[];
  readonly checkpoint: {
    readonly origin: string;
    readonly logPublicBytes: string;
    readonly witnessName: string;
    readonly witnessPublicBytes: string;
    readonly notes: readonly {
      readonly name: string;
      readonly note: string;
      readonly outcome:
        | { readonly size: number; readonly root: string; readonly cosignedAtSec: number | null }
        | { readonly refused: string };
    }[];
  };
};

export function judgeNote(
  file: Omit<LogFile['checkpoint'], 'notes'>,
  note: string,
): LogFile['checkpoint']['notes'][number]['outcome'] {
  const verdict = verifyCheckpoint(note, file.origin, fromHex(file.logPublicBytes));
  if (!verdict.ok) return { refused: verdict.why };
  const { checkpoint } = verdict;
  const cosignedAtSec = verifyCosignature(checkpoint, verdict.note, file.witnessName, fromHex(file.witnessPublicBytes));
  return { size: checkpoint.size, root: toHex(checkpoint.root), cosignedAtSec };
}

export function makeLog(): LogFile {
  const random = seededRandom('frozen log');
  const tree = new MemoryTree();
  const entries = Array.from({ length: 11 }, (_, i) => sha256(utf8(`entry ${i}`)));
  for (const entry of entries) tree.append(entry);
  const hexes = (hashes: readonly Uint8Array[]) => hashes.map(toHex);
  return {
    about:
      'RFC 6962 tree over entries of 32 bytes; inclusion and consistency proofs as lists of hashes; C2SP checkpoints and cosignatures as texts.',
    entries: hexes(entries),
    leafHashes: hexes(entries.map(leafHash)),
    roots: Array.from({ length: 12 }, (_, size) => toHex(rootAt(tree.read, size))),
    inclusion: [
      [0, 1],
      [0, 11],
      [5, 7],
      [6, 7],
      [10, 11],
    ].map(([index = 0, size = 0]) => ({ index, size, proof: hexes(inclusionProof(tree.read, index, size)) })),
    consistency: [
      [1, 11],
      [4, 8],
      [6, 11],
      [7, 10],
      [11, 11],
    ].map(([oldSize = 0, size = 0]) => ({ oldSize, size, proof: hexes(consistencyProof(tree.read, oldSize, size)) })),
    checkpoint: makeNotes(random, tree),
  };
}

function makeNotes(random: (sizeBytes: number) => Uint8Array, tree: MemoryTree): LogFile['checkpoint'] {
  const key = logKeyFromSeed(random(32));
  const witness = witnessKeyFromSeed(random(64));
  const origin = logOrigin(toHex(random(32)), toHex(random(16)));
  const base = {
    origin,
    logPublicBytes: toHex(key.publicBytes),
    witnessName: `${origin}/witness`,
    witnessPublicBytes: toHex(witness.publicBytes),
  };
  const checkpoint = { origin, size: tree.size, root: tree.root() };
  const note = signCheckpoint(checkpoint, key);
  const lines = cosignCheckpoint(checkpoint, base.witnessName, witness, 1_800_000_000);
  const notes = [
    ['signed by the log', note],
    ['signed by the log, cosigned by a witness', note + lines],
    ['signed by the log, the witness’s ML-DSA-44 half missing', `${note}${lines.split('\n')[0]}\n`],
    ['signature_invalid: another size', note.replace('\n11\n', '\n12\n')],
    ['signature_invalid: another log key', signCheckpoint(checkpoint, logKeyFromSeed(random(32)))],
    ['origin_mismatch', signCheckpoint({ ...checkpoint, origin: 'tripoint/elsewhere' }, key)],
    ['malformed: size with a leading zero', note.replace('\n11\n', '\n011\n')],
    ['malformed: no signature', parseNote(note)?.text ?? ''],
  ] as const;
  return { ...base, notes: notes.map(([name, text]) => ({ name, note: text, outcome: judgeNote(base, text) })) };
}
