/** The way out: waiting items are projected for each recipient, sealed, chained and logged, in one transaction. */
import { compareBytes, joinBytes, toHex, u32, utf8 } from '@tripoint/envelope/cbor';
import { EXPIRY_SEC_MAX, envelopeId, firstPrev, type Recipient } from '@tripoint/envelope/seal';
import type { Exchanging } from './exchanging.ts';
import { faultName, isItemsFault } from './faults.ts';
import type { EvidenceToKeep } from './kept-evidence.ts';
import { markingOfPayload, projectPayload } from './payload.ts';
import type { ChainHead, ExchangeTx, QueuedItem, SealedEnvelope, SealedRow } from './port.ts';
import { splitCopies } from './rules.ts';

/** Rows sealed in one transaction: about forty milliseconds of sealing, so that the heads are not held for long. */
export const SEAL_ROWS_MAX = 64;

interface Sealing {
  envelopes: SealedEnvelope[];
  rows: SealedRow[];
  evidence: EvidenceToKeep[];
  /** Rows that can never be sealed. */
  refused: QueuedItem[];
  /** Rows whose item was recalled or erased. */
  recalled: QueuedItem[];
  /** Rows whose item may not leave any more, such as one that expired while it waited. */
  lapsed: QueuedItem[];
}

/** Rows of one item version whose recipients get the very same bytes share an envelope. */
interface Group {
  rows: QueuedItem[];
  payload: Uint8Array;
  /** As it stands at home; another where recipients are hidden from each other. */
  kept: Uint8Array;
  handling: Uint8Array;
}

const placeKey = (peer: Uint8Array, lane: number) => `${toHex(peer)}/${lane}`;

export interface Sealed {
  /** Chains that grew. */
  grown: { peer: Uint8Array; lane: QueuedItem['lane'] }[];
  /** A full batch was sealed: there may be more. */
  more: boolean;
}

/** Seals one batch of what waits. */
export async function sealDue(self: Exchanging): Promise<Sealed> {
  const { envelopes, rows, ...unsealed } = await self.store.transact((tx) => sealQueued(self, tx));
  // Only what is committed may be sent.
  self.fresh.add(envelopes, rows);
  const grown = new Map(rows.map((row) => [placeKey(row.peer, row.lane), { peer: row.peer, lane: row.lane }]));
  const taken = [rows, ...Object.values(unsealed)].reduce((sum, { length }) => sum + length, 0);
  return { grown: [...grown.values()], more: taken === SEAL_ROWS_MAX };
}

async function sealQueued(self: Exchanging, tx: ExchangeTx): Promise<Sealing> {
  const done: Sealing = { envelopes: [], rows: [], evidence: [], refused: [], recalled: [], lapsed: [] };
  const nowMs = self.clock.nowMs();
  const due = await takeDue(self, tx, nowMs);
  if (due.length === 0) return done;
  done.recalled = due.filter(({ isRecalled }) => isRecalled);
  const sealable = due.filter(({ isRecalled }) => !isRecalled);
  const [heads, all] = await Promise.all([lockHeads(self, tx, sealable), groups(self, tx, sealable, done)]);
  for (const group of all) await sealOrRefuse(self, group, heads, nowMs, done);
  if (done.rows.length > 0)
    await Promise.all([
      tx.saveSealed(done.envelopes, done.rows, nowMs),
      tx.keepEvidence(done.evidence),
      tx.appendLog(done.envelopes.map(({ id, leaf }) => ({ kind: 'env', leaf, ref: toHex(id) }))),
    ]);
  await settleUnsealed(tx, done, nowMs);
  await tx.announce([...new Set(due.map(({ item }) => item))].map((item) => ({ kind: 'report.delivery', item })));
  return done;
}

