import { joinBytes, sameBytes, u64, utf8 } from '../cbor/index.ts';
import { verifyWitnessPair, type WitnessKey } from '../suite/index.ts';
import {
  type Checkpoint,
  formatCheckpoint,
  type NoteSignature,
  noteKeyId,
  noteLine,
  type SignedNote,
} from './checkpoint.ts';

/**
 * Cosignatures of witnesses (c2sp.org/tlog-cosignature): "at this time this was the largest head of this log that I
 * saw, and it grew out of all I saw before". Always two lines, Ed25519 (0x04) and ML-DSA-44 (0x06), under one name
 * and one time; both must hold.
 */
const ED25519_COSIGNATURE = 0x04;
const MLDSA44_COSIGNATURE = 0x06;
const TIME_BYTES = 8;

/** Name under which a nation witnesses: its own log's origin, and one word more, for no key serves two. */
export const witnessName = (origin: string): string => `${origin}/witness`;

/** What the Ed25519 half signs: it does not name the witness, so a witness key serves one witness only. */
const edText = (checkpoint: Checkpoint, timeSec: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${timeSec}\n${formatCheckpoint(checkpoint)}`);

/** What the ML-DSA-44 half signs: `cosigned_message` over the whole tree, from entry 0. */
function mlText({ origin, size, root }: Checkpoint, name: string, timeSec: number): Uint8Array {
  const [nameBytes, originBytes] = [utf8(name), utf8(origin)];
  return joinBytes(
    utf8('subtree/v1\n\0'),
    Uint8Array.of(nameBytes.length),
    nameBytes,
    u64(timeSec),
    Uint8Array.of(originBytes.length),
    originBytes,
    u64(0),
    u64(size),
    root,
  );
}

const keyIds = (name: string, publicBytes: Uint8Array) => ({
  ed: noteKeyId(name, ED25519_COSIGNATURE, publicBytes.subarray(0, 32)),
  ml: noteKeyId(name, MLDSA44_COSIGNATURE, publicBytes.subarray(32)),
});

/**
 * The two lines by which a witness cosigns a checkpoint; append them to the note. The witness has verified signature,
 * growth and old size, and stored the new head, **before** this is called (c2sp.org/tlog-witness).
 */
export function cosignCheckpoint(checkpoint: Checkpoint, name: string, key: WitnessKey, timeSec: number): string {
  const ids = keyIds(name, key.publicBytes);
  const time = u64(timeSec);
  const ed = key.signEd(edText(checkpoint, timeSec));
  const ml = key.signMl(mlText(checkpoint, name, timeSec));
  return noteLine(name, ids.ed, joinBytes(time, ed)) + noteLine(name, ids.ml, joinBytes(time, ml));
}

/** When this witness cosigned the note (unix seconds), or null when either half is missing or does not hold. */
export function verifyCosignature(
  checkpoint: Checkpoint,
  note: SignedNote,
  name: string,
  witnessPublicBytes: Uint8Array,
): number | null {
  const ids = keyIds(name, witnessPublicBytes);
  const lineOf = (id: Uint8Array): NoteSignature | undefined =>
    note.signatures.find((line) => line.name === name && sameBytes(line.id, id));
  const ed = timedSignature(lineOf(ids.ed));
  const ml = timedSignature(lineOf(ids.ml));
  if (ed === null || ml === null || ed.timeSec !== ml.timeSec) return null;
  const holds = verifyWitnessPair(
    witnessPublicBytes,
    { text: edText(checkpoint, ed.timeSec), signature: ed.signature },
    { text: mlText(checkpoint, name, ml.timeSec), signature: ml.signature },
  );
  return holds ? ed.timeSec : null;
}

function timedSignature(line: NoteSignature | undefined): { timeSec: number; signature: Uint8Array } | null {
  if (line === undefined || line.signature.length <= TIME_BYTES) return null;
  const view = new DataView(line.signature.buffer, line.signature.byteOffset);
  const timeSec = Number(view.getBigUint64(0));
  return Number.isSafeInteger(timeSec) ? { timeSec, signature: line.signature.subarray(TIME_BYTES) } : null;
}
