/**
 * Letters for comparison only: compatibility forms, accents of the Latin script and case folded, words sorted.
 * Marks of other scripts stay: in Thai, Lao, Khmer and Burmese they are the vowels.
 */
export function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase();
  return plain
    .split(/[\s,.]+/u)
    .filter(Boolean)
    .sort()
    .join(' ');
}

/** 1 = written alike; 0.95 = alike but for accents, case and the order of words; less by letters in common. */
export function writtenLikeness(a: string, b: string): number {
  if (a === b) return 1;
  return bigramLikeness(folded(a), folded(b)) * 0.95;
}

/** Dice coefficient over pairs of neighbouring letters: 0 = none in common, 1 = all. Symmetric. */
function bigramLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const left = bigrams(a);
  const right = bigrams(b);
  const total = left.length + right.length;
  if (total === 0) return 0;
  const counts = new Map<string, number>();
  for (const pair of left) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  let inCommon = 0;
  for (const pair of right) {
    const count = counts.get(pair) ?? 0;
    if (count > 0) inCommon++;
    counts.set(pair, count - 1);
  }
  return (2 * inCommon) / total;
}

function bigrams(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
}
