/** The front page's own server: it asks the bureaus as an officer of each, so no bureau's headers are relaxed. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createPages, type Pages } from '@tripoint/bureau/main';
import type { BureauCard } from './card.ts';
import { Watch } from './watch.ts';

export interface Front {
  port: number;
  stop(): Promise<void>;
}

const jsonHeaders = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export async function openFront(options: {
  port: number;
  cards: readonly BureauCard[];
  webRoot: string;
  random: (n: number) => Uint8Array;
  storyRunning: boolean;
}): Promise<Front> {
  const pages = createPages(options.webRoot, 'front.html', options.random);
  const watch = new Watch(options.cards, options.storyRunning);
  watch.start();
  const server = createServer((request, response) => {
    answer(pages, watch, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async stop() {
      watch.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(pages: Pages, watch: Watch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] as string;
  if (!isOurHost(request)) return void response.writeHead(421).end();
  if (path === '/api/bureaus' && request.method === 'GET') return sendJson(response, await watch.bureaus());
  if (path === '/api/live' && request.method === 'GET') return watch.stream(response);
  if (path === '/api/story' && request.method === 'POST') {
    if (isCrossSite(request)) return void response.writeHead(403).end();
    const running = runningIn(await bodyOf(request));
    if (running === null) return void response.writeHead(400).end();
    watch.tell(running);
    return sendJson(response, { running });
  }
  const page = request.method === 'GET' || request.method === 'HEAD' ? pages.at(path) : null;
  if (!page) return void response.writeHead(404, jsonHeaders).end('{}');
  response.writeHead(page.status, page.headers).end(page.body);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, jsonHeaders).end(JSON.stringify(value));
}

function isOurHost(request: IncomingMessage): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
}

function isCrossSite(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return true;
  const { origin, host } = request.headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

/** What the page asks for, or null when it is no such question. */
function runningIn(text: string): boolean | null {
  try {
    const asked = JSON.parse(text) as { running?: unknown } | null;
    return typeof asked?.running === 'boolean' ? asked.running : null;
  } catch {
    return null;
  }
}

const BODY_CHARACTERS_MAX = 1_000;

/** The body, or nothing when it is longer than any question of ours. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text = (text + String(chunk)).slice(0, BODY_CHARACTERS_MAX + 1);
  return text.length > BODY_CHARACTERS_MAX ? '' : text;
}
