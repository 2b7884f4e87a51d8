/** The lists of reports as this screen has them: one per box, kept while the officer walks between screens. */
import type { ReportLine } from '@tripoint/bureau/desks/reports/contract';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { type Arrivals, changeLine, mergeHead, mergeOlder, noArrivals, takeIn } from './arrivals.ts';
import { ask } from './ask.ts';

export type BoxName = 'received' | 'sent';
interface Page {
  items: ReportLine[];
  next: string | null;
}

export interface Box {
  lines: Arrivals<ReportLine>;
  /** When the head was last read from the server, epoch ms; null before the first time. */
  readAtMs: number | null;
  error: Error | null;
  loadingOlder: boolean;
}

const pageSize = 50;
const emptyBox: Box = { lines: noArrivals, readAtMs: null, error: null, loadingOlder: false };
const boxes = new Map<BoxName, Box>();
const watchers = new Set<() => void>();

const boxOf = (name: BoxName): Box => boxes.get(name) ?? emptyBox;

function change(name: BoxName, next: Partial<Box>): void {
  boxes.set(name, { ...boxOf(name), ...next });
  for (const watcher of watchers) watcher();
}

const page = (name: BoxName, cursor?: string): Promise<Page> => {
  const query = new URLSearchParams({
    box: name,
    limit: String(pageSize),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return ask<Page>(`/api/reports?${query}`);
};

let questions = 0;
/** The latest question whose answer a box shows: an answer that was overtaken on its way is older and is dropped. */
const answered = new Map<BoxName, number>();

/** Reads the newest page again; what is new waits, what is known changes in place. */
export async function readHead(name: BoxName): Promise<void> {
  const question = ++questions;
  try {
    const { items, next } = await page(name);
    if (question < (answered.get(name) ?? 0)) return;
    answered.set(name, question);
    change(name, { lines: mergeHead(boxOf(name).lines, items, next), readAtMs: Date.now(), error: null });
  } catch (error) {
    change(name, { error: error as Error });
  }
}

export async function readOlder(name: BoxName): Promise<void> {
  const { lines, loadingOlder } = boxOf(name);
  if (lines.next === null || loadingOlder) return;
  change(name, { loadingOlder: true });
  try {
    const { items, next } = await page(name, lines.next);
    change(name, { lines: mergeOlder(boxOf(name).lines, items, next), loadingOlder: false });
  } catch (error) {
    change(name, { error: error as Error, loadingOlder: false });
  }
}

export function takeInWaiting(name: BoxName): void {
  change(name, { lines: takeIn(boxOf(name).lines) });
}

/** Applies a change to one line in every box that holds it. */
export function changeReport(id: string, apply: (line: ReportLine) => ReportLine): void {
  for (const name of boxes.keys()) change(name, { lines: changeLine(boxOf(name).lines, id, apply) });
}

export function forgetBoxes(): void {
  boxes.clear();
  for (const watcher of watchers) watcher();
}

/** Reads again every box that a screen has opened. */
export function refreshBoxes(): void {
  for (const name of boxes.keys()) void readHead(name);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** @param enabled false for a role that reads no reports: then nothing is asked. */
export function useBox(name: BoxName, enabled = true): Box {
  const read = useCallback(() => boxOf(name), [name]);
  const box = useSyncExternalStore(watch, read);
  useEffect(() => {
    if (enabled) void readHead(name);
  }, [name, enabled]);
  return box;
}
