/**
 * A seal without cryptography, for the simulator alone. It hides nothing, but refuses what the real one refuses: another
 * recipient's copy, another signer, a place that does not follow, any changed byte. A signature is a hash under the
 * signer's secret, which nobody else in the run knows.
 */
import { hash } from 'node:crypto';
import type { SealPort } from '@tripoint/bureau/exchange';
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import type { Receipt, SignedReceipt } from '@tripoint/envelope/proof';
import { checkChain, type Opened, type ParsedCopy, type StanzaText } from '@tripoint/envelope/seal';
import type { KemKey, Signer } from '@tripoint/envelope/suite';
import { Reading, Writing } from './stub-bytes.ts';

const MARK = 0x53;
const TAG_BYTES = 8;
const SIGNATURE_BYTES = 16;
const KID_BYTES = 16;
/** As with the real one, no two sealings are alike: a copy sealed again from an old backup is another one. */
const SALT_BYTES = 8;
const NOTHING = new Uint8Array(0);

/** Secrets by key id in hexadecimal. */
export type Secrets = ReadonlyMap<string, Uint8Array>;

const digest = (...parts: readonly Uint8Array[]): Uint8Array =>
  hash('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), 'buffer');

function signatureOf(secrets: Secrets, kid: Uint8Array, text: Uint8Array): Uint8Array | null {
  const secret = secrets.get(toHex(kid));
  return secret ? digest(secret, text).subarray(0, SIGNATURE_BYTES) : null;
}

export function stubSeal(secrets: Secrets): SealPort {
  const sign = (signer: Signer, text: Uint8Array): Uint8Array => {
    const signature = signatureOf(secrets, signer.kid, text);
    if (!signature) throw new TypeError('a signer without a secret');
    return signature;
  };
  return {
    async sealEnvelope(input, random) {
      const stanzas = input.recipients.map((recipient) =>
        stanzaBytes(recipient.publicKey.subarray(0, KID_BYTES), recipient),
      );
      const rest = restBytes(input, stanzas, random(SALT_BYTES));
      const leaf = digest(rest);
      const tail = Buffer.concat([sign(input.signer, leaf), rest]);
      const copies = input.recipients.map(({ memberId }, at) => ({
        memberId,
        bytes: new Uint8Array(Buffer.concat([Uint8Array.of(MARK), stanzas[at] as Uint8Array, tail])),
      }));
      const evidence = {
        cs: NOTHING,
        inner: NOTHING,
        stanzaHashes: [],
        bodyHash: leaf,
        signatures: { ed: leaf, ml: leaf },
      };
      return { id: input.id, core: rest, leaf, copies, evidence };
    },
    inspectCopy(bytes, state) {
      const copy = readCopy(bytes);
      if (!copy) return { ok: false, why: 'malformed' };
      const status = state.kemKeyStatus(copy.stanza.kid);
      if (status === 'destroyed') return { ok: false, why: 'key_destroyed' };
      const ours = digest(copy.stanza.enc).subarray(0, TAG_BYTES);
      const isListed = copy.stanzaHashes.some((tag) => sameBytes(tag, ours));
      return status === 'ours' && isListed ? { ok: true, copy } : { ok: false, why: 'not_addressed' };
    },
    async verifyCopy(copy) {
      const leaf = digest(copy.ctx);
      const signature = signatureOf(secrets, copy.core.signerKid, leaf);
      if (!signature || !sameBytes(signature, copy.ed)) return { ok: false, why: 'signature_invalid' };
      return { ok: true, leaf, bodyHash: leaf };
    },
    unwrapCopy: (copy, key) => unwrap(copy, key),
    openCopy(copy, key, state) {
      const unwrapped = unwrap(copy, key);
      if (!unwrapped.ok) return unwrapped;
      const { stanza } = unwrapped;
      const { lane, seq, prev } = stanza;
      const chain = checkChain(stanza, state.headOf(lane));
      if (!chain.ok) return { ...chain, place: { lane, seq, prev } };
      const gap = chain.step === 'gap';
      if (gap && lane !== 0) return { ok: true, hold: 'gap', stanza };
      const opened = readBody(copy.body);
      const { audience } = opened.inner;
      const isRight = isIn(audience, state.memberId) && !isIn(audience, state.senderId);
      if (!isRight) return { ok: false, why: 'audience_mismatch', place: { lane, seq, prev } };
      return { ok: true, hold: null, gap, stanza, opened };
    },
    async signReceipt(receipt, signer) {
      const text = receiptBytes({ ...receipt, signerKid: signer.kid });
      const leaf = digest(text);
      return { bytes: new Uint8Array(Buffer.concat([sign(signer, leaf), text])), leaf };
    },
    decodeReceipt(bytes) {
      const signed = readReceipt(bytes);
      return signed ? { ok: true, signed } : { ok: false, why: 'malformed' };
    },
    async verifyReceipt({ receipt, receiptBytes: text, signatures }) {
      const leaf = digest(text);
      const signature = signatureOf(secrets, receipt.signerKid, leaf);
      return signature && sameBytes(signature, signatures.ed)
        ? { ok: true, leaf }
        : { ok: false, why: 'signature_invalid' };
    },
  };
}

/** Whom a copy's own part is for, without looking further: the key id stands behind the mark. */
export const addresseeOf = (copy: Uint8Array): Uint8Array => copy.subarray(1, 1 + KID_BYTES);

const isIn = (all: readonly Uint8Array[], one: Uint8Array) => all.some((each) => sameBytes(each, one));

function stanzaBytes(kid: Uint8Array, text: Omit<StanzaText, 'cek'>): Uint8Array {
  return new Writing().raw(kid).u8(text.lane).whole(text.seq).raw(text.prev).whole(text.alias).bytes();
}
const STANZA_BYTES = KID_BYTES + 1 + 8 + 32 + 8;

function unwrap(copy: ParsedCopy, key: KemKey): ReturnType<SealPort['unwrapCopy']> {
  if (!sameBytes(copy.stanza.kid, key.kid)) return { ok: false, why: 'unwrap_failed' };
  const reading = new Reading(copy.stanza.enc);
  reading.raw(KID_BYTES);
  const lane = reading.u8() as 0 | 1 | 2 | 3;
  const stanza = { lane, seq: reading.whole(), prev: reading.raw(32), alias: reading.whole(), cek: NOTHING };
  return { ok: true, stanza };
}

/** What all recipients share: the open part, the list of stanzas, the body. */
function restBytes(
  input: Parameters<SealPort['sealEnvelope']>[0],
  stanzas: readonly Uint8Array[],
  salt: Uint8Array,
): Uint8Array {
  const { signer, id, charter, timeSec, expirySec, inner } = input;
  const writing = new Writing().raw(id).raw(signer.kid).whole(charter.version).raw(charter.hash);
  writing.whole(timeSec - (timeSec % 60)).whole(expirySec);
  writing.u8(stanzas.length);
  for (const stanza of stanzas) writing.raw(digest(stanza).subarray(0, TAG_BYTES));
  writing.u8(inner.audience.length);
  for (const member of inner.audience) writing.raw(member);
  return writing.whole(timeSec).text(inner.type).long(inner.handling).long(inner.payload).raw(salt).bytes();
}

function readCopy(bytes: Uint8Array): ParsedCopy | null {
  try {
    const reading = new Reading(bytes);
    if (reading.u8() !== MARK) return null;
    const enc = reading.raw(STANZA_BYTES);
    const ed = reading.raw(SIGNATURE_BYTES);
    const ctx = reading.rest();
    const id = reading.raw(16);
    const signerKid = reading.raw(KID_BYTES);
    const charter = { version: reading.whole(), hash: reading.raw(32) };
    const [timeSec, expirySec] = [reading.whole(), reading.whole()];
    const stanzaHashes = Array.from({ length: reading.u8() }, () => reading.raw(TAG_BYTES));
    const core = { suite: 1, id, signerKid, charter, timeSec, expirySec, commitment: NOTHING };
    const stanza = { kid: enc.subarray(0, KID_BYTES), enc, ct: NOTHING };
    return { bytes, core, ctx, stanzaHashes, stanza, body: reading.rest(), ed, ml: NOTHING };
  } catch {
    return null; // shorter than its own parts say
  }
}

/** Behind a signature that held: what is here was written by `restBytes`. */
function readBody(body: Uint8Array): Opened {
  const reading = new Reading(body);
  const audience = Array.from({ length: reading.u8() }, () => reading.raw(16));
  const exactTimeSec = reading.whole();
  const type = reading.text();
  const inner = { audience, exactTimeSec, type, handling: reading.long(), payload: reading.long() };
  return { inner, innerBytes: body, cs: NOTHING };
}

const STATES = ['received', 'verified', 'opened', 'refused', 'recalled', 'erased', 'kept'] as const;

function receiptBytes(receipt: Receipt): Uint8Array {
  const { signerKid, senderId, charter, lane, fromSeq, toSeq, leafAtToSeq, state, exceptions } = receipt;
  const writing = new Writing().raw(signerKid).raw(senderId).whole(charter.version).raw(charter.hash);
  writing.u8(lane).whole(fromSeq).whole(toSeq).raw(leafAtToSeq).u8(STATES.indexOf(state));
  writing
    .whole(receipt.receivedAtMs)
    .whole(receipt.stateAtMs ?? 0)
    .u8(receipt.stateAtMs === undefined ? 0 : 1);
  writing.whole(exceptions.length);
  for (const { seq, leaf, code } of exceptions) writing.whole(seq).raw(leaf).text(code);
  return writing.bytes();
}

function readReceipt(bytes: Uint8Array): SignedReceipt | null {
  try {
    const reading = new Reading(bytes);
    const ed = reading.raw(SIGNATURE_BYTES);
    const text = reading.rest();
    const head = {
      signerKid: reading.raw(KID_BYTES),
      senderId: reading.raw(16),
      charter: { version: reading.whole(), hash: reading.raw(32) },
    };
    const lane = reading.u8() as Receipt['lane'];
    const range = { lane, fromSeq: reading.whole(), toSeq: reading.whole(), leafAtToSeq: reading.raw(32) };
    const state = STATES[reading.u8()];
    const [receivedAtMs, stateAtMs, isTimed] = [reading.whole(), reading.whole(), reading.u8()];
    const exceptions = Array.from({ length: reading.whole() }, () => ({
      seq: reading.whole(),
      leaf: reading.raw(32),
      code: reading.text(),
    }));
    if (state === undefined || lane > 3 || range.fromSeq < 1 || range.fromSeq > range.toSeq) return null;
    const receipt = { ...head, ...range, state, exceptions, receivedAtMs, ...(isTimed ? { stateAtMs } : {}) };
    return { receipt, receiptBytes: text, signatures: { ed, ml: NOTHING } };
  } catch {
    return null; // shorter than its own parts say
  }
}
