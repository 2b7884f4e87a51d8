/** Receipts: made for what was taken in, and taken for what was sent. Delivered means receipted, nothing else. */
import { sameBytes, toHex } from '@tripoint/envelope/cbor';
import type { Receipt, SignedReceipt } from '@tripoint/envelope/proof';
import { QUEUE_ENVELOPES_MAX, QUEUE_RESERVE } from './deliveries.ts';
import type { Exchanging } from './exchanging.ts';
import type { ExchangeTx, GivenReceipt, KeptReceipts, OutRow, PlaceRange, ReceiptRow } from './port.ts';
import { laterState, receiptRanges, type Settled } from './rules.ts';

/** Signs one receipt for every run of places. */
export async function makeReceipts(
  self: Exchanging,
  sender: Uint8Array,
  settled: readonly Settled[],
  nowMs: number,
): Promise<{ receipts: ReceiptRow[]; leaves: Uint8Array[] }> {
  const signed = await Promise.all(
    receiptRanges(settled).map(async (range) => {
      const [first, last] = [range[0] as Settled, range.at(-1) as Settled];
      const { bytes, leaf } = await self.seal.signReceipt(
        {
          ...headOf(self, sender),
          lane: first.lane,
          fromSeq: first.seq,
          toSeq: last.seq,
          leafAtToSeq: last.leaf,
          state: 'verified',
          exceptions: range.flatMap((one) =>
            one.code === null ? [] : [{ seq: one.seq, leaf: one.leaf, code: one.code }],
          ),
          receivedAtMs: nowMs,
          stateAtMs: nowMs,
        },
        self.keys.signer,
      );
      return { receipt: rowOf(sender, first, last.seq, 'verified', bytes), leaf };
    }),
  );
  return { receipts: signed.map(({ receipt }) => receipt), leaves: signed.map(({ leaf }) => leaf) };
}

function rowOf(
  peer: Uint8Array,
  from: { lane: ReceiptRow['lane']; seq: number },
  toSeq: number,
  state: string,
  bytes: Uint8Array,
): ReceiptRow {
  return { peer, lane: from.lane, fromSeq: from.seq, toSeq, state, bytes };
}

const DAY_MS = 86_400_000;

/** First display of an item that asks for it: one-day grain, no officer, no agency. */
export async function makeOpenedReceipt(
  self: Exchanging,
  place: { peer: Uint8Array; lane: Receipt['lane']; seq: number; leaf: Uint8Array; receivedAtMs: number },
  nowMs: number,
): Promise<{ receipt: ReceiptRow; leaf: Uint8Array }> {
  const { bytes, leaf } = await self.seal.signReceipt(
    {
      ...headOf(self, place.peer),
      lane: place.lane,
      fromSeq: place.seq,
      toSeq: place.seq,
      leafAtToSeq: place.leaf,
      state: 'opened',
      exceptions: [],
      receivedAtMs: place.receivedAtMs,
      stateAtMs: nowMs - (nowMs % DAY_MS),
    },
    self.keys.signer,
  );
  return { receipt: rowOf(place.peer, place, place.seq, 'opened', bytes), leaf };
}

function headOf(self: Exchanging, sender: Uint8Array): Pick<Receipt, 'senderId' | 'charter'> {
  const { version, hash } = self.keys.charter();
  return { senderId: sender, charter: { version, hash } };
}

export interface ProvenReceipt {
  peer: Uint8Array;
  bytes: Uint8Array;
  leaf: Uint8Array;
  receipt: Receipt;
}

/** Shape, signer, signature and addressee; null, with a word in the log, when one of them does not hold. */
export async function proveReceipt(
  self: Exchanging,
  peer: Uint8Array,
  bytes: Uint8Array,
): Promise<ProvenReceipt | null> {
  const decoded = self.seal.decodeReceipt(bytes);
  const drop = (why: string) => {
    self.log.warn({ peer: toHex(peer), why }, 'a receipt was not taken');
    return null;
  };
  if (!decoded.ok) return drop(decoded.why);
  const signed: SignedReceipt = decoded.signed;
  const entry = self.keys.signerEntry(signed.receipt.signerKid);
  if (!entry || !sameBytes(entry.memberId, peer)) return drop('signer_unknown');
  if (!sameBytes(signed.receipt.senderId, self.keys.memberId)) return drop('not_addressed');
  const verified = await self.seal.verifyReceipt(signed, entry.publicBytes);
  if (!verified.ok) return drop(verified.why);
  return { peer, bytes, leaf: verified.leaf, receipt: signed.receipt };
}

