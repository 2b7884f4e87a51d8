/**
 * The narrow port between the exchange and its store: what must be durable, in words. Two adapters stand behind it,
 * PostgreSQL (`postgres-store.ts`) and, in the simulator, memory. Every call inside `transact` commits together or not
 * at all.
 */

import type { Lane, SignerEntry, StandingState, StanzaBucket } from '@tripoint/envelope/seal';
import type { KemKey, Signer } from '@tripoint/envelope/suite';
import type { AlarmCode, AlarmKind } from '@tripoint/model/codes';
import type { Report } from '@tripoint/model/report';
import type { EvidenceToKeep } from './kept-evidence.ts';

export type OutState =
  | 'queued'
  | 'sealed'
  | 'sent'
  | 'received'
  | 'verified'
  | 'opened'
  | 'held'
  | 'refused'
  | 'recalled';

/** A place on a chain: sender → recipient, lane, sequence. */
export interface Place {
  peer: Uint8Array;
  lane: Lane;
  seq: number;
}

/** What goes to one peer on one lane. */
export type Queue = Omit<Place, 'seq'>;

export interface PlaceRange {
  peer: Uint8Array;
  lane: Lane;
  from: number;
  to: number;
}

export interface ChainHead extends Place {
  /** Leaf of the envelope at `seq`; null when it could not be computed and the next one's word is taken. */
  head: Uint8Array | null;
}

/** One item version that waits to be sealed for one nation. */
export interface QueuedItem {
  id: string;
  item: string;
  version: number;
  peer: Uint8Array;
  nation: string;
  lane: Lane;
  sealing: number;
  /** The author's agency at home (a compartment id, never a name), or null: the bureau itself. */
  agency: string | null;
  /** Codes of the item's conditions. */
  conditions: readonly string[];
  /** Its item was recalled or erased while it waited. */
  isRecalled: boolean;
}

export interface SealedRow extends Place {
  outbox: string;
  envelope: Uint8Array;
  leaf: Uint8Array;
  /** This recipient's own part of the copy. */
  middle: Uint8Array;
}

export interface SealedEnvelope {
  id: Uint8Array;
  leaf: Uint8Array;
  /** Bytes before and after each recipient's own part. */
  front: Uint8Array;
  rear: Uint8Array;
}

export interface OutRow extends Place {
  id: string;
  item: string;
  nation: string;
  state: OutState;
  leaf: Uint8Array;
}

export interface ArrivedRow extends Place {
  id: Uint8Array;
  leaf: Uint8Array;
  state: 'held' | 'verified' | 'refused';
  code: string | null;
  item: string | null;
  alias: number;
  /** Kept while held. */
  raw: Uint8Array | null;
  receivedAtMs: number;
  verifiedAtMs: number | null;
}

export interface ReceiptRow {
  peer: Uint8Array;
  lane: Lane;
  fromSeq: number;
  toSeq: number;
  state: string;
  bytes: Uint8Array;
}

/** A peer's receipt: its own leaf, and the leaf that it says was sent at `toSeq`. */
export type GivenReceipt = ReceiptRow & { leaf: Uint8Array; leafAtToSeq: Uint8Array };

export interface KeptReceipts {
  /** Leaves of the receipts that end at what was sent. */
  matching: Uint8Array[];
  /** Of these the ones that were not here already; they are kept now. */
  fresh: Uint8Array[];
  /** What the fresh ones can still change in their ranges, and the last of each range; locked, in order. */
  rows: OutRow[];
}

export type KeptReceipt = ReceiptRow & { id: bigint };

/** A whole item as it goes into the store; facts and statements are the store's own types. */
export interface ArrivedItem {
  report: Report;
  /** The very bytes that were sealed; they are what is kept. */
  payload: Uint8Array;
  /** The author's pairwise pseudonym, 0 for the bureau itself. */
  alias: number;
}

