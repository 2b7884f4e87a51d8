/** The cable between two bureaus in the test's hand: it may drop, double, reorder, hold and cut what passes. */
import type { ControlKind, ItemAck, Lane, OutCopy, PeerDoor, PeerId, Transport } from '../transport/index.ts';
import { lanes } from '../transport/index.ts';
import type { Running, TestBureau } from './bureaus-for-tests.ts';

const PULL = { maxCopies: 256, maxBytes: 1024 * 1024 };

interface End {
  bureau: TestBureau;
  running: Running;
  /** Next own sequence number to send, by lane. */
  next: Record<Lane, bigint>;
  /** Receipts given to the transport and not yet carried. */
  receipts: Uint8Array[];
  /** Ranges this end asked the other to send again. */
  needs: { lane: Lane; from: bigint; to: bigint }[];
  controls: { kind: ControlKind; payload: Uint8Array }[];
  /** Lanes that were rung. */
  woken: Set<Lane>;
}

/** One process's hands on its cables: what the exchange takes for its transport. */
export class CableEnd implements Transport {
  readonly #cables = new Map<PeerId, Cable>();
  #bureau: TestBureau;

  constructor(bureau: TestBureau) {
    this.#bureau = bureau;
  }

  plug(peer: PeerId, cable: Cable): void {
    this.#cables.set(peer, cable);
  }

  #end(peer: PeerId): End | null {
    const cable = this.#cables.get(peer);
    return cable?.isUp ? cable.end(this.#bureau) : null;
  }

  wake(peer: PeerId, lane: Lane): void {
    this.#end(peer)?.woken.add(lane);
  }
  sendReceipts(peer: PeerId, receipts: Uint8Array[]): boolean {
    const end = this.#end(peer);
    end?.receipts.push(...receipts);
    return end !== null;
  }
  need(peer: PeerId, lane: Lane, from: bigint, to: bigint): boolean {
    const end = this.#end(peer);
    end?.needs.push({ lane, from, to });
    return end !== null;
  }
  control(peer: PeerId, kind: ControlKind, payload: Uint8Array): boolean {
    const end = this.#end(peer);
    end?.controls.push({ kind, payload });
    return end !== null;
  }
  links(): Map<PeerId, 'up' | 'down'> {
    return new Map([...this.#cables].map(([peer, cable]) => [peer, cable.isUp ? 'up' : 'down']));
  }
  refresh(): void {}
  dismiss(peer: PeerId): void {
    this.#cables.get(peer)?.cut();
  }
  async start() {
    return { port: 1 };
  }
  async stop(): Promise<void> {}
}

export class Cable {
  readonly #ends: [End, End];
  #up = false;

  constructor(a: Running, b: Running) {
    const end = (running: Running): End => ({
      bureau: running.bureau,
      running,
      next: { 0: 1n, 1: 1n, 2: 1n, 3: 1n },
      receipts: [],
      needs: [],
      controls: [],
      woken: new Set(),
    });
    this.#ends = [end(a), end(b)];
  }

  get isUp(): boolean {
    return this.#up;
  }

  end(of: TestBureau): End {
    return this.#ends.find(({ bureau }) => bureau === of) as End;
  }

  #other(of: TestBureau): End {
    return this.#ends.find(({ bureau }) => bureau !== of) as End;
  }

  #door(of: TestBureau): PeerDoor {
    return this.end(of).running.exchange.door;
  }

