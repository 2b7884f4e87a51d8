import { type CborMap, type CborValue, compareBytes, encode, joinBytes, u32, u64 } from '../cbor/index.ts';
import { encodeInner, type Inner, MESSAGE_SIZES_BYTES, type SealInput } from '../seal/index.ts';
import {
  cobblestoneSeal,
  domainBytes,
  domainHash,
  hmac,
  hpkeSeal,
  kemPublicKey,
  type Random,
  type Signer,
  sha256,
} from '../suite/index.ts';

/**
 * An envelope put together a second time from the text of the specification, not from the code of the seal room: what
 * it makes must open there. Every step can be done wrong, as a dishonest sender would. For vectors only.
 */
export type Deviation = {
  readonly core?: (core: CborMap) => CborMap;
  readonly inner?: (inner: Inner) => Inner;
  readonly innerBytes?: (inner: Uint8Array) => Uint8Array;
  readonly commitment?: (right: Uint8Array) => Uint8Array;
  readonly message?: (message: Uint8Array) => Uint8Array;
  readonly bodyKey?: Uint8Array;
  readonly body?: (body: Uint8Array) => Uint8Array;
  readonly stanzaText?: (text: StanzaText) => StanzaText;
  /** Context the stanza is sealed for, instead of this envelope's. */
  readonly stanzaContext?: Uint8Array;
  readonly stanzaCt?: (ct: Uint8Array) => Uint8Array;
  readonly hashes?: (hashes: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly signatureContext?: string;
  readonly latticeSigner?: Signer;
};

export type StanzaText = {
  readonly lane: number;
  readonly seq: number;
  readonly prev: Uint8Array;
  readonly alias: number;
};

const asIs = <Value>(value: Value): Value => value;
const wholeMinute = (timeSec: number): number => Math.floor(timeSec / 60) * 60;

/** The copy of the first recipient. */
export function craftCopy(input: SealInput, random: Random, deviation: Deviation = {}): Uint8Array {
  const inner = (deviation.inner ?? asIs)({ ...input.inner, exactTimeSec: input.timeSec });
  const innerBytes = (deviation.innerBytes ?? asIs)(encodeInner(inner));
  const [cs, cek] = [random(32), random(32)];
  const core = (deviation.core ?? asIs)(
    new Map<number, CborValue>([
      [1, 1],
      [2, 1],
      [3, input.id],
      [4, input.signer.kid],
      [5, [input.charter.version, input.charter.hash]],
      [6, wholeMinute(input.timeSec)],
      [7, wholeMinute(input.expirySec)],
      [8, (deviation.commitment ?? asIs)(hmac('sha256', cs, innerBytes))],
    ]),
  );
  const ctx = domainHash('env', 'core', encode(core));
  const message = (deviation.message ?? asIs)(padded(joinBytes(cs, u32(innerBytes.length), innerBytes)));
  const body = (deviation.body ?? asIs)(cobblestoneSeal(deviation.bodyKey ?? cek, ctx, message, random));
  const stanza = craftStanza(input, ctx, cek, random, deviation);
  const dummies = Array.from({ length: input.bucket - 1 }, () => random(32));
  const hashes = (deviation.hashes ?? asIs)([sha256(encode(stanza)), ...dummies].sort(compareBytes));
  const tbs = domainBytes('env', 'sign', ctx, sha256(joinBytes(...hashes)), sha256(body));
  const context = deviation.signatureContext ?? 'tripoint-env/1';
  const { ed } = input.signer.sign(tbs, context);
  const { ml } = (deviation.latticeSigner ?? input.signer).sign(tbs, context);
  return encode([core, hashes, stanza, body, ed, ml]);
}

function padded(message: Uint8Array): Uint8Array {
  const sizeBytes = MESSAGE_SIZES_BYTES.find((size) => message.length <= size) ?? message.length;
  return joinBytes(message, new Uint8Array(sizeBytes - message.length));
}

function craftStanza(
  input: SealInput,
  ctx: Uint8Array,
  cek: Uint8Array,
  random: Random,
  deviation: Deviation,
): Uint8Array[] {
  const [first] = input.recipients;
  if (first === undefined) throw new RangeError('no recipient');
  const { lane, seq, prev, alias } = (deviation.stanzaText ?? asIs)(first);
  const plaintext = joinBytes(cek, Uint8Array.of(lane), u64(seq), prev, u32(alias));
  const key = kemPublicKey(first.publicKey);
  const info = domainBytes('env', 'wrap', deviation.stanzaContext ?? ctx, key.kid);
  const { enc, ct } = hpkeSeal(key, info, new Uint8Array(0), plaintext, random);
  return [key.kid, enc, (deviation.stanzaCt ?? asIs)(ct)];
}