export interface Announcement {
  kind: 'report.received' | 'report.delivery' | 'report.read' | 'link.changed' | 'alarm';
  item?: string;
  version?: number;
  urgency?: string;
  nation?: string;
  state?: string;
}

/** One entry of the own log; `ref` stays at home. */
export interface LogLeaf {
  kind: 'env' | 'rcpt';
  leaf: Uint8Array;
  ref: string;
}

/**
 * Copies kept whole as evidence, a peer: at the largest a gigabyte, and enough to see what is wrong. A member that sends
 * nothing but bad ones fills no disk.
 */
export const QUARANTINE_RAW_MAX = 1_000;

export interface HeldSize {
  envelopes: number;
  sizeBytes: number;
}

/**
 * What answers nothing may resolve as soon as it is asked: it is done before whatever is asked behind it, and its failure
 * fails the transaction.
 */
export interface ExchangeTx {
  /**
   * The oldest waiting rows, locked; rows another process works on are passed over with all behind them on their chain, and so are those of `blocked` queues,
   * except what was recalled: that waits for nobody.
   */
  takeQueued(limit: number, blocked: readonly Queue[]): Promise<QueuedItem[]>;
  /**
   * The item's wire payload as it stands at home; recalled: it was taken back or erased since its row was taken; null:
   * it may not leave any more.
   */
  payloadOf(item: string, version: number): Promise<Uint8Array | 'recalled' | null>;
  /** Chain heads of the way out, locked in member-id order; a chain that never began has seq 0 and a null head. */
  lockOut(places: readonly { peer: Uint8Array; lane: Lane }[]): Promise<ChainHead[]>;
  saveSealed(envelopes: readonly SealedEnvelope[], rows: readonly SealedRow[], atMs: number): Promise<void>;
  /** Rows of chains in their ranges that a receipt can still change, and the last of each range; locked, in order. */
  outRows(ranges: readonly PlaceRange[]): Promise<OutRow[]>;
  markOut(
    rows: readonly {
      id: string;
      state: OutState;
      reason?: string | null;
      receivedAtMs?: number;
      verifiedAtMs?: number;
      openedAtMs?: number;
    }[],
    atMs: number,
  ): Promise<void>;
  /** A hint, never a proof: these were written to a link. */
  markSent(rows: readonly (Place & { atMs: number })[]): Promise<void>;
  /**
   * Forget the sealed copies in these ranges: their receipts are here. A chain's `acked` becomes the place up to which
   * nothing waits for a receipt any more.
   */
  dropCopies(ranges: readonly PlaceRange[]): Promise<void>;
  /** Keeps those of the peers' receipts that end at an envelope which really was sent. */
  keepReceipts(receipts: readonly GivenReceipt[]): Promise<KeptReceipts>;
  /**
   * Locks the way in from one peer. Its chain heads on all lanes (a chain that never began is absent), which of
   * these envelope ids are here already, and the lanes on which something is held.
   */
  lockIn(
    peer: Uint8Array,
    ids: readonly Uint8Array[],
  ): Promise<{ heads: ChainHead[]; arrived: ArrivedRow[]; heldLanes: Lane[] }>;
  /** Takes an owed word that an item was opened; when it was, or null when nothing is owed any more. */
  takeOpenedOwed(item: string): Promise<number | null>;
  /** The verified envelope an item came in, or null for an own one. */
  arrivedItem(item: string): Promise<ArrivedRow | null>;
  /** What a batch came to: envelopes, chain heads and own signed receipts, in one stroke. */
  saveTaken(taken: {
    arrived: readonly ArrivedRow[];
    heads: readonly ChainHead[];
    receipts: readonly ReceiptRow[];
  }): Promise<void>;
  /** What proves these envelopes to a court; kept for as long as their items. */
  keepEvidence(all: readonly EvidenceToKeep[]): Promise<void>;
  held(peer: Uint8Array, lane: Lane, from: number, limit: number): Promise<ArrivedRow[]>;
  /** How much of this peer is held, on all lanes. */
  heldSize(peer: Uint8Array): Promise<HeldSize>;
  putItem(item: ArrivedItem, atMs: number): Promise<'stored' | 'already-stored' | 'id-of-another-nation'>;
  /** Own signed receipts that cover these places. */
  receiptsCovering(peer: Uint8Array, places: readonly { lane: Lane; seq: number }[]): Promise<ReceiptRow[]>;
  /** Peers and codes of what has been held since before this time. */
  heldSince(beforeMs: number): Promise<{ peer: Uint8Array; code: AlarmCode }[]>;
  /** Of each peer the first `QUARANTINE_RAW_MAX` are kept with their bytes, of later ones all but the bytes. */
  setAside(row: Place & { code: string; leaf: Uint8Array | null; raw: Uint8Array }, atMs: number): Promise<void>;
  alarm(kind: AlarmKind, code: AlarmCode, nation: string | null, atMs: number): Promise<void>;
  appendLog(leaves: readonly LogLeaf[]): Promise<void>;
  announce(events: readonly Announcement[]): Promise<void>;
}

