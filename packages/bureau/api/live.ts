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

/** Events that carry no item are for every signed-in officer; an item's events only for who may list it. */
async function isFor(ports: LivePorts, viewer: Viewer, event: FeedEvent): Promise<boolean> {
  if (event.item === null) return true;
  const { item } = event;
  return ports.store.read(viewer, (reader) => reader.may('list', item));
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
  void heartbeat(ports, response, signal);
  for await (const event of following) {
    if (signal.aborted) return;
    if (await isFor(ports, viewer, event)) response.write(lineOf(event));
  }
}

async function heartbeat(ports: LivePorts, response: ServerResponse, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(HEARTBEAT_MS, signal);
    if (!signal.aborted) response.write(': still here\n\n');
  }
}
