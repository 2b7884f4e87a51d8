/** A custodian's key: one of three persons of a nation, two of whom speak for it. Kept offline, opened at ceremonies. */
import { join } from 'node:path';
import { encode } from '@tripoint/envelope/cbor';
import { SIGNING_SEED_BYTES, type SigningKey, signingKeyFromSeed } from '@tripoint/envelope/suite';
import { KeyringRefused } from './keyring-refused.ts';
import type { Random } from './ports.ts';
import { readPrivateFile, writeNewPrivateFile } from './private-file.ts';
import { decodeMap, openUnderPassphrase, sealUnderPassphrase } from './sealed-file.ts';

export const CUSTODIANS = [1, 2, 3] as const;
export type CustodianNumber = (typeof CUSTODIANS)[number];

/** `<dir>/custodians/custodian-1.sealed`: meant to be carried away from the bureau. */
export const custodianFile = (dir: string, custodian: CustodianNumber): string =>
  join(dir, 'custodians', `custodian-${custodian}.sealed`);

/** Draws a custodian's key and seals it under that person's passphrase. Throws `exists` or `passphrase-short`. */
export async function createCustodian(options: {
  readonly dir: string;
  readonly custodian: CustodianNumber;
  readonly passphrase: string;
  readonly random: Random;
}): Promise<SigningKey> {
  const { dir, custodian, passphrase, random } = options;
  const seed = random(SIGNING_SEED_BYTES);
  const secret = encode(
    new Map<number, number | Uint8Array>([
      [1, custodian],
      [2, seed],
    ]),
  );
  await writeNewPrivateFile(custodianFile(dir, custodian), await sealUnderPassphrase(passphrase, secret, random));
  return signingKeyFromSeed(seed);
}

/** Throws `missing`, `permissions`, `damaged` or `passphrase`. */
export async function openCustodian(path: string, passphrase: string): Promise<SigningKey> {
  const map = decodeMap(await openUnderPassphrase(passphrase, await readPrivateFile(path)));
  const seed = map.get(2);
  if (map.size !== 2 || !(seed instanceof Uint8Array) || seed.length !== SIGNING_SEED_BYTES) {
    throw new KeyringRefused('damaged');
  }
  return signingKeyFromSeed(seed);
}
