/**
 * What arrives beside the copies (receipts, control), done in order, one call at a time. While a call runs the rest gathers,
 * so that many receipts become one call. When too much gathers, reading pauses.
 */
export interface SideQueue<T> {
  add(items: T[]): void;
}

export function createSideQueue<T>(options: {
  /** Items given to one call. */
  mostAtOnce: number;
  /** Items waiting before reading pauses; it goes on at half of it. */
  limit: number;
  work: (items: T[]) => Promise<void>;
  failed: (error: unknown) => void;
  brake: Brake;
}): SideQueue<T> {
  const { brake } = options;
  let waiting: T[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const items = waiting.slice(0, options.mostAtOnce);
      waiting = waiting.slice(items.length);
      await options.work(items).catch(options.failed);
      if (waiting.length <= options.limit / 2) brake.release(waitingRoom);
    }
    running = false;
  }

  const waitingRoom = Symbol('waiting room');
  return {
    add(items) {
      waiting.push(...items);
      if (waiting.length > options.limit) brake.hold(waitingRoom);
      if (!running) void drain();
    },
  };
}

/** Reading stands still while anybody holds it. */
export interface Brake {
  hold(who: symbol): void;
  release(who: symbol): void;
}

export function createBrake(wire: { pause(): void; resume(): void }): Brake {
  const holders = new Set<symbol>();
  return {
    hold(who) {
      if (holders.size === 0) wire.pause();
      holders.add(who);
    },
    release(who) {
      if (holders.delete(who) && holders.size === 0) wire.resume();
    },
  };
}
