/**
 * Witnessing between direct peers over frame 9: the own heads are shown to every other nation and its cosignatures kept;
 * theirs are checked, kept and cosigned, in that order. Nothing here holds up a delivery: a head stays pending till then.
 */
import { fromUtf8, sameBytes, toHex, utf8 } from '@tripoint/envelope/cbor';
import { cosignCheckpoint, decodeFork, parseNote, verifyFork, witnessName } from '@tripoint/envelope/proof';
import type { LogKey, WitnessKey } from '@tripoint/envelope/suite';
import type { Store, Tx } from '../store/index.ts';
import { beatOf, keepCosignature, newestBeat, newestWitnessed } from './beat.ts';
import { isThere, keepElsewhere } from './elsewhere.ts';
import type { Clock, InTx } from './ports.ts';
import { type Head, proveGrowth, proveUnder, rootOf } from './prove.ts';
import { decodeLogFrame, encodeLogFrame, type LogFrame } from './witness-frames.ts';
import {
  admitted,
  COSIGNED_SKEW_SEC,
  cosignedAt,
  decideAsk,
  judgeShown,
  type LogOwner,
  type PossibleWitness,
  signedHead,
  soundNote,
} from './witness-rules.ts';
import { heldHead, heldOfSize, keepFork, keepHead, keptForks, lockMember, thinHeads } from './witnessed-heads.ts';

/**
 * What an officer is told, under the alarm kind *log disputed*:
 * - `log_disputed`: two signed heads of one size with different roots
 * - `log_unproven`: this bureau saw a later head for which its log showed no proof of growth
 * - `log_doubted`: another nation says so of a third, which can answer it with a proof
 * - `own_log_behind`: a witness holds a head of our own log, with our signature, that our log does not lead to
 */
export type LogAlarm = 'log_disputed' | 'log_unproven' | 'log_doubted' | 'own_log_behind';

type Standing = { readonly nation: string; readonly status: 'active' | 'observer' | 'suspended' };

/** What witnessing asks of the nation's keyring, its charter and its directory. */
export type WitnessKeys = {
  readonly memberId: Uint8Array;
  readonly logKey: LogKey;
  readonly witnessKey: WitnessKey;
  /** Origin of a member's log under this coalition's charter. */
  readonly originOf: (memberId: Uint8Array) => string;
  /** null: no member of the charter in force. */
  readonly member: (memberId: Uint8Array) => Standing | null;
  /** Ids of all members of the charter in force. */
  readonly members: () => readonly Uint8Array[];
  /** Public keys in use now. */
  readonly logKeys: (memberId: Uint8Array) => readonly Uint8Array[];
  readonly witnessKeys: (memberId: Uint8Array) => readonly Uint8Array[];
  /** Cosignatures of other nations that make a head witnessed, by the charter in force. */
  readonly quorum: () => number;
};

export type WitnessOptions = {
  /** The store's own: what is raised is raised with the evidence it speaks of. */
  readonly transact: Store['transact'];
  readonly clock: Clock;
  readonly keys: WitnessKeys;
  /** Carries a payload of frame 9; false when no link is up. The peer is named by its member id in hexadecimal. */
  readonly send: (peer: string, payload: Uint8Array) => boolean;
  /** Raised in the transaction that keeps the evidence. */
  readonly alarm: (tx: Tx, code: LogAlarm, nation: string | null) => Promise<void>;
  readonly trouble?: (reason: unknown) => void;
};

