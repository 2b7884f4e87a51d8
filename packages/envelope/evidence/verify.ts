/** Checks evidence with the hash of charter version 1 alone: no key, no bureau, no network, no clock. */
import { compareBytes, decode, mapOf, sameBytes, toHex } from '../cbor/index.ts';
import { memberById, statusAt } from '../charter/index.ts';
import {
  decodeFork,
  decodeReceipt,
  type ForkKind,
  logOrigin,
  type Receipt,
  type ReceiptState,
  verifyFork,
  verifyReceipt,
} from '../proof/index.ts';
import {
  type Core,
  checkSigner,
  floorToMinute,
  type Inner,
  readCore,
  readInner,
  verifyEvidence,
} from '../seal/index.ts';
import { type EnvelopeForm, type EvidenceForm, type ForkForm, type ReceiptForm, readEvidence } from './form.ts';
import { type Place, placeOf, readHead, type ShownHead } from './heads.ts';
import { type Claim, Refuted } from './refuted.ts';
import { type Coalition, charterNamed, keysOfMember, nationOf, type VouchedKey, vouched } from './vouched.ts';

/** What a log shows of an entry. */
export type LogFinding = {
  /** Whose log it is (ISO 3166). */
  readonly nation: string;
  readonly index: number;
  readonly size: number;
  readonly witnesses: readonly { readonly nation: string; readonly atSec: number }[];
  readonly isWitnessed: boolean;
};

export type ReceiptFinding = {
  readonly nation: string;
  readonly state: ReceiptState;
  /** Why not, when the receipt says so of this envelope. */
  readonly code: string | null;
  readonly receivedAtMs: number;
  readonly stateAtMs: number | null;
  readonly log: LogFinding | null;
};

export type EnvelopeFinding = {
  /** In hexadecimal. */
  readonly id: string;
  readonly author: string;
  readonly saidAtSec: number;
  readonly charterVersion: number;
  readonly recipients: readonly string[];
  /** Kind of item, such as `report.1`; payload and handling are bytes to this layer. */
  readonly type: string;
  readonly payload: Uint8Array;
  readonly handling: Uint8Array;
  readonly log: LogFinding | null;
  readonly receipts: readonly ReceiptFinding[];
};

export type ForkFinding = {
  readonly nation: string;
  readonly kind: ForkKind;
  readonly sizes: readonly [number, number];
};

export type EvidenceVerdict =
  | { readonly ok: true; readonly kind: 'evidence'; readonly envelopes: readonly EnvelopeFinding[] }
  | { readonly ok: true; readonly kind: 'fork'; readonly fork: ForkFinding }
  /** The first claim that does not hold, and the field of the file it stands in. */
  | { readonly ok: false; readonly claim: Claim; readonly at: string };

/** `pin`: hash (32 bytes) of charter version 1, as it was read aloud and written down. */
export function checkEvidence(file: Uint8Array, pin: Uint8Array): EvidenceVerdict {
  const read = readEvidence(file);
  if (!read.ok) return { ok: false, claim: 'form', at: read.at };
  try {
    if (read.kind === 'fork') return { ok: true, kind: 'fork', fork: checkFork(read.form, pin) };
    return { ok: true, kind: 'evidence', envelopes: checkReport(read.form, pin) };
  } catch (error) {
    if (error instanceof Refuted) return { ok: false, claim: error.claim, at: error.at };
    throw error;
  }
}

function checkFork(form: ForkForm, pin: Uint8Array): ForkFinding {
  const coalition = vouched(form, pin);
  const fork = decodeFork(form.fork);
  const nation = fork === null ? null : nationOf(coalition, fork.memberId);
  if (fork === null || nation === null) throw new Refuted('fork', 'fork');
  const keys = keysOfMember(coalition, fork.memberId, 'log').map(({ publicBytes }) => publicBytes);
  const verdict = verifyFork(fork, logOrigin(toHex(coalition.charterId), toHex(fork.memberId)), keys);
  if (!verdict.ok) throw new Refuted(verdict.why === 'signature_invalid' ? 'head' : 'fork', 'fork');
  return { nation, kind: fork.kind, sizes: [verdict.heads[0].size, verdict.heads[1].size] };
}

