/**
 * The live feed of one bureau: keeps one stream open, resumes with Last-Event-ID, watches the heartbeat.
 * Clock, timers and network are handed in, so that a test can play 40 silent seconds in no time.
 */
import { type ServerEvent, sseReader } from './sse.ts';

/** The server beats every 15 s; after two missed beats and a margin the line counts as silent. */
export const silentAfterMs = 40_000;
const reconnectFirstMs = 500;
const reconnectMostMs = 30_000;

/** connecting: not yet open · live: beating · silent: open but mute, or broken and being dialled again · ended: signed out. */
export type FeedState = 'connecting' | 'live' | 'silent' | 'ended';

export interface FeedPorts {
  open: (lastId: string, signal: AbortSignal) => Promise<{ status: number; body: AsyncIterable<string> | null }>;
  after: (delayMs: number, run: () => void) => () => void;
  /** 0..1, spreads the reconnects of many officers. */
  random: () => number;
}

export interface FeedListener {
  event: (event: ServerEvent) => void;
  state: (state: FeedState) => void;
}

/** Opens the feed; the answer stops it for good. */
export function openFeed(ports: FeedPorts, listener: FeedListener): () => void {
  let lastId = '';
  let failures = 0;
  let stopped = false;
  let abort = new AbortController();
  let cancelWatch = () => {};
  let cancelRetry = () => {};
  let state: FeedState | null = null;

  const tell = (next: FeedState) => {
    if (next !== state && !stopped) listener.state(next);
    state = next;
  };
  const beat = () => {
    cancelWatch();
    cancelWatch = ports.after(silentAfterMs, () => {
      tell('silent');
      abort.abort();
    });
  };
  const retry = () => {
    if (stopped) return;
    failures += 1;
    const ceiling = Math.min(reconnectMostMs, reconnectFirstMs * 2 ** Math.min(failures, 10));
    cancelRetry = ports.after(ceiling * (0.5 + ports.random() / 2), () => void connect());
  };
  const end = () => {
    tell('ended');
    stopped = true;
    cancelWatch();
    cancelRetry();
    abort.abort();
  };
  const connect = async (): Promise<void> => {
    abort = new AbortController();
    beat();
    try {
      const answer = await ports.open(lastId, abort.signal);
      if (answer.status === 401) return end();
      if (answer.status !== 200 || answer.body === null) throw new Error(`feed answered ${answer.status}`);
      const read = sseReader(lastId);
      for await (const piece of answer.body) {
        if (stopped) return;
        failures = 0;
        beat();
        tell('live');
        for (const event of read(piece)) {
          lastId = event.lastId;
          listener.event(event);
        }
      }
    } catch {
      // Broken line or our own abort after silence: both lead to the next attempt.
    }
    if (!stopped && failures >= 1) tell('silent');
    retry();
  };

  tell('connecting');
  void connect();
  return () => {
    stopped = true;
    cancelWatch();
    cancelRetry();
    abort.abort();
  };
}
