import type { ByeCode } from './bye.ts';
import type { ControlKind, ItemAck, Log, PeerDoor } from './door.ts';
import type { CopyState, Frame } from './frame.ts';
import type { Batch, BatchSource, Intake } from './intake.ts';
import type { Limits } from './limits.ts';
import type { Wire } from './network.ts';
import type { Outgoing } from './outgoing.ts';
import type { IncomingRates } from './rates.ts';
import { createBrake, createSideQueue } from './side-queue.ts';

/** The receiving half of a link that is up: holds the peer to credit, window and rate, and feeds the door. */
export interface Incoming {
  /** @returns why the link must end, or null when all is well */
  take(frame: Frame): ByeCode | null;
  /** Forget what has not begun to commit. */
  stop(): void;
}

export interface IncomingOptions {
  wire: Wire;
  door: PeerDoor;
  log: Log;
  limits: Limits;
  rates: IncomingRates;
  intake: Intake;
  outgoing: Outgoing;
  send: (frame: Frame) => boolean;
  /** When answers find no room: a peer that does not read them has no place for more. */
  end: (code: ByeCode) => void;
}

export function createIncoming(options: IncomingOptions): Incoming {
  const { wire, door, log, limits, rates, intake, outgoing, send, end } = options;
  const peer = wire.peer;
  const granted: [number, number, number, number] = [...limits.creditBytes];
  let uncommitted = 0;

  const brake = createBrake(wire);
  const failed = (error: unknown) => log.warn({ peer, error: String(error) }, 'the bureau could not take a frame');
  const receipts = createSideQueue<Uint8Array>({
    mostAtOnce: limits.receiptsAtOnce,
    limit: limits.receiptsWaiting,
    work: (items) => door.receipts(peer, items),
    failed,
    brake,
  });
  const controls = createSideQueue<{ kind: ControlKind; payload: Uint8Array }>({
    mostAtOnce: 1,
    limit: limits.controlsWaiting,
    work: async ([control]) => answerControl(control!.kind, control!.payload),
    failed,
    brake,
  });

  const source: BatchSource = {
    committed(answers) {
      const bytes = [0, 0, 0, 0];
      for (const { batch } of answers) {
        bytes[batch.lane]! += batch.sizeBytes;
        granted[batch.lane] += batch.sizeBytes;
        uncommitted -= batch.copies.length;
      }
      const acks = answers.map(({ batch, acks }) => ({ batch: batch.number, states: acks.map(stateOf) }));
      if (!send({ kind: 'ack', acks }) || !send({ kind: 'credit', bytes })) end('over_quota');
    },
    failed(error) {
      log.warn({ peer, error: String(error) }, 'the bureau could not commit what a peer sent');
      end('inner_failure');
    },
  };

  function takeBatch(frame: Frame & { kind: 'env' }): ByeCode | null {
    const lane = frame.copies[0]!.lane;
    const sizeBytes = frame.copies.reduce((sum, copy) => sum + copy.bytes.length, 0);
    const hadCredit = granted[lane] > 0;
    granted[lane] -= sizeBytes;
    uncommitted += frame.copies.length;
    // A sender with any credit left may finish one copy; that is as far below zero as honest peers come.
    const within = hadCredit && granted[lane] >= -limits.maxCopyBytes && uncommitted <= limits.windowCopies;
    if (!within) return 'over_quota';
    const batch: Batch = { lane, number: frame.batch, copies: frame.copies, sizeBytes, from: source };
    intake.offer(batch);
    return null;
  }

  function takeNeed(frame: Frame & { kind: 'need' }): null {
    door.need(peer, frame.lane, frame.from, frame.to);
    outgoing.again(frame.lane, frame.from, frame.to);
    return null;
  }

  async function answerControl(kind: ControlKind, payload: Uint8Array): Promise<void> {
    const answer = await door.control(peer, kind, payload);
    if (answer !== null && !send({ kind, payload: answer })) end('over_quota');
  }

  return {
    take(frame) {
      switch (frame.kind) {
        case 'env':
          return rates.envelopes.take(frame.copies.length) ? takeBatch(frame) : 'over_quota';
        case 'ack':
          return frame.acks.every((ack) => outgoing.acked(ack)) ? null : 'malformed';
        case 'credit':
          return outgoing.credited(frame.bytes) ? null : 'malformed';
        case 'need':
          return takeNeed(frame);
        case 'receipt':
          receipts.add(frame.receipts);
          return null;
        case 'charter':
        case 'keys':
        case 'log':
          controls.add([{ kind: frame.kind, payload: frame.payload }]);
          return null;
        default:
          // A second hello, or a kind this bureau does not speak yet.
          return 'malformed';
      }
    },
    stop: () => intake.forget(source),
  };
}

function stateOf(ack: ItemAck): CopyState {
  return ack.state === 'refused' ? { state: 'refused', code: ack.code } : { state: ack.state };
}
