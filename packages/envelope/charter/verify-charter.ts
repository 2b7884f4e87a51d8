import { toHex } from '../cbor/index.ts';
import type { Charter } from './charter.ts';
import { type CharterParseRefusal, charterHash, charterIdOf, hexHashOf, parseCharter } from './parse-charter.ts';
import { type CharterSignature, nationsSigning } from './signature.ts';
import { nationsUnconfirmed, pollsOf } from './tally.ts';

export type CharterRefusal =
  | CharterParseRefusal
  | 'signature_invalid'
  | 'quorum_missing'
  | 'custodians_not_confirmed'
  | 'expired'
  | 'version_skipped'
  | 'rollback'
  | 'charter_conflict'
  | 'wrong_predecessor';

/** A charter whose signatures were checked, with the bytes they are over. */
export type VerifiedCharter = {
  readonly charter: Charter;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly charterId: Uint8Array;
};

export type CharterVerdict = { readonly ok: true; readonly verified: VerifiedCharter } | Refusal;
type Refusal = { readonly ok: false; readonly why: CharterRefusal };

const refuse = (why: CharterRefusal): Refusal => ({ ok: false, why });

/**
 * Checks one charter version. `before` is the version we hold, null for version 1.
 *
 * Version 1 needs two of three custodians of **every** nation; that it is the right version 1 only its hash can say,
 * compared by people over another channel. Version v + 1 (TUF's root rules) follows v by number and hash and is
 * carried under the rules of v by members of v **and** under its own by its own. `nowSec` (unix seconds) refuses what
 * has expired; null while an old chain is replayed, where only the last version must be valid today.
 */
export function verifyCharter(
  bytes: Uint8Array,
  signatures: readonly CharterSignature[],
  nowSec: number | null,
  before: VerifiedCharter | null = null,
): CharterVerdict {
  const parsed = parseCharter(bytes);
  if (!parsed.ok) return parsed;
  const { charter } = parsed;
  const order = before === null ? checkFirst(charter) : checkOrder(before, charter, bytes);
  if (order !== null) return refuse(order);
  if (nowSec !== null && nowSec > charter.expires) return refuse('expired');
  const votes =
    before === null
      ? checkFounders(charter, bytes, signatures)
      : checkVotes(before.charter, charter, bytes, signatures);
  return votes === null ? accept(charter, bytes) : refuse(votes);
}

/** Replays a chain from version 1 on; the last must be valid at `nowSec`. Refuses at the first version that fails. */
export function verifyCharterChain(
  chain: readonly { readonly bytes: Uint8Array; readonly signatures: readonly CharterSignature[] }[],
  nowSec: number,
): CharterVerdict {
  let verdict: CharterVerdict = refuse('malformed');
  let before: VerifiedCharter | null = null;
  for (const [i, { bytes, signatures }] of chain.entries()) {
    verdict = verifyCharter(bytes, signatures, i === chain.length - 1 ? nowSec : null, before);
    if (!verdict.ok) return verdict;
    before = verdict.verified;
  }
  return verdict;
}

const checkFirst = ({ version }: Charter): CharterRefusal | null => (version === 1 ? null : 'version_skipped');

function checkFounders(
  charter: Charter,
  bytes: Uint8Array,
  signatures: readonly CharterSignature[],
): CharterRefusal | null {
  const signing = nationsSigning(bytes, signatures, charter.members);
  if (signing === null) return 'signature_invalid';
  return charter.members.every(({ id }) => signing.has(id)) ? null : 'quorum_missing';
}

function checkOrder(current: VerifiedCharter, next: Charter, bytes: Uint8Array): CharterRefusal | null {
  const { version } = current.charter;
  if (next.version === version && hexHashOf(bytes) !== toHex(current.hash)) return 'charter_conflict';
  if (next.version <= version) return 'rollback';
  if (next.version > version + 1) return 'version_skipped';
  const isSuccessor = next.previous === toHex(current.hash) && next.charterId === toHex(current.charterId);
  return isSuccessor && next.effective >= current.charter.effective ? null : 'wrong_predecessor';
}

function checkVotes(
  older: Charter,
  newer: Charter,
  bytes: Uint8Array,
  signatures: readonly CharterSignature[],
): CharterRefusal | null {
  const byOld = nationsSigning(bytes, signatures, older.members);
  const byNew = nationsSigning(bytes, signatures, newer.members);
  if (byOld === null || byNew === null) return 'signature_invalid';
  if (nationsUnconfirmed(older, newer, byOld).length > 0) return 'custodians_not_confirmed';
  return pollsOf(older, newer, byOld, byNew).every(({ isCarried }) => isCarried) ? null : 'quorum_missing';
}

const accept = (charter: Charter, bytes: Uint8Array): CharterVerdict => ({
  ok: true,
  verified: { charter, bytes, hash: charterHash(bytes), charterId: charterIdOf(charter, bytes) },
});
