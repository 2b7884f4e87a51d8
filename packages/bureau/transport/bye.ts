/**
 * Why a link is ended: the closed list of frame 1 (wire sheet, §7). The peer learns the code and how long to stay away, nothing else.
 * `retryAfterMs` here is the default; whoever ends the link may name a longer time.
 */
const retryAfterMs = {
  /** The bureau is shutting down and comes back by itself. */
  stopping: 500,
  /** Another link to the same member stays: the one dialled by the lower member id. */
  duplicate: 500,
  /** Nothing was heard for the silence limit. */
  silent: 500,
  /** No hello within the time for greetings. */
  no_hello: 5_000,
  /** Bytes that are no frame, or a frame out of place. */
  malformed: 60_000,
  /** A frame or a copy above the agreed bounds. */
  too_large: 60_000,
  /** More envelopes, bytes or credit than allowed. */
  over_quota: 2_000,
  /** Too many bad signatures in a minute. */
  bad_signatures: 300_000,
  /** No protocol version in common. */
  version_unsupported: 60_000,
  /** The member id in the hello is not the one of the pinned key. */
  identity_mismatch: 60_000,
  /** Not an active member under the charter in force. */
  not_admitted: 60_000,
  /** One charter version with two hashes. */
  charter_conflict: 60_000,
  /** A charter too old to speak under. */
  charter_stale: 60_000,
  /** The fault is ours; no word on the peer. */
  inner_failure: 1_000,
} as const;

export type ByeCode = keyof typeof retryAfterMs;

export const byeCodes = Object.keys(retryAfterMs) as ByeCode[];

export function isByeCode(text: unknown): text is ByeCode {
  return typeof text === 'string' && Object.hasOwn(retryAfterMs, text);
}

/** A day: one bye sends nobody away for longer. */
export const MAX_RETRY_AFTER_MS = 86_400_000;

export function defaultRetryAfterMs(code: ByeCode): number {
  return retryAfterMs[code];
}

/** Codes that say the peer misbehaved: its next dial is refused until the time is over. */
export function isPenalty(code: ByeCode): boolean {
  return ['malformed', 'too_large', 'over_quota', 'bad_signatures', 'identity_mismatch'].includes(code);
}
