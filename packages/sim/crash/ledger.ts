/** What was acknowledged, kept outside every bureau: the test's own memory, which no kill reaches. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BureauCard } from '../constellation/index.ts';
import { fileUntilAcknowledged } from './outside.ts';

export interface Acknowledged {
  id: string;
  from: string;
  recipients: string[];
  /** Stands in the title, in the text and in the last statement; two reports never share it. */
  mark: string;
  statements: number;
}

export interface Ledger {
  acknowledged: Acknowledged[];
  /** Times a writer had to ask again with the same key. */
  repeats: number;
}

/** Between two reports of one writer: at least, and at most so much more. */
export interface Pace {
  pauseMs: number;
  pauseMsMore: number;
}

const calm: Pace = { pauseMs: 450, pauseMsMore: 300 };
const STATEMENTS = [1, 3, 12, 40];

/** An officer who files one invented report after another until told to stop; the last one is acknowledged as well. */
export async function write(
  card: BureauCard,
  nations: readonly string[],
  random: () => number,
  ledger: Ledger,
  stop: AbortSignal,
  pace: Pace = calm,
): Promise<void> {
  while (!stop.aborted) {
    const others = nations.filter((nation) => nation !== card.nation);
    // Mostly everybody, sometimes only some: nobody else may find it.
    const recipients = random() < 0.7 ? others : others.filter((_, at) => at === 0 || random() < 0.5);
    const statements = STATEMENTS[Math.floor(random() * STATEMENTS.length)] as number;
    await fileOne(card, recipients, statements, random, ledger);
    await sleep(pace.pauseMs + random() * pace.pauseMsMore);
  }
}

/** Files one report of so many statements until it is acknowledged, and notes it. Returns its id. */
export async function fileOne(
  card: BureauCard,
  recipients: readonly string[],
  statements: number,
  random: () => number,
  ledger: Ledger,
  heard?: (answer: string) => void,
): Promise<string> {
  const mark = randomUUID();
  const report = invented(mark, recipients, statements, random);
  const { id, asked } = await fileUntilAcknowledged(card, report, `crash-${mark}`, heard);
  ledger.acknowledged.push({ id, from: card.nation, recipients: [...recipients], mark, statements });
  ledger.repeats += asked - 1;
  return id;
}

function invented(mark: string, recipients: readonly string[], statements: number, random: () => number): object {
  const hidden = random() < 0.15;
  return {
    title: `${statements} invented statements, ${mark}`,
    text: `An invented report, written to survive. ${mark}`,
    lang: 'en',
    recipients,
    purpose: 'detection',
    urgency: random() < 0.2 ? 'urgent' : 'routine',
    grade: { scheme: '4x4', source: 'B', information: '2' },
    marking: { handling: ['H1'], conditions: hidden ? [{ code: 'hide-recipients' }] : [], pap: 'PAP:AMBER' },
    statements: Array.from({ length: statements }, (_, at) => ({
      entity: `e${Math.floor(at / 4)}`,
      schema: 'Person',
      property: at % 4 === 0 ? 'name' : 'note',
      value: at % 4 === 0 ? `Invented Person ${mark} ${at}` : `Seen at place ${at} on an invented day, ${mark}`,
    })),
  };
}

/** What a title says of the report it stands on; null when it is none of ours. */
export function readTitle(title: string): { statements: number; mark: string } | null {
  const [, statements, mark] = /^(\d+) invented statements, ([0-9a-f-]{36})$/.exec(title) ?? [];
  return statements && mark ? { statements: Number(statements), mark } : null;
}

/** Repeatable for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
