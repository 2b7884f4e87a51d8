/** The coalition's charter as this bureau holds it: adopted once, checked again at every start. */
import { fromHex, sameBytes, toHex } from '@tripoint/envelope/cbor';
import {
  bytesOfBase64url,
  type CharterMember,
  type CharterRefusal,
  type CharterSignature,
  type CharterStanding,
  charterHash,
  charterStanding,
  decodeSignedCharter,
  encodeSignedCharter,
  maySeal,
  statusAt,
  type VerifiedCharter,
  verifyCharter,
  verifyCharterChain,
} from '@tripoint/envelope/charter';
import type { Clock, InTx } from './ports.ts';
import { dateOfSec, plainBytes, secOfDate, tablesIn } from './tables.ts';

/** A member with its bytes ready; `status` is that of the moment it was asked for. */
export type Member = Omit<CharterMember, 'id' | 'custodians'> & {
  readonly memberId: Uint8Array;
  /** Three key sets of 1,984 public bytes. */
  readonly custodians: readonly Uint8Array[];
};

/** `pin_mismatch`: not the version 1 whose hash was read aloud and written down. */
export type AdoptionRefusal = CharterRefusal | 'pin_mismatch';
export type Adoption =
  | { readonly ok: true; readonly isNew: boolean; readonly hash: Uint8Array }
  | { readonly ok: false; readonly why: AdoptionRefusal };

/** One version adopted here; `replacedAtSec` (unix seconds) is absent from the one in force. */
export type KnownCharter = { readonly version: number; readonly hash: Uint8Array; readonly replacedAtSec?: number };

type SignedCharter = { readonly bytes: Uint8Array; readonly signatures: readonly CharterSignature[] };

export class CharterHolder {
  readonly #clock: Clock;
  readonly #pin: Uint8Array | null;
  #current: VerifiedCharter | null = null;
  #signed: Uint8Array = new Uint8Array(0);
  #members: ReadonlyMap<string, HeldMember> = new Map();
  #known: readonly KnownCharter[] = [];

  /** `pin`: hash (32 bytes) of version 1 as written down at the ceremony; null takes what the database holds. */
  constructor(clock: Clock, pin: Uint8Array | null) {
    this.#clock = clock;
    this.#pin = pin;
  }

  /**
   * Writes version 1, when nothing else is adopted yet; the same bytes again change nothing. Known in memory after
   * the next `load`, once the transaction has committed.
   */
  async adoptFirst(tx: InTx, bytes: Uint8Array, signatures: readonly CharterSignature[]): Promise<Adoption> {
    const [first] = this.#known;
    if (first !== undefined && sameBytes(first.hash, charterHash(bytes))) {
      return { ok: true, isNew: false, hash: first.hash }; // also long after version 1 has expired
    }
    const nowSec = this.#nowSec();
    const verdict = verifyCharter(bytes, signatures, nowSec);
    if (!verdict.ok) return verdict;
    const { hash } = verdict.verified;
    if (this.#pin !== null && !sameBytes(hash, this.#pin)) return { ok: false, why: 'pin_mismatch' };
    const row = { version: 1, hash, signed: encodeSignedCharter(bytes, signatures), adopted_at: dateOfSec(nowSec) };
    const insert = tablesIn(tx).insertInto('charter').values(row);
    const { numInsertedOrUpdatedRows } = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return { ok: true, isNew: true, hash };
    const held = await tablesIn(tx).selectFrom('charter').select('hash').where('version', '=', 1).executeTakeFirst();
    return held && sameBytes(held.hash, hash)
      ? { ok: true, isNew: false, hash }
      : { ok: false, why: 'charter_conflict' };
  }

  /** Replays every version from the first; throws when the database holds anything but a sound chain. */
  async load(tx: InTx): Promise<void> {
    const rows = await tablesIn(tx).selectFrom('charter').selectAll().orderBy('version').execute();
    const last = rows.at(-1);
    if (last === undefined || (this.#current !== null && sameBytes(last.signed, this.#signed))) return;
    this.#hold(rows.map(({ signed }) => decodedOrThrow(plainBytes(signed))));
    this.#signed = plainBytes(last.signed);
    this.#known = rows.map(({ version, hash }, at) => {
      const next = rows[at + 1];
      const known = { version, hash: plainBytes(hash) };
      return next === undefined ? known : { ...known, replacedAtSec: secOfDate(next.adopted_at) };
    });
  }

  #hold(chain: readonly SignedCharter[]): void {
    const first = chain[0] as SignedCharter;
    const founding = verifyCharter(first.bytes, first.signatures, null);
    // An expired charter is still the charter: it limits what is sealed, it does not stop the bureau.
    const verdict = verifyCharterChain(chain, Number.NEGATIVE_INFINITY);
    if (!founding.ok || !verdict.ok) throw new Error('the database holds a charter that does not verify');
    if (this.#pin !== null && !sameBytes(founding.verified.hash, this.#pin)) {
      throw new Error('the database holds another charter than the one written down');
    }
    this.#current = verdict.verified;
    this.#members = new Map(verdict.verified.charter.members.map((member) => [member.id, heldMember(member)]));
  }