function checkReport(form: EvidenceForm, pin: Uint8Array): EnvelopeFinding[] {
  const coalition = vouched(form, pin);
  const heads = form.heads.map((note, place) => readHead(coalition, note, `heads.${place}`));
  if (form.envelopes.length === 0) throw new Refuted('form', 'envelopes');
  return form.envelopes.map((one, place) => checkEnvelope(coalition, heads, one, `envelopes.${place}`));
}

function checkEnvelope(
  coalition: Coalition,
  heads: readonly ShownHead[],
  form: EnvelopeForm,
  at: string,
): EnvelopeFinding {
  const core = coreOf(form.core, at);
  const { leaf, author } = checkAuthor(coalition, core, form, at);
  const inner = checkContent(core, form, at);
  const charter = charterNamed(coalition, core.charter);
  if (charter === null || !isActive(charter.charter, author.memberId, core.timeSec))
    throw new Refuted('author', `${at}.core`);
  const recipients = checkAudience(coalition, author.memberId, inner, at);
  const log =
    form.log === null ? null : placeOf(heads, leaf, form.log, [author.memberId], { claim: 'log', at: `${at}.log` });
  if (author.revokedFrom !== null && !isBefore(log, author)) throw new Refuted('author', `${at}.log`);
  return {
    id: toHex(core.id),
    author: nationOf(coalition, author.memberId) as string,
    saidAtSec: inner.exactTimeSec,
    charterVersion: core.charter.version,
    recipients,
    type: inner.type,
    payload: inner.payload,
    handling: inner.handling,
    log: findingOf(coalition, log),
    receipts: form.receipts.map((receipt, place) =>
      checkReceipt(coalition, heads, { leaf, author: author.memberId, inner }, receipt, `${at}.receipts.${place}`),
    ),
  };
}

function coreOf(bytes: Uint8Array, at: string): Core {
  const map = decodedMap(bytes);
  const core = map === null ? null : readCore(map);
  if (map === null || core === null || map.get(1) !== 1 || [...map.keys()].some((key) => key < 1 || key > 9))
    throw new Refuted('author', `${at}.core`);
  return core;
}

function decodedMap(bytes: Uint8Array) {
  try {
    return mapOf(decode(bytes));
  } catch {
    return null; // MalformedCbor
  }
}

/** Both signatures, by a key that its nation had in use then. The commitment is looked at apart: it is another claim. */
function checkAuthor(
  coalition: Coalition,
  core: Core,
  form: EnvelopeForm,
  at: string,
): { readonly leaf: Uint8Array; readonly author: VouchedKey } {
  const author = coalition.keys.find(({ class: of, kid }) => of === 'sig' && sameBytes(kid, core.signerKid));
  const entry = author && {
    ...author,
    notBeforeSec: author.notBefore,
    useUntilSec: author.useUntil,
  };
  if (author === undefined || !checkSigner(core, entry).ok) throw new Refuted('author', `${at}.core`);
  const evidence = { core, inner: form.inner, cs: form.cs, stanzaHashes: form.stanzaHashes, bodyHash: form.bodyHash };
  const verdict = verifyEvidence({ ...evidence, signatures: { ed: form.ed, ml: form.ml } }, author.publicBytes);
  if (!verdict.ok) throw verdict.why === 'signature_invalid' ? new Refuted('author', at) : new Refuted('content', at);
  return { leaf: verdict.leaf, author };
}

function checkContent(core: Core, form: EnvelopeForm, at: string): Inner {
  const inner = readInner(form.inner);
  if (inner === null || floorToMinute(inner.exactTimeSec) !== core.timeSec) throw new Refuted('content', `${at}.inner`);
  return inner;
}

function isActive(charter: Parameters<typeof memberById>[0], memberId: Uint8Array, atSec: number): boolean {
  const member = memberById(charter, toHex(memberId));
  return member !== undefined && statusAt(member, atSec) === 'active';
}

