/**
 * The way in: copies are judged in the fixed order of the protocol (wire.md §4) and taken in whole, many in one
 * transaction. What is not understood is set aside, never guessed, and never blocks what comes after it.
 */
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import {
  checkId,
  checkSigner,
  checkStanding,
  encodeCore,
  firstPrev,
  type Lane,
  type Opened,
  type ParsedCopy,
  type Refusal,
  receiptCodeOf,
  type ChainHead as SealChainHead,
  type StanzaText,
} from '@tripoint/envelope/seal';
import type { KemKey } from '@tripoint/envelope/suite';
import { parseReport } from '@tripoint/model/report';
import type { Exchanging } from './exchanging.ts';
import { faultName, isOwnFault } from './faults.ts';
import type { EvidenceToKeep } from './kept-evidence.ts';
import { handlingFault, REPORT_TYPE } from './payload.ts';
import type { ArrivedRow, ChainHead, ExchangeTx, HeldSize, ReceiptRow } from './port.ts';
import { makeReceipts } from './receipts.ts';
import { hasRoomToHold, type Settled } from './rules.ts';

/** What came over the link: the sender's hint of its place, and the bytes as they stand. */
export interface Arrival {
  lane: Lane;
  seq: number;
  bytes: Uint8Array;
}

export type ArrivalAnswer = { state: 'durable' | 'held' } | { state: 'refused'; code: string };

/** What one batch did. Receipts are signed and durable; they may be sent. */
export interface Taken {
  answers: ArrivalAnswer[];
  receipts: Uint8Array[];
  /** Ranges that are missing before what is held. */
  gaps: { lane: Lane; from: number; to: number }[];
  /** Some of it found no room among what is held: it was not taken and is not to be acknowledged. */
  isFull: boolean;
}

interface Judged {
  arrival: Arrival;
  copy: ParsedCopy | null;
  /** null when the signature did not hold. */
  leaf: Uint8Array | null;
  key: KemKey | null;
  why: Refusal | null;
  hold: 'charter_ahead' | null;
  bodyHash: Uint8Array | null;
}

/** Checks 1 to 7: everything that needs no store. */
async function judge(self: Exchanging, peer: Uint8Array, arrival: Arrival, nowMs: number): Promise<Judged> {
  const judged: Judged = { arrival, copy: null, leaf: null, key: null, why: null, hold: null, bodyHash: null };
  const refuse = (why: Refusal): Judged => ({ ...judged, why });
  const inspected = self.seal.inspectCopy(arrival.bytes, {
    bucketsPermitted: [self.keys.charter().bucket],
    kemKeyStatus: (kid) => {
      const key = self.keys.kemKey(kid);
      return key === null ? 'unknown' : key === 'destroyed' ? 'destroyed' : 'ours';
    },
  });
  if (!inspected.ok) return refuse(inspected.why);
  judged.copy = inspected.copy;
  judged.key = self.keys.kemKey(inspected.copy.stanza.kid) as KemKey;
  const entry = self.keys.signerEntry(inspected.copy.core.signerKid) ?? undefined;
  const signer = checkSigner(inspected.copy.core, entry);
  // On a direct link nobody forwards for another: the signer is the peer itself.
  if (!signer.ok || !sameBytes(signer.signer.memberId, peer)) return refuse('signer_unknown');
  const verified = await self.seal.verifyCopy(inspected.copy, signer.signer.publicBytes);
  if (!verified.ok) return refuse(verified.why);
  judged.leaf = verified.leaf;
  judged.bodyHash = verified.bodyHash;
  const standing = checkStanding(inspected.copy.core, {
    charters: self.keys.chartersKnown(),
    senderStatus: self.keys.member(peer)?.status ?? 'removed',
    nowSec: Math.floor(nowMs / 1000),
  });
  if (!standing.ok) return refuse(standing.why);
  return { ...judged, hold: standing.hold };
}

