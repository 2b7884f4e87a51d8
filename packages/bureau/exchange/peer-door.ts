/** What the transport asks of the exchange: hello, copies, receipts. Turns the wire's words into the exchange's. */
import { fromHex, sameBytes } from '@tripoint/envelope/cbor';
import { firstPrev } from '@tripoint/envelope/seal';
import type { AlarmCode } from '@tripoint/model/codes';
import { type Hello, type Lane, lanes, type PeerDoor, type PeerId, type Welcome } from '../transport/index.ts';
import type { Exchanging } from './exchanging.ts';
import { type ArrivalAnswer, takeIn } from './inbox.ts';
import type { KeptReceipt } from './port.ts';

/** Largest copy and frame this bureau takes (wire.md §7). */
const bounds = { maxCopyBytes: 1_114_112, maxFrameBytes: 4 * 1024 * 1024 };
/** Receipts read and sent again at once: about five megabytes. */
const RECEIPTS_AGAIN = 1_000;
/** Which of these the sender knows it cannot say, so the newest are repeated on every new link. */
const OPENED_AGAIN_MAX = 200;

export interface DoorEvents {
  receipts(peer: Uint8Array, receipts: Uint8Array[]): Promise<void>;
  sent(peer: Uint8Array, places: { lane: Lane; seq: number }[]): void;
  refusedByLink(peer: Uint8Array, places: { lane: Lane; seq: number; code: string }[]): void;
  linkChanged(peer: Uint8Array, up: boolean): void;
}

export function createPeerDoor(self: Exchanging, events: DoorEvents): PeerDoor {
  /** What each peer said it has of our receipts, until the link is up and they can be sent again. */
  const ackedByPeer = new Map<PeerId, Record<Lane, number>>();

  const badSignatures = badSignatureCount(self);

  return {
    hello: (peer) => sayHello(self, fromHex(peer)),
    async welcome(peer, hello) {
      ackedByPeer.set(
        peer,
        byLane((lane) => placeOf(hello.lanes[lane]?.acked ?? 0n)),
      );
      return judgeHello(self, fromHex(peer), hello);
    },
    async nextCopies(peer, lane, from, limits) {
      const [member, first] = [fromHex(peer), Number(from)];
      // Behind the newest copy there is nothing; what another process seals meanwhile is found by its own look.
      if (self.fresh.isPast(member, lane, first)) return [];
      const copies =
        self.fresh.from(member, lane, first, limits) ?? (await self.store.copies(member, lane, first, limits));
      if (copies.length === 0) self.fresh.noteEnd(member, lane, first);
      return copies.map(({ seq, bytes }) => ({ lane, seq: BigInt(seq), bytes }));
    },
    async receive(peer, copies) {
      const taken = await takeIn(
        self,
        fromHex(peer),
        copies.map(({ lane, seq, bytes }) => ({ lane, seq: placeOf(seq), bytes })),
      );
      if (badSignatures.tooMany(peer, taken.answers)) {
        self.transport().dismiss(peer, 'bad_signatures');
        await raise(self, 'link', 'bad_signatures', self.keys.member(fromHex(peer))?.nation ?? null);
      }
      if (taken.receipts.length > 0) self.transport().sendReceipts(peer, taken.receipts);
      if (taken.isFull) {
        // Ended without an acknowledgement, the link begins anew at what is missing; what was taken is known by its id.
        self.transport().dismiss(peer, 'over_quota');
        throw new Error('no room to hold more of this peer');
      }
      for (const gap of taken.gaps) self.transport().need(peer, gap.lane, BigInt(gap.from), BigInt(gap.to));
      return copies.map(({ lane, seq }, i) => ({ lane, seq, ...(taken.answers[i] as { state: 'durable' | 'held' }) }));
    },
    acked(peer, acks) {
      const refused = acks.flatMap((ack) =>
        ack.state === 'refused' ? [{ lane: ack.lane, seq: Number(ack.seq), code: ack.code }] : [],
      );
      if (refused.length > 0) events.refusedByLink(fromHex(peer), refused);
    },
    receipts: (peer, receipts) => events.receipts(fromHex(peer), receipts),
    need() {
      // The transport sends the range again by itself; nothing here depends on it.
    },
    async control(peer, kind, payload) {
      if (kind === 'keys') await self.keys.takeDirectory(fromHex(peer), payload);
      return kind === 'log' ? (self.peerLog?.take(fromHex(peer), payload) ?? null) : null;
    },
    linkChanged(peer, state) {
      if (state === 'greeting') return;
      const member = fromHex(peer);
      events.linkChanged(member, state === 'up');
      if (state === 'up') {
        const own = self.keys.directoryFor(member);
        if (own) self.transport().control(peer, 'keys', own);
        void sendReceiptsAgain(self, peer, ackedByPeer.get(peer)).catch((reason: unknown) =>
          self.log.error({ reason: String(reason) }, 'receipts could not be sent again'),
        );
      }
    },
    sent(peer, copies) {
      events.sent(
        fromHex(peer),
        copies.map(({ lane, seq }) => ({ lane, seq: Number(seq) })),
      );
    },
  };
}

