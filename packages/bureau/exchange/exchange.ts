/** The exchange put together: seals what waits, takes in what arrives, turns ticks from receipts. */
import { toHex } from '@tripoint/envelope/cbor';
import { decodeReceipt, signReceiptLater, verifyReceiptLater } from '@tripoint/envelope/proof';
import {
  inspectCopy,
  type Lane,
  openCopy,
  sealEnvelopeLater,
  unwrapCopy,
  verifyCopyLater,
} from '@tripoint/envelope/seal';
import type { PeerDoor, Transport } from '../transport/index.ts';
import type { Exchanging, PeerLog, SealPort } from './exchanging.ts';
import { isOwnFault } from './faults.ts';
import { freshCopies } from './fresh-copies.ts';
import { sealDue } from './outbox.ts';
import { createPeerDoor } from './peer-door.ts';
import type { Clock, ExchangeKeys, ExchangeStore, ExchangeTx, Log, Place, ReceiptRow } from './port.ts';
import {
  makeOpenedReceipt,
  type ProvenReceipt,
  placesOf,
  proveReceipt,
  RECEIPT_PLACES_MAX,
  takeReceipts,
} from './receipts.ts';

export const realSeal: SealPort = {
  sealEnvelope: sealEnvelopeLater,
  inspectCopy,
  verifyCopy: verifyCopyLater,
  unwrapCopy,
  openCopy,
  signReceipt: signReceiptLater,
  decodeReceipt,
  verifyReceipt: verifyReceiptLater,
};

/** The outbox is also looked at without being told: a hint may be lost, another process may have filed. */
const OUTBOX_POLL_MS = 1_000;
const RETRY_AFTER_FAULT_MS = 500;
/** Written-to-a-link marks are kept in memory this long; a receipt usually comes first and takes them along. */
const SENT_FLUSH_MS = 250;
/** What is held longer than this is told to an officer (wire.md §4). */
const HOLD_ALARM_MS = 60_000;
const HOLD_LOOK_MS = 15_000;
const RECEIPTS_PER_COMMIT_MAX = 256;

export interface ExchangeOptions {
  store: ExchangeStore;
  keys: ExchangeKeys;
  seal?: SealPort;
  clock: Clock;
  random: (n: number) => Uint8Array;
  log: Log;
  peerLog?: PeerLog;
}

export interface LinkSeen {
  up: boolean;
  sinceMs: number;
}

export interface Exchange {
  readonly door: PeerDoor;
  /** Call once, before `start`. */
  join(transport: Transport): void;
  start(): void;
  stop(): Promise<void>;
  /** Something waits in the outbox. Cheap. */
  wake(): void;
  /** Tells senders the day on which their items were opened, where `oweOpened` said that it is owed. Also done without being asked. */
  tellOpened(): Promise<void>;
  /** How each link stands, by member id in hex. */
  links(): ReadonlyMap<string, LinkSeen>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  let transport: Transport | null = null;
  const self: Exchanging = {
    store: options.store,
    keys: options.keys,
    seal: options.seal ?? realSeal,
    clock: options.clock,
    random: options.random,
    log: options.log,
    fresh: freshCopies(),
    peerLog: options.peerLog ?? null,
    transport() {
      if (!transport) throw new Error('the exchange has no transport yet');
      return transport;
    },
  };
  const links = new Map<string, LinkSeen>();
  const ending = new AbortController();
  const outboxBell = bell(options.clock, ending.signal);
  const sent = sentMarks(self);
  const receipts = receiptIntake(self, sent, ending.signal);
  const running = new Set<Promise<void>>();

  /** Nobody waits for it but the end of the bureau; a failure is only noted. */
  function inBackground(failure: string, work: () => Promise<void>): void {
    const working = work().catch((reason: unknown) => fault(self, failure, reason));
    running.add(working);
    void working.finally(() => running.delete(working));
  }

  const door = createPeerDoor(self, {
    receipts: (peer, all) => receipts.add(peer, all),
    sent: (peer, places) => sent.add(peer, places),
    refusedByLink: (peer, places) => inBackground('a refusal was not noted', () => markRefused(self, peer, places)),
    linkChanged(peer, up) {
      self.peerLog?.linkChanged(peer, up);
      links.set(toHex(peer), { up, sinceMs: options.clock.nowMs() });
      inBackground('a change of a link was not announced', () =>
        self.store.transact((tx) => tx.announce([{ kind: 'link.changed' }])),
      );
    },
  });

