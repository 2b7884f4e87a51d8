import { joinBytes, u32 } from '../cbor/index.ts';
import { cobblestoneOpen, cobblestoneSeal, equalInConstantTime, hmac, type Random } from '../suite/index.ts';
import { type Refused, refuse } from './refusal.ts';
import { INNER_BYTES_MAX, MESSAGE_HEAD_BYTES, messageSizeBytes } from './sizes.ts';

/** C: binds the open part to the inner one without showing it. */
export const commitmentOf = (cs: Uint8Array, inner: Uint8Array): Uint8Array => hmac('sha256', cs, inner);

/** cs ‖ u32 length ‖ inner ‖ zeros, up to the next of the six sizes; throws when inner exceeds 1 MiB − 36. */
export function padMessage(cs: Uint8Array, inner: Uint8Array): Uint8Array {
  const sizeBytes = messageSizeBytes(inner.length);
  if (sizeBytes === null) throw new RangeError(`an inner part has at most ${INNER_BYTES_MAX} bytes`);
  const message = new Uint8Array(sizeBytes);
  message.set(joinBytes(cs, u32(inner.length)));
  message.set(inner, MESSAGE_HEAD_BYTES);
  return message;
}

export const sealBody = (cek: Uint8Array, ctx: Uint8Array, message: Uint8Array, random: Random): Uint8Array =>
  cobblestoneSeal(cek, ctx, message, random);

/** Checks 11 and 12: commitment and chunks of the body, zero padding, then C. */
export function openBody(
  cek: Uint8Array,
  ctx: Uint8Array,
  body: Uint8Array,
  commitment: Uint8Array,
):
  | { readonly ok: true; readonly cs: Uint8Array; readonly inner: Uint8Array }
  | Refused<'body_invalid' | 'commitment_mismatch'> {
  const message = cobblestoneOpen(cek, ctx, body);
  if (message === null) return refuse('body_invalid');
  const innerBytes = new DataView(message.buffer, message.byteOffset).getUint32(32);
  const end = MESSAGE_HEAD_BYTES + innerBytes;
  if (end > message.length || !isZero(message.subarray(end))) return refuse('body_invalid');
  const cs = message.slice(0, 32);
  const inner = message.subarray(MESSAGE_HEAD_BYTES, end);
  if (!equalInConstantTime(commitmentOf(cs, inner), commitment)) return refuse('commitment_mismatch');
  return { ok: true, cs, inner };
}

const ZEROS = new Uint8Array(16 * 1024);

function isZero(padding: Uint8Array): boolean {
  for (let at = 0; at < padding.length; at += ZEROS.length) {
    const slice = padding.subarray(at, at + ZEROS.length);
    if (Buffer.compare(slice, ZEROS.subarray(0, slice.length)) !== 0) return false;
  }
  return true;
}
