/** What a ceremony hands to every bureau: the signed charter and everybody's first keys. Public; one file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CborValue, decode, encode, MalformedCbor, sameBytes } from '@tripoint/envelope/cbor';
import { decodeSignedCharter } from '@tripoint/envelope/charter';
import { KeyringRefused } from './keyring-refused.ts';
import { replacePrivateFile } from './private-file.ts';

export const FOUNDING_FILE = 'founding.cbor';

export type Founding = {
  /** Charter version 1 with its signatures (`encodeSignedCharter`). */
  readonly signedCharter: Uint8Array;
  /** Identity, link, log and witness entries of every member, by member id in hexadecimal. */
  readonly entries: readonly { readonly memberId: Uint8Array; readonly signed: readonly Uint8Array[] }[];
};

/** Version 2 carries a hash over the rest: a bad signature is passed over at adoption, a damaged file must be told. */
export function encodeFounding({ signedCharter, entries }: Founding): Uint8Array {
  const list = entries.map(({ memberId, signed }): CborValue => [memberId, [...signed]]);
  return encode([2, signedCharter, list, hashOf(signedCharter, list)]);
}

const hashOf = (signedCharter: Uint8Array, list: CborValue): Uint8Array =>
  Uint8Array.from(
    createHash('sha256')
      .update(encode(['tripoint-founding/2', signedCharter, list]))
      .digest(),
  );

/**
 * Shape, and in version 2 the hash: signatures are checked when it is adopted. Version 1 has no hash and is still read.
 * null when it is no founding, or a damaged one.
 */
export function decodeFounding(bytes: Uint8Array): Founding | null {
  const value = decodedOrNull(bytes);
  if (!Array.isArray(value)) return null;
  const [version, signedCharter, list, hash] = value as unknown[];
  if (!(version === 1 && value.length === 3) && !(version === 2 && value.length === 4)) return null;
  if (!(signedCharter instanceof Uint8Array) || decodeSignedCharter(signedCharter) === null) return null;
  if (!Array.isArray(list) || !list.every(isMemberEntries)) return null;
  const isWhole = version === 1 || (hash instanceof Uint8Array && sameBytes(hash, hashOf(signedCharter, list)));
  if (!isWhole) return null;
  return { signedCharter, entries: list.map(([memberId, signed]) => ({ memberId, signed })) };
}

const isMemberEntries = (value: unknown): value is [Uint8Array, Uint8Array[]] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value[0] instanceof Uint8Array &&
  Array.isArray(value[1]) &&
  value[1].every((each) => each instanceof Uint8Array);

function decodedOrNull(bytes: Uint8Array): CborValue | null {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof MalformedCbor) return null;
    throw error;
  }
}

export const writeFounding = (dir: string, founding: Founding): Promise<void> =>
  replacePrivateFile(join(dir, FOUNDING_FILE), encodeFounding(founding));

/** Throws `missing` or `damaged`. */
export async function readFounding(dir: string): Promise<Founding> {
  const bytes = await readFile(join(dir, FOUNDING_FILE)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new KeyringRefused('missing') : error;
  });
  const founding = decodeFounding(new Uint8Array(bytes));
  if (founding === null) throw new KeyringRefused('damaged');
  return founding;
}