function checkAudience(coalition: Coalition, author: Uint8Array, { audience }: Inner, at: string): string[] {
  const isAscending = audience.every((id, i) => i === 0 || compareBytes(audience[i - 1] as Uint8Array, id) < 0);
  const nations = audience.map((memberId) => nationOf(coalition, memberId));
  if (!isAscending || nations.includes(null) || audience.some((id) => sameBytes(id, author)))
    throw new Refuted('audience', `${at}.inner`);
  return nations as string[];
}

type Said = { readonly leaf: Uint8Array; readonly author: Uint8Array; readonly inner: Inner };

function checkReceipt(
  coalition: Coalition,
  heads: readonly ShownHead[],
  said: Said,
  form: ReceiptForm,
  at: string,
): ReceiptFinding {
  const decoded = decodeReceipt(form.signed);
  if (!decoded.ok) throw new Refuted('receipt', at);
  const { receipt } = decoded.signed;
  const signer = coalition.keys.find(({ class: of, kid }) => of === 'sig' && sameBytes(kid, receipt.signerKid));
  const verified = signer === undefined ? null : verifyReceipt(decoded.signed, signer.publicBytes);
  if (signer === undefined || verified === null || !verified.ok) throw new Refuted('receipt', at);
  const spoken = spokenOf(receipt, said.leaf);
  const isRecipient = said.inner.audience.some((id) => sameBytes(id, signer.memberId));
  const isOurs = isRecipient && sameBytes(receipt.senderId, said.author) && isInUse(signer, receipt.receivedAtMs);
  if (spoken === null || !isOurs || charterNamed(coalition, receipt.charter) === null) throw new Refuted('receipt', at);
  const owners = [signer.memberId, said.author];
  const log =
    form.log === null
      ? null
      : placeOf(heads, verified.leaf, form.log, owners, { claim: 'receipt-log', at: `${at}.log` });
  if (signer.revokedFrom !== null && !isBefore(log, signer)) throw new Refuted('receipt', at);
  return {
    nation: nationOf(coalition, signer.memberId) as string,
    ...spoken,
    receivedAtMs: receipt.receivedAtMs,
    stateAtMs: receipt.stateAtMs ?? null,
    log: findingOf(coalition, log),
  };
}

/**
 * What the receipt says of the envelope with this leaf: it must end at it, or name it among its exceptions. Of one that
 * only lies in its range nothing is proven to a third party, for the chain between them is sealed.
 */
function spokenOf(receipt: Receipt, leaf: Uint8Array): { state: ReceiptState; code: string | null } | null {
  const exception = receipt.exceptions.find((one) => sameBytes(one.leaf, leaf));
  if (exception !== undefined) return { state: 'refused', code: exception.code };
  return sameBytes(receipt.leafAtToSeq, leaf) ? { state: receipt.state, code: null } : null;
}

/** A day, because a receipt's signer may have changed its key while the receipt was made. */
const OVERLAP_SEC = 86_400;

const isInUse = ({ notBefore, useUntil }: VouchedKey, atMs: number): boolean =>
  atMs / 1000 >= notBefore - OVERLAP_SEC && atMs / 1000 <= useUntil + OVERLAP_SEC;

/** What a revoked key signed counts only when it was witnessed in its owner's log before the index of the revocation. */
const isBefore = (place: Place | null, { memberId, revokedFrom }: VouchedKey): boolean =>
  place !== null &&
  revokedFrom !== null &&
  place.head.isWitnessed &&
  sameBytes(place.head.owner, memberId) &&
  place.index < revokedFrom;

function findingOf(coalition: Coalition, place: Place | null): LogFinding | null {
  if (place === null) return null;
  const { head, index } = place;
  return {
    nation: nationOf(coalition, head.owner) as string,
    index,
    size: head.checkpoint.size,
    witnesses: head.witnesses.map(({ nation, atSec }) => ({ nation, atSec })),
    isWitnessed: head.isWitnessed,
  };
}
