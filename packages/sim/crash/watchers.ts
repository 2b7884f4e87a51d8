/** Reads everywhere, all the time, while bureaus die: what is shown is whole, or it is not shown. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BureauCard } from '../constellation/index.ts';
import { readTitle } from './ledger.ts';
import { type Line, told, Unexpected, type Whole } from './outside.ts';

/** Whole reports are read here by six at once, on two cores; more often would be the load itself. */
const PAUSE_MS = 500;
const NEWEST = 25;

export interface Watched {
  reads: number;
  /** Sentences about reports that were shown in part. */
  halves: string[];
}

export async function watch(card: BureauCard, watched: Watched, stop: AbortSignal): Promise<void> {
  const known = new Set<string>();
  while (!stop.aborted) {
    const page = await told<{ items: Line[] }>(card, `/api/reports?limit=${NEWEST}`);
    watched.reads += page ? 1 : 0;
    for (const line of page?.items ?? []) {
      if (known.has(line.id)) continue;
      const whole = await read(card, line, watched);
      if (whole) known.add(line.id);
    }
    await sleep(PAUSE_MS);
  }
}

/** What a list shows can be read, whole, in the same moment. */
async function read(card: BureauCard, line: Line, watched: Watched): Promise<Whole | null> {
  try {
    const whole = await told<Whole>(card, `/api/reports/${line.id}`);
    if (!whole) return null;
    watched.reads += 1;
    const fault =
      partOf(whole) ?? (line.statementCount === whole.statements.length ? null : 'the list counts otherwise');
    if (fault) watched.halves.push(`${card.nation} shows ${line.id} in part: ${fault}`);
    return whole;
  } catch (reason) {
    if (!(reason instanceof Unexpected)) throw reason;
    watched.halves.push(`${card.nation} lists what it cannot show: ${reason.message}`);
    return null;
  }
}

/** What is missing of a report, by its own title; null when it is whole. */
export function partOf(whole: Whole): string | null {
  const title = readTitle(whole.title);
  if (!title) return `an unknown title`;
  if (whole.statements.length !== title.statements || whole.statementCount !== title.statements)
    return `${whole.statements.length} of ${title.statements} statements`;
  if (!whole.text.endsWith(title.mark)) return 'another text';
  return whole.statements.every(({ value }) => value.includes(title.mark)) ? null : 'statements of another report';
}
