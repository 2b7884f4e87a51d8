/** The front page says how many links a bureau really has up. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Watch } from './watch.ts';

const HEARD_MS_MAX = 3_000; // less than the look now and then, so only the event can have told it

/** A bureau as far as the front page asks it: a live feed, and its members with their links. */
async function bureauWith(t: TestContext, links: string[]) {
  const feeds = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer desk') return void response.writeHead(401).end();
    if (request.url === '/api/coalition')
      return void response.end(JSON.stringify({ members: links.map((link) => ({ link })) }));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: hello\ndata: {}\n\n');
    feeds.add(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const card = {
    nation: 'KR',
    url,
    console: url,
    pid: 1,
    officers: [{ name: 'x', role: 'desk-officer', token: 'desk' }],
  };
  return {
    card,
    tell: () => feeds.forEach((feed) => void feed.write('event: link.changed\ndata: {}\n\n')),
    away: () => server.closeAllConnections(),
  };
}

async function linksBecome(watch: Watch, links: number): Promise<void> {
  for (const untilMs = performance.now() + HEARD_MS_MAX; ; await sleep(20)) {
    const { bureaus } = (await watch.bureaus()) as { bureaus: { links: number }[] };
    if (bureaus[0]?.links === links) return;
    assert.ok(performance.now() < untilMs, `${bureaus[0]?.links} links are shown, ${links} are up`);
  }
}

test('the front page counts the links that are up and follows them down; a bureau that is away has none', async (t) => {
  const links = ['self', 'up', 'up', 'down'];
  const bureau = await bureauWith(t, links);
  const watch = new Watch([bureau.card], false);
  const said: string[] = [];
  watch.stream({
    writeHead() {},
    write: (text: string) => said.push(text),
    on() {},
    end() {},
  } as unknown as ServerResponse);
  watch.start();
  t.after(() => watch.stop());
  await linksBecome(watch, 2);
  links[1] = 'down';
  bureau.tell();
  await linksBecome(watch, 1);
  assert.ok(said.some((text) => /^event: bureau\ndata: .*"links":1/.test(text)));
  bureau.away();
  await linksBecome(watch, 0);
});
