/** One bureau that runs, in this process or its own, and how several are opened so that none is left over. */
import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { type Bureau, type BureauConfig, tokenHashOf } from '@tripoint/bureau/main';
import type { BureauCard } from './card.ts';
import type { DemoSecrets } from './demo-secrets.ts';
import { inventedOfficers } from './invented-officers.ts';
import { consoleHost, type Place } from './nations.ts';

export interface Running {
  card: BureauCard;
  bureau: Bureau | null;
  child: ChildProcess | null;
  /** Resolves with how its process ended when nobody asked for it; null without a process of its own. */
  lost: Promise<string> | null;
  stop(): Promise<void>;
  /** The same bureau on the same data, after it stopped. The signal gives a start up that is under way. */
  again(signal?: AbortSignal): Promise<Running>;
}

/** What one bureau is opened from. */
export interface Plan {
  place: Place;
  config: BureauConfig;
  secrets: DemoSecrets;
}

/** The bureaus by nation, and the end of them all, with what they share. */
export interface Opened {
  running: Map<string, Running>;
  stop(): Promise<void>;
}

export const databaseName = (nation: string) => `tripoint_${nation.toLowerCase()}`;

export function planOf(dataDir: string, webRoot: string | null, place: Place, secrets: DemoSecrets): Plan {
  const { nation } = place;
  const own = join(dataDir, nation.toLowerCase());
  const config: BureauConfig = {
    nation,
    dataDir: own,
    passphrase: secrets.passphrases[nation] as string,
    api: { host: '127.0.0.1', port: place.api },
    peers: { host: '127.0.0.1', port: place.peers },
    consoleHosts: [consoleHost(nation)],
    officers: officersOf(nation, secrets).map(({ token: _, ...officer }) => officer),
    demo: true,
    webRoot,
    logFile: join(own, 'bureau.log'),
  };
  return { place, config, secrets };
}

function officersOf(nation: string, secrets: DemoSecrets) {
  const tokenOf = (id: string) => createHmac('sha256', secrets.tokenSeed).update(id).digest('base64url');
  return inventedOfficers(nation, secrets.agencies[nation] as DemoSecrets['agencies'][string], tokenOf, tokenHashOf);
}

export function cardOf({ place, secrets }: Plan, port: number, pid: number): BureauCard {
  return {
    nation: place.nation,
    url: `http://127.0.0.1:${port}`,
    console: `http://${consoleHost(place.nation)}:${port}`,
    pid,
    officers: officersOf(place.nation, secrets).map(({ name, roles, token }) => ({
      name,
      role: roles[0] as string,
      token,
    })),
  };
}

/** All of them, or none: when one fails, those that did open are stopped, and the first failure is thrown. */
export async function allOrNone(opening: readonly Promise<Running>[]): Promise<Map<string, Running>> {
  const outcomes = await Promise.allSettled(opening);
  const opened = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (!failed) return new Map(opened.map((one) => [one.card.nation, one]));
  await Promise.allSettled(opened.map((one) => one.stop()));
  throw failed.reason;
}
