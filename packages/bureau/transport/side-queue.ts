/** Work that frames beside the copies ask for (receipts, control): done one after another, bounded by pausing the reading. */
export interface SideQueue {
  add(work: () => Promise<void>): void;
}

export function createSideQueue(options: {
  limit: number;
  pause: () => void;
  resume: () => void;
  failed: (error: unknown) => void;
}): SideQueue {
  const waiting: (() => Promise<void>)[] = [];
  let running = false;
  let paused = false;

  async function drain(): Promise<void> {
    running = true;
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      try {
        await work();
      } catch (error) {
        options.failed(error);
      }
      if (paused && waiting.length <= options.limit / 2) {
        paused = false;
        options.resume();
      }
    }
    running = false;
  }

  return {
    add(work) {
      waiting.push(work);
      if (waiting.length > options.limit && !paused) {
        paused = true;
        options.pause();
      }
      if (!running) void drain();
    },
  };
}