/** A place the peer only claims: 64 bits on the wire, of which no chain ever reaches more than these. */
const placeOf = (seq: bigint): number => Number(seq > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : seq);

/** So many copies with a bad signature in a minute end the link (wire.md §7). */
const BAD_SIGNATURES_MAX = 20;
const BAD_SIGNATURES_MS = 60_000;

function badSignatureCount(self: Exchanging): { tooMany(peer: PeerId, answers: readonly ArrivalAnswer[]): boolean } {
  const seen = new Map<PeerId, number[]>();
  return {
    tooMany(peer, answers) {
      const bad = answers.filter((answer) => answer.state === 'refused' && answer.code === 'signature_invalid').length;
      if (bad === 0) return false;
      const nowMs = self.clock.monotonicMs();
      const recent = (seen.get(peer) ?? []).filter((atMs) => nowMs - atMs < BAD_SIGNATURES_MS);
      const all = [...recent, ...Array.from({ length: bad }, () => nowMs)].slice(-BAD_SIGNATURES_MAX);
      seen.set(peer, all);
      return all.length >= BAD_SIGNATURES_MAX;
    },
  };
}

function byLane<T>(of: (lane: Lane) => T): Record<Lane, T> {
  return Object.fromEntries(lanes.map((lane) => [lane, of(lane)])) as Record<Lane, T>;
}

async function sayHello(self: Exchanging, peer: Uint8Array): Promise<Hello> {
  const heads = await self.store.heads(peer);
  const charter = self.keys.charter();
  return {
    memberId: self.keys.memberId,
    charter: { version: charter.version, hash: charter.hash },
    lanes: lanes.map((lane) => {
      const out = heads.out.find((head) => head.lane === lane);
      const inward = heads.in.find((head) => head.lane === lane);
      return {
        next: BigInt((inward?.seq ?? 0) + 1),
        acked: BigInt(out?.acked ?? 0),
        head: out?.head ?? firstPrev(charter.id, self.keys.memberId, peer, lane),
      };
    }),
    bounds,
    checkpoint: (await self.peerLog?.shown()) ?? null,
    versions: [1],
  };
}

async function judgeHello(self: Exchanging, peer: Uint8Array, hello: Hello): Promise<Welcome> {
  const member = self.keys.member(peer);
  if (!member || member.status === 'suspended') return { ok: false, bye: 'not_admitted' };
  const charter = self.keys.charter();
  if (hello.charter.version === charter.version && !sameBytes(hello.charter.hash, charter.hash)) {
    await raise(self, 'charter', 'charter_conflict', member.nation);
    return { ok: false, bye: 'charter_conflict' };
  }
  await self.peerLog?.met(peer, hello.checkpoint);
  const { out } = await self.store.heads(peer);
  const ahead = lanes.some(
    (lane) => Number(hello.lanes[lane]?.next ?? 1n) > (out.find((head) => head.lane === lane)?.seq ?? 0) + 1,
  );
  // The peer holds envelopes that we do not remember sending: our store is older than what we sent.
  if (ahead) await raise(self, 'fork', 'own_store_behind', member.nation);
  return { ok: true, resume: byLane((lane) => hello.lanes[lane]?.next ?? 1n) };
}

async function raise(
  self: Exchanging,
  kind: 'charter' | 'fork' | 'link',
  code: AlarmCode,
  nation: string | null,
): Promise<void> {
  await self.store.transact(async (tx) => {
    await tx.alarm(kind, code, nation, self.clock.nowMs());
    await tx.announce([{ kind: 'alarm' }]);
  });
}

/** A receipt that was lost with a link is asked for by the sender's hello: it names the last one it has. */
async function sendReceiptsAgain(
  self: Exchanging,
  peer: PeerId,
  acked: Record<Lane, number> | undefined,
): Promise<void> {
  if (!acked) return;
  const member = fromHex(peer);
  const send = (rows: readonly KeptReceipt[]) =>
    rows.length === 0 ||
    self.transport().sendReceipts(
      peer,
      rows.map(({ bytes }) => bytes),
    );
  for (const lane of lanes) {
    let page: KeptReceipt[];
    let after = 0n;
    do {
      page = await self.store.receiptsAbove(member, lane, acked[lane], after, RECEIPTS_AGAIN);
      after = page.at(-1)?.id ?? after;
      if (!send(page)) return;
    } while (page.length === RECEIPTS_AGAIN);
    send(await self.store.receiptsOpened(member, lane, OPENED_AGAIN_MAX));
  }
}
