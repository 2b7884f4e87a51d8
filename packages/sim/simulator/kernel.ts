/**
 * Virtual time. What waits lies in a heap ordered by (time, serial); the earliest runs, then everything that can happen
 * without time passing happens, then the next. No real time, no real chance: a run is a function of its seed.
 */

/** One stretch of somebody's running, from start to crash. What waited when it ended waits for ever. */
export class Life {
  isOver = false;
  /** Sleeps that have not ended; what never ends must not pile up either. */
  sleepers = 0;
}

interface Waiting {
  atMs: number;
  serial: number;
  life: Life | null;
  run: () => void;
}

/** Turns handed to the event loop at once: between two of them the microtask queue runs empty all the same. */
const TURNS_AT_ONCE = 64;

export class Kernel {
  #nowMs = 0;
  #serial = 0;
  #steps = 0;
  #stopped = false;
  readonly #heap: Waiting[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Things that have happened so far. */
  get steps(): number {
    return this.#steps;
  }

  get waiting(): number {
    return this.#heap.length;
  }

  /** Runs something later, unless the life it belongs to is over by then. */
  after(ms: number, run: () => void, life: Life | null = null): void {
    this.#serial += 1;
    rise(this.#heap, { atMs: this.#nowMs + Math.max(0, ms), serial: this.#serial, life, run });
  }

  /** Ends early when the signal aborts; never ends when the life is over. */
  sleep(ms: number, life: Life, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (life.isOver) return;
      if (signal?.aborted) return resolve();
      life.sleepers += 1;
      let awake = false;
      const wake = () => {
        if (awake) return;
        awake = true;
        life.sleepers -= 1;
        signal?.removeEventListener('abort', wake);
        if (!life.isOver) resolve();
      };
      signal?.addEventListener('abort', wake);
      this.after(ms, wake, life);
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Until `stop`, or until nothing waits any more. Rejects with what something threw. */
  run(): Promise<void> {
    this.#stopped = false;
    return new Promise((resolve, reject) => {
      let left = 0;
      let isDone = false;
      const turn = () => {
        left -= 1;
        try {
          if (!isDone && !this.#step()) {
            isDone = true;
            resolve();
          }
        } catch (reason) {
          isDone = true;
          reject(reason);
        }
        if (left === 0 && !isDone) turns();
      };
      const turns = () => {
        left = TURNS_AT_ONCE;
        for (let at = 0; at < TURNS_AT_ONCE; at += 1) setImmediate(turn);
      };
      turns();
    });
  }

  /** false: nothing is left to do. */
  #step(): boolean {
    for (;;) {
      if (this.#stopped) return false;
      const next = sink(this.#heap);
      if (next === undefined) return false;
      if (next.life?.isOver) continue;
      this.#nowMs = next.atMs;
      this.#steps += 1;
      next.run();
      return true;
    }
  }
}

const isBefore = (a: Waiting, b: Waiting) => a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);

function rise(heap: Waiting[], one: Waiting): void {
  let at = heap.length;
  heap.push(one);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Waiting;
    if (!isBefore(one, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = one;
}

function sink(heap: Waiting[]): Waiting | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const least = right < heap.length && isBefore(heap[right] as Waiting, heap[left] as Waiting) ? right : left;
    if (!isBefore(heap[least] as Waiting, last)) break;
    heap[at] = heap[least] as Waiting;
    at = least;
  }
  heap[at] = last;
  return first;
}
