/**
 * A member that lies. Everything it says leaves through this hand, which changes, repeats, misdirects and invents, within
 * what a member with its own keys can do: it cannot sign for another, and it cannot open what is sealed for another.
 */
import type { SealPort } from '@tripoint/bureau/exchange';
import type { OutCopy } from '@tripoint/bureau/transport';
import type { Chance } from './chance.ts';
import type { Frame } from './line.ts';
import { charterHash, firstLeaf, type Member } from './members.ts';
import { draftFor } from './reports.ts';

/** How much it remembers to say again. */
const MEMORY = 32;
const NEVER_REACHED = 2n ** 60n;

export interface Byzantine {
  /** What really leaves, instead of what its own exchange meant to say. */
  leaving(to: Member, frame: Frame): Frame[];
  /** Lies told. */
  readonly lies: number;
}

export function byzantine(
  own: Member,
  members: readonly Member[],
  seal: SealPort,
  chance: Chance,
  now: () => { nowMs: number; charterVersion: number },
): Byzantine {
  const said: OutCopy[] = [];
  const receipts: Uint8Array[] = [];
  /** Copies of its own making, sealed beforehand: sealing takes a turn of the microtask queue. */
  const forged = new Map<string, OutCopy[]>();
  let lies = 0;

  function flipped(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const at = chance.below(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << chance.below(8));
    return copy;
  }

  /** A sound envelope by its own signature, at a place of its choice on its chain to somebody. */
  async function forge(to: Member): Promise<void> {
    const [other] = members.filter((member) => member !== own && member !== to);
    const { nowMs, charterVersion } = now();
    const lane = 2;
    const recipients = [{ member: to, row: '' }];
    const named = chance.often(0.3) && other ? [{ member: other, row: '' }] : recipients;
    const { payload } = draftFor(own.nation, { item: chance.uuid(), lane, to: named, condition: null }, nowMs);
    const seq = 1 + chance.below(6);
    const sealed = await seal.sealEnvelope(
      {
        signer: own.signer,
        senderId: own.memberId,
        charter: { version: charterVersion, hash: charterHash(charterVersion) },
        id: chance.bytes(16),
        timeSec: Math.floor(nowMs / 1000),
        expirySec: Math.floor(nowMs / 1000) + 86_400,
        inner: { audience: [to.memberId], handling: chance.bytes(8), payload, type: 'report.1' },
        recipients: [
          {
            ...{ memberId: to.memberId, publicKey: to.kem.publicBytes, alias: 0, lane, seq },
            prev: seq === 1 ? firstLeaf(own, to, lane) : chance.bytes(32),
          },
        ],
        bucket: 8,
      },
      (count) => chance.bytes(count),
    );
    const copy = { lane: 2 as const, seq: BigInt(seq), bytes: (sealed.copies[0] as { bytes: Uint8Array }).bytes };
    forged.set(to.id, [...(forged.get(to.id) ?? []), copy].slice(-MEMORY));
  }

  function lie(to: Member, frame: Frame): Frame[] {
    lies += 1;
    switch (frame.kind) {
      case 'env':
        return lieWithCopies(to, frame.copies);
      case 'receipt':
        return [
          { kind: 'receipt', receipts: [...frame.receipts.map(flipped), ...receipts.slice(-4), chance.bytes(90)] },
        ];
      case 'ack':
        return [
          {
            kind: 'ack',
            acks: frame.acks.map(({ lane, seq }) => ({ lane, seq, state: 'refused', code: 'signature_invalid' })),
          },
        ];
      case 'hello': {
        const lanes = frame.hello.lanes.map((lane) => ({
          ...lane,
          next: chance.pick([0n, 1n, lane.next + 3n, NEVER_REACHED]),
          acked: chance.pick([0n, NEVER_REACHED]),
        }));
        return [{ kind: 'hello', hello: { ...frame.hello, lanes } }];
      }
      default:
        return [frame, { kind: 'need', lane: 2, from: 1n, to: NEVER_REACHED }];
    }
  }

  function lieWithCopies(to: Member, copies: OutCopy[]): Frame[] {
    const one = chance.pick(copies);
    switch (chance.below(6)) {
      case 0: // of its place
        return [
          {
            kind: 'env',
            copies: copies.map((copy) => ({ ...copy, seq: chance.pick([copy.seq + 5n, 1n, NEVER_REACHED]) })),
          },
        ];
      case 1: // a lane it was not sealed for
        return [{ kind: 'env', copies: copies.map((copy) => ({ ...copy, lane: chance.pick([0, 1, 2, 3] as const) })) }];
      case 2: // what it said before, to whomever it said it
        return [{ kind: 'env', copies: [...copies, ...said.slice(-8)] }];
      case 3: // a bit
        return [{ kind: 'env', copies: [...copies, { ...one, bytes: flipped(one.bytes) }] }];
      case 4: // only the later ones
        return [{ kind: 'env', copies: copies.slice(1).length > 0 ? copies.slice(1) : copies }];
      default: // two envelopes for one place
        return [{ kind: 'env', copies: [...copies, ...(forged.get(to.id) ?? []).slice(-3)] }];
    }
  }

  return {
    get lies() {
      return lies;
    },
    leaving(to, frame) {
      if (frame.kind === 'env') {
        said.push(...frame.copies);
        said.splice(0, Math.max(0, said.length - MEMORY));
        void forge(to);
      }
      if (frame.kind === 'receipt') {
        receipts.push(...frame.receipts);
        receipts.splice(0, Math.max(0, receipts.length - MEMORY));
      }
      return chance.often(0.4) ? lie(to, frame) : [frame];
    },
  };
}
