import { type ByeCode, defaultRetryAfterMs, MAX_RETRY_AFTER_MS } from './bye.ts';
import {
  type Clock,
  type ControlKind,
  type Hello,
  type Lane,
  type Log,
  type PeerDoor,
  type PeerId,
  peerIdOf,
} from './door.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { createIncoming, type Incoming } from './incoming.ts';
import type { Intake } from './intake.ts';
import { watchSilence } from './keepalive.ts';
import type { Limits } from './limits.ts';
import type { Wire } from './network.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { pause, within } from './pause.ts';
import type { Rates } from './rates.ts';
import { readFrame } from './read-frame.ts';
import { receiptFrames } from './receipt-frames.ts';

/** A closing socket has this long to take the bye along, ms. */
const CLOSING_MS = 1_000;

export interface LinkEnd {
  /** Null: the wire just broke. */
  code: ByeCode | null;
  by: 'us' | 'them';
  /** How long to stay away. */
  retryAfterMs: number;
  /** How long copies could flow. */
  upMs: number;
}

/** One wire between two bureaus, from the first hello to the bye. */
export interface Link {
  readonly peer: PeerId;
  readonly dialledBy: 'us' | 'them';
  readonly keyHash: string;
  wake(lane: Lane): void;
  /** The three below: false before the hellos, after the end, when too much waits for the socket, or above the frame bound. */
  sendReceipts(receipts: Uint8Array[]): boolean;
  need(lane: Lane, from: bigint, to: bigint): boolean;
  control(kind: ControlKind, payload: Uint8Array): boolean;
  /** Ask for a sign of life; without one in time the link ends. */
  probe(): void;
  /** Say bye and close. */
  end(code: ByeCode, retryAfterMs?: number): void;
  /** Take nothing new, let a running commit be acknowledged, then say bye. */
  retire(): Promise<void>;
  readonly finished: Promise<LinkEnd>;
  /** The socket is gone too. */
  readonly closed: Promise<void>;
}

export interface LinkOptions {
  wire: Wire;
  door: PeerDoor;
  clock: Clock;
  /** Between 0 and 1. */
  fraction: () => number;
  log: Log;
  limits: Limits;
  rates: Rates;
  intake: Intake;
  /** Both hellos are good: may this link be the one? Called once. */
  claim: (link: Link) => boolean;
}

