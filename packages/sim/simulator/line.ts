/**
 * The line between two bureaus: sessions that begin with both hellos and end with a word or in silence, and frames that
 * may be lost, doubled, late, or out of order while they last. What the transport does over sockets, over virtual time.
 */
import type { Hello, ItemAck, Lane, OutCopy, PeerDoor, Welcome } from '@tripoint/bureau/transport';
import type { Chance } from './chance.ts';
import type { Kernel, Life } from './kernel.ts';

export type Frame =
  | { kind: 'hello'; hello: Hello }
  | { kind: 'env'; copies: OutCopy[] }
  | { kind: 'ack'; acks: ItemAck[] }
  | { kind: 'receipt'; receipts: Uint8Array[] }
  | { kind: 'need'; lane: Lane; from: bigint; to: bigint }
  | { kind: 'control'; control: 'charter' | 'keys' | 'log'; payload: Uint8Array }
  | { kind: 'bye'; retryAfterMs: number };

/** What a bureau's running process shows to its lines. */
export interface Attached {
  door: PeerDoor;
  life: Life;
}

/** A place in the network, whether somebody runs there or not. */
export interface Host {
  readonly id: string;
  readonly nation: string;
  attached: Attached | null;
}

export interface NetWeather {
  /** true: frames of a session keep their order and none is lost but by a cut, as on a socket. */
  isOrdered: boolean;
  drop: number;
  duplicate: number;
  /** Latency, virtual ms; a slow frame takes up to twenty times as long. */
  latencyMs: number;
  slow: number;
}

export const SLOWDOWN = 20;
/** Who hears nothing for this long gives a session up, virtual ms: far less than in earnest, so that runs are short. */
const SILENCE_MS = 2_500;
const REDIAL_MS = 400;
const AFTER_OWN_FAULT_MS = 600;
const PULL_AGAIN_MS = 500;
const GROUP_COPIES = 256;

export interface LineOptions {
  kernel: Kernel;
  chance: Chance;
  weather: () => NetWeather;
  redialsMax: number;
  /** Sees each frame as it leaves; what it returns goes on its way (a Byzantine member's hand). */
  leaving: (from: Host, to: Host, frame: Frame) => Frame[];
  /** Sees each frame as it arrives. */
  arriving: (from: Host, to: Host, frame: Frame) => void;
}

/** Copies in one pull: small, so that a run has many frames. */
const PULL_COPIES = 8;
const PULL_BYTES = 1024 * 1024;

interface Sending {
  next: bigint;
  wanted: boolean;
  missing: { from: bigint; to: bigint } | null;
  pulling: boolean;
}

/** One end of one session. */
class Leg {
  readonly end: End;
  readonly process: Attached;
  /** The other end's leg of the same session. */
  far: Leg | null = null;
  state: 'greeting' | 'up' | 'over' = 'greeting';
  heardHello = false;
  readonly early: Frame[] = [];
  readonly sends: Sending[] = [0, 1, 2, 3].map(() => ({ next: 1n, wanted: true, missing: null, pulling: false }));
  lastArrivalMs = 0;

  constructor(end: End, process: Attached) {
    this.end = end;
    this.process = process;
  }
}

interface End {
  host: Host;
  leg: Leg | null;
  /** Waits for its commit, one group at a time, whichever session brought it. */
  inbox: { leg: Leg; copies: OutCopy[] }[];
  taking: Life | null;
  stayAwayUntilMs: number;
}

export class Line {
  readonly #options: LineOptions;
  readonly ends: readonly [End, End];
  /** Cut towards the second, towards the first. */
  readonly cuts: [boolean, boolean] = [false, false];
  #tending = false;
  #triedInVain = 0;
  #waitingForCut: (() => void)[] = [];
  inFlight = 0;

  constructor(a: Host, b: Host, options: LineOptions) {
    const end = (host: Host): End => ({ host, leg: null, inbox: [], taking: null, stayAwayUntilMs: 0 });
    this.ends = [end(a), end(b)];
    this.#options = options;
  }

