import type { Lane } from './door.ts';

/** Bytes of lane 2 for one byte of lane 3 when both wait. */
const NORMAL_TO_BULK = 4;
/** How far one lane may run ahead of its share, bytes of lane 3: an idle lane saves up no more than this. */
const LEAD_BYTES = 1_048_576;

/** Whose turn it is: lane 0, then 1, strictly; lanes 2 and 3 share 4 : 1 by bytes. */
export interface LaneTurns {
  /** The lane to serve among those that can be served, or null. */
  next(ready: (lane: Lane) => boolean): Lane | null;
  served(lane: Lane, sizeBytes: number): void;
}

export function createLaneTurns(): LaneTurns {
  /** What lane 2 has had above its share, in bytes of lane 3. */
  let normalAhead = 0;
  return {
    next(ready) {
      if (ready(0)) return 0;
      if (ready(1)) return 1;
      if (ready(2) && ready(3)) return normalAhead <= 0 ? 2 : 3;
      if (ready(2)) return 2;
      return ready(3) ? 3 : null;
    },
    served(lane, sizeBytes) {
      if (lane === 2) normalAhead += sizeBytes / NORMAL_TO_BULK;
      if (lane === 3) normalAhead -= sizeBytes;
      normalAhead = Math.max(-LEAD_BYTES, Math.min(LEAD_BYTES, normalAhead));
    },
  };
}
