/** Whose key is whose: the signed key lists of all members, own and peers' (wire.md §1). */
import { type CborValue, decode, encode, MalformedCbor, sameBytes, toHex } from '@tripoint/envelope/cbor';
import {
  type KemPublicKey,
  type KeyClass,
  kemPublicKey,
  sha256,
  type VerifyingKey,
  verifyingKey,
} from '@tripoint/envelope/suite';
import type { CharterHolder, Member } from './charter-holder.ts';
import { DirectoryIndex } from './directory-index.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type EntryRefusal, judgeEntry, type KnownEntry, type TrustOf } from './judge-entry.ts';
import type { Clock, InTx } from './ports.ts';
import { dateOfSec, plainBytes, secOfDate, tablesIn } from './tables.ts';

/** Of one member: a year of identity, link, log and witness keys and three weeks of daily ones, with room. */
export const ENTRIES_PER_MEMBER_MAX = 256;
/** Signed entries in one frame: about 4 KiB each. */
const ENTRIES_PER_FRAME_MAX = 64;

/** A peer's identity key as a verifier of envelopes and receipts needs it. Times are unix seconds. */
export type KnownSigner = {
  readonly memberId: Uint8Array;
  readonly nation: string;
  readonly status: Member['status'];
  readonly publicBytes: Uint8Array;
  readonly key: VerifyingKey;
  readonly notBeforeSec: number;
  readonly useUntilSec: number;
  /** Index in the member's log from which on the key is worth nothing; null when it is not revoked. */
  readonly revokedFrom: number | null;
};

export type RecipientKey = {
  readonly kid: Uint8Array;
  readonly key: KemPublicKey;
  readonly useUntilSec: number;
  readonly destroyAfterSec: number;
};

export type Acceptance = {
  /** Entries new here. */
  readonly accepted: readonly KnownEntry[];
  readonly refused: readonly EntryRefusal[];
};

export class Directory {
  readonly #charter: CharterHolder;
  readonly #clock: Clock;
  #index = new DirectoryIndex();
  /** Hash of the charter the index was judged under; another charter may trust others. */
  #judgedUnder: Uint8Array = new Uint8Array(0);

  constructor(charter: CharterHolder, clock: Clock) {
    this.#charter = charter;
    this.#clock = clock;
  }

