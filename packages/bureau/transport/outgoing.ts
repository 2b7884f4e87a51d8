import { type Bell, createBell } from './bell.ts';
import type { Clock, ItemAck, Lane, Log, OutCopy, PeerDoor, PeerId } from './door.ts';
import { type BatchAck, encodeFrame } from './frame.ts';
import { createLaneTurns } from './lane-turns.ts';
import { COPY_HEAD_BYTES, FRAME_HEAD_BYTES, type Limits } from './limits.ts';
import type { Wire } from './network.ts';
import { pause } from './pause.ts';
import type { OutgoingRates } from './rates.ts';

/** After the door failed to give copies. */
const PULL_AGAIN_MS = 500;
/** A frame may bring the rate into debt by no more than this part of the burst; the receiver's slack is twice that. */
const BURST_SHARE = 1 / 8;
/** More credit than this on a lane is no credit but nonsense, bytes. */
const MAX_CREDIT_BYTES = 1_073_741_824;

interface LaneSend {
  /** Next own sequence number to send. */
  next: bigint;
  /** The outbox may hold something from `next` on. */
  wanted: boolean;
  /** What the peer asked for again: one range that covers all it asked. */
  missing: Range | null;
}

/** Sequence numbers, both ends included. */
interface Range {
  from: bigint;
  to: bigint;
}

interface Flight {
  lane: Lane;
  copies: { lane: Lane; seq: bigint }[];
}

/** The sending half of a link that is up: pulls from the door, keeps to lanes, credit, window and rate. */
export interface Outgoing {
  wake(lane: Lane): void;
  /** Send a range again, as far as it was sent at all. */
  again(lane: Lane, from: bigint, to: bigint): void;
  /** False: no such batch, or another number of copies. */
  acked(ack: BatchAck): boolean;
  /** False: more than anyone may grant. */
  credited(bytes: number[]): boolean;
  /** Runs until the signal aborts. */
  run(): Promise<void>;
}

export interface OutgoingOptions {
  peer: PeerId;
  door: PeerDoor;
  wire: Wire;
  clock: Clock;
  log: Log;
  limits: Limits;
  /** The smaller of ours and the peer's. */
  bounds: { maxCopyBytes: number; maxFrameBytes: number };
  rates: OutgoingRates;
  resume: Record<Lane, bigint>;
  signal: AbortSignal;
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { peer, door, wire, clock, log, limits, bounds, rates, signal } = options;
  const bell: Bell = createBell();
  const turns = createLaneTurns();
  const start = (lane: Lane): LaneSend => ({ next: options.resume[lane], wanted: true, missing: null });
  const sends: [LaneSend, LaneSend, LaneSend, LaneSend] = [start(0), start(1), start(2), start(3)];
  const credit: [number, number, number, number] = [...limits.creditBytes];
  const flights = new Map<number, Flight>();
  const burstShare = Math.max(1, Math.floor(limits.envelopeBurst * BURST_SHARE));
  let copiesInFlight = 0;
  let batch = 0;

  signal.addEventListener('abort', () => bell.ring());

  const waits = (lane: Lane) => sends[lane].wanted || sends[lane].missing !== null;
  const canGo = (lane: Lane) => waits(lane) && credit[lane] > 0 && copiesInFlight < limits.windowCopies;

  async function serve(lanes: readonly Lane[]): Promise<void> {
    while (!signal.aborted) {
      const rung = bell.rung();
      const lane = turns.next((candidate) => lanes.includes(candidate) && canGo(candidate));
      if (lane === null) {
        await rung;
        continue;
      }
      await room(lane);
      if (!signal.aborted && canGo(lane)) await serveLane(lane);
    }
  }

  /** Waits for the socket, and in the bulk lanes for the rate; control and urgent items spend from the receiver's slack. */
  async function room(lane: Lane): Promise<void> {
    while (wire.waitingBytes() > limits.socketBytes && !signal.aborted) await wire.drained();
    const waitMs = Math.max(rates.envelopes.waitMs(1), rates.bytes.waitMs(1));
    if (lane >= 2 && waitMs > 0) await pause(clock, waitMs, signal);
  }

  async function serveLane(lane: Lane): Promise<void> {
    const send = sends[lane];
    const missing = send.missing;
    if (missing === null) send.wanted = false;
    const allowed = allowance(lane);
    let pulled: OutCopy[];
    try {
      pulled = await door.nextCopies(peer, lane, missing?.from ?? send.next, allowed);
    } catch (error) {
      log.warn({ peer, lane, error: String(error) }, 'the outbox gave no copies');
      send.wanted = true;
      await pause(clock, PULL_AGAIN_MS, signal);
      return;
    }
    if (signal.aborted) return;
    const from = missing?.from ?? send.next;
    const { copies, next } = fitting(pulled, lane, from, missing?.to, allowance(lane));
    if (copies.length > 0) write(lane, copies);
    if (next > from) advance(send, missing, next);
    else if (pulled.length > 0 && copiesInFlight >= limits.windowCopies) send.wanted = true;
    else if (missing !== null && send.missing === missing) send.missing = null;
  }

