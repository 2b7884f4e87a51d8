/** Envelopes that no honest bureau sends: sealed with a member's real key, or changed on the way. */
import { randomBytes } from 'node:crypto';
import { decode } from '@tripoint/envelope/cbor';
import { EXPIRY_SEC_MAX, firstPrev, type Inner, type Lane, sealEnvelope } from '@tripoint/envelope/seal';
import type { OutCopy } from '../transport/index.ts';
import type { TestBureau } from './bureaus-for-tests.ts';
import { markingOfPayload } from './payload.ts';

const utf8 = new TextEncoder();

export interface Forged {
  copy: OutCopy;
  leaf: Uint8Array;
  id: Uint8Array;
}

/** What a member's bureau seals for another by hand, at a place of the chain. */
export class Forger {
  readonly #from: TestBureau;
  readonly #to: TestBureau;
  #seq = 0;
  #prev: Uint8Array | null = null;

  constructor(from: TestBureau, to: TestBureau) {
    this.#from = from;
    this.#to = to;
  }

  /** The next envelope of the chain, unless `at` says otherwise. */
  next(
    payload: Uint8Array | string,
    {
      type = 'report.1',
      lane = 2 as Lane,
      id = randomBytes(16) as Uint8Array,
      prev = null as Uint8Array | null,
      lifeSec = EXPIRY_SEC_MAX - 60,
      handling = null as Uint8Array | null,
      more = {} as Pick<Inner, 'part' | 'attachments'>,
    } = {},
  ): Forged {
    const bytes = typeof payload === 'string' ? utf8.encode(payload) : payload;
    const from = this.#from.keys;
    const nowMs = this.#from.clock.nowMs();
    const charter = from.charter();
    const timeSec = Math.floor(nowMs / 1000);
    this.#seq += 1;
    const { memberId } = this.#to;
    const sealed = sealEnvelope(
      {
        signer: from.signer,
        senderId: from.memberId,
        charter: { version: charter.version, hash: charter.hash },
        id,
        timeSec,
        expirySec: timeSec + lifeSec,
        inner: {
          audience: [memberId],
          handling: handling ?? handlingOf(bytes),
          payload: bytes,
          type,
          ...more,
        },
        recipients: [
          {
            memberId,
            publicKey: from.kemFor(memberId, nowMs) as Uint8Array,
            alias: 0,
            lane,
            seq: this.#seq,
            prev: prev ?? this.#prev ?? firstPrev(charter.id, from.memberId, memberId, lane),
          },
        ],
        bucket: charter.bucket,
      },
      randomBytes,
    );
    this.#prev = sealed.leaf;
    const copied = sealed.copies[0]?.bytes as Uint8Array;
    return { copy: { lane, seq: BigInt(this.#seq), bytes: copied }, leaf: sealed.leaf, id: sealed.id };
  }

  /** Says the same place again. */
  back(): this {
    this.#seq -= 1;
    return this;
  }
}

/** As an honest sender says it; what is no report is sealed all the same. */
function handlingOf(payload: Uint8Array): Uint8Array {
  try {
    return markingOfPayload(payload);
  } catch {
    return utf8.encode('{}');
  }
}

/** Where each part of a copy lies (wire.md §3), in bytes. */
export function regionsOf(copy: Uint8Array): Record<string, { from: number; to: number }> {
  const [, hashes, stanza, body, ed, ml] = decode(copy) as [
    unknown,
    Uint8Array[],
    [Uint8Array, Uint8Array, Uint8Array],
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const whole = Buffer.from(copy);
  const place = (part: Uint8Array) => {
    const from = whole.indexOf(part);
    return { from, to: from + part.length };
  };
  return {
    'the core': { from: 1, to: whole.indexOf(hashes[0] as Uint8Array) - 3 },
    'the list of stanzas': place(hashes[0] as Uint8Array),
    'the key id': place(stanza[0]),
    'the wrapped secret': place(stanza[1]),
    'the stanza': place(stanza[2]),
    'the body': place(body),
    'the first signature': place(ed),
    'the second signature': place(ml),
  };
}

/** The same bytes with one bit turned, in the middle of a region. */
export function turned(copy: OutCopy, { from, to }: { from: number; to: number }): OutCopy {
  const bytes = Uint8Array.from(copy.bytes);
  const at = Math.floor((from + to) / 2);
  bytes[at] = (bytes[at] as number) ^ 0x04;
  return { ...copy, bytes };
}