  /** Reads all entries; each is verified again, once in the life of this object and charter. Needs a loaded charter. */
  async load(tx: InTx): Promise<void> {
    const select = tablesIn(tx)
      .selectFrom('directory_entry')
      .select(['leaf', 'member', 'class', 'signed', 'accepted_at']);
    const rows = await select
      .orderBy(({ eb }) => eb('class', '<>', 'sig'))
      .orderBy('accepted_at')
      .execute();
    const index = new DirectoryIndex();
    const { hash } = this.#charter.current();
    const known = sameBytes(hash, this.#judgedUnder) ? this.#index : new DirectoryIndex();
    for (const row of rows) {
      const judged = known.find(row.leaf) ?? this.#judgeStored(index, row);
      // An entry whose member has left the charter, or that somebody wrote into the table, is as good as absent.
      if (judged !== null) index.add(judged);
    }
    this.#index = index;
    this.#judgedUnder = hash;
  }

  #judgeStored(
    index: DirectoryIndex,
    row: { member: Uint8Array; signed: Uint8Array; accepted_at: Date },
  ): KnownEntry | null {
    const acceptedSec = secOfDate(row.accepted_at);
    const judged = judgeEntry(plainBytes(row.signed), row.member, this.#trust(index, acceptedSec), acceptedSec);
    return judged.ok ? judged.entry : null;
  }

  /**
   * Judges what a member says of its own keys and keeps what holds. Entries known already are passed over. The caller
   * calls `remember` with the accepted ones, or `load`, once the transaction has committed.
   */
  async acceptEntries(tx: InTx, about: Uint8Array, signed: readonly Uint8Array[]): Promise<Acceptance> {
    const { accepted, refused } = this.judge(about, signed);
    return { accepted: await this.#insert(tx, accepted), refused };
  }

  /** Takes entries into memory that are durable by now. */
  remember(entries: readonly KnownEntry[]): void {
    for (const entry of entries) this.#index.add(entry);
  }

  /** Pure: identity keys count for the entries beside them, in whatever order they stand. */
  judge(about: Uint8Array, signed: readonly Uint8Array[]): Acceptance {
    const nowSec = this.#nowSec();
    const fresh = new DirectoryIndex();
    for (const entry of this.#index.current(about, nowSec)) fresh.add(entry);
    const room = ENTRIES_PER_MEMBER_MAX - this.#index.count(about);
    const trust = this.#trust(fresh, nowSec);
    const accepted: KnownEntry[] = [];
    let waiting = signed.map((bytes) => ({ bytes, why: null as EntryRefusal | null }));
    for (let round = 0; round < 2; round += 1) {
      waiting = waiting.flatMap(({ bytes }) => {
        const judged = judgeEntry(bytes, about, trust, nowSec);
        if (!judged.ok) return [{ bytes, why: judged.why }];
        if (this.#index.has(judged.entry.leaf) || fresh.has(judged.entry.leaf)) return [];
        if (accepted.length >= room) return [{ bytes, why: 'too_many' as const }];
        fresh.add(judged.entry);
        accepted.push(judged.entry);
        return [];
      });
      if (!waiting.some(({ why }) => why === 'signatures_missing')) break;
    }
    return { accepted, refused: waiting.flatMap(({ why }) => (why === null ? [] : [why])) };
  }

  /** Returns those that no other process has written meanwhile. */
  async #insert(tx: InTx, entries: readonly KnownEntry[]): Promise<KnownEntry[]> {
    if (entries.length === 0) return [];
    const rows = entries.map((entry) => ({
      leaf: entry.leaf,
      member: entry.memberId,
      class: entry.class,
      kid: entry.kid,
      destroy_after: dateOfSec(entry.destroyAfter),
      signed: entry.signed,
      accepted_at: dateOfSec(this.#nowSec()),
    }));
    const insert = tablesIn(tx).insertInto('directory_entry').values(rows);
    const once = insert.onConflict((conflict) => conflict.column('leaf').doNothing()).returning('leaf');
    const written = new Set((await once.execute()).map(({ leaf }) => toHex(leaf)));
    return entries.filter(({ leaf }) => written.has(toHex(leaf)));
  }

  /** Forgets KEM entries whose key is destroyed by now; identity, link and log entries stay as evidence. */
  async forgetDestroyed(tx: InTx): Promise<void> {
    const gone = tablesIn(tx).deleteFrom('directory_entry').where('class', '=', 'kem');
    await gone.where('destroy_after', '<', dateOfSec(this.#nowSec())).execute();
  }

  #trust(index: DirectoryIndex, nowSec: number): TrustOf {
    return (memberId) => {
      const member = this.#charter.member(memberId);
      if (member === null) return null;
      const identities = index
        .inUse(memberId, 'sig', nowSec)
        .filter(({ kid }) => this.#charter.revokedFrom(kid) === null);
      return { custodians: member.custodians, identities: identities.map(({ publicBytes }) => publicBytes) };
    };
  }

  /** Whose signing key this is; null when unknown here (after one refresh: `signer_unknown`) or no member's any more. */
  signer(kid: Uint8Array): KnownSigner | null {
    const entry = this.#index.byKid(kid);
    const member = entry?.class === 'sig' ? this.#charter.member(entry.memberId) : null;
    if (entry === null || member === null) return null;
    return {
      memberId: entry.memberId,
      nation: member.nation,
      status: member.status,
      publicBytes: entry.publicBytes,
      key: verifyingKey(entry.publicBytes),
      notBeforeSec: entry.notBefore,
      useUntilSec: entry.useUntil,
      revokedFrom: this.#charter.revokedFrom(kid),
    };
  }

  /** The newest key a member may be sealed to now; null: its keys here are too old, the item stays queued. */
  kemFor(memberId: Uint8Array, nowSec: number): RecipientKey | null {
    const [entry] = this.#inUse(memberId, 'kem', nowSec);
    if (entry === undefined) return null;
    const { kid, publicBytes, useUntil, destroyAfter } = entry;
    return { kid, key: kemPublicKey(publicBytes), useUntilSec: useUntil, destroyAfterSec: destroyAfter };
  }

  /** SHA-256 (32 bytes) of each link key a member may show now; two while it changes them. */
  linkPins(memberId: Uint8Array): Uint8Array[] {
    return this.#inUse(memberId, 'link', this.#nowSec()).map(({ publicBytes }) => sha256(publicBytes));
  }

  /** Public keys (32 bytes) of a member's log in use now, newest first. */
  logKeys(memberId: Uint8Array): Uint8Array[] {
    return this.#inUse(memberId, 'log', this.#nowSec()).map(({ publicBytes }) => publicBytes);
  }

  /** Public keys (1,344 bytes) with which a member witnesses others' logs now, newest first. */
  witnessKeys(memberId: Uint8Array): Uint8Array[] {
    return this.#inUse(memberId, 'witness', this.#nowSec()).map(({ publicBytes }) => publicBytes);
  }

  /** The member's identity key for reading aloud; null while none is known. */
  fingerprint(memberId: Uint8Array): string | null {
    const [entry] = this.#inUse(memberId, 'sig', this.#nowSec());
    return entry === undefined ? null : fingerprintOf(entry.kid);
  }

  /** Signed entries of a member that are or will be of use, identity keys first. */
  entriesOf(memberId: Uint8Array): KnownEntry[] {
    return this.#index.current(memberId, this.#nowSec());
  }

  /** Identity, log and witness entries of a member as signed, identities first, past ones too: evidence outlives keys. */
  papersOf(memberId: Uint8Array): Uint8Array[] {
    return this.#index
      .everOf(memberId)
      .filter(({ class: of }) => of === 'sig' || of === 'log' || of === 'witness')
      .map(({ signed }) => signed);
  }

  #inUse(memberId: Uint8Array, keyClass: KeyClass, nowSec: number): KnownEntry[] {
    if (this.#charter.member(memberId) === null) return [];
    return this.#index.inUse(memberId, keyClass, nowSec).filter(({ kid }) => this.#charter.revokedFrom(kid) === null);
  }

  #nowSec(): number {
    return Math.floor(this.#clock.nowMs() / 1000);
  }
}

/** Entries as one frame's payload: a CBOR array of byte strings. */
export const encodeEntries = (entries: readonly KnownEntry[]): Uint8Array =>
  encode(entries.slice(0, ENTRIES_PER_FRAME_MAX).map(({ signed }) => signed));

/** null when it is no such payload, or holds more than `ENTRIES_PER_FRAME_MAX`. */
export function decodeEntries(payload: Uint8Array): Uint8Array[] | null {
  let value: CborValue;
  try {
    value = decode(payload);
  } catch (error) {
    if (error instanceof MalformedCbor) return null;
    throw error;
  }
  if (!Array.isArray(value) || value.length > ENTRIES_PER_FRAME_MAX) return null;
  return value.every((each) => each instanceof Uint8Array) ? (value as Uint8Array[]) : null;
}
