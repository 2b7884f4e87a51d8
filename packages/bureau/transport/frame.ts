import { encode } from '@tripoint/envelope/cbor';
import type { ByeCode } from './bye.ts';
import type { ControlKind, Hello, Lane, OutCopy } from './door.ts';

/** Answer to one copy of a batch, by position. */
export type CopyState = { state: 'durable' | 'held' } | { state: 'refused'; code: string };

export interface BatchAck {
  batch: number;
  states: CopyState[];
}

/** The frames of the wire sheet, §7; the number is the first element of the array. */
export type Frame =
  | { kind: 'hello'; hello: Hello }
  | { kind: 'bye'; code: ByeCode; retryAfterMs: number }
  /** All copies of a batch are of one lane. */
  | { kind: 'env'; batch: number; copies: OutCopy[] }
  /** One group commit; answers every copy of one or more batches. */
  | { kind: 'ack'; acks: BatchAck[] }
  | { kind: 'receipt'; receipts: Uint8Array[] }
  | { kind: 'need'; lane: Lane; from: bigint; to: bigint }
  /** Bytes granted on top, per lane. */
  | { kind: 'credit'; bytes: number[] }
  | { kind: ControlKind | 'blob'; payload: Uint8Array };

export const frameNumbers = {
  hello: 0,
  bye: 1,
  env: 2,
  ack: 3,
  receipt: 4,
  need: 5,
  credit: 6,
  charter: 7,
  keys: 8,
  log: 9,
  blob: 10,
} as const satisfies Record<Frame['kind'], number>;

export const DURABLE = 0;
export const HELD = 1;

/** Deterministic CBOR. An absent checkpoint is an empty string of bytes. */
export function encodeFrame(frame: Frame): Uint8Array {
  return encode([frameNumbers[frame.kind], ...body(frame)]);
}

type Field = number | bigint | string | Uint8Array | Field[];

function body(frame: Frame): Field[] {
  switch (frame.kind) {
    case 'hello':
      return helloFields(frame.hello);
    case 'bye':
      return [frame.code, frame.retryAfterMs];
    case 'env':
      return [frame.batch, frame.copies.map((copy) => [copy.lane, copy.seq, copy.bytes])];
    case 'ack':
      return [frame.acks.map((ack) => [ack.batch, ack.states.map(stateField)])];
    case 'receipt':
      return [frame.receipts];
    case 'need':
      return [frame.lane, frame.from, frame.to];
    case 'credit':
      return [frame.bytes];
    default:
      return [frame.payload];
  }
}

function helloFields(hello: Hello): Field[] {
  return [
    hello.versions,
    hello.memberId,
    [hello.charter.version, hello.charter.hash],
    hello.lanes.map((lane) => [lane.next, lane.acked, lane.head]),
    [hello.bounds.maxCopyBytes, hello.bounds.maxFrameBytes],
    hello.checkpoint ?? new Uint8Array(0),
  ];
}

function stateField(state: CopyState): Field {
  if (state.state === 'refused') return state.code;
  return state.state === 'durable' ? DURABLE : HELD;
}
