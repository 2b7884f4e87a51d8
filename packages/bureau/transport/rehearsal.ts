import type { Hello, ItemAck, Lane, LinkState, OutCopy, PeerDoor, PeerId } from './door.ts';

/** A bureau that only pretends: an outbox and an inbox in memory. For this room's tests and its bench. */
export interface RehearsalDoor extends PeerDoor {
  /** Puts a copy into the outbox; the caller wakes the transport. */
  post(peer: PeerId, lane: Lane, bytes: Uint8Array): bigint;
  outbox(peer: PeerId, lane: Lane): OutCopy[];
  inbox: { peer: PeerId; copy: OutCopy }[];
  acks: { peer: PeerId; ack: ItemAck }[];
  /** Replace to hold, refuse or fail commits. */
  commit: (peer: PeerId, copies: OutCopy[]) => Promise<ItemAck[]>;
  states: { peer: PeerId; state: LinkState; why?: string | undefined }[];
}

export function createRehearsalDoor(memberId: Uint8Array): RehearsalDoor {
  const boxes = new Map<string, OutCopy[]>();
  const key = (peer: PeerId, lane: Lane) => `${peer}/${lane}`;
  const received = new Map<string, bigint>();
  const box = (peer: PeerId, lane: Lane) => {
    const found = boxes.get(key(peer, lane)) ?? [];
    boxes.set(key(peer, lane), found);
    return found;
  };
  const door: RehearsalDoor = {
    inbox: [],
    acks: [],
    states: [],
    outbox: box,
    post(peer, lane, bytes) {
      const copies = box(peer, lane);
      const seq = BigInt(copies.length + 1);
      copies.push({ lane, seq, bytes });
      return seq;
    },
    async commit(_peer, copies) {
      return copies.map(({ lane, seq }) => ({ lane, seq, state: 'durable' }));
    },
    async hello(peer) {
      return helloOf(memberId, (lane) => (received.get(key(peer, lane)) ?? 0n) + 1n);
    },
    async welcome(_peer, hello) {
      const [a, b, c, d] = hello.lanes.map((lane) => lane.next) as [bigint, bigint, bigint, bigint];
      return { ok: true, resume: { 0: a, 1: b, 2: c, 3: d } };
    },
    async nextCopies(peer, lane, from, { maxCopies, maxBytes }) {
      const at = Number(from) - 1;
      const copies = box(peer, lane).slice(at, at + maxCopies);
      let sizeBytes = 0;
      const fitting = copies.findIndex((copy, index) => {
        sizeBytes += copy.bytes.length;
        return index > 0 && sizeBytes > maxBytes;
      });
      return fitting === -1 ? copies : copies.slice(0, fitting);
    },
    async receive(peer, copies) {
      const acks = await door.commit(peer, copies);
      for (const copy of copies) {
        const expected = (received.get(key(peer, copy.lane)) ?? 0n) + 1n;
        if (copy.seq === expected) received.set(key(peer, copy.lane), copy.seq);
        door.inbox.push({ peer, copy });
      }
      return acks;
    },
    acked(peer, acks) {
      for (const ack of acks) door.acks.push({ peer, ack });
    },
    async receipts() {},
    need() {},
    async control() {
      return null;
    },
    linkChanged(peer, state, why) {
      door.states.push({ peer, state, why });
    },
    sent() {},
  };
  return door;
}

export function helloOf(memberId: Uint8Array, next: (lane: Lane) => bigint): Hello {
  return {
    memberId,
    charter: { version: 1, hash: new Uint8Array(32) },
    lanes: ([0, 1, 2, 3] as const).map((lane) => ({ next: next(lane), acked: 0n, head: new Uint8Array(32) })),
    bounds: { maxCopyBytes: 1_114_112, maxFrameBytes: 4_194_304 },
    checkpoint: null,
    versions: [1],
  };
}
