/** All chance of one run, from its seed: the same seed gives the same run, to the last byte. */

export interface Chance {
  /** 0 ≤ x < 1. */
  fraction(): number;
  /** A whole number, 0 ≤ n < `count`. */
  below(count: number): number;
  between(least: number, most: number): number;
  /** true with this probability. */
  often(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
  bytes(count: number): Uint8Array;
  uuid(): string;
  /** A stream of its own: what one part of the run draws moves no other part. */
  branch(name: string): Chance;
}

/** splitmix32: spreads a seed over the four words of the generator below. */
function spread(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

const nameWord = (name: string): number => {
  let word = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) word = Math.imul(word ^ name.charCodeAt(at), 0x01000193);
  return word;
};

export function chanceOf(seed: number, name = ''): Chance {
  const words = spread(seed ^ nameWord(name));
  // sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and good enough for far more draws than a run makes.
  let [a, b, c, counter] = [words(), words(), words(), 1];
  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round += 1) word();
  const chance: Chance = {
    fraction: () => word() / 2 ** 32,
    below: (count) => Math.floor((word() / 2 ** 32) * count),
    between: (least, most) => least + (word() / 2 ** 32) * (most - least),
    often: (probability) => word() / 2 ** 32 < probability,
    pick: (of) => of[chance.below(of.length)] as (typeof of)[number],
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += 1) bytes[at] = word() >>> 24;
      return bytes;
    },
    uuid() {
      const [p, q, r, s] = [word(), word(), word(), word()].map((part) => part.toString(16).padStart(8, '0')) as [
        string,
        string,
        string,
        string,
      ];
      return `${p}-${q.slice(0, 4)}-4${q.slice(5)}-a${r.slice(1, 4)}-${r.slice(4)}${s}`;
    },
    branch: (branch) => chanceOf(seed, `${name}/${branch}`),
  };
  return chance;
}
