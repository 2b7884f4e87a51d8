/** Follows six bureaus through their own APIs, tells the story, and measures deliveries as their senders see them. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BureauCard, tokenOf } from './card.ts';
import { stepAt, story } from './story.ts';

/** One step of the story each so often: a reader can follow it. */
const STEP_MS = 4_000;
const RECONNECT_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const ASK_AFTER_MS = 150;
/** Reports of a bureau that are counted when we come to it: one page of its list. */
const FILED_SHOWN_MAX = 200;
/** Of these, so many are asked how far they have come. */
const DELIVERIES_ASKED_MAX = 3;
/** Links are told by events; a look now and then finds what an event did not say. */
const LINKS_LOOK_MS = 4_000;

interface Arrival {
  fromNation: string;
  elapsedMs: number;
  at: string;
}

interface Delivery {
  recipients: { nation: string; state: string; elapsedMs: number | null; at: { verified: string | null } }[];
}

export class Watch {
  readonly #cards: readonly BureauCard[];
  readonly #ending = new AbortController();
  readonly #streams = new Set<ServerResponse>();
  readonly #last = new Map<string, Arrival>();
  /** Ids of each bureau's reports: what an event told and a list tells again counts once. */
  readonly #filed = new Map<string, Set<string>>();
  readonly #links = new Map<string, number>();
  readonly #ready = new Set<string>();
  readonly #told = new Set<string>();
  readonly #asking = new Set<string>();
  #running: boolean;
  #step = 0;

  constructor(cards: readonly BureauCard[], running: boolean) {
    this.#cards = cards;
    this.#running = running;
  }

