/** Keyring, charter, directory and epochs of one bureau, put together: own secrets on one side, peers' keys on the other. */
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import { decodeSignedCharter } from '@tripoint/envelope/charter';
import { type AdoptionRefusal, CharterHolder } from './charter-holder.ts';
import { type Acceptance, Directory, decodeEntries, encodeEntries } from './directory.ts';
import { destroyDue, Epochs, ensureEpochs, epochsToPublish } from './epochs.ts';
import type { Founding } from './founding.ts';
import type { KnownEntry } from './judge-entry.ts';
import type { Keyring } from './keyring.ts';
import type { AppendLeaves, Clock, InTx, Random, Transact } from './ports.ts';
import { missingEntries } from './publish.ts';

export type KeysOptions = {
  readonly keyring: Keyring;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly random: Random;
  /** Puts what this room makes true into the nation's log, in the same transaction. */
  readonly appendLeaves: AppendLeaves;
  /** Hash (32 bytes) of charter version 1 as written down at the ceremony; null trusts the database. */
  readonly pin?: Uint8Array | null;
};

export type Upkeep = {
  /** Own entries newly signed: they should be sent to peers. */
  readonly published: number;
  /** KEM seeds destroyed. */
  readonly destroyed: number;
};

/** What a bureau knows about keys, with the upkeep that keeps it true. */
export class Keys {
  readonly keyring: Keyring;
  readonly charter: CharterHolder;
  readonly directory: Directory;
  readonly epochs: Epochs;
  readonly #options: KeysOptions;

  constructor(options: KeysOptions) {
    this.#options = options;
    this.keyring = options.keyring;
    this.charter = new CharterHolder(options.clock, options.pin ?? null);
    this.directory = new Directory(this.charter, options.clock);
    this.epochs = new Epochs(options.keyring.kek, options.clock);
  }

  /** Reads everything again: at start, and when another process of the bureau may have changed it. */
  async load(): Promise<void> {
    await this.#options.transact(async (tx) => {
      await this.charter.load(tx);
      await this.epochs.load(tx);
      if (this.charter.isAdopted) await this.directory.load(tx);
    });
  }

  /** Adopts what a ceremony handed over; the same founding again changes nothing. null: adopted. */
  async adoptFounding(founding: Founding): Promise<AdoptionRefusal | 'not_our_charter' | null> {
    const signed = decodeSignedCharter(founding.signedCharter);
    if (signed === null) return 'malformed';
    const adoption = await this.#options.transact(async (tx) => {
      const outcome = await this.charter.adoptFirst(tx, signed.bytes, signed.signatures);
      if (outcome.ok && outcome.isNew) {
        await this.#options.appendLeaves(tx, [{ kind: 'charter', leaf: outcome.hash, ref: '1' }]);
      }
      return outcome;
    });
    if (!adoption.ok) return adoption.why;
    await this.load();
    if (this.charter.member(this.keyring.memberId)?.nation !== this.keyring.nation) return 'not_our_charter';
    for (const { memberId, signed: entries } of founding.entries) await this.acceptEntries(memberId, entries);
    return null;
  }

  /**
   * Once at start and then every hour or so: makes the keys of the days ahead, destroys what is due, and lists what is
   * not listed yet. Several processes may do it at once.
   */
  async maintain(): Promise<Upkeep> {
    const { transact, random } = this.#options;
    const nowSec = this.#nowSec();
    const destroyed = await transact(async (tx) => {
      await ensureEpochs(tx, this.keyring.kek, random, nowSec);
      await this.directory.forgetDestroyed(tx);
      return destroyDue(tx, nowSec);
    });
    await this.load();
    const published = await transact((tx) => this.publishOwn(tx));
    this.directory.remember(published);
    return { published: published.length, destroyed };
  }

  /** Signs, keeps and logs own entries that are not listed yet; needs an identity that custodians vouch for. */
  async publishOwn(tx: InTx): Promise<readonly KnownEntry[]> {
    const { memberId, identity } = this.keyring;
    const current = this.directory.entriesOf(memberId);
    if (!current.some((entry) => entry.class === 'sig' && sameBytes(entry.kid, identity.kid))) return [];
    const nowSec = this.#nowSec();
    const missing = missingEntries(this.keyring, current, await epochsToPublish(tx, nowSec), nowSec);
    return (await this.#accept(tx, memberId, missing)).accepted;
  }

  /** Judges and keeps what a member says of its own keys. */
  async acceptEntries(about: Uint8Array, signed: readonly Uint8Array[]): Promise<Acceptance> {
    const acceptance = await this.#options.transact((tx) => this.#accept(tx, about, signed));
    this.directory.remember(acceptance.accepted);
    return acceptance;
  }

  /** The same for a `keys` frame; a payload that is none counts as one malformed entry. */
  async acceptPayload(about: Uint8Array, payload: Uint8Array): Promise<Acceptance> {
    const signed = decodeEntries(payload);
    return signed === null ? { accepted: [], refused: ['malformed'] } : this.acceptEntries(about, signed);
  }

  /** Own entries for the `keys` frame; identity first, so that the rest can be judged by it. */
  directoryBytes(): Uint8Array {
    return encodeEntries(this.directory.entriesOf(this.keyring.memberId));
  }

  /** Own entries go into the own log in the transaction that keeps them. */
  async #accept(tx: InTx, about: Uint8Array, signed: readonly Uint8Array[]): Promise<Acceptance> {
    const acceptance = await this.directory.acceptEntries(tx, about, signed);
    if (sameBytes(about, this.keyring.memberId) && acceptance.accepted.length > 0) {
      const leaves = acceptance.accepted.map(({ leaf, kid }) => ({ kind: 'key' as const, leaf, ref: toHex(kid) }));
      await this.#options.appendLeaves(tx, leaves);
    }
    return acceptance;
  }

  #nowSec(): number {
    return Math.floor(this.#options.clock.nowMs() / 1000);
  }
}

/** Opens the room on a migrated database and reads what is there. A new bureau calls `adoptFounding`, then `maintain`. */
export async function openKeys(options: KeysOptions): Promise<Keys> {
  const keys = new Keys(options);
  await keys.load();
  return keys;
}
