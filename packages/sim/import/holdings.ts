/** What a bureau's officer holds, read over the API: a nation's word on what arrived, not the sender's. */
import type { DeliveryView, ReportView, StatementView } from '@tripoint/bureau/desks/reports/contract';
import { canonicalText } from '@tripoint/model/report';
import type { BureauCard } from '../constellation/index.ts';
import { asOfficer, until } from '../scenarios/fixtures/coalition.ts';

async function got<T>(card: BureauCard, path: string): Promise<T> {
  const answer = await asOfficer(card, 'desk-officer', { path });
  if (answer.status !== 200) throw new Error(`${card.nation} answers ${answer.status} to ${path}`);
  return answer.json as T;
}

/** Ids of every report this officer may read, page by page. */
export async function reportIds(card: BureauCard): Promise<string[]> {
  const ids: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: { items: { id: string }[]; next: string | null } = await got(card, `/api/reports?limit=200${cursor}`);
    ids.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  return ids;
}

export interface Held {
  title: string;
  text: string;
  says: string;
  statements: StatementView[];
  /** Each statement with all its fields, keys sorted: equal text, equal statement. */
  canonical: string[];
  /** Names of the source's records; nobody but the originator has any. */
  records: string[];
  /** The same of what the report says around them. */
  frame: string;
}

export async function held(card: BureauCard, id: string): Promise<Held> {
  const {
    title,
    text,
    says,
    statements,
    records,
    lang,
    purpose,
    offence,
    urgency,
    grade,
    marking,
    recipients,
    releasedAt,
  } = await got<ReportView>(card, `/api/reports/${id}`);
  return {
    title,
    text,
    says,
    statements,
    canonical: statements.map((said) => canonicalText(said)),
    records: Object.values(records).flat(),
    frame: canonicalText({
      title,
      text,
      says,
      lang,
      purpose,
      offence,
      urgency,
      grade,
      marking,
      recipients,
      releasedAt,
    }),
  };
}

const VERIFIED_MS_MAX = 40_000;

/** Waits until the signed receipt of every nation is verified at the sender, for every report. */
export async function verifiedAt(card: BureauCard, ids: readonly string[], nations: readonly string[]): Promise<void> {
  const waiting = new Set(ids);
  await until(`${ids.length} reports are verified at ${nations.join(', ')}`, VERIFIED_MS_MAX, async () => {
    for (const id of waiting) {
      const { recipients } = await got<DeliveryView>(card, `/api/reports/${id}/delivery`);
      const verified = recipients.filter(({ state }) => state === 'verified').map(({ nation }) => nation);
      if (verified.sort().join() !== [...nations].sort().join()) return false;
      waiting.delete(id);
    }
    return true;
  });
}
