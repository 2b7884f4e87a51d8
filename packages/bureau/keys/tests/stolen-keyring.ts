/** What somebody holds who has a member's keyring and passphrase: for scenarios with a hostile member. */
import { decode, mapOf, sameBytes } from '@tripoint/envelope/cbor';
import { charterHash, decodeSignedCharter, parseCharter } from '@tripoint/envelope/charter';
import type { Signer } from '@tripoint/envelope/suite';
import { decodeEntries } from '../directory.ts';
import { readFounding } from '../founding.ts';
import { openKeyring } from '../keyring.ts';

export interface StolenKeys {
  memberId: Uint8Array;
  identity: Signer;
  /** The founding charter: its id is its hash. */
  charter: { id: Uint8Array; version: number; hash: Uint8Array; bucket: 8 | 16 | 64 };
  /** Keys that must never stand anywhere outside the sealed file, by name. */
  secrets: Record<string, Uint8Array>;
}

export async function stolenKeys(dir: string, passphrase: string): Promise<StolenKeys> {
  const { memberId, identity, ...keyring } = await openKeyring({ dir, passphrase });
  const signed = decodeSignedCharter((await readFounding(dir)).signedCharter);
  const parsed = signed && parseCharter(signed.bytes);
  if (!signed || !parsed?.ok) throw new Error(`no charter in ${dir}`);
  const hash = charterHash(signed.bytes);
  const { version, bounds } = parsed.charter;
  const { kek, indexKey, envelopeSecret, cursorKey, previewSecret } = keyring;
  const secrets = { kek, indexKey, envelopeSecret, cursorKey, previewSecret };
  return { memberId, identity, secrets, charter: { id: hash, version, hash, bucket: bounds.stanzaBucket as 8 } };
}

/** The KEM key (1,216 bytes) that a `keys` frame offers for now; unverified, as a forger would take it. */
export function kemKeyIn(payload: Uint8Array, memberId: Uint8Array, nowSec: number): Uint8Array {
  for (const signed of decodeEntries(payload) ?? []) {
    const map = mapOf((decode(signed) as readonly unknown[])[0] as never);
    const [member, kind, key] = [map?.get(2), map?.get(3), map?.get(5)];
    const isNow = Number(map?.get(6)) <= nowSec && nowSec <= Number(map?.get(7));
    if (kind === 'kem' && isNow && member instanceof Uint8Array && sameBytes(member, memberId))
      return key as Uint8Array;
  }
  throw new Error('the frame offers no KEM key for now');
}
