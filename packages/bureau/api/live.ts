/** The live feed of one officer: server-sent events with ids and codes, never contents (console.md §3). */
import type { ServerResponse } from 'node:http';
import type { Viewer } from '@tripoint/model/policy';
import type { FeedEvent, Store } from '../store/index.ts';

export const HEARTBEAT_MS = 15_000;
/** Streams one bureau keeps open at a time. */
export const STREAMS_MAX = 500;

export interface LivePorts {
  store: Store;
  clock: { nowMs(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  nation: string;
}

/** A decision is asked again after this time: a revocation holds within five seconds. */
const DECISION_MS = 2_000;
const DECISIONS_KEPT_MAX = 2_000;

/** Events that carry no item are for every signed-in officer; an item's events only for who may list it. */
function decider(ports: LivePorts, viewer: Viewer): (event: FeedEvent) => Promise<boolean> {
  const decided = new Map<string, { allowed: boolean; atMs: number }>();
  return async (event) => {
    if (event.item === null) return true;
    const { item } = event;
    const nowMs = ports.clock.nowMs();
    const before = decided.get(item);
    if (before && nowMs - before.atMs < DECISION_MS) return before.allowed;
    const allowed = await ports.store.read(viewer, (reader) => reader.may('list', item));
    if (decided.size >= DECISIONS_KEPT_MAX) decided.clear();
    decided.set(item, { allowed, atMs: nowMs });
    return allowed;
  };
}

function lineOf(event: FeedEvent): string {
  const data = {
    desk: event.desk,
    ...(event.item === null ? {} : { id: event.item }),
    ...(event.version === null ? {} : { version: event.version }),
    urgency: event.urgency,
  };
  return `id: ${event.serial}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Writes until the officer goes, the session ends (`signal`) or the bureau stops. */
export async function writeLive(
  ports: LivePorts,
  viewer: Viewer,
  response: ServerResponse,
  from: number | 'now',
  signal: AbortSignal,
): Promise<void> {
  const following = ports.store.feed.follow({ from, signal });
  await following.ready;
  response.write(`retry: 2000\nevent: hello\ndata: ${JSON.stringify({ nation: ports.nation })}\n\n`);
  const isFor = decider(ports, viewer);
  void heartbeat(ports, response, signal);
  for await (const event of following) {
    if (signal.aborted) return;
    if (await isFor(event)) response.write(lineOf(event));
  }
}

async function heartbeat(ports: LivePorts, response: ServerResponse, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(HEARTBEAT_MS, signal);
    if (!signal.aborted) response.write(': still here\n\n');
  }
}
