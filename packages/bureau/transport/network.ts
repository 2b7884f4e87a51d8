import type { ByeCode } from './bye.ts';
import type { PeerAddress, PeerId } from './door.ts';

/** What a wire tells its link. `frame` is never called again after `closed`. */
export interface WireEvents {
  frame(bytes: Uint8Array): void;
  /** A ping or pong: the peer lives. */
  heard(): void;
  /** The wire refused what came in before anyone parsed it. */
  refused(why: 'malformed' | 'too_large'): void;
  /** Why, when the other end's wire refused ours; else null. */
  closed(why: ByeCode | null): void;
}

/**
 * One connection to a peer whose key has been checked. It carries whole frames in order, or ends.
 * Reading starts paused: nothing arrives before `attach` and `resume`.
 */
export interface Wire {
  readonly peer: PeerId;
  readonly dialledBy: 'us' | 'them';
  /** SPKI hash of the key the peer proved, hex. */
  readonly keyHash: string;
  attach(events: WireEvents): void;
  send(bytes: Uint8Array): void;
  /** Bytes accepted by `send` and not yet handed to the system. */
  waitingBytes(): number;
  /** Resolves when something was handed on, or the wire closed. */
  drained(): Promise<void>;
  ping(): void;
  pause(): void;
  resume(): void;
  /** Send what waits, then close. */
  close(): void;
  /** Close now. */
  cut(): void;
}

export interface Network {
  listen(accept: (wire: Wire) => void): Promise<{ port: number; close(): Promise<void> }>;
  /** Rejects when the peer cannot be reached, shows another key, or the signal aborts. */
  dial(peer: PeerAddress, signal: AbortSignal): Promise<Wire>;
}
