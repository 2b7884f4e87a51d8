/** The browser's network, timers and chance, as the feed wants them. */
import type { FeedPorts } from './feed.ts';

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const browserPorts: FeedPorts = {
  open: async (lastId, signal) => {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastId !== '') headers['last-event-id'] = lastId;
    const response = await fetch('/api/live', { headers, signal, cache: 'no-store', credentials: 'same-origin' });
    return { status: response.status, body: response.body === null ? null : textOf(response.body) };
  },
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