  start(): void {
    for (const card of this.#cards) void this.#follow(card);
    void this.#linksLoop();
    void this.#storyLoop();
    void this.#beat();
  }

  stop(): void {
    this.#ending.abort();
    for (const stream of this.#streams) stream.end();
  }

  tell(running: boolean): void {
    this.#running = running;
    this.#say('story', this.#storyState());
  }

  async bureaus(): Promise<object> {
    return {
      bureaus: this.#cards.map((card) => ({
        nation: card.nation,
        console: card.console,
        ready: this.#ready.has(card.nation),
        links: this.#links.get(card.nation) ?? 0,
        reports: this.#reportsOf(card.nation),
        lastArrival: this.#last.get(card.nation) ?? null,
      })),
      story: this.#storyState(),
    };
  }

  stream(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write(`event: story\ndata: ${JSON.stringify(this.#storyState())}\n\n`);
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #storyState() {
    return { running: this.#running, step: this.#step, steps: story.length };
  }

  #say(event: string, data: object): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async #beat(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await sleep(HEARTBEAT_MS, undefined, { signal: this.#ending.signal }).catch(() => {});
      for (const stream of this.#streams) stream.write(': still here\n\n');
    }
  }

  async #storyLoop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await sleep(STEP_MS, undefined, { signal: this.#ending.signal }).catch(() => {});
      if (!this.#running || this.#ending.signal.aborted) continue;
      await this.#tellStep().catch(() => {});
    }
  }

  async #tellStep(): Promise<void> {
    const step = stepAt(this.#step);
    const card = this.#cards.find(({ nation }) => nation === step.from) as BureauCard;
    const response = await fetch(`${card.url}/api/reports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenOf(card, 'desk-officer')}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify(step.report),
      signal: this.#ending.signal,
    });
    if (!response.ok) return;
    this.#step += 1;
    this.#say('story', this.#storyState());
  }

  async #follow(card: BureauCard): Promise<void> {
    const headers = { authorization: `Bearer ${tokenOf(card, 'desk-officer')}` };
    while (!this.#ending.signal.aborted) {
      try {
        const response = await fetch(`${card.url}/api/live`, { headers, signal: this.#ending.signal });
        if (response.ok && response.body) {
          this.#ready.add(card.nation);
          await this.#askLinks(card);
          this.#sayBureau(card.nation);
          void this.#askFiled(card).catch(() => {});
          for await (const event of eventsOf(response.body)) await this.#hear(card, event);
        }
      } catch {
        // The bureau is away: shown as such, asked again.
      }
      this.#ready.delete(card.nation);
      this.#links.delete(card.nation);
      this.#sayBureau(card.nation);
      await sleep(RECONNECT_MS, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
  }

  #sayBureau(nation: string): void {
    this.#say('bureau', {
      nation,
      ready: this.#ready.has(nation),
      links: this.#links.get(nation) ?? 0,
      reports: this.#reportsOf(nation),
    });
  }

  async #linksLoop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await sleep(LINKS_LOOK_MS, undefined, { signal: this.#ending.signal }).catch(() => {});
      await Promise.all(this.#cards.map((card) => this.#lookAtLinks(card)));
    }
  }

  async #lookAtLinks(card: BureauCard): Promise<void> {
    if (!this.#ready.has(card.nation) || this.#ending.signal.aborted) return;
    const before = this.#links.get(card.nation);
    // A bureau that does not answer now is found away by its live feed.
    await this.#askLinks(card).catch(() => {});
    if (this.#links.get(card.nation) !== before) this.#sayBureau(card.nation);
  }

  /** How many links are up, as this bureau sees them. */
  async #askLinks(card: BureauCard): Promise<void> {
    const response = await fetch(`${card.url}/api/coalition`, {
      headers: { authorization: `Bearer ${tokenOf(card, 'desk-officer')}` },
      signal: this.#ending.signal,
    });
    if (!response.ok) return;
    const { members } = (await response.json()) as { members: { link: string }[] };
    // Asked before the bureau went away, answered after: an absent bureau has no links.
    if (this.#ready.has(card.nation)) this.#links.set(card.nation, members.filter(({ link }) => link === 'up').length);
  }

  async #hear(card: BureauCard, event: { kind: string; data: { id?: string } }): Promise<void> {
    const { id } = event.data;
    if (event.kind === 'report.filed' && id) {
      this.#noteFiled(card.nation, [id]);
      this.#sayBureau(card.nation);
    }
    if (event.kind === 'link.changed') void this.#lookAtLinks(card);
    if (event.kind === 'report.delivery' && id) this.#askSoon(card, id);
  }

  #reportsOf(nation: string): number {
    return this.#filed.get(nation)?.size ?? 0;
  }

  #noteFiled(nation: string, ids: readonly string[]): void {
    this.#filed.set(nation, (this.#filed.get(nation) ?? new Set()).union(new Set(ids)));
  }

  /** What was filed before we listened, and how fast the latest of it was: a front page opened later is not empty. */
  async #askFiled(card: BureauCard): Promise<void> {
    const response = await fetch(`${card.url}/api/reports?box=sent&limit=${FILED_SHOWN_MAX}`, {
      headers: { authorization: `Bearer ${tokenOf(card, 'desk-officer')}` },
      signal: this.#ending.signal,
    });
    if (!response.ok) return;
    const { items } = (await response.json()) as { items: { id: string }[] };
    const ids = items.map(({ id }) => id);
    this.#noteFiled(card.nation, ids);
    this.#sayBureau(card.nation);
    for (const id of ids.slice(0, DELIVERIES_ASKED_MAX).reverse()) await this.#ask(card, id);
  }

  /** Five receipts come one after the other: asked once when they have come, a watcher costs the bureaus little. */
  #askSoon(card: BureauCard, id: string): void {
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    void sleep(ASK_AFTER_MS, undefined, { signal: this.#ending.signal })
      .then(() => {
        this.#asking.delete(id);
        return this.#ask(card, id);
      })
      .catch(() => this.#asking.delete(id));
  }

  async #ask(card: BureauCard, id: string): Promise<void> {
    const response = await fetch(`${card.url}/api/reports/${id}/delivery`, {
      headers: { authorization: `Bearer ${tokenOf(card, 'desk-officer')}` },
      signal: this.#ending.signal,
    });
    if (!response.ok) return;
    for (const recipient of ((await response.json()) as Delivery).recipients) this.#note(card.nation, id, recipient);
  }

  #note(from: string, id: string, recipient: Delivery['recipients'][number]): void {
    const mark = `${id}/${recipient.nation}`;
    if (recipient.elapsedMs === null || this.#told.has(mark)) return;
    if (this.#told.size > 20_000) this.#told.clear();
    this.#told.add(mark);
    const arrival = { fromNation: from, elapsedMs: recipient.elapsedMs, at: recipient.at.verified ?? '' };
    this.#last.set(recipient.nation, arrival);
    this.#say('delivery', {
      from,
      to: recipient.nation,
      elapsedMs: recipient.elapsedMs,
      at: arrival.at,
      reportNumber: this.#reportsOf(from),
    });
  }
}

/** Server-sent events of a stream, as the HTML standard parses them. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ kind: string; data: { id?: string } }> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const kind = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (kind && data) yield { kind, data: JSON.parse(data) as { id?: string } };
    }
  }
}
