/** Decisions of the exchange, pure. */
import type { Lane } from '@tripoint/envelope/seal';
import type { HeldSize, OutState } from './port.ts';

/** Urgent and flash items overtake bulk; wire.md §3. */
export function laneOf(urgency: string, bulk: boolean): Lane {
  if (urgency === 'urgent' || urgency === 'flash') return 1;
  return bulk ? 3 : 2;
}

const ladder: readonly OutState[] = ['queued', 'sealed', 'sent', 'held', 'received', 'verified', 'opened'];

/** A state never goes back: a late hint does not undo a signed receipt. refused and recalled are ends. */
export function laterState(now: OutState, next: OutState): OutState {
  if (now === 'refused' || now === 'recalled') return now;
  if (next === 'refused' || next === 'recalled') return next;
  return ladder.indexOf(next) > ladder.indexOf(now) ? next : now;
}

/** A recipient's own part is its stanza, far shorter than this; what lies behind is compared in one stroke. */
const OWN_PART_BYTES_MAX = 4_096;

/** Splits copies of one envelope into what they share, before and after, and what is each recipient's own. */
export function splitCopies(copies: readonly Uint8Array[]): {
  front: Uint8Array;
  rear: Uint8Array;
  middles: Uint8Array[];
} {
  const first = copies[0] as Uint8Array;
  const size = first.length;
  if (copies.some((copy) => copy.length !== size))
    return { front: first.subarray(0, 0), rear: first.subarray(size), middles: [...copies] };
  const alike = (at: number) => copies.every((copy) => copy[at] === first[at]);
  let front = 0;
  while (front < size && alike(front)) front += 1;
  let back = Math.min(size, front + OWN_PART_BYTES_MAX);
  const tail = first.subarray(back);
  if (!copies.every((copy) => Buffer.compare(copy.subarray(back), tail) === 0)) back = size;
  while (back > front && alike(back - 1)) back -= 1;
  return {
    front: first.subarray(0, front),
    rear: first.subarray(back),
    middles: copies.map((copy) => copy.subarray(front, back)),
  };
}

export interface Settled {
  lane: Lane;
  seq: number;
  leaf: Uint8Array;
  /** null: verified; else the refusal as the sender may hear it. */
  code: string | null;
}

/** Consecutive places of one lane become one receipt (wire.md §5: cumulative). */
export function receiptRanges(settled: readonly Settled[]): Settled[][] {
  const ranges: Settled[][] = [];
  const ordered = [...settled].sort((a, b) => a.lane - b.lane || a.seq - b.seq);
  for (const one of ordered) {
    const range = ranges.at(-1);
    const last = range?.at(-1);
    if (range && last && last.lane === one.lane && last.seq + 1 === one.seq) range.push(one);
    else ranges.push([one]);
  }
  return ranges;
}

/**
 * Copies that wait here for what comes before them, a peer. What is beyond stays in its sender's queue (wire.md §7),
 * which ten times as many envelopes fill.
 */
export const HELD_ENVELOPES_MAX = 10_000;
export const HELD_BYTES_MAX = 1024 * 1024 * 1024;

export function hasRoomToHold(held: HeldSize, sizeBytes: number): boolean {
  return held.envelopes < HELD_ENVELOPES_MAX && held.sizeBytes + sizeBytes <= HELD_BYTES_MAX;
}