  get isAdopted(): boolean {
    return this.#current !== null;
  }

  /** Throws before a charter was adopted and loaded. */
  current(): VerifiedCharter {
    if (this.#current === null) throw new Error('no charter has been adopted');
    return this.#current;
  }

  /** As it travels: bytes and signatures in one (`decodeSignedCharter`). */
  signedBytes(): Uint8Array {
    return this.#signed;
  }

  /** Every version adopted here, oldest first. */
  known(): readonly KnownCharter[] {
    return this.#known;
  }

  /** null: not in the charter in force. */
  member(memberId: Uint8Array): Member | null {
    const member = this.#members.get(toHex(memberId));
    return member === undefined ? null : this.#asOfNow(member);
  }

  memberOf(nation: string): Member | null {
    return this.members().find((member) => member.nation === nation) ?? null;
  }

  /** All of the charter in force, ascending by id. */
  members(): Member[] {
    return [...this.#members.values()].map((member) => this.#asOfNow(member));
  }

  /** A suspension ends by itself, so a status is always that of now. */
  #asOfNow(member: HeldMember): Member {
    return member.suspendedUntil === null ? member : { ...member, status: statusAt(member.listed, this.#nowSec()) };
  }

  /** Members that may be sent to: active ones and observers. */
  activeRecipients(): Member[] {
    return this.members().filter(({ status }) => status !== 'suspended');
  }

  /** `warning` from 30 days before expiry; `grace` for 30 days after it, when only lanes 0 and 1 are sealed. */
  standing(): CharterStanding {
    return charterStanding(this.current().charter, this.#nowSec());
  }

  maySeal(lane: 0 | 1 | 2 | 3): boolean {
    return maySeal(this.current().charter, lane, this.#nowSec());
  }

  /** From this index of its member's log on the key is worth nothing; null when it is not revoked. */
  revokedFrom(kid: Uint8Array): number | null {
    const name = toHex(kid);
    return this.current().charter.revocations.find((each) => each.kid === name)?.logIndex ?? null;
  }

  #nowSec(): number {
    return Math.floor(this.#clock.nowMs() / 1000);
  }
}

type HeldMember = Member & { readonly listed: CharterMember };

const heldMember = (listed: CharterMember): HeldMember => ({
  ...listed,
  memberId: fromHex(listed.id),
  custodians: listed.custodians.map(bytesOfBase64url),
  listed,
});

function decodedOrThrow(signed: Uint8Array): SignedCharter {
  const decoded = decodeSignedCharter(signed);
  if (decoded === null) throw new Error('the database holds a charter that cannot be read');
  return decoded;
}
