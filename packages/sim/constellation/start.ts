/** `npm start`: the coalition of six with an invented story, and one address to open. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemRandom } from '@tripoint/bureau/main';
import { openConstellation } from './constellation.ts';
import { openFront } from './front.ts';
import { seedStory } from './seed.ts';
import { builtConsole, consoleFiles } from './web-root.ts';

const DEFAULT_PORT = 7100;
const say = (sentence: string) => console.error(sentence);

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    'no-story': { type: 'boolean', default: false },
  },
});
const firstPort = Number(process.env.TRIPOINT_PORT ?? DEFAULT_PORT);
const dataDir = resolve(process.env.TRIPOINT_DATA ?? join(import.meta.dirname, '..', '..', '..', '.data'));
const launchedMs = Number(process.env.TRIPOINT_LAUNCHED_MS ?? performance.timeOrigin);

async function main(): Promise<void> {
  if (!Number.isInteger(firstPort) || firstPort < 1 || firstPort > 65_500) {
    throw new Error('TRIPOINT_PORT is not a port number between 1 and 65500');
  }
  if (values.fresh) rmSync(dataDir, { recursive: true, force: true });
  say('Starting six bureaus. Everybody and everything in them is invented.');
  const webReady = builtConsole(say);
  // Shown where it is awaited; without this a failed build would end the process before it can be worded.
  webReady.catch(() => {});
  const constellation = await openConstellation({
    dataDir,
    firstPort,
    processes: values.processes,
    fresh: values.fresh,
    webRoot: consoleFiles,
    webReady,
    say,
  });
  const readyMs = Date.now() - launchedMs;
  writeFileSync(
    join(dataDir, 'constellation.json'),
    `${JSON.stringify({ ready_ms: Math.round(readyMs), bureaus: constellation.cards }, null, 2)}\n`,
    { mode: 0o600 },
  );
  const front = await openFront({
    port: firstPort,
    cards: constellation.cards,
    webRoot: await webReady,
    random: systemRandom,
    storyRunning: false,
  });
  if (!values['no-story']) await seedStory(constellation.cards);
  say(`\nAll six answer after ${(readyMs / 1000).toFixed(1)} s. Open  http://localhost:${front.port}/\n`);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    say('Stopping …');
    await front.stop();
    await constellation.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

main().catch((reason: unknown) => {
  say(`tripoint: ${sentenceOf(reason)}`);
  process.exit(1);
});

function sentenceOf(reason: unknown): string {
  const failure = reason as { code?: string; message?: string; port?: number };
  if (failure.code === 'EADDRINUSE')
    return `port ${failure.port} is taken; set TRIPOINT_PORT to the first of 20 free ports.`;
  if (failure.code === 'ENOSPC') return 'the disk is full; free some space or set TRIPOINT_DATA to another folder.';
  if (failure.code === 'EACCES')
    return `this account may not write to ${dataDir}; set TRIPOINT_DATA to a folder of yours.`;
  return failure.message ?? String(reason);
}