  async function sealLoop(): Promise<void> {
    while (!ending.signal.aborted) {
      const { grown, more } = await sealDue(self).catch(async (reason: unknown) => {
        fault(self, 'sealing failed', reason);
        await options.clock.sleep(RETRY_AFTER_FAULT_MS, ending.signal);
        return { grown: [], more: false };
      });
      for (const { peer, lane } of grown) self.transport().wake(toHex(peer), lane);
      if (!more) await outboxBell.wait(OUTBOX_POLL_MS);
    }
  }

  /** Another process of this bureau may have sealed, or this one may not have heard that its commit succeeded. */
  async function wakeLoop(): Promise<void> {
    while (!ending.signal.aborted) {
      await options.clock.sleep(OUTBOX_POLL_MS, ending.signal);
      if (ending.signal.aborted) return;
      const open = await self.store.unreceipted().catch((reason: unknown) => {
        fault(self, 'the outbox was not looked at', reason);
        return [];
      });
      await tellOpened(self).catch((reason: unknown) => fault(self, 'opened items were not looked at', reason));
      for (const { peer, lane, seq } of open) {
        self.fresh.isBehind(peer, lane, seq);
        self.transport().wake(toHex(peer), lane);
      }
    }
  }

  async function sentLoop(): Promise<void> {
    while (!ending.signal.aborted) {
      await options.clock.sleep(SENT_FLUSH_MS, ending.signal);
      if (!sent.waiting) continue;
      await self.store
        .transact((tx) => sent.flush(tx))
        .catch((reason: unknown) => fault(self, 'sent marks were not written', reason));
    }
  }

  async function holdLoop(): Promise<void> {
    while (!ending.signal.aborted) {
      await options.clock.sleep(HOLD_LOOK_MS, ending.signal);
      if (!ending.signal.aborted)
        await alarmHolds(self).catch((reason: unknown) => fault(self, 'holds were not looked at', reason));
    }
  }

  return {
    door,
    join(joined) {
      transport = joined;
    },
    start() {
      for (const loop of [sealLoop(), wakeLoop(), sentLoop(), holdLoop()]) running.add(loop);
    },
    async stop() {
      ending.abort();
      outboxBell.ring();
      await Promise.allSettled(running);
      running.clear();
    },
    wake: () => outboxBell.ring(),
    tellOpened: () => tellOpened(self),
    links: () => links,
  };
}

function fault(self: Exchanging, text: string, reason: unknown): void {
  self.log.error({ reason: reason instanceof Error ? reason.message : String(reason) }, text);
}

/** Wakes one waiting loop; a ring while nobody waits is kept. */
function bell(clock: Clock, ending: AbortSignal): { ring(): void; wait(ms: number): Promise<void> } {
  let rung = false;
  let nap: AbortController | null = null;
  return {
    ring() {
      rung = true;
      // With a word for a reason: without one an error is made for it.
      nap?.abort('rung');
    },
    async wait(ms) {
      if (!rung && !ending.aborted) {
        nap = new AbortController();
        await clock.sleep(ms, nap.signal);
        nap = null;
      }
      rung = false;
    },
  };
}

interface SentMarks {
  add(peer: Uint8Array, places: readonly { lane: Lane; seq: number }[]): void;
  /** Writes what is kept. A mark is a hint: one that is lost with its transaction is not missed. */
  flush(tx: ExchangeTx): Promise<void>;
  readonly waiting: boolean;
}

function sentMarks(self: Pick<Exchanging, 'clock'>): SentMarks {
  let kept: { place: Place; atMs: number }[] = [];
  return {
    add(peer, places) {
      const atMs = self.clock.nowMs();
      for (const place of places) kept.push({ place: { peer, ...place }, atMs });
    },
    async flush(tx) {
      if (kept.length === 0) return;
      const batch = kept;
      kept = [];
      await tx.markSent(batch.map(({ place, atMs }) => ({ ...place, atMs })));
    },
    get waiting() {
      return kept.length > 0;
    },
  };
}

/** How many of these go into one commit: no hostile member's ranges together keep the others' receipts waiting. */
function batchLength(waiting: readonly ProvenReceipt[]): number {
  let places = 0;
  const length = waiting.slice(0, RECEIPTS_PER_COMMIT_MAX).findIndex((one, at) => {
    places += placesOf(one);
    return at > 0 && places > RECEIPT_PLACES_MAX;
  });
  return length < 0 ? RECEIPTS_PER_COMMIT_MAX : length;
}

