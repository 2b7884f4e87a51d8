/** After everything: the ledger against what each bureau shows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BureauCard } from '../constellation/index.ts';
import { type Acknowledged, readTitle } from './ledger.ts';
import { allLines, surely, told, type Whole } from './outside.ts';
import { partOf } from './watchers.ts';

interface Delivery {
  recipients: { nation: string; state: string; at: { verified: string | null } }[];
}

interface Coalition {
  members: { queued: number }[];
}

const LOOK_MS = 100;

/** Milliseconds until nobody's outbox holds anything; throws when that takes longer than `withinMs`. */
export async function outboxesEmpty(cards: readonly BureauCard[], withinMs: number): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const seen = await Promise.all(cards.map((card) => told<Coalition>(card, '/api/coalition', 'administrator')));
    const waiting = seen.map((one) => (one ? one.members.reduce((sum, { queued }) => sum + queued, 0) : null));
    const ms = performance.now() - startMs;
    if (waiting.every((count) => count === 0)) return ms;
    if (ms > withinMs) throw new Error(`outboxes still hold ${waiting.join(', ')} after ${Math.round(ms)} ms`);
    await sleep(LOOK_MS);
  }
}

export interface Reckoning {
  deliveries: number;
  lost: string[];
  doubled: string[];
  partial: string[];
  /** Deliveries that stand at anything but `verified`. */
  unproven: string[];
  /** Shown to a nation that is no recipient, or filed without having been acknowledged. */
  strays: string[];
}

export async function reckon(cards: readonly BureauCard[], acknowledged: readonly Acknowledged[]): Promise<Reckoning> {
  const reckoning: Reckoning = { deliveries: 0, lost: [], doubled: [], partial: [], unproven: [], strays: [] };
  const sent = new Map<string, string>();
  const together = (of: (card: BureauCard) => Promise<void>) => Promise.all(cards.map(of));
  await together(async (card) => {
    const own = acknowledged.filter(({ from }) => from === card.nation);
    await compareList(card, 'sent', own, reckoning);
    for (const one of own) {
      const whole = await surely<Whole>(card, `/api/reports/${one.id}`);
      sent.set(one.id, JSON.stringify(whole.statements));
      await compareTicks(card, one, reckoning);
    }
  });
  await together(async (card) => {
    const due = acknowledged.filter(({ recipients }) => recipients.includes(card.nation));
    const found = await compareList(card, 'received', due, reckoning);
    for (const { id } of due.filter((one) => found.has(one.id))) {
      reckoning.deliveries += 1;
      const whole = await surely<Whole>(card, `/api/reports/${id}`);
      const fault = partOf(whole) ?? (JSON.stringify(whole.statements) === sent.get(id) ? null : 'other statements');
      if (fault) reckoning.partial.push(`${card.nation} ${id}: ${fault}`);
    }
  });
  return reckoning;
}

/** Every report that is due stands in the list once, under its id and under its mark, and no other does. */
async function compareList(
  card: BureauCard,
  box: 'sent' | 'received',
  due: readonly Acknowledged[],
  reckoning: Reckoning,
): Promise<Set<string>> {
  const lines = await allLines(card, box);
  const marks = Map.groupBy(lines, ({ title }) => readTitle(title)?.mark ?? title);
  const ids = new Set(lines.map(({ id }) => id));
  const word = `${card.nation} ${box}`;
  for (const { id, mark } of due) {
    if (!ids.has(id)) reckoning.lost.push(`${word} ${id}`);
    if ((marks.get(mark)?.length ?? 0) > 1) reckoning.doubled.push(`${word} ${id}`);
  }
  const dueIds = new Set(due.map(({ id }) => id));
  for (const id of ids) if (!dueIds.has(id)) reckoning.strays.push(`${word} ${id}`);
  return ids;
}

async function compareTicks(card: BureauCard, { id, recipients }: Acknowledged, reckoning: Reckoning): Promise<void> {
  const { recipients: seen } = await surely<Delivery>(card, `/api/reports/${id}/delivery`);
  for (const nation of recipients) {
    const tick = seen.find((one) => one.nation === nation);
    if (tick?.state !== 'verified' || tick.at.verified === null)
      reckoning.unproven.push(`${card.nation} → ${nation} ${id}: ${tick?.state}`);
  }
  if (seen.length !== recipients.length) reckoning.unproven.push(`${card.nation} ${id}: ${seen.length} deliveries`);
}
