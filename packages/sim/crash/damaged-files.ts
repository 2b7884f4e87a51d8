/**
 * Every file a bureau and a coalition keep beside the database, with one bit turned over or its end cut off: what reads
 * it refuses, or has read the very same.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { custodianFile, openCustodian, openKeyring, readFounding } from '@tripoint/bureau/keys';
import { keepLayout } from '../constellation/data-folder.ts';
import { demoSecrets } from '../constellation/demo-secrets.ts';
import { ensureFounded } from '../constellation/found.ts';
import { placesFrom } from '../constellation/nations.ts';
import { cutOff, oneBit } from './flip.ts';
import { randomFrom } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import { temporaryFolder } from './place.ts';

/** Never opened: ports only stand in the charter. */
const FIRST_PORT = 7_700;
/** One cut in so many is no flip. */
const CUT_EVERY = 5;

interface FileClass {
  name: string;
  file: string;
  /** What a start reads from it; throws when it refuses. */
  read(): Promise<unknown>;
}

/** `flips`: damages for each class. */
export async function damagedFiles({ flips, seed }: { flips: number; seed: number }): Promise<Outcome> {
  const dataDir = temporaryFolder();
  try {
    const random = randomFrom(seed);
    const outcome: Outcome = { figures: {}, wrong: [] };
    for (const kind of await foundedClasses(dataDir)) await damageOften(kind, flips, random, outcome);
    return outcome;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function foundedClasses(dataDir: string): Promise<FileClass[]> {
  const places = placesFrom(FIRST_PORT).slice(0, 2);
  const names = places.map(({ nation }) => nation);
  const secrets = demoSecrets(dataDir, names);
  keepLayout(dataDir, true);
  await ensureFounded(dataDir, places, secrets);
  const [nation] = names as [string];
  const own = join(dataDir, nation.toLowerCase());
  const passphrase = secrets.passphrases[nation] as string;
  return [
    {
      name: 'keyring',
      file: join(own, 'keyring.sealed'),
      read: async () => (await openKeyring({ dir: own, passphrase })).memberId,
    },
    {
      name: 'custodian',
      file: custodianFile(own, 1),
      read: async () => (await openCustodian(custodianFile(own, 1), passphrase)).kid,
    },
    { name: 'founding', file: join(own, 'founding.cbor'), read: () => readFounding(own) },
    { name: 'demo-secrets', file: join(dataDir, 'demo-secrets.json'), read: async () => demoSecrets(dataDir, names) },
    { name: 'layout', file: join(dataDir, 'layout.json'), read: async () => keepLayout(dataDir, true) },
    { name: 'ports', file: join(dataDir, 'ports.json'), read: () => ensureFounded(dataDir, places, secrets) },
  ];
}

async function damageOften(
  { name, file, read }: FileClass,
  times: number,
  random: () => number,
  outcome: Outcome,
): Promise<void> {
  const [whole, sound] = [readFileSync(file), await read()];
  let refused = 0;
  for (let i = 1; i <= times; i += 1) {
    const damage = i % CUT_EVERY === 0 ? cutOff(whole, random) : oneBit(whole, random);
    writeFileSync(file, damage.bytes);
    const told = await read().then(
      (value) => ({ value }),
      () => null,
    );
    if (told === null) refused += 1;
    else if (!isDeepStrictEqual(told.value, sound)) outcome.wrong.push(`${name} was read wrongly with ${damage.at}`);
    else if (name !== 'layout' && name !== 'ports') outcome.wrong.push(`${name} was read with ${damage.at}`);
  }
  writeFileSync(file, whole);
  outcome.figures[`${name} refused`] = `${refused} of ${times}`;
}
