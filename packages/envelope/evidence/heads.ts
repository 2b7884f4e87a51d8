/** Heads of logs as evidence shows them: whose they are, and which other nations cosigned them. */
import { sameBytes, toHex } from '../cbor/index.ts';
import { statusAt } from '../charter/index.ts';
import {
  type Checkpoint,
  leafHash,
  logOrigin,
  parseCheckpoint,
  parseNote,
  type SignedNote,
  verifyCheckpoint,
  verifyCosignature,
  verifyInclusion,
  witnessName,
} from '../proof/index.ts';
import type { PlaceForm } from './form.ts';
import { Refuted } from './refuted.ts';
import { type Coalition, keysOfMember, membersEver, nationOf, type VouchedKey } from './vouched.ts';

export type Witness = { readonly nation: string; readonly memberId: Uint8Array; readonly atSec: number };

export type ShownHead = {
  readonly owner: Uint8Array;
  readonly checkpoint: Checkpoint;
  readonly witnesses: readonly Witness[];
  /** As many other nations as a charter in force at the time asked for. */
  readonly isWitnessed: boolean;
};

/** Clocks may differ by this much from what a directory entry says of a key's days. */
const SKEW_SEC = 3_600;

/** Every line of the note must be the log's own or half of a witness's pair. Throws `Refuted`. */
export function readHead(coalition: Coalition, note: string, at: string): ShownHead {
  const parsed = parseNote(note);
  const named = parsed === null ? null : parseCheckpoint(parsed.text);
  if (parsed === null || named === null) throw new Refuted('head', at);
  const owner = membersEver(coalition).find((memberId) => originOf(coalition, memberId) === named.origin);
  if (owner === undefined || !isSignedByLog(coalition, owner, note, named)) throw new Refuted('head', at);
  const lines = Map.groupBy(parsed.signatures, ({ name }) => name);
  if (lines.get(named.origin)?.length !== 1) throw new Refuted('head', at);
  lines.delete(named.origin);
  const witnesses = [...lines].map(([name, { length }]) => {
    const witness = length === 2 ? witnessOf(coalition, owner, name, named, parsed) : null;
    if (witness === null) throw new Refuted('witness', at);
    return witness;
  });
  return { owner, checkpoint: named, witnesses, isWitnessed: isWitnessed(coalition, owner, witnesses) };
}

const originOf = ({ charterId }: Coalition, memberId: Uint8Array): string =>
  logOrigin(toHex(charterId), toHex(memberId));

const isSignedByLog = (coalition: Coalition, owner: Uint8Array, note: string, { origin, size }: Checkpoint): boolean =>
  keysOfMember(coalition, owner, 'log').some(
    ({ publicBytes, revokedFrom }) =>
      (revokedFrom === null || size <= revokedFrom) && verifyCheckpoint(note, origin, publicBytes).ok,
  );

function witnessOf(
  coalition: Coalition,
  owner: Uint8Array,
  name: string,
  checkpoint: Checkpoint,
  note: SignedNote,
): Witness | null {
  const memberId = membersEver(coalition).find((one) => witnessName(originOf(coalition, one)) === name);
  if (memberId === undefined || sameBytes(memberId, owner)) return null;
  for (const key of keysOfMember(coalition, memberId, 'witness')) {
    const atSec = verifyCosignature(checkpoint, note, name, key.publicBytes);
    if (atSec !== null && key.revokedFrom === null && isInUse(key, atSec))
      return { nation: nationOf(coalition, memberId) as string, memberId, atSec };
  }
  return null;
}

const isInUse = ({ notBefore, useUntil }: VouchedKey, atSec: number): boolean =>
  atSec >= notBefore - SKEW_SEC && atSec <= useUntil + SKEW_SEC;

/** Counted under each charter version for the time it was in force: only its active members witness. */
function isWitnessed({ charters }: Coalition, owner: Uint8Array, witnesses: readonly Witness[]): boolean {
  return charters.some(({ charter }, place) => {
    const untilSec = charters[place + 1]?.charter.effective ?? Number.POSITIVE_INFINITY;
    const counted = witnesses.filter(({ memberId, atSec }) => {
      const member = charter.members.find(({ id }) => id === toHex(memberId));
      const isActive = member !== undefined && statusAt(member, atSec) === 'active';
      return isActive && atSec >= charter.effective && atSec < untilSec + SKEW_SEC;
    });
    const isListed = charter.members.some(({ id }) => id === toHex(owner));
    return isListed && counted.length >= charter.bounds.witnessQuorum;
  });
}

/** Where an entry was proven to stand. */
export type Place = { readonly head: ShownHead; readonly index: number };

/** The place of an entry in a log of one of `owners`. Throws `Refuted` with the claim given. */
export function placeOf(
  heads: readonly ShownHead[],
  entry: Uint8Array,
  shown: PlaceForm,
  owners: readonly Uint8Array[],
  refuted: { readonly claim: 'log' | 'receipt-log'; readonly at: string },
): Place {
  const head = heads[shown.head];
  const isOfOwner = head !== undefined && owners.some((owner) => sameBytes(owner, head.owner));
  if (head === undefined || !isOfOwner) throw new Refuted(refuted.claim, refuted.at);
  const { size, root } = head.checkpoint;
  if (!verifyInclusion(leafHash(entry), shown.index, size, root, shown.path))
    throw new Refuted(refuted.claim, refuted.at);
  return { head, index: shown.index };
}