/** Receipts of all peers that arrive while a commit runs share the next one. */
function receiptIntake(
  self: Exchanging,
  sent: SentMarks,
  ending: AbortSignal,
): { add(peer: Uint8Array, receipts: readonly Uint8Array[]): Promise<void> } {
  let waiting: { proven: ProvenReceipt; done: PromiseWithResolvers<void> }[] = [];
  let working = false;

  async function take(batch: readonly ProvenReceipt[]): Promise<void> {
    await self.store.transact(async (tx) => {
      await sent.flush(tx);
      await takeReceipts(self, tx, batch, self.clock.nowMs());
    });
  }

  /** Nobody sends a receipt again while the link is up, so one that came while the store was away waits for it. */
  async function takeSurely(batch: readonly ProvenReceipt[]): Promise<void> {
    for (;;) {
      try {
        return await take(batch);
      } catch (reason) {
        if (isOwnFault(reason) || ending.aborted) throw reason;
        fault(self, 'receipts wait for the store', reason);
        await self.clock.sleep(RETRY_AFTER_FAULT_MS, ending);
      }
    }
  }

  async function work(): Promise<void> {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchLength(waiting.map(({ proven }) => proven)));
      try {
        await takeSurely(batch.map(({ proven }) => proven));
        for (const { done } of batch) done.resolve();
      } catch {
        for (const { proven, done } of batch) await takeSurely([proven]).then(done.resolve, done.reject);
      }
    }
    working = false;
  }

  return {
    async add(peer, receipts) {
      const proven = (await Promise.all(receipts.map((bytes) => proveReceipt(self, peer, bytes)))).filter(
        (one) => one !== null,
      );
      const all = proven.map((one) => ({ proven: one, done: Promise.withResolvers<void>() }));
      waiting = [...waiting, ...all];
      if (!working && waiting.length > 0) void work();
      await Promise.all(all.map(({ done }) => done.promise));
    },
  };
}

async function alarmHolds(self: Exchanging): Promise<void> {
  const nowMs = self.clock.nowMs();
  await self.store.transact(async (tx) => {
    const held = await tx.heldSince(nowMs - HOLD_ALARM_MS);
    for (const { peer, code } of held) {
      await tx.alarm(code === 'gap' ? 'gap' : 'hold', code, self.keys.member(peer)?.nation ?? null, nowMs);
    }
    if (held.length > 0) await tx.announce([{ kind: 'alarm' }]);
  });
}

/** Receipts of opened items signed in one look; more wait for the next. */
const OPENED_TOLD_MAX = 200;

/** What is owed is taken, signed and kept in one transaction: told once, and told after any crash. */
async function tellOpened(self: Exchanging): Promise<void> {
  for (const item of await self.store.openedOwed(OPENED_TOLD_MAX)) {
    const receipt = await self.store
      .transact((tx) => openedReceipt(self, tx, item))
      .catch((reason: unknown) => {
        fault(self, 'a sender was not told that its item was opened', reason);
        return null;
      });
    if (receipt) self.transport().sendReceipts(toHex(receipt.peer), [receipt.bytes]);
  }
}

async function openedReceipt(self: Exchanging, tx: ExchangeTx, item: string): Promise<ReceiptRow | null> {
  const openedAtMs = await tx.takeOpenedOwed(item);
  const arrived = openedAtMs === null ? null : await tx.arrivedItem(item);
  if (openedAtMs === null || !arrived) return null;
  const { receipt, leaf } = await makeOpenedReceipt(self, arrived, openedAtMs);
  await tx.saveTaken({ arrived: [], heads: [], receipts: [receipt] });
  await tx.appendLog([{ kind: 'rcpt', leaf, ref: toHex(leaf) }]);
  return receipt;
}

/** The peer could not even check the signature: nobody signed that refusal, but the officer must see it. */
async function markRefused(
  self: Exchanging,
  peer: Uint8Array,
  places: readonly { lane: Lane; seq: number; code: string }[],
): Promise<void> {
  const nowMs = self.clock.nowMs();
  await self.store.transact(async (tx) => {
    for (const { lane, seq, code } of places) {
      const rows = await tx.outRows([{ peer, lane, from: seq, to: seq }]);
      const open = rows.filter(({ state }) => state === 'sealed' || state === 'sent');
      await tx.markOut(
        open.map(({ id }) => ({ id, state: 'refused' as const, reason: code })),
        nowMs,
      );
      // No receipt will ever speak of it, so nothing else would let its copy go.
      await tx.dropCopies(open.map(({ peer: to, lane: on, seq: at }) => ({ peer: to, lane: on, from: at, to: at })));
      await tx.announce(open.map(({ item }) => ({ kind: 'report.delivery' as const, item })));
    }
  });
}