  get isUp(): boolean {
    return this.ends.every(({ leg, host }) => leg?.state === 'up' && leg.process === host.attached);
  }

  get isCut(): boolean {
    return this.cuts[0] || this.cuts[1];
  }

  #other(end: End): End {
    return this.ends[0] === end ? this.ends[1] : this.ends[0];
  }

  endOf(host: Host): End {
    return this.ends[0].host === host ? this.ends[0] : this.ends[1];
  }

  /** Tries to bring a session up, now and until there is one. */
  tend(): void {
    const { kernel, chance, redialsMax } = this.#options;
    if (this.#tending || this.#triedInVain >= redialsMax) return;
    this.#tending = true;
    kernel.after(chance.between(1, REDIAL_MS), () => {
      this.#tending = false;
      if (this.ends.every((end) => this.#isLive(end.leg))) return;
      const mayDial = this.ends.every((end) => end.host.attached && end.stayAwayUntilMs <= kernel.nowMs);
      this.#triedInVain = mayDial && !this.isCut ? 0 : this.#triedInVain + 1;
      if (mayDial && !this.isCut) this.#begin();
      else if (this.ends.every(({ host }) => host.attached)) this.tend();
    });
  }

  /** A leg whose process still runs and whose session is not over. */
  #isLive(leg: Leg | null): boolean {
    return leg !== null && leg.state !== 'over' && leg.process === leg.end.host.attached;
  }

  #begin(): void {
    for (const end of this.ends) this.#close(end);
    const legs = this.ends.map((end) => new Leg(end, end.host.attached as Attached)) as [Leg, Leg];
    [legs[0].far, legs[1].far] = [legs[1], legs[0]];
    for (const leg of legs) leg.end.leg = leg;
    for (const leg of legs) void this.#greet(leg);
  }

  async #greet(leg: Leg): Promise<void> {
    const peer = this.#other(leg.end).host.id;
    leg.process.door.linkChanged(peer, 'greeting');
    try {
      const hello = await leg.process.door.hello(peer);
      this.#send(leg, { kind: 'hello', hello });
    } catch {
      this.#finish(leg, AFTER_OWN_FAULT_MS);
    }
    this.#options.kernel.after(SILENCE_MS, () => {
      if (leg.state === 'greeting') this.#finish(leg, 0);
    });
  }

  /** This end takes its leg for over; the other hears a word, or finds out by silence. */
  #finish(leg: Leg, retryAfterMs: number): void {
    if (leg.state === 'over') return;
    this.#send(leg, { kind: 'bye', retryAfterMs });
    this.#closeLeg(leg);
    leg.end.stayAwayUntilMs = this.#options.kernel.nowMs + retryAfterMs;
    const { far } = leg;
    if (far) this.#options.kernel.after(SILENCE_MS, () => this.#closeLeg(far));
    this.tend();
  }

  #close(end: End): void {
    if (end.leg) this.#closeLeg(end.leg);
  }

  #closeLeg(leg: Leg): void {
    if (leg.state === 'over') return;
    leg.state = 'over';
    leg.end.inbox = leg.end.inbox.filter((waiting) => waiting.leg !== leg);
    if (leg.process === leg.end.host.attached) leg.process.door.linkChanged(this.#other(leg.end).host.id, 'down');
    this.tend();
  }

  /** The process at this end is gone: its sockets close, and the other end hears of it unless the line is cut. */
  died(host: Host): void {
    const end = this.endOf(host);
    if (end.leg) end.leg.state = 'over';
    end.inbox = [];
    end.taking = null;
    const far = end.leg?.far;
    if (far) this.#options.kernel.after(this.isCut ? SILENCE_MS : 5, () => this.#closeLeg(far));
  }

  setCut(towardsSecond: boolean, towardsFirst: boolean): void {
    this.cuts[0] = towardsSecond;
    this.cuts[1] = towardsFirst;
    if (!this.isCut) {
      for (const go of this.#waitingForCut.splice(0)) go();
      this.tend();
      return;
    }
    const legs = this.ends.map(({ leg }) => leg);
    this.#options.kernel.after(SILENCE_MS, () => {
      if (this.isCut) for (const leg of legs) if (leg) this.#closeLeg(leg);
    });
  }

  /** Both ends give the session up. */
  reset(): void {
    for (const { leg } of this.ends) if (leg) this.#closeLeg(leg);
    this.tend();
  }

  #send(leg: Leg, frame: Frame): void {
    if (leg.state === 'over') return;
    const to = this.#other(leg.end).host;
    for (const each of this.#options.leaving(leg.end.host, to, frame)) this.#carry(leg, leg.far, each);
  }

  #carry(leg: Leg, target: Leg | null, frame: Frame): void {
    const { chance, weather } = this.#options;
    const { isOrdered, drop, duplicate } = weather();
    const isCut = this.cuts[leg.end === this.ends[0] ? 0 : 1];
    if (isOrdered) {
      if (isCut) this.#waitingForCut.push(() => this.#deliver(leg, target, frame));
      else this.#deliver(leg, target, frame);
      return;
    }
    if (isCut || chance.often(drop)) return;
    this.#deliver(leg, target, frame);
    if (chance.often(duplicate)) this.#deliver(leg, target, frame);
  }

  #deliver(leg: Leg, target: Leg | null, frame: Frame): void {
    if (!target) return;
    const { kernel, chance, weather } = this.#options;
    const { latencyMs, slow, isOrdered } = weather();
    let delayMs = chance.between(0.2, 1) * latencyMs * (chance.often(slow) ? chance.between(1, SLOWDOWN) : 1);
    if (isOrdered) {
      target.lastArrivalMs = Math.max(target.lastArrivalMs, kernel.nowMs + delayMs);
      delayMs = target.lastArrivalMs - kernel.nowMs;
    }
    this.inFlight += 1;
    kernel.after(delayMs, () => {
      this.inFlight -= 1;
      if (target.state === 'over' || target.process !== target.end.host.attached) return;
      this.#options.arriving(leg.end.host, target.end.host, frame);
      this.#take(target, frame);
    });
  }

  #take(leg: Leg, frame: Frame): void {
    if (frame.kind === 'bye') {
      leg.end.stayAwayUntilMs = this.#options.kernel.nowMs + frame.retryAfterMs;
      this.#closeLeg(leg);
    } else if (frame.kind === 'hello') {
      if (!leg.heardHello) void this.#welcome(leg, frame.hello);
      leg.heardHello = true;
    } else if (leg.state === 'greeting') leg.early.push(frame);
    else this.#takeUp(leg, frame);
  }

  async #welcome(leg: Leg, hello: Hello): Promise<void> {
    const peer = this.#other(leg.end).host.id;
    let welcome: Welcome;
    try {
      welcome = await leg.process.door.welcome(peer, hello);
    } catch {
      return this.#finish(leg, AFTER_OWN_FAULT_MS);
    }
    if (leg.state !== 'greeting') return;
    if (!welcome.ok) return this.#finish(leg, welcome.retryAfterMs ?? SILENCE_MS);
    leg.state = 'up';
    for (const lane of [0, 1, 2, 3] as const) (leg.sends[lane] as Sending).next = welcome.resume[lane];
    leg.process.door.linkChanged(peer, 'up');
    for (const lane of [0, 1, 2, 3] as const) void this.#pull(leg, lane);
    for (const frame of leg.early.splice(0)) this.#takeUp(leg, frame);
  }

  #takeUp(leg: Leg, frame: Frame): void {
    const peer = this.#other(leg.end).host.id;
    const { door } = leg.process;
    switch (frame.kind) {
      case 'env':
        leg.end.inbox.push({ leg, copies: frame.copies });
        void this.#commit(leg.end);
        break;
      case 'ack':
        door.acked(peer, frame.acks);
        break;
      case 'receipt':
        door.receipts(peer, frame.receipts).catch(() => undefined);
        break;
      case 'need':
        door.need(peer, frame.lane, frame.from, frame.to);
        this.#again(leg, frame.lane, frame.from, frame.to);
        break;
      case 'control':
        door.control(peer, frame.control, frame.payload).catch(() => undefined);
        break;
      default:
    }
  }

  /** One commit at a time; what arrives meanwhile gathers for the next. */
  async #commit(end: End): Promise<void> {
    const process = end.host.attached;
    if (!process || end.taking === process.life) return;
    end.taking = process.life;
    while (end.inbox.length > 0 && end.host.attached === process) {
      const group: typeof end.inbox = [];
      let count = 0;
      while (end.inbox[0] && (count === 0 || count + end.inbox[0].copies.length <= GROUP_COPIES)) {
        count += end.inbox[0].copies.length;
        group.push(end.inbox.shift() as (typeof group)[number]);
      }
      const copies = group.flatMap((one) => one.copies);
      try {
        const acks = await process.door.receive(this.#other(end).host.id, copies);
        let at = 0;
        for (const one of group) {
          const own = acks.slice(at, at + one.copies.length);
          at += one.copies.length;
          this.#send(one.leg, { kind: 'ack', acks: own });
        }
      } catch {
        for (const one of group) this.#finish(one.leg, AFTER_OWN_FAULT_MS);
      }
    }
    if (end.taking === process.life) end.taking = null;
  }

  #again(leg: Leg, lane: Lane, from: bigint, to: bigint): void {
    const send = leg.sends[lane] as Sending;
    const last = to < send.next ? to : send.next - 1n;
    if (from > last) return;
    const { missing } = send;
    send.missing = {
      from: missing && missing.from < from ? missing.from : from,
      to: missing && missing.to > last ? missing.to : last,
    };
    void this.#pull(leg, lane);
  }

  async #pull(leg: Leg, lane: Lane): Promise<void> {
    const send = leg.sends[lane] as Sending;
    if (send.pulling || leg.state !== 'up') return;
    send.pulling = true;
    while (leg.state === 'up' && (send.wanted || send.missing)) await this.#pullOnce(leg, lane, send);
    send.pulling = false;
  }

  async #pullOnce(leg: Leg, lane: Lane, send: Sending): Promise<void> {
    const peer = this.#other(leg.end).host.id;
    const { door, life } = leg.process;
    const { missing } = send;
    if (!missing) send.wanted = false;
    const from = missing?.from ?? send.next;
    let copies: OutCopy[];
    try {
      copies = await door.nextCopies(peer, lane, from, { maxCopies: PULL_COPIES, maxBytes: PULL_BYTES });
    } catch {
      send.wanted = true;
      return this.#options.kernel.sleep(PULL_AGAIN_MS, life);
    }
    if (leg.state !== 'up') return;
    const going = missing ? copies.filter(({ seq }) => seq <= missing.to) : copies;
    const last = going.at(-1);
    if (last) {
      this.#send(leg, { kind: 'env', copies: going });
      door.sent(
        peer,
        going.map(({ seq }) => ({ lane, seq })),
      );
    }
    if (missing) {
      const isDone = !last || last.seq >= missing.to;
      if (send.missing === missing) send.missing = isDone ? null : { from: last.seq + 1n, to: missing.to };
    } else if (last) {
      send.next = last.seq + 1n;
      send.wanted = true;
    }
  }

  wake(host: Host, lane: Lane): void {
    const { leg } = this.endOf(host);
    if (leg?.state !== 'up') return;
    (leg.sends[lane] as Sending).wanted = true;
    void this.#pull(leg, lane);
  }

  /** false: no link is up. */
  say(host: Host, frame: Frame): boolean {
    const { leg } = this.endOf(host);
    if (leg?.state !== 'up') return false;
    this.#send(leg, frame);
    return true;
  }

  dismiss(host: Host, retryAfterMs: number): void {
    const { leg } = this.endOf(host);
    if (leg) this.#finish(leg, retryAfterMs);
  }
}
