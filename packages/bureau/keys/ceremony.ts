/** The founding of a coalition in one room (wire.md §2): for the demonstration, for tests, and for one operator of all. */
import {
  ceremony,
  charterHash,
  type DirectoryEntry,
  encodeSignedCharter,
  signDirectoryEntry,
} from '@tripoint/envelope/charter';
import type { SigningKey } from '@tripoint/envelope/suite';
import { CUSTODIANS, createCustodian } from './custodian.ts';
import { dayOf, dayStartSec } from './days.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Founding, writeFounding } from './founding.ts';
import { createKeyring, type Keyring } from './keyring.ts';
import type { Clock, Random } from './ports.ts';
import { standingEntries, yearEntry } from './publish.ts';

const MEMBER_ID_BYTES = 16;

export type CeremonyNation = {
  /** ISO 3166 alpha-2. */
  readonly nation: string;
  /** Where peers dial its links, `host:port`. */
  readonly address: string;
  /** The bureau's own folder; custodians' files go below it, to be carried away. */
  readonly dir: string;
  /** Opens the keyring. */
  readonly passphrase: string;
  /** One for each custodian; the bureau's own where they are only invented persons. */
  readonly custodianPassphrases?: readonly [string, string, string];
};

export type FoundedBureau = {
  readonly nation: string;
  readonly memberId: Uint8Array;
  readonly dir: string;
  readonly keyring: Keyring;
  /** For reading aloud over another channel. */
  readonly fingerprint: string;
  readonly custodianFingerprints: readonly string[];
};

export type HeldCeremony = {
  readonly founding: Founding;
  /** Hash of version 1 (32 bytes), to be read aloud and written down: the pin of every bureau. It is the charter id. */
  readonly charterHash: Uint8Array;
  readonly bureaus: readonly FoundedBureau[];
};

/**
 * Makes three custodians and a keyring for every nation, lets two custodians of each sign version 1 and their bureau's
 * identity, and writes each folder: `keyring.sealed`, `custodians/custodian-N.sealed`, `founding.cbor`.
 * Throws `exists` when a folder holds a keyring already. Nearly all of its time is Argon2id, four times a nation.
 */
export async function holdCeremony(options: {
  readonly nations: readonly CeremonyNation[];
  readonly clock: Clock;
  readonly random: Random;
}): Promise<HeldCeremony> {
  const { clock, random } = options;
  const nowSec = Math.floor(clock.nowMs() / 1000);
  const tables = await Promise.all(options.nations.map((nation) => seat(nation, clock, random)));
  const { bytes, signatures } = ceremony(
    tables.map(({ nation, keyring, custodians }) => ({
      memberId: keyring.memberId,
      nation: nation.nation,
      custodians,
      addresses: [nation.address],
    })),
    { effectiveSec: dayStartSec(dayOf(nowSec)) },
  );
  const founding: Founding = {
    signedCharter: encodeSignedCharter(bytes, signatures),
    entries: tables.map(({ keyring, custodians }) => ({
      memberId: keyring.memberId,
      signed: [vouchedIdentity(keyring, custodians, nowSec), ...standingEntries(keyring, nowSec)],
    })),
  };
  await Promise.all(options.nations.map(({ dir }) => writeFounding(dir, founding)));
  return { founding, charterHash: charterHash(bytes), bureaus: tables.map(foundedBureau) };
}

type Seat = { readonly nation: CeremonyNation; readonly keyring: Keyring; readonly custodians: readonly SigningKey[] };

async function seat(nation: CeremonyNation, clock: Clock, random: Random): Promise<Seat> {
  const { dir, passphrase, custodianPassphrases } = nation;
  const keyring = await createKeyring({
    dir,
    passphrase,
    clock,
    random,
    memberId: random(MEMBER_ID_BYTES),
    nation: nation.nation,
  });
  const custodians = await Promise.all(
    CUSTODIANS.map((custodian) =>
      createCustodian({ dir, custodian, passphrase: custodianPassphrases?.[custodian - 1] ?? passphrase, random }),
    ),
  );
  return { nation, keyring, custodians };
}

/** The identity entry of a bureau, signed by the first two of its custodians. */
function vouchedIdentity(keyring: Keyring, custodians: readonly SigningKey[], nowSec: number): Uint8Array {
  const entry: DirectoryEntry = yearEntry(keyring.memberId, 'sig', keyring.identity.publicBytes, nowSec);
  return signDirectoryEntry(entry, custodians.slice(0, 2));
}

const foundedBureau = ({ nation, keyring, custodians }: Seat): FoundedBureau => ({
  nation: nation.nation,
  memberId: keyring.memberId,
  dir: nation.dir,
  keyring,
  fingerprint: fingerprintOf(keyring.identity.kid),
  custodianFingerprints: custodians.map(({ kid }) => fingerprintOf(kid)),
});