export type Witnessing = {
  /** The own head for a hello: the newest that left, or may leave, on the beat. Null before the first. */
  readonly shown: () => Promise<Uint8Array | null>;
  /** A peer's hello showed this head of its log. */
  readonly met: (peer: Uint8Array, shown: Uint8Array | null) => Promise<void>;
  readonly linkChanged: (peer: Uint8Array, isUp: boolean) => void;
  /** Payload of frame 9 from a peer; a non-null answer goes back the same way. */
  readonly take: (peer: Uint8Array, payload: Uint8Array) => Promise<Uint8Array | null>;
  /** Asks a peer where an entry stands in its log; the answer is kept. Resolves when it came, or false after a while. */
  readonly locate: (peer: Uint8Array, entry: Uint8Array) => Promise<boolean>;
  /** Shows the newest head to every peer that has not cosigned it yet. */
  readonly round: () => Promise<void>;
  /** Round after round until the signal aborts; then resolves. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

/** A beat made by another process of this bureau is found by looking. */
const ROUND_MS = 1_000;
/** An ask or its answer may be lost, or come too soon for the witness: asked again after this, before the next beat. */
const ASK_AGAIN_MS = 5_000;
/** A peer whose hello showed less than it had shown before has this long to prove that it did not go back. */
const CHALLENGE_MS = 60_000;
/** How long whoever wants a proof from a peer's log waits for it. */
const LOCATE_MS = 2_000;
const THIN_MS = 3_600_000;
/** Entries asked of one peer at once. */
const LOCATING_MAX = 64;

/** What is known of one peer while its link is up. A restart forgets it, and the first answer tells it again. */
type Peer = {
  readonly memberId: Uint8Array;
  /** Size of our log that the peer said it holds; 0: nothing known. */
  holds: number;
  cosigned: number;
  asked: { readonly size: number; readonly atMs: number } | null;
};

export function openWitnessing(options: WitnessOptions): Witnessing {
  const { transact, clock, keys, alarm, trouble = () => {} } = options;
  const up = new Map<string, Peer>();
  /** Heads that hellos showed and that lie behind what was shown before. */
  const challenged = new Map<string, { readonly note: string; readonly atMs: number; isTold: boolean }>();
  const locating = new Map<string, PromiseWithResolvers<boolean>>();
  const origin = keys.originOf(keys.memberId);

  const ownerOf = (memberId: Uint8Array): LogOwner => ({
    memberId,
    origin: keys.originOf(memberId),
    logKeys: keys.logKeys(memberId),
  });
  const witnessOf = (memberId: Uint8Array): PossibleWitness => ({
    name: witnessName(keys.originOf(memberId)),
    witnessKeys: keys.witnessKeys(memberId),
  });
  const nowSec = (): number => Math.floor(clock.nowMs() / 1000);
  const isWitness = (memberId: Uint8Array): boolean => keys.member(memberId)?.status === 'active';
  const send = (peer: string, frame: LogFrame): boolean => options.send(peer, encodeLogFrame(frame));

  // As a witness of others ------------------------------------------------------------------------------------------

  /** Everything about one member's log is decided under its lock; what was found is told to the others afterwards. */
  async function deciding<R>(member: Uint8Array, work: (tx: Tx, found: Found) => Promise<R>): Promise<R> {
    const found: Found = { evidence: [] };
    const result = await transact(async (tx) => {
      found.evidence = [];
      await lockMember(tx, member);
      return work(tx, found);
    });
    for (const evidence of found.evidence) tellAll(evidence, null);
    return result;
  }

  type Found = { evidence: Uint8Array[] };

  async function accuse(tx: Tx, found: Found, member: Uint8Array, evidence: Uint8Array): Promise<void> {
    const kind = decodeFork(evidence)?.kind ?? 'unproven';
    if (!(await keepFork(tx, { memberId: member, kind, evidence, toldBy: null }, clock.nowMs()))) return;
    await alarm(tx, kind === 'same-size' ? 'log_disputed' : 'log_unproven', keys.member(member)?.nation ?? null);
    found.evidence.push(evidence);
  }

  function tellAll(evidence: Uint8Array, except: Uint8Array | null): void {
    for (const [id, { memberId }] of up) {
      if (except === null || !sameBytes(memberId, except)) send(id, { kind: 'fork', evidence });
    }
  }

  async function witness(peer: Uint8Array, ask: LogFrame & { kind: 'ask' }): Promise<LogFrame | null> {
    if (!isWitness(keys.memberId) || keys.member(peer) === null) return null;
    const owner = ownerOf(peer);
    const asked = signedHead(owner, ask.note);
    const size = typeof asked === 'string' ? 0 : asked.checkpoint.size;
    const decision = await deciding(peer, async (tx, found) => {
      const [held, sameSize] = [await heldHead(tx, peer), await heldOfSize(tx, peer, size)];
      const decided = decideAsk(owner, held, sameSize, ask, clock.nowMs());
      if (decided.do === 'accuse') await accuse(tx, found, peer, decided.evidence);
      if (decided.do === 'sign' && decided.isNew)
        await keepHead(tx, peer, { ...decided.checkpoint, note: decided.note, atMs: clock.nowMs() });
      return decided;
    });
    if (decision.do === 'tell') {
      return { kind: 'held', size: decision.held?.size ?? 0, note: decision.held?.note ?? '' };
    }
    if (decision.do !== 'sign') return null;
    challenged.delete(toHex(peer));
    const lines = cosignCheckpoint(decision.checkpoint, witnessName(origin), keys.witnessKey, nowSec());
    return { kind: 'cosigned', size: decision.checkpoint.size, lines };
  }

  async function met(peer: Uint8Array, shown: Uint8Array | null): Promise<void> {
    const note = shown === null ? null : noteOf(shown);
    if (note === null) return;
    const owner = ownerOf(peer);
    const head = signedHead(owner, note);
    if (typeof head === 'string') return;
    const shows = await deciding(peer, async (tx, found) => {
      const [held, sameSize] = [await heldHead(tx, peer), await heldOfSize(tx, peer, head.checkpoint.size)];
      const judged = judgeShown(owner, held, sameSize, note);
      if (judged.shows === 'fork') await accuse(tx, found, peer, judged.evidence);
      return judged.shows;
    });
    if (shows === 'behind' && isWitness(keys.memberId))
      challenged.set(toHex(peer), { note, atMs: clock.monotonicMs(), isTold: false });
  }

  /** It says itself that nothing of its log grows out of what we hold. */
  async function takeAdmission(peer: Uint8Array, note: string): Promise<void> {
    await deciding(peer, async (tx, found) => {
      const held = await heldHead(tx, peer);
      const evidence = held === null ? null : admitted(ownerOf(peer), held, note);
      if (evidence !== null) await accuse(tx, found, peer, evidence);
    });
    challenged.delete(toHex(peer));
  }

  async function takeFork(peer: Uint8Array, evidence: Uint8Array): Promise<void> {
    const fork = decodeFork(evidence);
    if (fork === null || keys.member(fork.memberId) === null) return;
    const owner = ownerOf(fork.memberId);
    if (!verifyFork(fork, owner.origin, owner.logKeys).ok) return;
    const isNew = await transact(async (tx) => {
      const kept = { memberId: fork.memberId, kind: fork.kind, evidence, toldBy: peer };
      if (!(await keepFork(tx, kept, clock.nowMs()))) return false;
      const code = fork.kind === 'same-size' ? 'log_disputed' : 'log_doubted';
      await alarm(tx, code, keys.member(fork.memberId)?.nation ?? null);
      return true;
    });
    if (isNew) tellAll(evidence, peer);
  }

  // As the owner of a log -------------------------------------------------------------------------------------------

  async function askOf(tx: InTx, head: Head, oldSize: number): Promise<LogFrame> {
    const proof = oldSize === 0 ? [] : await proveGrowth(tx, oldSize, head.size);
    return { kind: 'ask', oldSize, note: head.note, proof };
  }

  async function takeCosignature(peer: Uint8Array, { size, lines }: LogFrame & { kind: 'cosigned' }): Promise<void> {
    if (!isWitness(peer) || sameBytes(peer, keys.memberId)) return;
    const isKept = await transact(async (tx) => {
      const head = await beatOf(tx, size);
      const note = head === null ? null : parseNote(head.note + lines);
      if (head === null || note === null || note.signatures.length !== LINES_SIGNED) return false;
      const checkpoint = { origin, size: head.size, root: head.root };
      const atSec = cosignedAt(checkpoint, head.note + lines, witnessOf(peer), nowSec());
      // One that names a time before the head was made would be a wrong word for a court.
      if (atSec === null || atSec < head.atMs / 1000 - COSIGNED_SKEW_SEC) return false;
      await keepCosignature(tx, { size, witness: peer, lines }, keys.quorum(), clock.nowMs());
      return true;
    });
    const known = up.get(toHex(peer));
    if (!isKept || known === undefined) return;
    known.holds = Math.max(known.holds, size);
    known.cosigned = Math.max(known.cosigned, size);
    known.asked = null;
  }

  /** The peer holds another head of ours than we thought: prove from there, or admit that there is no way. */
  async function takeHeld(peer: Uint8Array, { size, note }: LogFrame & { kind: 'held' }): Promise<LogFrame | null> {
    const known = up.get(toHex(peer));
    const held = size === 0 ? null : signedHead({ origin, logKeys: [keys.logKey.publicBytes] }, note);
    // Not our signature: the peer may hold what it likes.
    if (typeof held === 'string' || (held !== null && held.checkpoint.size !== size)) return null;
    return transact(async (tx) => {
      const head = await newestBeat(tx);
      if (head === null && held === null) return null;
      if (held !== null && !(head !== null && (await isOnOurWay(tx, held.checkpoint, head)))) {
        await alarm(tx, 'own_log_behind', keys.member(keys.memberId)?.nation ?? null);
        return head === null ? null : { kind: 'admit', note: head.note };
      }
      if (known !== undefined) {
        known.holds = size;
        known.asked = { size: head?.size ?? 0, atMs: clock.monotonicMs() };
      }
      return head === null ? null : askOf(tx, head, size);
    });
  }

  async function isOnOurWay(tx: InTx, held: { size: number; root: Uint8Array }, head: Head): Promise<boolean> {
    if (held.size > head.size) return false;
    return sameBytes(await rootOf(tx, held.size), held.root);
  }

  async function tellWhere(entry: Uint8Array): Promise<LogFrame | null> {
    return transact(async (tx) => {
      const head = (await newestWitnessed(tx)) ?? (await newestBeat(tx));
      const place = head === null ? null : await proveUnder(tx, { entry }, head);
      if (place === null || place === 'pending' || place.kind !== 'env') return null;
      return { kind: 'there', entry, index: place.index, path: place.path, note: place.head.note };
    });
  }

  async function takeThere(peer: Uint8Array, there: LogFrame & { kind: 'there' }): Promise<void> {
    const waiting = locating.get(placeOf(peer, there.entry));
    const owner = ownerOf(peer);
    if (waiting === undefined || !isThere(owner, there)) return;
    const others = keys.members().filter((memberId) => !sameBytes(memberId, peer));
    const note = soundNote(owner, there.note, others.map(witnessOf), nowSec());
    if (note === null) return;
    await transact((tx) => keepElsewhere(tx, peer, { ...there, note }));
    waiting.resolve(true);
  }

  async function locate(peer: Uint8Array, entry: Uint8Array): Promise<boolean> {
    const place = placeOf(peer, entry);
    if (locating.size >= LOCATING_MAX && !locating.has(place)) return false;
    const waiting = locating.get(place) ?? Promise.withResolvers<boolean>();
    locating.set(place, waiting);
    if (!send(toHex(peer), { kind: 'where', entry })) waiting.resolve(false);
    const late = new AbortController();
    const found = await Promise.race([waiting.promise, clock.sleep(LOCATE_MS, late.signal).then(() => false)]);
    late.abort();
    locating.delete(place);
    return found;
  }

  // Both ------------------------------------------------------------------------------------------------------------

  async function answer(peer: Uint8Array, frame: LogFrame): Promise<LogFrame | null> {
    switch (frame.kind) {
      case 'ask':
        return witness(peer, frame);
      case 'held':
        return takeHeld(peer, frame);
      case 'where':
        return tellWhere(frame.entry);
      case 'cosigned':
        await takeCosignature(peer, frame);
        return null;
      case 'admit':
        await takeAdmission(peer, frame.note);
        return null;
      case 'fork':
        await takeFork(peer, frame.evidence);
        return null;
      case 'there':
        await takeThere(peer, frame);
        return null;
    }
  }

  async function round(): Promise<void> {
    const nowMs = clock.monotonicMs();
    const waiting = [...up].filter(
      ([, { memberId, asked }]) => isWitness(memberId) && (asked === null || nowMs - asked.atMs >= ASK_AGAIN_MS),
    );
    const head = up.size === 0 ? null : await transact(newestBeat);
    for (const [id, peer] of head === null ? [] : waiting) {
      if (head === null || peer.cosigned >= head.size) continue;
      const oldSize = Math.min(peer.holds, head.size);
      const ask = await transact((tx) => askOf(tx, head, oldSize));
      peer.asked = { size: head.size, atMs: nowMs };
      send(id, ask);
    }
    await challenge();
  }

  /** Whoever went back, as it seems, is told what we hold; silence is an answer too. */
  async function challenge(): Promise<void> {
    for (const [id, seen] of challenged) {
      const peer = up.get(id);
      if (peer === undefined) continue;
      if (clock.monotonicMs() - seen.atMs >= CHALLENGE_MS) await takeAdmission(peer.memberId, seen.note);
      else if (!seen.isTold) {
        const held = await transact((tx) => heldHead(tx, peer.memberId));
        seen.isTold = held !== null && send(id, { kind: 'held', size: held.size, note: held.note });
      }
    }
  }

  async function greet(id: string): Promise<void> {
    const forks = await transact((tx) => keptForks(tx));
    for (const { evidence } of forks) send(id, { kind: 'fork', evidence });
    await round();
  }

  return {
    async shown() {
      const head = await transact(newestBeat);
      return head === null ? null : utf8(head.note);
    },
    met,
    linkChanged(peer, isUp) {
      const id = toHex(peer);
      up.delete(id);
      if (!isUp) return;
      up.set(id, { memberId: peer, holds: 0, cosigned: 0, asked: null });
      greet(id).catch(trouble);
    },
    async take(peer, payload) {
      const frame = decodeLogFrame(payload);
      const answered = frame === null ? null : await answer(peer, frame);
      return answered === null ? null : encodeLogFrame(answered);
    },
    locate,
    round,
    async run(signal) {
      let thinnedAtMs = clock.monotonicMs();
      while (!signal.aborted) {
        await clock.sleep(ROUND_MS, signal);
        if (signal.aborted) return;
        await round().catch(trouble);
        if (clock.monotonicMs() - thinnedAtMs < THIN_MS) continue;
        thinnedAtMs = clock.monotonicMs();
        await transact((tx) => thinHeads(tx, clock.nowMs())).catch(trouble);
      }
    },
  };
}

/** The log's own line and the two of the witness. */
const LINES_SIGNED = 3;

const placeOf = (peer: Uint8Array, entry: Uint8Array): string => `${toHex(peer)}/${toHex(entry)}`;

function noteOf(shown: Uint8Array): string | null {
  try {
    return fromUtf8(shown);
  } catch {
    return null; // not UTF-8: no note
  }
}