/** Turns the ticks that proven receipts cover, in the receiving transaction. */
export async function takeReceipts(
  self: Exchanging,
  tx: ExchangeTx,
  proven: readonly ProvenReceipt[],
  nowMs: number,
): Promise<void> {
  const kept = await keepMatching(self, tx, proven, nowMs);
  const isFresh = new Set(kept.fresh.map(toHex));
  const taken = proven.filter(({ leaf }) => isFresh.has(toHex(leaf)));
  const distinct = [...new Map(kept.rows.map((row) => [row.id, row])).values()];
  const byChain = Map.groupBy(distinct, (row) => chainOf(row.peer, row.lane));
  const covered = taken.map((one) => ({ one, rows: coveredBy(one, byChain) }));
  const ticks = covered.flatMap(({ one, rows: out }) =>
    out.map((row) => ({ row, tick: tickOf(row, one.receipt, nowMs) })),
  );
  await Promise.all([
    tx.markOut(onePerRow(ticks), nowMs),
    tx.dropCopies(dropped(self, taken)),
    tx.appendLog(taken.map(({ leaf }) => ({ kind: 'rcpt', leaf, ref: toHex(leaf) }))),
  ]);
  const items = new Set(covered.flatMap(({ rows: out }) => out.map(({ item }) => item)));
  await tx.announce([...items].map((item) => ({ kind: 'report.delivery', item })));
}

/** Places a receipt may speak of: more are never open at once, for then nothing is handed over any more. */
export const RECEIPT_PLACES_MAX = QUEUE_ENVELOPES_MAX + QUEUE_RESERVE;

export const placesOf = ({ receipt }: ProvenReceipt): number => receipt.toSeq - receipt.fromSeq + 1;

/** Those that end at an envelope which really was sent; only then is anything below it looked at. */
async function keepMatching(
  self: Exchanging,
  tx: ExchangeTx,
  proven: readonly ProvenReceipt[],
  nowMs: number,
): Promise<KeptReceipts> {
  const kept = await tx.keepReceipts(proven.filter((one) => placesOf(one) <= RECEIPT_PLACES_MAX).map(givenOf));
  const matches = new Set(kept.matching.map(toHex));
  for (const one of proven) if (!matches.has(toHex(one.leaf))) await alarmMismatch(self, tx, one.peer, nowMs);
  return kept;
}

const chainOf = (peer: Uint8Array, lane: number) => `${toHex(peer)}/${lane}`;

/** It speaks of an envelope that was never sent: evidence, not a tick. */
async function alarmMismatch(self: Exchanging, tx: ExchangeTx, peer: Uint8Array, nowMs: number): Promise<void> {
  await tx.alarm('fork', 'receipt_mismatch', self.keys.member(peer)?.nation ?? null, nowMs);
  await tx.announce([{ kind: 'alarm' }]);
}

function givenOf({ peer, receipt, bytes, leaf }: ProvenReceipt): GivenReceipt {
  const { lane, fromSeq, toSeq, state, leafAtToSeq } = receipt;
  return { peer, lane, fromSeq, toSeq, state, bytes, leaf, leafAtToSeq };
}

/** The rows are walked, not the places: a wide range costs no more than what is open in it. */
function coveredBy({ peer, receipt }: ProvenReceipt, byChain: ReadonlyMap<string, readonly OutRow[]>): OutRow[] {
  const chain = byChain.get(chainOf(peer, receipt.lane)) ?? [];
  return chain.filter(({ seq }) => seq >= receipt.fromSeq && seq <= receipt.toSeq);
}

function dropped(self: Exchanging, taken: readonly ProvenReceipt[]): PlaceRange[] {
  return taken
    .filter(({ receipt }) => receipt.state === 'verified')
    .map(({ peer, receipt: { lane, fromSeq, toSeq } }) => {
      self.fresh.drop(peer, lane, toSeq);
      return { peer, lane, from: fromSeq, to: toSeq };
    });
}

type Tick = Parameters<ExchangeTx['markOut']>[0][number];

/** Several receipts may speak of one delivery, in any order: it goes forward, never back. */
function onePerRow(ticks: readonly { row: OutRow; tick: Tick }[]): Tick[] {
  const byRow = new Map<string, Tick>();
  for (const { row, tick } of ticks) {
    const before = byRow.get(row.id);
    byRow.set(row.id, { ...before, ...tick, state: laterState(before?.state ?? row.state, tick.state) });
  }
  return [...byRow.values()];
}

/** A receipt's time cannot lie after its arrival (domain.md §4): neither side moves a clock. */
function tickOf(out: OutRow, receipt: Receipt, nowMs: number): Tick {
  const refused = receipt.exceptions.find(({ seq }) => seq === out.seq);
  const receivedAtMs = Math.min(receipt.receivedAtMs, nowMs);
  if (refused) return { id: out.id, state: 'refused', reason: refused.code, receivedAtMs };
  const stateAtMs = Math.min(receipt.stateAtMs ?? nowMs, nowMs);
  if (receipt.state === 'opened') return { id: out.id, state: 'opened', openedAtMs: stateAtMs };
  if (receipt.state === 'verified') return { id: out.id, state: 'verified', receivedAtMs, verifiedAtMs: stateAtMs };
  return { id: out.id, state: 'received', receivedAtMs };
}