export interface ExchangeStore {
  transact<T>(work: (tx: ExchangeTx) => Promise<T>): Promise<T>;
  /** Sealed copies of one chain from a place on, in order. */
  copies(
    peer: Uint8Array,
    lane: Lane,
    from: number,
    limits: { maxCopies: number; maxBytes: number },
  ): Promise<(Place & { bytes: Uint8Array })[]>;
  /** All chain heads with one peer, both ways, for the hello. */
  heads(peer: Uint8Array): Promise<{ out: (ChainHead & { acked: number })[]; in: ChainHead[] }>;
  /** Chains of the way out with places whose receipt is not here yet. */
  unreceipted(): Promise<Place[]>;
  /** Own signed receipts about a peer's envelopes above a sequence number, with ids above `after`, in the order of their ids. */
  receiptsAbove(peer: Uint8Array, lane: Lane, seq: number, after: bigint, limit: number): Promise<KeptReceipt[]>;
  /** Items of which their senders are still to be told that they were opened, oldest first. */
  openedOwed(limit: number): Promise<string[]>;
  /** The newest own receipts that say an item was opened; whoever sent it cannot ask for them. */
  receiptsOpened(peer: Uint8Array, lane: Lane, limit: number): Promise<KeptReceipt[]>;
}

/** What the exchange asks of the nation's keyring, its charter and its directory. */
export interface ExchangeKeys {
  readonly memberId: Uint8Array;
  readonly nation: string;
  readonly signer: Signer;
  /** The charter in force. */
  charter(): { id: Uint8Array; version: number; hash: Uint8Array; bucket: StanzaBucket };
  /** After the charter's expiry only lanes 0 and 1 are sealed for a while, then nothing (wire.md §2). */
  maySeal(lane: Lane): boolean;
  chartersKnown(): StandingState['charters'];
  member(memberId: Uint8Array): { nation: string; status: 'active' | 'observer' | 'suspended' } | null;
  memberOf(nation: string): { memberId: Uint8Array; status: 'active' | 'observer' | 'suspended' } | null;
  kemKey(kid: Uint8Array): KemKey | 'destroyed' | null;
  /** The newest KEM key (1,216 bytes) a member may be sealed to now, or null. */
  kemFor(memberId: Uint8Array, nowMs: number): Uint8Array | null;
  signerEntry(kid: Uint8Array): SignerEntry | null;
  /** Pairwise pseudonym of an own agency towards a nation; 0 for the bureau itself. */
  aliasFor(agency: string | null, nation: string): number;
  /** Secret that envelope ids are derived from. */
  readonly envelopeSecret: Uint8Array;
  /** Own directory entries for a peer, and a peer's for us. */
  directoryFor(peer: Uint8Array): Uint8Array | null;
  takeDirectory(peer: Uint8Array, bytes: Uint8Array): Promise<void>;
}

export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Takes facts, never payload. */
export interface Log {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}
