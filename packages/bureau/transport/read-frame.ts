import { decode } from '@tripoint/envelope/cbor';
import { isByeCode, MAX_RETRY_AFTER_MS } from './bye.ts';
import type { Hello, Lane, OutCopy } from './door.ts';
import { type BatchAck, type CopyState, DURABLE, type Frame, frameNumbers, HELD } from './frame.ts';
import type { Limits } from './limits.ts';

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_VERSIONS = 16;
const MAX_RECEIPTS = 1_024;
const MAX_CHECKPOINT_BYTES = 16_384;
const REFUSAL_CODE = /^[a-z][a-z_]{0,47}$/;

type Bounds = Pick<Limits, 'maxCopyBytes' | 'maxCopiesPerFrame' | 'windowCopies'>;

/** Internal: ends in `null` at the one catch below. */
class NotAFrame extends Error {}

/** A frame, or null when the bytes are none: unknown number, wrong shape, or CBOR that is not deterministic. */
export function readFrame(bytes: Uint8Array, bounds: Bounds): Frame | null {
  try {
    const fields = list(decode(bytes));
    return read(whole(fields[0]), fields, bounds);
  } catch {
    return null;
  }
}

function read(number: number, fields: unknown[], bounds: Bounds): Frame {
  switch (number) {
    case frameNumbers.hello:
      return { kind: 'hello', hello: readHello(sized(fields, 7)) };
    case frameNumbers.bye:
      return readBye(sized(fields, 3));
    case frameNumbers.env:
      return readEnv(sized(fields, 3), bounds);
    case frameNumbers.ack:
      return {
        kind: 'ack',
        acks: atMost(list(sized(fields, 2)[1]), bounds.windowCopies).map((ack) => readAck(ack, bounds)),
      };
    case frameNumbers.receipt:
      return { kind: 'receipt', receipts: atMost(list(sized(fields, 2)[1]), MAX_RECEIPTS).map((one) => octets(one)) };
    case frameNumbers.need:
      return readNeed(sized(fields, 4));
    case frameNumbers.credit:
      return { kind: 'credit', bytes: sized(list(sized(fields, 2)[1]), 4).map(whole) };
    case frameNumbers.charter:
      return { kind: 'charter', payload: octets(sized(fields, 2)[1]) };
    case frameNumbers.keys:
      return { kind: 'keys', payload: octets(sized(fields, 2)[1]) };
    case frameNumbers.log:
      return { kind: 'log', payload: octets(sized(fields, 2)[1]) };
    case frameNumbers.blob:
      return { kind: 'blob', payload: octets(sized(fields, 2)[1]) };
    default:
      throw new NotAFrame();
  }
}

function readHello(fields: unknown[]): Hello {
  const [version, hash] = sized(list(fields[3]), 2);
  const [maxCopyBytes, maxFrameBytes] = sized(list(fields[5]), 2);
  const checkpoint = octets(fields[6]);
  must(checkpoint.length <= MAX_CHECKPOINT_BYTES);
  const versions = atMost(list(fields[1]), MAX_VERSIONS).map(whole);
  must(versions.length > 0);
  return {
    versions,
    memberId: octets(fields[2], 16),
    charter: { version: whole(version), hash: octets(hash, 32) },
    lanes: sized(list(fields[4]), 4).map(readLaneHead),
    bounds: { maxCopyBytes: whole(maxCopyBytes), maxFrameBytes: whole(maxFrameBytes) },
    checkpoint: checkpoint.length === 0 ? null : checkpoint,
  };
}

function readLaneHead(value: unknown): Hello['lanes'][number] {
  const [next, acked, head] = sized(list(value), 3);
  return { next: uint64(next), acked: uint64(acked), head: octets(head, 32) };
}

function readBye(fields: unknown[]): Frame {
  const code = fields[1];
  if (!isByeCode(code)) throw new NotAFrame();
  const retryAfterMs = whole(fields[2]);
  must(retryAfterMs <= MAX_RETRY_AFTER_MS);
  return { kind: 'bye', code, retryAfterMs };
}

function readEnv(fields: unknown[], bounds: Bounds): Frame {
  const copies = atMost(list(fields[2]), bounds.maxCopiesPerFrame).map((value) => readCopy(value, bounds));
  must(copies.length > 0 && copies.every((copy) => copy.lane === copies[0]?.lane));
  return { kind: 'env', batch: whole(fields[1]), copies };
}

function readCopy(value: unknown, bounds: Bounds): OutCopy {
  const [number, seq, bytes] = sized(list(value), 3);
  const copy = { lane: lane(number), seq: uint64(seq), bytes: octets(bytes) };
  must(copy.bytes.length > 0 && copy.bytes.length <= bounds.maxCopyBytes);
  return copy;
}

function readAck(value: unknown, bounds: Bounds): BatchAck {
  const [batch, states] = sized(list(value), 2);
  return { batch: whole(batch), states: atMost(list(states), bounds.maxCopiesPerFrame).map(readState) };
}

function readState(value: unknown): CopyState {
  if (typeof value === 'string') {
    must(REFUSAL_CODE.test(value));
    return { state: 'refused', code: value };
  }
  const number = whole(value);
  must(number === DURABLE || number === HELD);
  return { state: number === DURABLE ? 'durable' : 'held' };
}

function readNeed(fields: unknown[]): Frame {
  const need = { kind: 'need', lane: lane(fields[1]), from: uint64(fields[2]), to: uint64(fields[3]) } as const;
  must(need.from <= need.to);
  return need;
}

function must(holds: boolean): void {
  if (!holds) throw new NotAFrame();
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new NotAFrame();
  return value;
}

function sized(values: unknown[], length: number): unknown[] {
  must(values.length === length);
  return values;
}

function atMost(values: unknown[], length: number): unknown[] {
  must(values.length <= length);
  return values;
}

function octets(value: unknown, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new NotAFrame();
  must(length === undefined || value.length === length);
  return value;
}

function uint64(value: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw new NotAFrame();
  const number = BigInt(value as number | bigint);
  must(number >= 0n && number <= MAX_UINT64);
  return number;
}

function whole(value: unknown): number {
  const number = uint64(value);
  must(number <= BigInt(Number.MAX_SAFE_INTEGER));
  return Number(number);
}

function lane(value: unknown): Lane {
  const number = whole(value);
  must(number <= 3);
  return number as Lane;
}
