import { joinBytes, sameBytes, utf8 } from '../cbor/index.ts';
import { type LogKey, sha256, verifyWithLogKey } from '../suite/index.ts';

/** A log's head at one size: c2sp.org/tlog-checkpoint, without extension lines. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** A signed note is a text and signature lines; we take at most this many bytes (64 witnesses with ML-DSA-44). */
export const NOTE_BYTES_MAX = 512 * 1024;
const ORIGIN_PATTERN = /^[!-*,-~]{1,255}$/;
const SIGNATURES_MAX = 256;
/** c2sp.org/signed-note: Ed25519 over the text. */
const ED25519_NOTE = 0x01;

/** Origin of a bureau's log: `tripoint/<charter id>/<member id>`, both in hexadecimal. */
export const logOrigin = (charterIdHex: string, memberIdHex: string): string =>
  `tripoint/${charterIdHex}/${memberIdHex}`;

/** The three lines that are signed, each with its newline. Throws RangeError on an origin no log may have. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!ORIGIN_PATTERN.test(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== 32)
    throw new RangeError('not a checkpoint');
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** The checkpoint of its exact text, or null when it is anything else. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const match = /^([!-*,-~]{1,255})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (match === null) return null;
  const [, origin = '', digits = '', base64 = ''] = match;
  const size = Number(digits);
  const root = bytesOfBase64(base64);
  return Number.isSafeInteger(size) && root !== null ? { origin, size, root } : null;
}

/** First 4 of H(name ‖ newline ‖ type ‖ public key): which key of that name signed. */
export const noteKeyId = (name: string, type: number, publicBytes: Uint8Array): Uint8Array =>
  sha256(utf8(`${name}\n`), Uint8Array.of(type), publicBytes).slice(0, 4);

/** One signature line: em dash, name, base64 of key id and signature. */
export const noteLine = (name: string, id: Uint8Array, signature: Uint8Array): string =>
  `— ${name} ${Buffer.from(joinBytes(id, signature)).toString('base64')}\n`;

export type NoteSignature = { readonly name: string; readonly id: Uint8Array; readonly signature: Uint8Array };
export type SignedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Text and signature lines of a note, or null when it is not one. Nothing is verified. */
export function parseNote(note: string): SignedNote | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n') || utf8(note).length > NOTE_BYTES_MAX) return null;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) return null;
  const signatures = lines.map(parseNoteLine);
  return signatures.every((signature) => signature !== null) ? { text: note.slice(0, split + 1), signatures } : null;
}

function parseNoteLine(line: string): NoteSignature | null {
  const match = /^— ([!-*,-~]{1,255}) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const bytes = bytesOfBase64(match?.[2] ?? '');
  if (match === null || bytes === null || bytes.length < 5) return null;
  return { name: match[1] as string, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Standard base64 with padding; null unless it is the one encoding of its bytes. */
function bytesOfBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? Uint8Array.from(bytes) : null;
}

/** The checkpoint as a note signed by the log key; the key's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: LogKey): string {
  const text = formatCheckpoint(checkpoint);
  const id = noteKeyId(checkpoint.origin, ED25519_NOTE, key.publicBytes);
  return `${text}\n${noteLine(checkpoint.origin, id, key.sign(utf8(text)))}`;
}

/** The note with the log's own line alone: what may be held against it, whoever else signed. Null when it has none. */
export function bareNote(note: SignedNote, origin: string): string | null {
  const own = note.signatures.find(({ name }) => name === origin);
  return own === undefined ? null : `${note.text}\n${noteLine(own.name, own.id, own.signature)}`;
}

export type CheckpointRefusal = 'malformed' | 'origin_mismatch' | 'signature_invalid';

/**
 * The checkpoint of a note that this log's key signed under this origin. Signatures of unknown keys are ignored;
 * one that claims our key and does not hold refuses the note.
 */
export function verifyCheckpoint(
  note: string,
  origin: string,
  logPublicBytes: Uint8Array,
):
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly note: SignedNote }
  | { readonly ok: false; readonly why: CheckpointRefusal } {
  const parsed = parseNote(note);
  const checkpoint = parsed === null ? null : parseCheckpoint(parsed.text);
  if (parsed === null || checkpoint === null) return { ok: false, why: 'malformed' };
  if (checkpoint.origin !== origin) return { ok: false, why: 'origin_mismatch' };
  const id = noteKeyId(origin, ED25519_NOTE, logPublicBytes);
  const ours = parsed.signatures.filter((line) => line.name === origin && sameBytes(line.id, id));
  const text = utf8(parsed.text);
  const holds = ours.length > 0 && ours.every(({ signature }) => verifyWithLogKey(logPublicBytes, text, signature));
  return holds ? { ok: true, checkpoint, note: parsed } : { ok: false, why: 'signature_invalid' };
}
