/** Damage to bytes at rest: one bit turned over, or an end cut off. */

export interface Damage {
  bytes: Buffer;
  /** Where, for a sentence: never what stood there. */
  at: string;
}

export function oneBit(whole: Buffer, random: () => number, from = 0, to = whole.length): Damage {
  const at = from + Math.floor(random() * (to - from));
  const bit = Math.floor(random() * 8);
  const bytes = Buffer.from(whole);
  bytes[at] = (bytes[at] as number) ^ (1 << bit);
  return { bytes, at: `bit ${bit} of byte ${at}` };
}

export function cutOff(whole: Buffer, random: () => number): Damage {
  const left = Math.floor(random() * whole.length);
  return { bytes: whole.subarray(0, left), at: `${left} of ${whole.length} bytes left` };
}
