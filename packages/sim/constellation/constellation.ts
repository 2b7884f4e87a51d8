/** Six bureaus on one machine: real PostgreSQL, real sealing, real sockets. Used by `npm start`, tests and bench alike. */
import type { ChildProcess } from 'node:child_process';
import type { Bureau } from '@tripoint/bureau/main';
import type { BureauCard } from './card.ts';
import { clearFolder, keepLayout, takeFolder } from './data-folder.ts';
import { demoSecrets } from './demo-secrets.ts';
import { ensureFounded } from './found.ts';
import { openInProcesses } from './in-processes.ts';
import { placesFrom } from './nations.ts';
import { reviveUntil } from './revive.ts';
import { planOf } from './running.ts';
import { openTogether } from './together.ts';

export interface ConstellationOptions {
  dataDir: string;
  /** First of a block of ports; 0 lets the system choose (then bureaus cannot be restarted at their old address). */
  firstPort: number;
  /** Each bureau as its own process, with its own database server. */
  processes: boolean;
  webRoot: string | null;
  /** Resolves when `webRoot` is built; bureaus start meanwhile. */
  webReady?: Promise<unknown>;
  /** Begin anew: what an earlier coalition made in the folder is deleted, and its databases are dropped. */
  fresh?: boolean;
  /** Only some of the six. */
  nations?: readonly string[];
  /** Where log lines go; by default a file a bureau under the data folder. */
  say: (sentence: string) => void;
  /** Ends an opening that is under way; what had started is stopped, and the reason is thrown. */
  signal?: AbortSignal;
  /** The shared database server could not be brought back. A bureau with a process of its own ends by itself. */
  onLost?: (why: Error) => void;
  /**
   * With `processes`: a bureau whose process ends unasked is started again after a moment, and this is told the cards
   * with its new number. Without it such a bureau stays away until `restart`.
   */
  onBack?: (cards: BureauCard[]) => void;
}

export interface Constellation {
  /** One a nation, kept up to date: a bureau that was started again shows its new process. */
  cards: BureauCard[];
  /** The bureau itself when it runs in this process: a test may stand at its peers' door. */
  bureau(nation: string): Bureau | null;
  /** A bureau's process, when it has one of its own. */
  child(nation: string): ChildProcess | null;
  /** Starts a bureau again that was stopped or whose process was killed; its data is where it was. */
  restart(nation: string): Promise<void>;
  stop(): Promise<void>;
}

/** Throws one sentence when the folder, its layout or a port stands against it; nothing is left running then. */
export async function openConstellation(options: ConstellationOptions): Promise<Constellation> {
  const { dataDir, signal } = options;
  await using opening = new AsyncDisposableStack();
  const held = takeFolder(dataDir);
  opening.defer(() => held.release());
  if (options.fresh) await clearFolder(dataDir);
  const places = placesFrom(options.firstPort).filter(({ nation }) => options.nations?.includes(nation) ?? true);
  const secrets = demoSecrets(
    dataDir,
    places.map(({ nation }) => nation),
  );
  keepLayout(dataDir, options.processes);
  await ensureFounded(dataDir, places, secrets);
  if (options.processes) await options.webReady;
  signal?.throwIfAborted();
  const plans = places.map((place) => planOf(dataDir, options.webRoot, place, secrets));
  const { running, stop } = await (options.processes ? openInProcesses : openTogether)(options, plans);
  opening.defer(stop);
  signal?.throwIfAborted();
  const cards = [...running.values()].map(({ card }) => card);
  const restart = async (nation: string, unwanted?: AbortSignal) => {
    const stopped = running.get(nation);
    if (!stopped) throw new Error(`${nation} is not in this constellation`);
    const again = await stopped.again(unwanted);
    running.set(nation, again);
    cards.splice(cards.indexOf(stopped.card), 1, again.card);
  };
  const { onBack } = options;
  if (onBack) {
    const ending = new AbortController();
    const reviving = reviveUntil({
      running,
      restart: async (nation, unwanted) => {
        await restart(nation, unwanted);
        onBack(cards);
      },
      say: options.say,
      signal: signal ? AbortSignal.any([ending.signal, signal]) : ending.signal,
    });
    // Before the bureaus are stopped: whoever is on the way up is given up, and nobody else is started.
    opening.defer(async () => {
      ending.abort(new Error('the coalition was stopped'));
      await reviving;
    });
  }
  const closing = opening.move();
  return {
    cards,
    bureau: (nation) => running.get(nation)?.bureau ?? null,
    child: (nation) => running.get(nation)?.child ?? null,
    restart: (nation) => restart(nation),
    stop: () => closing.disposeAsync(),
  };
}