/** What waits for a nation that cannot be sealed to keeps nobody else's waiting, however much it is. */
async function takeDue(self: Exchanging, tx: ExchangeTx, nowMs: number): Promise<QueuedItem[]> {
  const blocked: QueuedItem[] = [];
  for (;;) {
    const queued = await tx.takeQueued(SEAL_ROWS_MAX, blocked);
    const waits = queued.filter((row) => !row.isRecalled && !isSealable(self, row, nowMs));
    if (waits.length === 0 || queued.length < SEAL_ROWS_MAX) return queued.filter((row) => !waits.includes(row));
    blocked.push(...new Map(waits.map((row) => [placeKey(row.peer, row.lane), row])).values());
  }
}

/**
 * Asked inside the sealing transaction: who is not an active member now gets nothing, and who has no key that is
 * fresh enough waits, visibly, as *queued*.
 */
function isSealable(self: Exchanging, row: QueuedItem, nowMs: number): boolean {
  const member = self.keys.member(row.peer);
  if (!member || member.status === 'suspended') return false;
  if (!self.keys.maySeal(row.lane)) return false;
  return self.keys.kemFor(row.peer, nowMs) !== null;
}

async function lockHeads(
  self: Exchanging,
  tx: ExchangeTx,
  rows: readonly QueuedItem[],
): Promise<Map<string, ChainHead>> {
  const places = [...new Map(rows.map((row) => [placeKey(row.peer, row.lane), row])).values()].sort(
    (a, b) => compareBytes(a.peer, b.peer) || a.lane - b.lane,
  );
  const heads = await tx.lockOut(places);
  const charterId = self.keys.charter().id;
  return new Map(
    heads.map((head) => [
      placeKey(head.peer, head.lane),
      { ...head, head: head.head ?? firstPrev(charterId, self.keys.memberId, head.peer, head.lane) },
    ]),
  );
}

/** They will never leave: the screen says so of each row, and an alarm of what is our own fault. */
async function settleUnsealed(tx: ExchangeTx, { refused, recalled, lapsed }: Sealing, nowMs: number): Promise<void> {
  const ended = [
    ...[...refused, ...lapsed].map(({ id }) => ({ id, state: 'refused' as const, reason: 'not-sealable' })),
    ...recalled.map(({ id }) => ({ id, state: 'recalled' as const })),
  ];
  await tx.markOut(ended, nowMs);
  if (refused.length === 0) return;
  await tx.alarm('hold', 'item_damaged', null, nowMs);
  await tx.announce([{ kind: 'alarm' }]);
}

/** Notes whose fault it was; throws what is not the item's. One that is keeps nobody else's waiting. */
function giveUp(self: Exchanging, rows: readonly QueuedItem[], reason: unknown, done: Sealing): void {
  if (!isItemsFault(reason)) throw reason;
  const { item, version } = rows[0] as QueuedItem;
  self.log.error({ item, version, reason: faultName(reason) }, 'an own item cannot be sealed');
  done.refused.push(...rows);
}

async function groups(self: Exchanging, tx: ExchangeTx, rows: readonly QueuedItem[], done: Sealing): Promise<Group[]> {
  const byItem = Map.groupBy(rows, (row) => `${row.item}/${row.version}`);
  const all: Group[] = [];
  // All are asked for before the first answer is waited for.
  const asked = [...byItem.values()].map((ofItem) => ({ ofItem, payload: payloadOf(tx, ofItem) }));
  for (const { ofItem, payload } of asked) {
    try {
      all.push(...groupsOf(ofItem, (await payload)(), done));
    } catch (reason) {
      giveUp(self, ofItem, reason, done);
    }
  }
  return all;
}

/** What it came to, the failure included: nothing fails before somebody looks. */
function payloadOf(tx: ExchangeTx, rows: readonly QueuedItem[]): Promise<() => Uint8Array | 'recalled' | null> {
  const { item, version } = rows[0] as QueuedItem;
  return tx.payloadOf(item, version).then(
    (payload) => () => payload,
    (reason: unknown) => () => {
      throw reason;
    },
  );
}

