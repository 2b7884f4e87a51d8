import { type Bucket, createBucket } from './bucket.ts';
import type { Limits } from './limits.ts';

/** We keep below the receiver's limits by this much, so that no jitter on the way makes an honest sender a flood. */
const OWN_RATE = 0.95;
const OWN_BURST = 0.75;

/** What one peer may send us. */
export interface IncomingRates {
  envelopes: Bucket;
  bytes: Bucket;
  frames: Bucket;
}

/** What we allow ourselves towards one peer. */
export interface OutgoingRates {
  envelopes: Bucket;
  bytes: Bucket;
}

/** Kept per peer, not per link: dialling again renews no allowance. */
export interface Rates {
  incoming: IncomingRates;
  outgoing: OutgoingRates;
}

export function createRates(limits: Limits, monotonicMs: () => number): Rates {
  const bucket = (perSecond: number, burst: number) => createBucket(perSecond, burst, monotonicMs);
  const { envelopesPerSecond, envelopeBurst, bytesPerSecond, byteBurst, framesPerSecond, frameBurst } = limits;
  return {
    incoming: {
      envelopes: bucket(envelopesPerSecond, envelopeBurst),
      bytes: bucket(bytesPerSecond, byteBurst),
      frames: bucket(framesPerSecond, frameBurst),
    },
    outgoing: {
      envelopes: bucket(envelopesPerSecond * OWN_RATE, envelopeBurst * OWN_BURST),
      bytes: bucket(bytesPerSecond * OWN_RATE, byteBurst * OWN_BURST),
    },
  };
}
