/**
 * Wires between bureaus for the real transport: what a TLS socket is to it, over virtual time. Frames keep their order;
 * a cut holds them back as TCP would; a reset or a death breaks the wire, and who is cut off hears of neither.
 */
import type { Network, Wire, WireEvents } from '@tripoint/bureau/transport';
import type { Chance } from './chance.ts';
import type { Kernel, Life } from './kernel.ts';
import type { Host, NetWeather } from './line.ts';

export interface CableOptions {
  kernel: Kernel;
  chance: Chance;
  weather: () => NetWeather;
  /** Sees each frame as it leaves and as it arrives; the number of its kind stands in its second byte. */
  leaving: (from: Host, to: Host, bytes: Uint8Array) => void;
  arriving: (from: Host, to: Host, bytes: Uint8Array) => void;
}

interface Listener {
  life: Life;
  accept: (wire: Wire) => void;
}

/** One end of one wire. */
class WireEnd {
  readonly host: Host;
  readonly life: Life;
  far: WireEnd | null = null;
  events: WireEvents | null = null;
  isPaused = true;
  isClosed = false;
  waitingBytes = 0;
  lastArrivalMs = 0;
  readonly inbox: (() => void)[] = [];
  readonly drains: (() => void)[] = [];

  constructor(host: Host, life: Life) {
    this.host = host;
    this.life = life;
  }
}

/** The cable between two bureaus: all wires there are between them at a time. */
export class Cable {
  readonly #options: CableOptions;
  readonly #hosts: readonly [Host, Host];
  readonly #cuts: [boolean, boolean] = [false, false];
  readonly #listeners = new Map<Host, Listener>();
  #wires: [WireEnd, WireEnd][] = [];
  #waitingForCut: (() => void)[] = [];
  inFlight = 0;

  constructor(a: Host, b: Host, options: CableOptions) {
    this.#hosts = [a, b];
    this.#options = options;
  }

  get isCut(): boolean {
    return this.#cuts[0] || this.#cuts[1];
  }

  #other(host: Host): Host {
    return this.#hosts[0] === host ? this.#hosts[1] : this.#hosts[0];
  }

  listen(host: Host, life: Life, accept: (wire: Wire) => void): void {
    this.#listeners.set(host, { life, accept });
  }

  /** Rejects when nobody listens there, or the cable is cut. */
  async dial(host: Host, life: Life, signal: AbortSignal): Promise<Wire> {
    const { kernel } = this.#options;
    await kernel.sleep(this.#delayMs(), life, signal);
    const to = this.#other(host);
    const listener = this.#listeners.get(to);
    if (this.isCut || signal.aborted || !listener || listener.life.isOver) throw new Error('cannot be reached');
    const [near, far] = [new WireEnd(host, life), new WireEnd(to, listener.life)];
    [near.far, far.far] = [far, near];
    this.#wires.push([near, far]);
    listener.accept(this.#wire(far, 'them'));
    return this.#wire(near, 'us');
  }

  #delayMs(): number {
    const { chance, weather } = this.#options;
    const { latencyMs, slow } = weather();
    return chance.between(0.2, 1) * latencyMs * (chance.often(slow) ? chance.between(1, 20) : 1);
  }

  /** Something reaches the other end, behind all that was sent before it, and not while the way is cut. */
  #pass(from: WireEnd, what: (to: WireEnd) => void): void {
    const to = from.far as WireEnd;
    const go = () => {
      const { kernel } = this.#options;
      to.lastArrivalMs = Math.max(to.lastArrivalMs, kernel.nowMs + this.#delayMs());
      this.inFlight += 1;
      kernel.after(to.lastArrivalMs - kernel.nowMs, () => {
        this.inFlight -= 1;
        if (!to.isClosed && !to.life.isOver) what(to);
      });
    };
    if (this.#cuts[from.host === this.#hosts[0] ? 0 : 1]) this.#waitingForCut.push(go);
    else go();
  }

  #wire(end: WireEnd, dialledBy: 'us' | 'them'): Wire {
    const peer = this.#other(end.host);
    const heard = (to: WireEnd) => to.events?.heard();
    return {
      peer: peer.id,
      keyHash: keyHashOf(peer.id),
      dialledBy,
      attach(events) {
        end.events = events;
        if (end.isClosed) events.closed(null);
      },
      send: (bytes) => this.#send(end, bytes),
      waitingBytes: () => end.waitingBytes,
      drained: () =>
        end.isClosed || end.waitingBytes === 0 ? Promise.resolve() : new Promise((go) => end.drains.push(go)),
      ping: () => {
        if (!end.isClosed)
          this.#pass(end, (to) => {
            heard(to);
            this.#pass(to, heard);
          });
      },
      pause() {
        end.isPaused = true;
      },
      resume() {
        end.isPaused = false;
        while (!end.isPaused && end.inbox.length > 0) end.inbox.shift()?.();
      },
      close: () => {
        if (end.isClosed) return;
        this.#pass(end, (to) => this.#close(to));
        this.#options.kernel.after(1, () => this.#close(end));
      },
      cut: () => this.#break(end),
    };
  }

  #send(end: WireEnd, bytes: Uint8Array): void {
    if (end.isClosed || end.life.isOver) return;
    this.#options.leaving(end.host, this.#other(end.host), bytes);
    end.waitingBytes += bytes.length;
    this.#pass(end, (to) => {
      end.waitingBytes -= bytes.length;
      for (const go of end.drains.splice(0)) go();
      const take = () => {
        if (to.isClosed) return;
        this.#options.arriving(end.host, to.host, bytes);
        to.events?.frame(bytes);
      };
      if (to.isPaused) to.inbox.push(take);
      else take();
    });
  }

  #close(end: WireEnd): void {
    if (end.isClosed) return;
    end.isClosed = true;
    for (const go of end.drains.splice(0)) go();
    this.#wires = this.#wires.filter((ends) => !ends.every((one) => one.isClosed || one.life.isOver));
    if (!end.life.isOver) end.events?.closed(null);
  }

  /** Ends at once here; the other end hears of it unless the way there is cut. */
  #break(end: WireEnd): void {
    if (end.isClosed) return;
    if (!this.isCut) this.#pass(end, (to) => this.#close(to));
    this.#close(end);
  }

  died(host: Host): void {
    for (const ends of this.#wires)
      for (const end of ends)
        if (end.host === host && end.life.isOver && !end.isClosed) {
          end.isClosed = true;
          const { far } = end;
          if (far && !this.isCut) this.#options.kernel.after(5, () => this.#close(far));
        }
  }

  setCut(towardsSecond: boolean, towardsFirst: boolean): void {
    this.#cuts[0] = towardsSecond;
    this.#cuts[1] = towardsFirst;
    if (!this.isCut) for (const go of this.#waitingForCut.splice(0)) go();
  }

  /** Every wire breaks, and both ends know. */
  reset(): void {
    for (const ends of [...this.#wires]) for (const end of ends) this.#close(end);
  }
}

/** What stands for the hash of a bureau's link key. */
export const keyHashOf = (id: string): string => id.padEnd(64, '0');

/** One process's way to all others. */
export function networkOf(host: Host, life: Life, cables: ReadonlyMap<string, Cable>): Network {
  return {
    async listen(accept) {
      for (const cable of cables.values()) cable.listen(host, life, accept);
      return { port: 1, close: async () => {} };
    },
    async dial(peer, signal) {
      const cable = cables.get(Buffer.from(peer.memberId).toString('hex'));
      if (!cable) throw new Error('cannot be reached');
      return cable.dial(host, life, signal);
    },
  };
}
