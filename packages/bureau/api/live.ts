/** The live feed of one officer: server-sent events with ids and codes, never contents (console.md §3). */
import type { ServerResponse } from 'node:http';
import { policy, type Viewer } from '@tripoint/model/policy';
import { maySeeAlarms } from '../desks/admin/index.ts';
import { CursorRefused, type FeedEvent, type Store } from '../store/index.ts';

export const HEARTBEAT_MS = 15_000;
/** Streams one bureau keeps open at a time. */
export const STREAMS_MAX = 500;
/** Tabs, a wall screen and scripts of one officer; one officer must not take the feed from all others. */
export const STREAMS_PER_OFFICER_MAX = 20;
/** What a slow reader may leave unread; then the stream ends and is resumed from its last event. */
const UNREAD_BYTES_MAX = 256 * 1024;

export interface LivePorts {
  store: Store;
  facts: EventFacts;
  clock: { nowMs(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  nation: string;
}

/** Facts of an item are read again after this time: a recall or revocation holds within five seconds. */
const FACTS_MS = 2_000;
const FACTS_KEPT_MAX = 5_000;

type Facts = Awaited<ReturnType<Store['factsOf']>>;

/** Plain facts of the items that events name, read once for all streams of the process. */
export class EventFacts {
  readonly #ports: Pick<LivePorts, 'store' | 'clock'>;
  readonly #known = new Map<string, { facts: Promise<Facts>; atMs: number }>();

  constructor(ports: Pick<LivePorts, 'store' | 'clock'>) {
    this.#ports = ports;
  }

  of(item: string): Promise<Facts> {
    const nowMs = this.#ports.clock.nowMs();
    const before = this.#known.get(item);
    if (before && nowMs - before.atMs < FACTS_MS) return before.facts;
    if (this.#known.size >= FACTS_KEPT_MAX) this.#known.clear();
    const facts = this.#ports.store.factsOf(item);
    this.#known.set(item, { facts, atMs: nowMs });
    return facts;
  }
}

/** An item's events are only for whom the policy holds, alarms for who may list them, the rest for every officer. */
async function isFor(ports: LivePorts, viewer: Viewer, event: FeedEvent): Promise<boolean> {
  if (event.kind === 'alarm' && !maySeeAlarms(viewer)) return false;
  if (event.item === null) return true;
  const facts = await ports.facts.of(event.item);
  return facts !== null && policy.holds(viewer, facts, 'list', ports.clock.nowMs()).allowed;
}

/** The id is a bookmark of this viewer's own: serial numbers would count what is hidden. */
function lineOf(ports: LivePorts, viewer: Viewer, event: FeedEvent): string {
  const data = {
    desk: event.desk,
    ...(event.item === null ? {} : { id: event.item }),
    ...(event.version === null ? {} : { version: event.version }),
    urgency: event.urgency,
  };
  const id = ports.store.bookmark(viewer, event.serial);
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The serial behind a bookmark, or null when it is none of this viewer's or older than what the feed keeps. */
async function keptSerialOf(store: Store, viewer: Viewer, bookmark: string): Promise<number | null> {
  try {
    const serial = store.serialOf(viewer, bookmark);
    return (await store.feed.isKept(serial)) ? serial : null;
  } catch (reason) {
    if (reason instanceof CursorRefused) return null;
    throw reason;
  }
}

/**
 * Writes until the officer goes, the session ends (`signal`) or the bureau stops. From `lastId` on, when that is a
 * bookmark this viewer was given in the last 14 days; any other is answered by `reset`: what was missed must be asked
 * for anew.
 */
export async function writeLive(
  ports: LivePorts,
  viewer: Viewer,
  response: ServerResponse,
  lastId: string | null,
  signal: AbortSignal,
): Promise<void> {
  const serial = lastId === null ? null : await keptSerialOf(ports.store, viewer, lastId);
  const following = ports.store.feed.follow({ from: serial ?? 'now', signal });
  await following.ready;
  response.write(`retry: 2000\nevent: hello\ndata: ${JSON.stringify({ nation: ports.nation })}\n\n`);
  if (lastId !== null && serial === null) response.write('event: reset\ndata: {}\n\n');
  void heartbeat(ports, response, signal);
  for await (const event of following) {
    if (signal.aborted) return;
    if (!(await isFor(ports, viewer, event))) continue;
    response.write(lineOf(ports, viewer, event));
    if (response.writableLength > UNREAD_BYTES_MAX) return;
  }
}

async function heartbeat(ports: LivePorts, response: ServerResponse, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(HEARTBEAT_MS, signal);
    if (!signal.aborted) response.write(': still here\n\n');
  }
}
