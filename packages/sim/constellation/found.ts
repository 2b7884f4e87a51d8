/** The founding of the demonstration's coalition: custodians, charter version 1 and first directories, made once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holdCeremony, systemClock, systemRandom } from '@tripoint/bureau/main';
import type { DemoSecrets } from './demo-secrets.ts';
import type { Place } from './nations.ts';

const bureauDir = (dataDir: string, nation: string) => join(dataDir, nation.toLowerCase());

/** Addresses stand in the charter, so the ports of a founded coalition stay what they were. */
export async function ensureFounded(dataDir: string, places: readonly Place[], secrets: DemoSecrets): Promise<void> {
  const founded = places.map(({ nation }) => existsSync(join(bureauDir(dataDir, nation), 'founding.cbor')));
  if (founded.every(Boolean)) return;
  if (founded.some(Boolean))
    throw new Error(`${dataDir} holds half a coalition; start with --fresh or use another TRIPOINT_DATA.`);
  await holdCeremony({
    nations: places.map(({ nation, peers }) => ({
      nation,
      address: `127.0.0.1:${peers}`,
      dir: bureauDir(dataDir, nation),
      passphrase: secrets.passphrases[nation] as string,
    })),
    clock: systemClock,
    random: systemRandom,
  });
}
