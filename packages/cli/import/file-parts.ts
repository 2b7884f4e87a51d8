/** Files the parts of an import, a few at a time, in order of their number; stops at the first that is not taken. */
import type { Filing } from '../bureau-client.ts';

export type Part = { number: number; filing: Filing };

export type Filed = { reportIds: string[]; trouble?: unknown };

/**
 * Answers the ids of the parts that were taken, by part number. What was taken before trouble stays taken:
 * the same command again goes on where this one stopped, because each part has its own key.
 */
export async function fileParts(
  parts: readonly Part[],
  concurrency: number,
  file: (part: Part) => Promise<string>,
  onFiled: (part: Part) => void,
): Promise<Filed> {
  const ids = new Map<number, string>();
  const waiting = parts.values();
  let trouble: { cause: unknown } | undefined;
  const clerk = async () => {
    for (const part of waiting) {
      if (trouble !== undefined) return;
      try {
        ids.set(part.number, await file(part));
        onFiled(part);
      } catch (cause) {
        trouble ??= { cause };
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, clerk));
  const reportIds = [...ids].sort(([a], [b]) => a - b).map(([, id]) => id);
  return trouble === undefined ? { reportIds } : { reportIds, trouble: trouble.cause };
}
