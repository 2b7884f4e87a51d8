import type { Frame } from './frame.ts';
import { COPY_HEAD_BYTES, FRAME_HEAD_BYTES } from './limits.ts';

/** Receipts in one frame: a reader never has to hold more at once. */
const MAX_RECEIPTS = 256;

/** As few frames as the bound allows, in order. */
export function receiptFrames(receipts: Uint8Array[], maxFrameBytes: number): Frame[] {
  const frames: { kind: 'receipt'; receipts: Uint8Array[] }[] = [];
  let sizeBytes = 0;
  for (const receipt of receipts) {
    const added = receipt.length + COPY_HEAD_BYTES;
    const last = frames.at(-1);
    if (last !== undefined && last.receipts.length < MAX_RECEIPTS && sizeBytes + added <= maxFrameBytes) {
      last.receipts.push(receipt);
      sizeBytes += added;
    } else {
      frames.push({ kind: 'receipt', receipts: [receipt] });
      sizeBytes = FRAME_HEAD_BYTES + added;
    }
  }
  return frames;
}
