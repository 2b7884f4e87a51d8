/** Everybody writes and reads while something happens to them; afterwards the ledger is compared with what each shows. */
import { type Ledger, type Pace, write } from './ledger.ts';
import { type Figures, type Outcome, seconds } from './outcome.ts';
import { surely } from './outside.ts';
import type { CrashPlace } from './place.ts';
import { outboxesEmpty, reckon } from './reckoning.ts';
import { type Watched, watch } from './watchers.ts';

/** A hold lets go after a moment and links are dialled again within a minute. */
const EMPTY_WITHIN_MS = 90_000;

export interface UnderLoad {
  pace?: Pace;
  /** Alarms that are right here, by code; any other fails the scenario. */
  expectedAlarms?: readonly string[];
}

/** `happening` breaks things and mends them; it ends with everybody up. Its figures stand in the outcome. */
export async function underLoad(
  { constellation: { cards }, nations }: CrashPlace,
  random: () => number,
  { pace, expectedAlarms = [] }: UnderLoad,
  happening: (ledger: Ledger) => Promise<Figures>,
): Promise<Outcome> {
  const [ending, watching] = [new AbortController(), new AbortController()];
  const ledger: Ledger = { acknowledged: [], repeats: 0 };
  const watched: Watched = { reads: 0, halves: [] };
  const writers = cards.map((card) => write(card, nations, random, ledger, ending.signal, pace));
  const watchers = cards.map((card) => watch(card, watched, watching.signal));
  for (const one of [...writers, ...watchers]) one.catch(() => {});
  const figures = await happening(ledger).finally(() => ending.abort());
  await Promise.all(writers);
  const emptyMs = await outboxesEmpty(cards, EMPTY_WITHIN_MS).finally(() => watching.abort());
  await Promise.all(watchers);
  const { deliveries, ...faults } = await reckon(cards, ledger.acknowledged);
  const alarms = await alarmsOf(cards, expectedAlarms);
  return {
    figures: {
      ...figures,
      acknowledged: ledger.acknowledged.length,
      askedAgain: ledger.repeats,
      deliveries,
      lost: faults.lost.length,
      doubled: faults.doubled.length,
      halfVisible: watched.halves.length + faults.partial.length,
      reads: watched.reads,
      outboxesEmptySec: seconds(emptyMs),
    },
    wrong: [
      ...Object.entries(faults).flatMap(([fault, those]) => those.map((one) => `${fault}: ${one}`)),
      ...watched.halves,
      ...alarms,
      ...(deliveries > 0 ? [] : ['nothing was delivered, so nothing was tried']),
    ],
  };
}

async function alarmsOf(cards: CrashPlace['constellation']['cards'], expected: readonly string[]): Promise<string[]> {
  const seen = await Promise.all(
    cards.map(async (card) => {
      const { items } = await surely<{ items: { code: string }[] }>(card, '/api/alarms', 'administrator');
      return items.filter(({ code }) => !expected.includes(code)).map(({ code }) => `${card.nation} alarms: ${code}`);
    }),
  );
  return seen.flat();
}
