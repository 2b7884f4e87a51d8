/** A token bucket on the monotonic clock. It may go into debt when the amount has to be spent anyway. */
export interface Bucket {
  /** Takes the amount when it is there. */
  take(amount: number): boolean;
  spend(amount: number): void;
  /** Until the amount (or a full bucket, if that is less) is there. */
  waitMs(amount: number): number;
  empty(): void;
}

export function createBucket(perSecond: number, burst: number, monotonicMs: () => number): Bucket {
  let level = burst;
  let atMs = monotonicMs();
  const refill = () => {
    const nowMs = monotonicMs();
    level = Math.min(burst, level + ((nowMs - atMs) / 1_000) * perSecond);
    atMs = nowMs;
  };
  return {
    take(amount) {
      refill();
      if (level < amount) return false;
      level -= amount;
      return true;
    },
    spend(amount) {
      refill();
      level -= amount;
    },
    waitMs(amount) {
      refill();
      return Math.max(0, ((Math.min(amount, burst) - level) / perSecond) * 1_000);
    },
    empty() {
      refill();
      level = Math.min(level, 0);
    },
  };
}
