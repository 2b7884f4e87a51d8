/**
 * How a list takes in what is new without moving under the cursor.
 * Known lines change in place; unknown lines newer than the list wait until the officer takes them in.
 */
export interface Line {
  id: string;
}

export interface Arrivals<L extends Line> {
  /** In the order shown, newest first. */
  shown: L[];
  /** Newest first; not on the screen yet. */
  waiting: L[];
  /** Cursor for older lines, null when there are none. */
  next: string | null;
  /** false until the first page came: then it is shown at once. */
  begun: boolean;
}

export const noArrivals: Arrivals<never> = { shown: [], waiting: [], next: null, begun: false };

/** The newest page came again (first load, live event, poll). */
export function mergeHead<L extends Line>(now: Arrivals<L>, head: readonly L[], next: string | null): Arrivals<L> {
  if (!now.begun || (now.shown.length === 0 && now.waiting.length === 0)) {
    return { shown: [...head], waiting: [], next, begun: true };
  }
  const fresh = new Map(head.map((line) => [line.id, line]));
  const replace = (line: L) => fresh.get(line.id) ?? line;
  const known = new Set([...now.shown, ...now.waiting].map((line) => line.id));
  const newcomers = head.filter((line) => !known.has(line.id));
  return { ...now, shown: now.shown.map(replace), waiting: [...newcomers, ...now.waiting.map(replace)] };
}

/** Older lines were asked for: they go below, never twice. */
export function mergeOlder<L extends Line>(now: Arrivals<L>, older: readonly L[], next: string | null): Arrivals<L> {
  const known = new Set([...now.shown, ...now.waiting].map((line) => line.id));
  return { ...now, shown: [...now.shown, ...older.filter((line) => !known.has(line.id))], next };
}

/** The officer takes in what waits: one key, one click. */
export function takeIn<L extends Line>(now: Arrivals<L>): Arrivals<L> {
  return { ...now, shown: [...now.waiting, ...now.shown], waiting: [] };
}

/** One line changed here (opened, acknowledged) before the server repeats it. */
export function changeLine<L extends Line>(now: Arrivals<L>, id: string, change: (line: L) => L): Arrivals<L> {
  const apply = (line: L) => (line.id === id ? change(line) : line);
  return { ...now, shown: now.shown.map(apply), waiting: now.waiting.map(apply) };
}
