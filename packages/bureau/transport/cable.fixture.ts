import type { Clock, PeerAddress, PeerId } from './door.ts';
import { peerIdOf } from './door.ts';
import type { Network, Wire, WireEvents } from './network.ts';

/** Time that stands still until the test moves it. */
export interface HandClock extends Clock {
  /** Moves on, waking every sleeper at its time. */
  advance(ms: number): Promise<void>;
}

export function handClock(): HandClock {
  let nowMs = 0;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  return {
    nowMs: () => 1_800_000_000_000 + nowMs,
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        const sleeper = { atMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          wake();
        });
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await quiet();
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
        if (next === undefined || next.atMs > endMs) break;
        nowMs = Math.max(nowMs, next.atMs);
        sleepers.delete(next);
        next.wake();
      }
      nowMs = endMs;
      await quiet();
    },
  };
}

/** Until everything that can happen without time passing has happened. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
}

/** Cables in memory between bureaus that know each other by id. A cable can go dead without anybody being told. */
export interface CableWorld {
  networkOf(memberId: Uint8Array, keyHash: string): Network;
  /** From now on nothing passes on the cables there are; new ones work. */
  goDead(): void;
  /** Cables not closed. */
  openCables(): number;
}

export function cableWorld(): CableWorld {
  const listeners = new Map<PeerId, (wire: Wire) => void>();
  const cables = new Set<{ dead: boolean }>();

  function lay(from: { id: PeerId; keyHash: string }, to: { id: PeerId; keyHash: string }): [Wire, Wire] {
    const cable = { dead: false };
    cables.add(cable);
    const ends: [End, End] = [newEnd(), newEnd()];
    const wire = (at: 0 | 1, peer: { id: PeerId; keyHash: string }, dialledBy: 'us' | 'them'): Wire => {
      const mine = ends[at];
      const theirs = ends[1 - at]!;
      const pass = (what: () => void) => {
        if (!cable.dead && !mine.closed) setImmediate(() => (theirs.paused ? theirs.waiting.push(what) : what()));
      };
      const closeEnd = (end: End) => {
        if (end.closed) return;
        end.closed = true;
        setImmediate(() => end.events?.closed(null));
      };
      const close = () => {
        cables.delete(cable);
        closeEnd(mine);
        if (!cable.dead) closeEnd(theirs);
      };
      return {
        peer: peer.id,
        keyHash: peer.keyHash,
        dialledBy,
        attach: (events) => {
          mine.events = events;
        },
        send: (bytes) => pass(() => theirs.events?.frame(bytes)),
        waitingBytes: () => 0,
        drained: () => Promise.resolve(),
        ping: () =>
          pass(() => {
            theirs.events?.heard();
            if (!cable.dead) mine.events?.heard();
          }),
        pause: () => {
          mine.paused = true;
        },
        resume: () => {
          mine.paused = false;
          for (const what of mine.waiting.splice(0)) what();
        },
        close: () => setImmediate(() => setImmediate(close)),
        cut: close,
      };
    };
    return [wire(0, to, 'us'), wire(1, from, 'them')];
  }

  return {
    networkOf(memberId, keyHash) {
      const id = peerIdOf(memberId);
      return {
        async listen(accept) {
          listeners.set(id, accept);
          return { port: 1, close: async () => void listeners.delete(id) };
        },
        async dial(peer: PeerAddress) {
          const to = { id: peerIdOf(peer.memberId), keyHash: Buffer.from(peer.pins[0]!).toString('hex') };
          const accept = listeners.get(to.id);
          if (accept === undefined) throw new Error('nobody listens');
          const [near, far] = lay({ id, keyHash }, to);
          accept(far);
          return near;
        },
      };
    },
    goDead() {
      for (const cable of cables) cable.dead = true;
    },
    openCables: () => cables.size,
  };
}

interface End {
  events: WireEvents | null;
  paused: boolean;
  closed: boolean;
  waiting: (() => void)[];
}

function newEnd(): End {
  return { events: null, paused: true, closed: false, waiting: [] };
}