export function createLink(options: LinkOptions): Link {
  const { wire, door, clock, log, limits, rates } = options;
  const peer = wire.peer;
  const over = new AbortController();
  const finished = Promise.withResolvers<LinkEnd>();
  const closed = Promise.withResolvers<void>();
  const theirHello = Promise.withResolvers<Hello>();
  /** Frames behind the hello that the same read of the socket brought; bounded by that read. */
  const early: Frame[] = [];
  let greeted = false;
  let halves: { incoming: Incoming; outgoing: Outgoing } | null = null;
  let upAtMs: number | null = null;
  /** Ours, until the peer's hello says less. */
  let maxFrameBytes = limits.maxFrameBytes;
  let heardAtMs = clock.monotonicMs();

  function send(frame: Frame): boolean {
    if (over.signal.aborted) return false;
    const bytes = encodeFrame(frame);
    if (bytes.length > maxFrameBytes || wire.waitingBytes() + bytes.length > limits.sideBytes) return false;
    wire.send(bytes);
    return true;
  }

  function finish(code: ByeCode | null, by: 'us' | 'them', retryAfterMs: number): void {
    over.abort();
    halves?.incoming.stop();
    theirHello.reject(new Error('the link is over'));
    finished.resolve({ code, by, retryAfterMs, upMs: upAtMs === null ? 0 : clock.monotonicMs() - upAtMs });
  }

  function end(code: ByeCode, wishedMs: number = defaultRetryAfterMs(code)): void {
    if (over.signal.aborted) return;
    const retryAfterMs = Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(wishedMs)));
    log.info({ peer, code, retryAfterMs }, 'we end the link');
    send({ kind: 'bye', code, retryAfterMs });
    finish(code, 'us', retryAfterMs);
    void closeSoon();
  }

  async function closeSoon(): Promise<void> {
    wire.close();
    wire.resume();
    await within(clock, CLOSING_MS, () => closed.promise);
    wire.cut();
  }

  function onFrame(bytes: Uint8Array): void {
    if (over.signal.aborted) return;
    heardAtMs = clock.monotonicMs();
    const { frames, bytes: volume } = rates.incoming;
    const allowed = frames.take(1) && volume.take(bytes.length);
    const fault = allowed ? take(readFrame(bytes, limits)) : 'over_quota';
    if (fault !== null) end(fault);
  }

  function take(frame: Frame | null): ByeCode | null {
    if (frame === null) return 'malformed';
    if (frame.kind === 'bye') return takeBye(frame);
    if (halves !== null) return halves.incoming.take(frame);
    if (!greeted) return takeHello(frame);
    early.push(frame);
    return null;
  }

  function takeHello(frame: Frame): ByeCode | null {
    if (frame.kind !== 'hello') return 'malformed';
    if (peerIdOf(frame.hello.memberId) !== peer) return 'identity_mismatch';
    greeted = true;
    wire.pause();
    theirHello.resolve(frame.hello);
    return null;
  }

  function takeBye(frame: Frame & { kind: 'bye' }): null {
    log.info({ peer, code: frame.code, retryAfterMs: frame.retryAfterMs }, 'the peer ends the link');
    finish(frame.code, 'them', frame.retryAfterMs);
    void closeSoon();
    return null;
  }

  /** @returns why the link must end, or null when it is up */
  async function greet(signal: AbortSignal): Promise<ByeCode | null> {
    const mine = await door.hello(peer);
    send({ kind: 'hello', hello: mine });
    wire.resume();
    const theirs = await theirHello.promise;
    if (!theirs.versions.some((version) => mine.versions.includes(version))) return 'version_unsupported';
    const welcome = await door.welcome(peer, theirs);
    if (signal.aborted || over.signal.aborted) return null;
    if (!welcome.ok) {
      end(welcome.bye, welcome.retryAfterMs);
      return null;
    }
    if (!options.claim(link)) return 'duplicate';
    comeUp(theirs, welcome.resume);
    return null;
  }

  function comeUp(theirs: Hello, resume: Record<Lane, bigint>): void {
    maxFrameBytes = Math.min(maxFrameBytes, theirs.bounds.maxFrameBytes);
    const outgoing = createOutgoing({
      peer,
      door,
      wire,
      clock,
      log,
      limits,
      bounds: {
        maxCopyBytes: Math.min(limits.maxCopyBytes, theirs.bounds.maxCopyBytes),
        maxFrameBytes,
      },
      rates: rates.outgoing,
      resume,
      signal: over.signal,
    });
    const incoming = createIncoming({
      wire,
      door,
      log,
      limits,
      rates: rates.incoming,
      intake: options.intake,
      outgoing,
      send,
      end,
    });
    halves = { incoming, outgoing };
    upAtMs = clock.monotonicMs();
    door.linkChanged(peer, 'up');
    outgoing.run().catch(fail);
    for (const frame of early.splice(0)) {
      const fault = over.signal.aborted ? null : take(frame);
      if (fault !== null) end(fault);
    }
    wire.resume();
  }

  function fail(error: unknown): void {
    if (over.signal.aborted) return;
    log.warn({ peer, error: String(error) }, 'a link failed on our side');
    end('inner_failure');
  }

  async function live(): Promise<void> {
    const fault = await within(clock, limits.greetingMs, greet);
    if (fault !== null) return end(fault === 'late' ? 'no_hello' : fault);
    const silent = await watchSilence({
      clock,
      limits,
      fraction: options.fraction,
      heardAtMs: () => heardAtMs,
      ping: wire.ping,
      signal: over.signal,
    });
    if (silent) end('silent');
  }

  async function probe(): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    wire.ping();
    await pause(clock, limits.probeMs, over.signal);
    if (heardAtMs <= askedAtMs) end('silent');
  }

  const link: Link = {
    peer,
    dialledBy: wire.dialledBy,
    keyHash: wire.keyHash,
    wake: (lane) => halves?.outgoing.wake(lane),
    sendReceipts: (receipts) => halves !== null && receiptFrames(receipts, maxFrameBytes).every(send),
    need: (lane, from, to) => halves !== null && send({ kind: 'need', lane, from, to }),
    control: (kind, payload) => halves !== null && send({ kind, payload }),
    probe: () => void probe(),
    end,
    async retire() {
      wire.pause();
      halves?.incoming.stop();
      await within(clock, limits.stopMs, () => options.intake.idle());
      end('stopping');
      await closed.promise;
    },
    finished: finished.promise,
    closed: closed.promise,
  };

  theirHello.promise.catch(() => undefined);
  wire.attach({
    frame: onFrame,
    heard() {
      heardAtMs = clock.monotonicMs();
      if (!rates.incoming.frames.take(1)) end('over_quota');
    },
    refused: end,
    closed(why) {
      if (!over.signal.aborted) finish(why, 'them', why === null ? 0 : defaultRetryAfterMs(why));
      closed.resolve();
    },
  });
  live().catch(fail);
  return link;
}