/** Not to leave any more, such as one that expired while it waited: no group. Else each has its payload, which was read once. */
function groupsOf(rows: QueuedItem[], payload: Uint8Array | 'recalled' | null, done: Sealing): Group[] {
  if (payload === null || payload === 'recalled') {
    (payload === null ? done.lapsed : done.recalled).push(...rows);
    return [];
  }
  const { conditions } = rows[0] as QueuedItem;
  const isHidden = conditions.includes('hide-recipients') || conditions.includes('recipients-only');
  const groups = isHidden
    ? rows.map((row) => ({ rows: [row], payload: projectPayload(payload, row.nation) }))
    : [{ rows, payload }];
  return groups.map((group) => ({ ...group, kept: payload, handling: markingOfPayload(group.payload) }));
}

/** What cannot be sealed for all together is tried for each alone: one nation's bad key is no other nation's loss. */
async function sealOrRefuse(
  self: Exchanging,
  group: Group,
  heads: Map<string, ChainHead>,
  nowMs: number,
  done: Sealing,
): Promise<void> {
  try {
    await sealGroup(self, group, heads, nowMs, done);
  } catch (reason) {
    if (group.rows.length === 1) return giveUp(self, group.rows, reason, done);
    if (!isItemsFault(reason)) throw reason;
    for (const row of group.rows) await sealOrRefuse(self, { ...group, rows: [row] }, heads, nowMs, done);
  }
}

async function sealGroup(
  self: Exchanging,
  group: Group,
  heads: Map<string, ChainHead>,
  nowMs: number,
  done: Sealing,
): Promise<void> {
  const charter = self.keys.charter();
  const timeSec = Math.floor(nowMs / 1000);
  const recipients = group.rows.map((row) => recipientOf(self, row, heads, nowMs));
  const first = group.rows[0] as QueuedItem;
  const sealed = await self.seal.sealEnvelope(
    {
      signer: self.keys.signer,
      senderId: self.keys.memberId,
      charter: { version: charter.version, hash: charter.hash },
      id: envelopeId(self.keys.envelopeSecret, rowKey(first), first.sealing),
      timeSec,
      expirySec: timeSec + EXPIRY_SEC_MAX - 60,
      inner: {
        audience: recipients.map(({ memberId }) => memberId),
        handling: group.handling,
        payload: group.payload,
        type: 'report.1',
      },
      recipients,
      bucket: charter.bucket,
    },
    self.random,
  );
  const { front, rear, middles } = splitCopies(sealed.copies.map(({ bytes }) => bytes));
  done.envelopes.push({ id: sealed.id, leaf: sealed.leaf, front, rear });
  const { signatures, ...evidence } = sealed.evidence;
  const of = { item: first.item, version: first.version, author: self.keys.memberId, payload: group.kept };
  done.evidence.push({ ...evidence, ...signatures, ...of, core: sealed.core, leaf: sealed.leaf });
  group.rows.forEach((row, i) => {
    const { seq } = recipients[i] as Recipient;
    const at = { peer: row.peer, lane: row.lane, seq };
    done.rows.push({ ...at, outbox: row.id, envelope: sealed.id, leaf: sealed.leaf, middle: middles[i] as Uint8Array });
    heads.set(placeKey(row.peer, row.lane), { ...at, head: sealed.leaf });
  });
}

function recipientOf(self: Exchanging, row: QueuedItem, heads: Map<string, ChainHead>, nowMs: number): Recipient {
  const head = heads.get(placeKey(row.peer, row.lane)) as ChainHead;
  return {
    memberId: row.peer,
    publicKey: self.keys.kemFor(row.peer, nowMs) as Uint8Array,
    alias: self.keys.aliasFor(row.agency, row.nation),
    lane: row.lane,
    seq: head.seq + 1,
    prev: head.head as Uint8Array,
  };
}

const rowKey = (row: QueuedItem) => joinBytes(utf8(row.item), u32(row.version), utf8(row.id));
