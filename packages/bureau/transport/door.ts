import { toHex } from '@tripoint/envelope/cbor';
import type { ByeCode } from './bye.ts';
import type { Limits } from './limits.ts';
import type { Network } from './network.ts';

/** Lane of an envelope: 0 control, 1 urgent, 2 normal, 3 bulk. */
export type Lane = 0 | 1 | 2 | 3;
export const lanes: readonly Lane[] = [0, 1, 2, 3];

/** A member id as 32 lowercase hex digits: the key of every map here. */
export type PeerId = string;

export function peerIdOf(memberId: Uint8Array): PeerId {
  return toHex(memberId);
}

/** `down`: no link. `greeting`: connected, hellos not yet both there. `up`: copies flow. */
export type LinkState = 'down' | 'greeting' | 'up';

export interface LaneHead {
  /** Next sequence number expected from the peer. */
  next: bigint;
  /** Last own sequence number the peer has receipted; 0 for none. */
  acked: bigint;
  /** Leaf (32 bytes) of the last own send on this lane. */
  head: Uint8Array;
}

export interface Hello {
  /** 16 bytes. */
  memberId: Uint8Array;
  /** Hash: 32 bytes. */
  charter: { version: number; hash: Uint8Array };
  /** Exactly four, lanes 0 to 3. */
  lanes: LaneHead[];
  bounds: { maxCopyBytes: number; maxFrameBytes: number };
  /** The log's checkpoint as the peer should witness it, or null. */
  checkpoint: Uint8Array | null;
  /** Protocol versions spoken, at least one. */
  versions: number[];
}

/** A sealed copy on its way; `seq` is only a hint until the stanza confirms it. */
export interface OutCopy {
  lane: Lane;
  seq: bigint;
  bytes: Uint8Array;
}

export type ItemAck =
  | { lane: Lane; seq: bigint; state: 'durable' | 'held' }
  | { lane: Lane; seq: bigint; state: 'refused'; code: string };

export type ControlKind = 'charter' | 'keys' | 'log';

export type Welcome =
  /** First own sequence number to send, per lane. */
  { ok: true; resume: Record<Lane, bigint> } | { ok: false; bye: ByeCode; retryAfterMs?: number };

/** What the transport asks of its bureau; the exchange implements it. Copies go through unopened. */
export interface PeerDoor {
  /** What to say first on a new link. */
  hello(peer: PeerId): Promise<Hello>;
  /** Judge the peer's hello. */
  welcome(peer: PeerId, hello: Hello): Promise<Welcome>;
  /**
   * Pull from the outbox, in order, starting at `from`; `[]` means nothing now (a `wake` starts it again).
   * At least one copy if there is any, even when it is larger than `maxBytes`.
   */
  nextCopies(
    peer: PeerId,
    lane: Lane,
    from: bigint,
    limits: { maxCopies: number; maxBytes: number },
  ): Promise<OutCopy[]>;
  /** Resolves only after COMMIT, with one answer a copy in the same order. A rejection ends the link; nothing is acknowledged. */
  receive(peer: PeerId, copies: OutCopy[]): Promise<ItemAck[]>;
  /** The peer says these are durable, held or refused. A hint: only receipts prove. */
  acked(peer: PeerId, acks: ItemAck[]): void;
  receipts(peer: PeerId, receipts: Uint8Array[]): Promise<void>;
  /** The peer misses a range. The transport pulls and sends it again by itself; this is for the bureau's own eyes. */
  need(peer: PeerId, lane: Lane, from: bigint, to: bigint): void;
  /** Charter chain, directory entries, log business; a non-null answer goes back as the same kind. */
  control(peer: PeerId, kind: ControlKind, payload: Uint8Array): Promise<Uint8Array | null>;
  linkChanged(peer: PeerId, state: LinkState, why?: ByeCode): void;
  /** Written to a link. */
  sent(peer: PeerId, copies: { lane: Lane; seq: bigint }[]): void;
}

export interface PeerAddress {
  /** 16 bytes. */
  memberId: Uint8Array;
  host: string;
  /** 0: never dialled, only accepted. */
  port: number;
  /** SHA-256 hashes (32 bytes) of the SPKI of each link key in force; two while a key is being changed. */
  pins: Uint8Array[];
}

export interface Clock {
  /** Wall time, ms. Not used for any decision here. */
  nowMs(): number;
  monotonicMs(): number;
  /** Ends early when the signal aborts; it may then resolve or reject. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Log {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
}

export interface Transport {
  /** There is something new in the outbox for this peer and lane. Cheap; call it as often as you like. */
  wake(peer: PeerId, lane: Lane): void;
  /** Any number. False when no link is up or its queue is full, and not all were taken: send them again when the link comes up. */
  sendReceipts(peer: PeerId, receipts: Uint8Array[]): boolean;
  /** Ask the peer to send a range again. */
  need(peer: PeerId, lane: Lane, from: bigint, to: bigint): boolean;
  /** False when no link is up, its queue is full, or the payload is larger than a frame. */
  control(peer: PeerId, kind: ControlKind, payload: Uint8Array): boolean;
  links(): Map<PeerId, LinkState>;
  /** Read the peers again at once: links of the removed end, the new are dialled. */
  refresh(): void;
  /** End the link with a word; the peer stays away for the time named. */
  dismiss(peer: PeerId, code: ByeCode, retryAfterMs?: number): void;
  start(): Promise<{ port: number }>;
  /** Says bye on every link and waits until all sockets are closed. It may be started again. */
  stop(): Promise<void>;
}

export interface TransportOptions {
  self: { memberId: Uint8Array; tls: { keyPem: string; certPem: string } };
  /** Asked on every connection, so that a change of charter or keys holds at once. */
  peers: () => PeerAddress[];
  listen: { host: string; port: number };
  door: PeerDoor;
  clock: Clock;
  random: (n: number) => Uint8Array;
  log: Log;
  limits?: Partial<Limits>;
  /** Where links come from; by default direct mutual TLS (`direct.ts`). The simulator brings its own. */
  network?: Network;
}