  /** Hellos both ways; false when one of the two will not have the other. */
  async up(): Promise<boolean> {
    const [a, b] = this.#ends;
    const [ofA, ofB] = [await this.#door(a.bureau).hello(b.bureau.id), await this.#door(b.bureau).hello(a.bureau.id)];
    const atA = await this.#door(a.bureau).welcome(b.bureau.id, ofB);
    const atB = await this.#door(b.bureau).welcome(a.bureau.id, ofA);
    if (!atA.ok || !atB.ok) return false;
    a.next = atA.resume;
    b.next = atB.resume;
    this.#up = true;
    this.#door(a.bureau).linkChanged(b.bureau.id, 'up');
    this.#door(b.bureau).linkChanged(a.bureau.id, 'up');
    // Each side's directory comes first: without it nobody can be sealed to.
    for (const { bureau, controls } of this.#ends)
      for (const { kind, payload } of controls.splice(0))
        await this.#door(this.#other(bureau).bureau).control(bureau.id, kind, payload);
    return true;
  }

  /** What was on the cable is lost. */
  cut(): void {
    if (!this.#up) return;
    this.#up = false;
    for (const end of this.#ends) {
      end.receipts = [];
      end.needs = [];
      end.controls = [];
      end.woken.clear();
      this.#door(end.bureau).linkChanged(this.#other(end.bureau).bureau.id, 'down');
    }
  }

  /** Another process of the bureau has the link from now on. */
  hand(to: Running): void {
    this.cut();
    this.end(to.bureau).running = to;
  }

  /** Takes from the outbox what the transport would send next on a lane, and counts it as sent. */
  async pull(from: TestBureau, lane: Lane, limits = PULL): Promise<OutCopy[]> {
    const end = this.end(from);
    const peer = this.#other(from).bureau.id;
    const copies = await this.#door(from).nextCopies(peer, lane, end.next[lane], limits);
    const last = copies.at(-1);
    if (!last) return [];
    end.next[lane] = last.seq + 1n;
    this.#door(from).sent(
      peer,
      copies.map(({ seq }) => ({ lane, seq })),
    );
    return copies;
  }

  /** All that waits on a lane. */
  async pullAll(from: TestBureau, lane: Lane): Promise<OutCopy[]> {
    const all: OutCopy[] = [];
    for (;;) {
      const copies = await this.pull(from, lane);
      if (copies.length === 0) return all;
      all.push(...copies);
    }
  }

  /** Copies arrive; the answers go back to their sender. */
  async give(to: TestBureau, copies: OutCopy[]): Promise<ItemAck[]> {
    const from = this.#other(to).bureau;
    const acks = await this.#door(to).receive(from.id, copies);
    this.#door(from).acked(to.id, acks);
    return acks;
  }

  /** Takes the receipts that wait on the cable away from it. */
  takeReceipts(from: TestBureau): Uint8Array[] {
    return this.end(from).receipts.splice(0);
  }

  async giveReceipts(to: TestBureau, receipts: Uint8Array[]): Promise<void> {
    await this.#door(to).receipts(this.#other(to).bureau.id, receipts);
  }

  /** Everything passes, both ways, until nothing moves any more. Returns how many copies passed. */
  async flow(): Promise<number> {
    let passed = 0;
    if (!this.#up) return passed;
    for (;;) {
      let moved = 0;
      for (const { bureau } of this.#ends) moved += await this.#flowFrom(bureau);
      if (moved === 0) return passed;
      passed += moved;
    }
  }

  async #flowFrom(from: TestBureau): Promise<number> {
    const to = this.#other(from);
    let moved = 0;
    for (const lane of lanes) {
      const copies = await this.pull(from, lane);
      if (copies.length > 0) await this.give(to.bureau, copies);
      moved += copies.length;
    }
    for (const need of to.needs.splice(0)) {
      const end = this.end(from);
      const going = end.next[need.lane];
      end.next[need.lane] = need.from;
      const again = (await this.pull(from, need.lane)).filter(({ seq }) => seq <= need.to);
      end.next[need.lane] = going;
      if (again.length > 0) await this.give(to.bureau, again);
      moved += again.length;
    }
    const receipts = this.takeReceipts(from);
    if (receipts.length > 0) await this.giveReceipts(to.bureau, receipts);
    return moved + receipts.length + (await this.#flowControls(from));
  }

  /** Frames beside the copies, and the answers that go back the same way. */
  async #flowControls(from: TestBureau): Promise<number> {
    const to = this.#other(from);
    const controls = this.end(from).controls.splice(0);
    for (const { kind, payload } of controls) {
      const answer = await this.#door(to.bureau).control(from.id, kind, payload);
      if (answer !== null) to.controls.push({ kind, payload: answer });
    }
    return controls.length;
  }
}

/** Starts bureaus and lays a cable between every two of them; the cables are up. Keyed `KR-TH`, in the order given. */
export async function connected(bureaus: readonly TestBureau[]): Promise<(a: TestBureau, b: TestBureau) => Cable> {
  const ends = new Map<TestBureau, CableEnd>();
  for (const bureau of bureaus) {
    const end = new CableEnd(bureau);
    ends.set(bureau, end);
    bureau.running = await bureau.start(end);
  }
  const cables: { pair: readonly TestBureau[]; cable: Cable }[] = [];
  for (const [at, a] of bureaus.entries())
    for (const b of bureaus.slice(at + 1)) {
      const cable = new Cable(a.running, b.running);
      ends.get(a)?.plug(b.id, cable);
      ends.get(b)?.plug(a.id, cable);
      await cable.up();
      cables.push({ pair: [a, b], cable });
    }
  return (a, b) => {
    const found = cables.find(({ pair }) => pair.includes(a) && pair.includes(b));
    if (!found) throw new Error(`no cable between ${a.nation} and ${b.nation}`);
    return found.cable;
  };
}
