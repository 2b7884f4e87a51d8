/** What the store asks of the outside; made by main or sim. */

export type Clock = {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** `size` unpredictable bytes. */
export type Random = (size: number) => Uint8Array;