/** Chain heads of one peer while a batch is taken in. */
class Heads {
  readonly #heads = new Map<Lane, ChainHead>();
  readonly #firsts: (lane: Lane) => Uint8Array;
  readonly touched = new Set<Lane>();

  constructor(known: readonly ChainHead[], firsts: (lane: Lane) => Uint8Array) {
    for (const head of known) this.#heads.set(head.lane, head);
    this.#firsts = firsts;
  }

  of(lane: Lane): { seq: number; leaf: Uint8Array | null } {
    const head = this.#heads.get(lane);
    return !head || head.seq === 0 ? { seq: 0, leaf: this.#firsts(lane) } : { seq: head.seq, leaf: head.head };
  }

  move(peer: Uint8Array, lane: Lane, seq: number, leaf: Uint8Array | null): void {
    this.#heads.set(lane, { peer, lane, seq, head: leaf });
    this.touched.add(lane);
  }

  moved(): ChainHead[] {
    return [...this.touched].map((lane) => this.#heads.get(lane) as ChainHead);
  }
}

/** The store refused this very item, and would again: it must not keep what comes after it waiting. */
class NotKept extends Error {
  readonly envelope: string;
  constructor(envelope: string, cause: unknown) {
    super('an item could not be kept', { cause });
    this.envelope = envelope;
  }
}

/** One batch inside its transaction. */
class Intake {
  readonly settled: Settled[] = [];
  readonly evidence: EvidenceToKeep[] = [];
  /** What this batch came to, by envelope id; one that was held and then opened stands here once. */
  readonly rows = new Map<string, ArrivedRow>();
  /** What had to be held and found no room. */
  isFull = false;
  /** What is held of this peer; read when something must be. */
  #held: HeldSize | null = null;
  /** Items of this batch, so that a second one with the same id is seen. */
  readonly #items = new Set<string>();
  readonly #self: Exchanging;
  readonly #tx: ExchangeTx;
  readonly #peer: Uint8Array;
  readonly #heads: Heads;
  readonly #nowMs: number;
  readonly #nation: string;
  /** Envelopes whose items the store could not keep before. */
  readonly #notKept: ReadonlySet<string>;

  constructor(
    self: Exchanging,
    tx: ExchangeTx,
    peer: Uint8Array,
    heads: Heads,
    nowMs: number,
    notKept: ReadonlySet<string>,
  ) {
    this.#notKept = notKept;
    this.#self = self;
    this.#tx = tx;
    this.#peer = peer;
    this.#heads = heads;
    this.#nowMs = nowMs;
    this.#nation = self.keys.member(peer)?.nation ?? '??';
  }

  /** What this batch holds on a lane, so far. */
  heldOn(lane: Lane): ArrivedRow[] {
    return [...this.rows.values()].filter((row) => row.state === 'held' && row.lane === lane);
  }

  /** Checks 8 to 15 of one judged copy, and what follows from them. */
  async take(judged: Judged, known: ArrivedRow | undefined, heldBefore = false): Promise<ArrivalAnswer> {
    const { copy, leaf, arrival } = judged;
    if (judged.why && (!copy || !leaf)) return this.#refuse(judged, judged.why, arrival);
    if (!copy || !leaf || !judged.key) return this.#refuse(judged, 'inner_failure', arrival);
    const id = checkId(leaf, known?.leaf);
    if (!id.ok) return this.#refuse(judged, id.why, arrival, false);
    if (id.arrival === 'again' && !heldBefore) return this.#again(known as ArrivedRow);
    if (judged.why) return this.#refuse(judged, judged.why, arrival);
    if (judged.hold) return this.#hold(judged, copy, leaf, arrival.lane, arrival.seq, judged.hold, heldBefore);
    return this.#open(judged, copy, leaf, judged.key, heldBefore);
  }

  /** One refused before its turn had come takes its place on the chain now. */
  #again({ state, lane, seq, leaf }: ArrivedRow): ArrivalAnswer {
    if (state === 'refused' && seq === this.#heads.of(lane).seq + 1) this.#heads.move(this.#peer, lane, seq, leaf);
    return { state: state === 'held' ? 'held' : 'durable' };
  }

  async #open(
    judged: Judged,
    copy: ParsedCopy,
    leaf: Uint8Array,
    key: KemKey,
    heldBefore: boolean,
  ): Promise<ArrivalAnswer> {
    const opened = this.#self.seal.openCopy(copy, key, {
      memberId: this.#self.keys.memberId,
      senderId: this.#peer,
      headOf: (lane) => this.#headFor(lane, copy, key),
    });
    if (!opened.ok) return this.#refuse(judged, opened.why, opened.place ?? judged.arrival);
    if (opened.hold === 'gap') {
      const { lane, seq } = opened.stanza;
      return this.#hold(judged, copy, leaf, lane, seq, 'gap', heldBefore);
    }
    const why = await this.#keep(copy, leaf, judged.bodyHash as Uint8Array, opened.stanza, opened.opened);
    return why ? this.#refuse(judged, why, opened.stanza) : { state: 'durable' };
  }

  /** After an envelope whose leaf nobody could compute, the next one's word is taken for what was before it. */
  #headFor(lane: Lane, copy: ParsedCopy, key: KemKey): SealChainHead {
    const head = this.#heads.of(lane);
    if (head.leaf) return { seq: head.seq, leaf: head.leaf };
    const unwrapped = this.#self.seal.unwrapCopy(copy, key);
    return { seq: head.seq, leaf: unwrapped.ok ? unwrapped.stanza.prev : new Uint8Array(32) };
  }

  /** Check 14 and the whole item, or why it is not taken. */
  async #keep(
    copy: ParsedCopy,
    leaf: Uint8Array,
    bodyHash: Uint8Array,
    stanza: StanzaText,
    opened: Opened,
  ): Promise<Refusal | null> {
    if (opened.inner.type !== REPORT_TYPE) return 'type_unknown';
    // This version waits for neither: a part, or an item without what belongs to it, must not be taken for the whole.
    if (opened.inner.part !== undefined || opened.inner.attachments !== undefined) return 'schema_invalid';
    const parsed = parseReport(opened.inner.payload);
    if (!parsed.ok) return parsed.why === 'too-large' ? 'too_large' : 'schema_invalid';
    const { report } = parsed;
    const unhandled = handlingFault(opened.inner.handling, parsed);
    if (unhandled) return unhandled;
    if (report.says !== this.#nation || !report.recipients.includes(this.#self.keys.nation)) return 'audience_mismatch';
    if (this.#items.has(report.id)) return 'id_reused';
    this.#items.add(report.id);
    const envelope = toHex(copy.core.id);
    if (this.#notKept.has(envelope)) return 'inner_failure';
    const item = { report, payload: opened.inner.payload, alias: stanza.alias };
    const outcome = await this.#tx.putItem(item, this.#nowMs).catch((reason: unknown) => {
      throw isOwnFault(reason) ? new NotKept(envelope, reason) : reason;
    });
    if (outcome === 'id-of-another-nation' || outcome === 'already-stored') return 'id_reused';
    this.#settle(copy, leaf, stanza, 'verified', null, report.id);
    this.evidence.push({
      item: report.id,
      version: report.version,
      author: this.#peer,
      leaf,
      core: encodeCore(copy.core),
      stanzaHashes: copy.stanzaHashes,
      bodyHash,
      ed: copy.ed,
      ml: copy.ml,
      cs: opened.cs,
      inner: opened.innerBytes,
      payload: opened.inner.payload,
    });
    await this.#tx.announce([
      { kind: 'report.received', item: report.id, version: report.version, urgency: report.urgency },
    ]);
    return null;
  }

  #settle(
    copy: ParsedCopy,
    leaf: Uint8Array,
    at: { lane: Lane; seq: number; alias?: number },
    state: 'verified' | 'refused',
    code: string | null,
    item: string | null,
    isNewId = true,
  ): void {
    const head = this.#heads.of(at.lane);
    if (at.seq === head.seq + 1 || at.lane === 0)
      this.#heads.move(this.#peer, at.lane, Math.max(at.seq, head.seq), leaf);
    this.settled.push({ lane: at.lane, seq: at.seq, leaf, code });
    if (!isNewId) return;
    this.rows.set(toHex(copy.core.id), {
      peer: this.#peer,
      id: copy.core.id,
      leaf,
      lane: at.lane,
      seq: at.seq,
      state,
      code,
      item,
      alias: at.alias ?? 0,
      raw: null,
      receivedAtMs: this.#nowMs,
      verifiedAtMs: state === 'verified' ? this.#nowMs : null,
    });
  }

  async #hold(
    judged: Judged,
    copy: ParsedCopy,
    leaf: Uint8Array,
    lane: Lane,
    seq: number,
    code: string,
    heldBefore: boolean,
  ): Promise<ArrivalAnswer> {
    if (heldBefore) return { state: 'held' };
    if (!(await this.#takeRoomFor(judged.arrival.bytes.length))) return this.#leave();
    this.rows.set(toHex(copy.core.id), {
      peer: this.#peer,
      id: copy.core.id,
      leaf,
      lane,
      seq,
      state: 'held',
      code,
      item: null,
      alias: 0,
      raw: judged.arrival.bytes,
      receivedAtMs: this.#nowMs,
      verifiedAtMs: null,
    });
    return { state: 'held' };
  }

  async #takeRoomFor(sizeBytes: number): Promise<boolean> {
    this.#held ??= await this.#tx.heldSize(this.#peer);
    if (!hasRoomToHold(this.#held, sizeBytes)) return false;
    this.#held = { envelopes: this.#held.envelopes + 1, sizeBytes: this.#held.sizeBytes + sizeBytes };
    return true;
  }

  /** No refusal of the envelope, which stays in its sender's queue: only of taking it now. */
  async #leave(): Promise<ArrivalAnswer> {
    if (!this.isFull) {
      await this.#tx.alarm('hold', 'over_quota', this.#nation, this.#nowMs);
      await this.#tx.announce([{ kind: 'alarm' }]);
    }
    this.isFull = true;
    return { state: 'refused', code: 'over_quota' };
  }

  /**
   * Sets the bytes aside with an alarm. A refused place still moves the chain, for its leaf needs no key: also one that
   * contradicts what was there before, or nothing of its sender would ever be heard again on that lane.
   */
  async #refuse(judged: Judged, why: Refusal, at: { lane: Lane; seq: number }, isNewId = true): Promise<ArrivalAnswer> {
    const { copy, leaf, arrival } = judged;
    await this.#tx.setAside(
      { peer: this.#peer, lane: at.lane, seq: at.seq, code: why, leaf, raw: arrival.bytes },
      this.#nowMs,
    );
    await this.#tx.alarm('quarantine', why, this.#nation, this.#nowMs);
    await this.#tx.announce([{ kind: 'alarm' }]);
    this.#self.log.warn(
      { peer: toHex(this.#peer), lane: at.lane, seq: at.seq, code: why },
      'an envelope was set aside',
    );
    const told = receiptCodeOf(why);
    if (copy && leaf && told) {
      this.#settle(copy, leaf, at, 'refused', told, null, isNewId);
    } else if (at.seq === this.#heads.of(at.lane).seq + 1) {
      this.#heads.move(this.#peer, at.lane, at.seq, leaf);
    }
    return { state: 'refused', code: told ?? why };
  }
}

/**
 * Takes a batch in. Resolves after COMMIT; a rejection means that nothing was taken and the sender will send again.
 * An item that the store cannot keep is set aside and the rest taken again without it, be it of this batch or one that
 * waited for it. A copy on which our own code fails elsewhere is found by taking the batch one by one. None delays others.
 */
export async function takeIn(self: Exchanging, peer: Uint8Array, arrivals: readonly Arrival[]): Promise<Taken> {
  const notKept = new Set<string>();
  let all: Taken = nothingTaken;
  let now = arrivals;
  let lanes: readonly Lane[] = [];
  for (;;) {
    try {
      const { more, ...taken } = await takeBatch(self, peer, await judgeAll(self, peer, now), notKept, lanes);
      all = together(all, taken);
      if (more.length === 0) return all;
      [now, lanes] = [[], more];
    } catch (reason) {
      const isNew = reason instanceof NotKept && !notKept.has(reason.envelope);
      if (!isNew && !isOwnFault(reason)) throw reason;
      self.log.error(
        { peer: toHex(peer), count: now.length, reason: faultName(isNew ? reason.cause : reason) },
        'a batch failed by our own fault',
      );
      if (isNew) notKept.add(reason.envelope);
      else if (now.length > 1) return takeOneByOne(self, peer, now);
      else if (now.length === 1) return takeBatch(self, peer, now.map(failed), notKept);
      else throw reason;
    }
  }
}

const nothingTaken: Taken = { answers: [], receipts: [], gaps: [], isFull: false };

const together = (a: Taken, b: Taken): Taken => ({
  answers: [...a.answers, ...b.answers],
  receipts: [...a.receipts, ...b.receipts],
  gaps: [...a.gaps, ...b.gaps],
  isFull: a.isFull || b.isFull,
});

async function takeOneByOne(self: Exchanging, peer: Uint8Array, arrivals: readonly Arrival[]): Promise<Taken> {
  let all: Taken = nothingTaken;
  for (const arrival of arrivals) all = together(all, await takeIn(self, peer, [arrival]));
  return all;
}

function judgeAll(self: Exchanging, peer: Uint8Array, arrivals: readonly Arrival[]): Promise<Judged[]> {
  const nowMs = self.clock.nowMs();
  return Promise.all(arrivals.map((arrival) => judge(self, peer, arrival, nowMs)));
}

const failed = (arrival: Arrival): Judged => ({
  arrival,
  copy: null,
  leaf: null,
  key: null,
  why: 'inner_failure',
  hold: null,
  bodyHash: null,
});

async function takeBatch(
  self: Exchanging,
  peer: Uint8Array,
  judged: readonly Judged[],
  notKept: ReadonlySet<string>,
  lanes: readonly Lane[] = [],
): Promise<Taken & { more: Lane[] }> {
  return self.store.transact(async (tx) => {
    /** Lanes where something held may go on now. */
    const waiting = new Set<Lane>(lanes);
    const { intake, known, heldLanes } = await beginIntake(self, tx, peer, judged, notKept);
    const answers: ArrivalAnswer[] = [];
    const again: { lane: Lane; seq: number }[] = [];
    for (const one of judged) {
      const id = one.copy ? toHex(one.copy.core.id) : '';
      const before = intake.intake.rows.get(id) ?? known.get(id);
      const answer = await intake.intake.take(one, before);
      if (before && before.state !== 'held' && answer.state === 'durable')
        again.push({ lane: before.lane, seq: before.seq });
      if (before?.state === 'held') waiting.add(before.lane);
      answers.push(answer);
    }
    for (const lane of intake.heads.touched) waiting.add(lane);
    // Where nothing is held there is nothing to take: it need not be asked for.
    const held = [...waiting].filter((lane) => heldLanes.includes(lane) || intake.intake.heldOn(lane).length > 0);
    const more = await takeHeld(self, tx, peer, intake, new Set(held));
    const gaps = await gapsOf(tx, peer, intake);
    const receipts = await finishIntake(self, tx, peer, intake);
    const all = [...receipts, ...(await receiptsAgain(tx, peer, again))];
    return { answers, receipts: all, gaps, more, isFull: intake.intake.isFull };
  });
}

interface Begun {
  intake: Intake;
  heads: Heads;
  nowMs: number;
}

async function beginIntake(
  self: Exchanging,
  tx: ExchangeTx,
  peer: Uint8Array,
  judged: readonly Judged[],
  notKept: ReadonlySet<string>,
): Promise<{ intake: Begun; known: Map<string, ArrivedRow>; heldLanes: readonly Lane[] }> {
  const charterId = self.keys.charter().id;
  const ids = judged.flatMap(({ copy }) => (copy ? [copy.core.id] : []));
  const locked = await tx.lockIn(peer, ids);
  const heads = new Heads(locked.heads, (lane) => firstPrev(charterId, peer, self.keys.memberId, lane));
  const nowMs = self.clock.nowMs();
  return {
    intake: { heads, nowMs, intake: new Intake(self, tx, peer, heads, nowMs, notKept) },
    known: new Map(locked.arrived.map((row) => [toHex(row.id), row])),
    heldLanes: locked.heldLanes,
  };
}

async function finishIntake(
  self: Exchanging,
  tx: ExchangeTx,
  peer: Uint8Array,
  { intake, heads, nowMs }: Begun,
): Promise<Uint8Array[]> {
  const { receipts, leaves } = await makeReceipts(self, peer, intake.settled, nowMs);
  const saving = tx.saveTaken({ arrived: [...intake.rows.values()], heads: heads.moved(), receipts });
  const logging = tx.appendLog(leaves.map((leaf) => ({ kind: 'rcpt', leaf, ref: toHex(leaf) })));
  await Promise.all([saving, logging, tx.keepEvidence(intake.evidence)]);
  return receipts.map(({ bytes }) => bytes);
}

const HELD_BATCH = 256;

/** What waited must not fail what came now. */
async function judgeHeld(self: Exchanging, peer: Uint8Array, arrival: Arrival): Promise<Judged> {
  try {
    return await judge(self, peer, arrival, self.clock.nowMs());
  } catch (reason) {
    if (!isOwnFault(reason)) throw reason;
    return failed(arrival);
  }
}

/** What waited for a gap to close goes on in the same transaction, in order. Returns lanes where more may wait. */
async function takeHeld(
  self: Exchanging,
  tx: ExchangeTx,
  peer: Uint8Array,
  { intake, heads }: Begun,
  lanes: ReadonlySet<Lane>,
): Promise<Lane[]> {
  const more: Lane[] = [];
  for (const lane of lanes) {
    const stored = await tx.held(peer, lane, heads.of(lane).seq + 1, HELD_BATCH);
    const rows = [...stored, ...intake.heldOn(lane)].sort((a, b) => a.seq - b.seq);
    for (const row of rows) {
      if (row.seq <= heads.of(lane).seq) continue;
      if (row.seq > heads.of(lane).seq + 1 || !row.raw) break;
      const judged = await judgeHeld(self, peer, { lane, seq: row.seq, bytes: row.raw });
      const answer = await intake.take(judged, row, true);
      if (answer.state === 'held') break;
    }
    if (stored.length === HELD_BATCH && stored.at(-1)?.seq === heads.of(lane).seq) more.push(lane);
  }
  return more;
}

/** What is missing before that which this batch had to hold. */
async function gapsOf(tx: ExchangeTx, peer: Uint8Array, { intake, heads }: Begun): Promise<Taken['gaps']> {
  const gaps: Taken['gaps'] = [];
  for (const lane of [0, 1, 2, 3] as const) {
    const waits = intake.heldOn(lane).filter(({ code }) => code === 'gap');
    if (waits.length === 0) continue;
    const from = heads.of(lane).seq + 1;
    const stored = await tx.held(peer, lane, from, 1);
    gaps.push({ lane, from, to: Math.min(...[...stored, ...waits].map(({ seq }) => seq)) - 1 });
  }
  return gaps;
}

async function receiptsAgain(
  tx: ExchangeTx,
  peer: Uint8Array,
  places: readonly { lane: Lane; seq: number }[],
): Promise<Uint8Array[]> {
  if (places.length === 0) return [];
  return (await tx.receiptsCovering(peer, places)).map((row: ReceiptRow) => row.bytes);
}
