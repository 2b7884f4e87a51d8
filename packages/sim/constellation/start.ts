/** `npm start`: the coalition of six with an invented story, and one address to open. */
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemRandom } from '@tripoint/bureau/main';
import { openConstellation } from './constellation.ts';
import { openFront } from './front.ts';
import { seedStory } from './seed.ts';
import { builtConsole, consoleFiles } from './web-root.ts';
import { writeCards } from './write-cards.ts';

const DEFAULT_PORT = 7100;
/** A bureau whose database is gone may wait for it in vain while it stops. */
const STOP_WITHOUT_DATABASE_MS_MAX = 10_000;
const say = (sentence: string) => console.error(sentence);

const values = optionsOf(process.argv.slice(2));
const firstPort = Number(process.env.TRIPOINT_PORT ?? DEFAULT_PORT);
const dataDir = resolve(process.env.TRIPOINT_DATA || join(import.meta.dirname, '..', '..', '..', '.data'));
const launchedMs = Number(process.env.TRIPOINT_LAUNCHED_MS ?? performance.timeOrigin);

/** Why the coalition ends: null when a person asked for it. */
const ending = new AbortController();
let whyItEnds: Error | null = null;

function end(why: Error | null): void {
  if (ending.signal.aborted) return;
  whyItEnds = why;
  say(why ? `tripoint: ${sentenceOf(why)}` : 'Stopping …');
  ending.abort();
}
// Before anything starts: whatever has started by then is stopped.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(null));
// A terminal that was closed takes no more sentences; the databases are stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** Everything is up until `ending`, and stopped when this returns or throws. */
async function run({ signal }: AbortController): Promise<void> {
  await using running = new AsyncDisposableStack();
  if (!Number.isInteger(firstPort) || firstPort < 1 || firstPort > 65_500) {
    throw new Error('TRIPOINT_PORT is not a port number between 1 and 65500');
  }
  say('Starting six bureaus. Everybody and everything in them is invented.');
  const webReady = builtConsole(say, signal);
  // Shown where it is awaited; without this a failed build would end the process before it can be worded.
  webReady.catch(() => {});
  let readyMs: number | null = null;
  const constellation = await openConstellation({
    dataDir,
    firstPort,
    processes: values.processes,
    fresh: values.fresh,
    webRoot: consoleFiles,
    webReady,
    say,
    signal,
    onLost: end,
    onBack: (cards) => {
      // One that came back before all had answered stands in the first writing.
      if (readyMs === null) return;
      try {
        writeCards(dataDir, readyMs, cards);
      } catch (reason) {
        // The bureau is up all the same; only its new number is not written down.
        say(`tripoint: ${sentenceOf(reason)}`);
      }
    },
  });
  running.defer(() => constellation.stop());
  readyMs = Date.now() - launchedMs;
  const front = await openFront({
    port: firstPort,
    cards: constellation.cards,
    webRoot: await webReady,
    random: systemRandom,
    storyRunning: false,
  });
  running.defer(() => front.stop());
  writeCards(dataDir, readyMs, constellation.cards);
  if (!values['no-story']) await seedStory(constellation.cards, signal);
  say(`\nAll six answer after ${(readyMs / 1000).toFixed(1)} s. Open  http://localhost:${front.port}/\n`);
  if (!signal.aborted) await once(signal, 'abort');
  if (whyItEnds) setTimeout(() => process.exit(1), STOP_WITHOUT_DATABASE_MS_MAX).unref();
}

run(ending).then(
  () => process.exit(whyItEnds ? 1 : 0),
  (reason: unknown) => {
    const asked = ending.signal.aborted;
    if (!asked) say(`tripoint: ${sentenceOf(reason)}`);
    ending.abort(); // a console that is still being built is not waited for
    process.exit(asked && !whyItEnds ? 0 : 1);
  },
);

function sentenceOf(reason: unknown): string {
  const failure = reason as { code?: string; message?: string; port?: number };
  if (failure.code === 'EADDRINUSE')
    return `port ${failure.port} is taken; set TRIPOINT_PORT to the first of 20 free ports.`;
  if (failure.code === 'ENOSPC') return 'the disk is full; free some space or set TRIPOINT_DATA to another folder.';
  if (failure.code === 'EACCES')
    return `this account may not write to ${dataDir}; set TRIPOINT_DATA to a folder of yours.`;
  return failure.message ?? String(reason);
}

function optionsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        fresh: { type: 'boolean', default: false },
        processes: { type: 'boolean', default: false },
        'no-story': { type: 'boolean', default: false },
      },
    }).values;
  } catch {
    say('tripoint: npm start takes --fresh, --processes and --no-story, behind a --, such as npm start -- --fresh');
    process.exit(2);
  }
}