  function frameBytes(lane: Lane): number {
    if (lane < 2) return bounds.maxFrameBytes;
    const urgentWaits = waits(0) || waits(1);
    return Math.min(bounds.maxFrameBytes, urgentWaits ? limits.urgentFrameBytes : limits.bulkFrameBytes);
  }

  function allowance(lane: Lane): { maxCopies: number; maxBytes: number } {
    return {
      maxCopies: Math.min(limits.maxCopiesPerFrame, burstShare, limits.windowCopies - copiesInFlight),
      maxBytes: Math.max(1, Math.min(frameBytes(lane), credit[lane])),
    };
  }

  function write(lane: Lane, copies: OutCopy[]): void {
    batch += 1;
    let sizeBytes = 0;
    for (const copy of copies) sizeBytes += copy.bytes.length;
    const heads = copies.map((copy) => ({ lane, seq: copy.seq }));
    flights.set(batch, { lane, copies: heads });
    copiesInFlight += copies.length;
    credit[lane] -= sizeBytes;
    rates.envelopes.spend(copies.length);
    rates.bytes.spend(sizeBytes);
    turns.served(lane, sizeBytes);
    wire.send(encodeFrame({ kind: 'env', batch, copies }));
    door.sent(peer, heads);
  }

  function refuseTooLarge(copy: OutCopy): void {
    door.acked(peer, [{ lane: copy.lane, seq: copy.seq, state: 'refused', code: 'too_large' }]);
  }

  /** The leading copies that are in order and within bounds, and where to go on; what is left over is pulled again. */
  function fitting(
    pulled: OutCopy[],
    lane: Lane,
    from: bigint,
    to: bigint | undefined,
    allowed: { maxCopies: number; maxBytes: number },
  ): { copies: OutCopy[]; next: bigint } {
    const copies: OutCopy[] = [];
    let next = from;
    let sizeBytes = FRAME_HEAD_BYTES;
    for (const copy of pulled) {
      if (copy.lane !== lane || copy.seq < next || (to !== undefined && copy.seq > to)) break;
      if (copy.bytes.length > bounds.maxCopyBytes) {
        if (copies.length > 0) break;
        refuseTooLarge(copy);
        next = copy.seq + 1n;
        continue;
      }
      sizeBytes += copy.bytes.length + COPY_HEAD_BYTES;
      if (copies.length >= allowed.maxCopies || (copies.length > 0 && sizeBytes > allowed.maxBytes)) break;
      copies.push(copy);
      next = copy.seq + 1n;
    }
    return { copies, next };
  }

  function advance(send: LaneSend, missing: Range | null, next: bigint): void {
    if (missing === null) {
      if (next > send.next) send.next = next;
      send.wanted = true;
      return;
    }
    // A wider range may have been asked for meanwhile; then it is served from its own start.
    if (send.missing === missing) send.missing = next > missing.to ? null : { from: next, to: missing.to };
  }

  return {
    wake(lane) {
      sends[lane].wanted = true;
      bell.ring();
    },
    again(lane, from, to) {
      const send = sends[lane];
      const last = to < send.next ? to : send.next - 1n;
      if (from > last) return;
      send.missing = cover({ from, to: last }, send.missing ?? { from, to: last });
      bell.ring();
    },
    acked(ack) {
      const flight = flights.get(ack.batch);
      if (flight === undefined || flight.copies.length !== ack.states.length) return false;
      flights.delete(ack.batch);
      copiesInFlight -= flight.copies.length;
      door.acked(
        peer,
        flight.copies.map((copy, at): ItemAck => ({ ...copy, ...ack.states[at]! })),
      );
      bell.ring();
      return true;
    },
    credited(bytes) {
      for (const lane of [0, 1, 2, 3] as const) credit[lane] += bytes[lane] ?? 0;
      bell.ring();
      return credit.every((value) => value <= MAX_CREDIT_BYTES);
    },
    async run() {
      // Two servers, so that an urgent copy never waits for a pull of bulk.
      await Promise.all([serve([0, 1]), serve([2, 3])]);
    },
  };
}

function cover(a: Range, b: Range): Range {
  const [from] = [a.from, b.from].sort(ascending) as [bigint, bigint];
  const [, to] = [a.to, b.to].sort(ascending) as [bigint, bigint];
  return { from, to };
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}
