/** Wakes whoever waits. Take `rung()` before looking at the state it guards, or a ring in between is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring. */
  rung(): Promise<void>;
}

export function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  let awaited = false;
  return {
    ring() {
      if (!awaited) return;
      awaited = false;
      next.resolve();
      next = Promise.withResolvers<void>();
    },
    rung() {
      awaited = true;
      return next.promise;
    },
  };
}
