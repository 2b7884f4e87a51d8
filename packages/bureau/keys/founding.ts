/** What a ceremony hands to every bureau: the signed charter and everybody's first keys. Public; one file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CborValue, decode, encode, MalformedCbor } from '@tripoint/envelope/cbor';
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

export const encodeFounding = ({ signedCharter, entries }: Founding): Uint8Array =>
  encode([1, signedCharter, entries.map(({ memberId, signed }) => [memberId, [...signed]])]);

/** Shape only: signatures are checked when it is adopted. null when it is no founding. */
export function decodeFounding(bytes: Uint8Array): Founding | null {
  const value = decodedOrNull(bytes);
  if (!Array.isArray(value) || value.length !== 3 || value[0] !== 1) return null;
  const [, signedCharter, list] = value as [unknown, unknown, unknown];
  if (!(signedCharter instanceof Uint8Array) || decodeSignedCharter(signedCharter) === null) return null;
  if (!Array.isArray(list) || !list.every(isMemberEntries)) return null;
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
