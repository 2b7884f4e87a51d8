/** The founding of the demonstration's coalition: custodians, charter version 1 and first directories, made once. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdCeremony, systemClock, systemRandom } from '@tripoint/bureau/main';
import type { DemoSecrets } from './demo-secrets.ts';
import { FIRST_PEER_OFFSET, type Place, placesFrom } from './nations.ts';
import { damaged, readRecord } from './record.ts';

const bureauDir = (dataDir: string, nation: string) => join(dataDir, nation.toLowerCase());

/** Addresses stand in the charter, so the ports of a founded coalition stay what they were. */
export async function ensureFounded(dataDir: string, places: readonly Place[], secrets: DemoSecrets): Promise<void> {
  const founded = places.map(({ nation }) => existsSync(join(bureauDir(dataDir, nation), 'founding.cbor')));
  if (founded.every(Boolean)) return refuseOtherPorts(dataDir, places);
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
  writeFileSync(portsFile(dataDir), JSON.stringify(portsOf(places)), { mode: 0o600 });
}

const portsFile = (dataDir: string) => join(dataDir, 'ports.json');
const portsOf = (places: readonly Place[]) => Object.fromEntries(places.map(({ nation, peers }) => [nation, peers]));

/** With other ports than the charter names, six bureaus would start and none would find another. */
function refuseOtherPorts(dataDir: string, places: readonly Place[]): void {
  if (!existsSync(portsFile(dataDir))) return;
  const known = readRecord(portsFile(dataDir)) as Record<string, number>;
  if (places.some(({ nation }) => !Number.isInteger(known[nation]))) throw damaged(portsFile(dataDir));
  const other = places.find(({ nation, peers }) => known[nation] !== peers);
  if (!other) return;
  const firstThen = placesFrom(0).findIndex(({ nation }) => nation === other.nation);
  const first = (known[other.nation] as number) - FIRST_PEER_OFFSET - firstThen;
  throw new Error(
    `${dataDir} holds a coalition whose charter names other ports; start with TRIPOINT_PORT=${first}, or begin anew with --fresh.`,
  );
}
