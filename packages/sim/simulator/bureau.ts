/** A simulated bureau: its database, and the real exchange running over it, from start to crash to start again. */
import { createExchange, type Exchange, type SealPort } from '@tripoint/bureau/exchange';
import { createTransport, type Limits, type Transport } from '@tripoint/bureau/transport';
import { fromHex } from '@tripoint/envelope/cbor';
import { type Cable, keyHashOf, networkOf } from './cable.ts';
import type { Chance } from './chance.ts';
import { Database, type Weather } from './database.ts';
import { type Kernel, Life } from './kernel.ts';
import type { Attached, Frame, Host, Line } from './line.ts';
import { keysOf, type Member } from './members.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import type { MemoryTx } from './memory-tx.ts';
import { draftFor, type Filing } from './reports.ts';
import type { CharterRow, Standing } from './tables.ts';
import { itemKey } from './way-out.ts';

/** What mutants change: ports as the exchange is handed them. The right ones give back what they were given. */
export interface Hand {
  store: (store: MemoryStore, bureau: Bureau) => MemoryStore;
  seal: (seal: SealPort, bureau: Bureau) => SealPort;
  keys: (keys: ReturnType<typeof keysOf>, bureau: Bureau) => ReturnType<typeof keysOf>;
  /** How often a line is dialled in vain before nobody tries any more. */
  redialsMax: number;
}

export interface BureauOptions {
  kernel: Kernel;
  chance: Chance;
  member: Member;
  members: readonly Member[];
  charter: CharterRow;
  seal: SealPort;
  weather: Weather;
  hand: Hand;
  /** Another process on the same database, without links. */
  second: boolean;
}

/** A process of a bureau. */
interface Running {
  life: Life;
  exchange: Exchange;
  store: MemoryStore;
  transport: Transport;
}

/** 2027, in virtual milliseconds since 1970: any day in the charter's life. */
const DAY_ONE_MS = 1_800_000_000_000;

export interface Said {
  nation: string;
  text: string;
  facts: object;
}

export class Bureau implements Host {
  readonly member: Member;
  readonly db: Database;
  readonly lines = new Map<string, Line>();
  /** In runs with the real transport, instead of lines. */
  readonly cables = new Map<string, Cable>();
  attached: Attached | null = null;
  /** How far the wall clock is off, ms. */
  aheadMs = 0;
  /** Own errors the exchange wrote to its log. */
  readonly said: Said[] = [];
  readonly #options: BureauOptions;
  #running: Running[] = [];
  #charters: CharterRow[] = [];

  constructor(options: BureauOptions) {
    this.#options = options;
    this.member = options.member;
    this.db = new Database(options.kernel, options.chance.branch('database'), options.weather);
    const { version } = options.charter;
    void this.db.disk.append({
      changes: [{ table: 'charter', key: String(version), row: options.charter }],
      askedUnder: 1,
    });
    this.db.disk.sync(1);
    this.db.restore(1);
    this.db.onCommit = (changes) => {
      if (changes.some(({ table }) => table === 'charter')) this.#readCharters();
    };
  }

  get id(): string {
    return this.member.id;
  }
  get nation(): string {
    return this.member.nation;
  }
  get isRunning(): boolean {
    return this.attached !== null;
  }
  get charter(): CharterRow {
    return this.#charters.at(-1) as CharterRow;
  }
  nowMs(): number {
    return DAY_ONE_MS + Math.floor(this.#options.kernel.nowMs + this.aheadMs);
  }

  start(): void {
    if (this.isRunning) return;
    this.#readCharters();
    const first = this.#process((running) => (this.cables.size > 0 ? this.#links(running) : this.#lineEnds()));
    this.attached = { door: first.exchange.door, life: first.life };
    if (this.#options.second) this.#process(() => linkless);
    for (const line of this.lines.values()) line.tend();
  }

  #readCharters(): void {
    this.#charters = [...this.db.visible.charter.values()].sort((a, b) => a.version - b.version);
  }

  #process(transportOf: (running: Running) => Transport): Running {
    const { kernel, member, members, seal, hand, chance } = this.#options;
    const life = new Life();
    const store = hand.store(memoryStore(this.db, life), this);
    const note = (facts: object, text: string) => void this.said.push({ nation: this.nation, text, facts });
    const exchange = createExchange({
      store,
      keys: hand.keys(
        keysOf(member, members, () => this.#charters),
        this,
      ),
      seal: hand.seal(seal, this),
      clock: {
        nowMs: () => this.nowMs(),
        monotonicMs: () => kernel.nowMs,
        sleep: (ms, signal) => kernel.sleep(ms, life, signal),
      },
      random: (count) => chance.bytes(count),
      log: { info() {}, warn() {}, error: note },
    });
    const running: Running = { life, exchange, store, transport: linkless };
    running.transport = transportOf(running);
    exchange.join(running.transport);
    exchange.start();
    void running.transport.start();
    this.#running.push(running);
    return running;
  }

  /** The real transport, over wires of this run. */
  #links({ life, exchange }: Running): Transport {
    const { kernel, chance, member, members } = this.#options;
    const pin = (id: string) => fromHex(keyHashOf(id));
    return createTransport({
      self: { memberId: member.memberId, tls: { keyPem: '', certPem: '' } },
      peers: () =>
        members
          .filter(({ id }) => id !== this.id && this.standingOf(id) !== 'suspended')
          .map(({ memberId, id }) => ({ memberId, host: '', port: 1, pins: [pin(id)] })),
      listen: { host: '', port: 0 },
      door: exchange.door,
      clock: {
        nowMs: () => this.nowMs(),
        monotonicMs: () => kernel.nowMs,
        sleep: (ms, signal) => kernel.sleep(ms, life, signal),
      },
      random: (count) => chance.bytes(count),
      log: { info() {}, warn() {} },
      limits: QUICK,
      network: networkOf(this, life, this.cables),
    });
  }

  #lineEnds(): Transport {
    const say = (peer: string, frame: Frame) => this.lines.get(peer)?.say(this, frame) ?? false;
    return {
      ...linkless,
      wake: (peer, lane) => this.lines.get(peer)?.wake(this, lane),
      sendReceipts: (peer, receipts) => say(peer, { kind: 'receipt', receipts }),
      need: (peer, lane, from, to) => say(peer, { kind: 'need', lane, from, to }),
      control: (peer, control, payload) => say(peer, { kind: 'control', control, payload }),
      dismiss: (peer, _code, retryAfterMs) => this.lines.get(peer)?.dismiss(this, retryAfterMs ?? DISMISSED_MS),
    };
  }

  /** kill -9: the processes are gone, the database stays. */
  kill(): void {
    for (const { life, store } of this.#running) {
      life.isOver = true;
      store.abandon();
    }
    this.#running = [];
    this.attached = null;
    for (const line of [...this.lines.values(), ...this.cables.values()]) line.died(this);
  }

  /** The power goes: what was not on disk is gone too. */
  powerCut(): void {
    this.kill();
    this.db.powerCut();
  }

  /** A backup comes back that knows only the first `upTo` commits. */
  restore(upTo: number): void {
    this.kill();
    this.db.restore(Math.max(1, upTo));
  }

  /** A process to work with: officers meet any of them. */
  #any(): Running {
    return this.#options.chance.pick(this.#running);
  }

  /** Files a report as the desk does: item and outbox in one transaction. Resolves when the officer is told so. */
  async file(filing: Filing): Promise<void> {
    const { store, exchange } = this.#any();
    const { payload, conditions, recipients } = draftFor(this.nation, filing, this.nowMs());
    await store.within(async (tx) => {
      await tx.insert('item', itemKey(filing.item, 1), {
        ...{ id: filing.item, version: 1, says: this.nation, own: true, recipients, conditions, agency: null, payload },
      });
      for (const { member, row } of filing.to) this.#hand(tx, filing, member, row);
    });
    exchange.wake();
  }

  #hand(tx: MemoryTx, { item, lane }: Filing, { id: peer, nation }: Member, row: string): void {
    tx.put('outbox', row, {
      ...{ id: row, item, version: 1, peer, nation, lane, serial: tx.db.serial('outbox'), sealing: 0 },
      ...{ state: 'queued', reason: null, envelope: null, seq: null, leaf: null, queuedAtMs: this.nowMs() },
      ...{ sealedAtMs: null, sentAtMs: null, receivedAtMs: null, verifiedAtMs: null, openedAtMs: null },
      receiptedAtMs: null,
    });
  }

  /** An officer sees a received report that asks to be told of it. */
  async open(item: string): Promise<void> {
    const { store, exchange } = this.#any();
    await store.within(async (tx) => {
      if (!tx.get('openedOwed', item)) tx.put('openedOwed', item, { item, openedAtMs: this.nowMs() });
    });
    await exchange.tellOpened();
  }

  /** An own report's key is destroyed before all of it has left. */
  async erase(item: string): Promise<void> {
    await this.#any().store.within(async (tx) => {
      await tx.lock(`item/${item}`);
      const row = tx.get('item', itemKey(item, 1));
      if (row) tx.put('item', itemKey(item, 1), { ...row, payload: null });
    });
  }

  /** The next version of the charter is adopted here. */
  async adopt(charter: Omit<CharterRow, 'adoptedAtMs'>): Promise<void> {
    if (this.charter.version >= charter.version) return;
    const { store } = this.#any();
    await store.within(async (tx) => {
      await tx.lock('charter');
      if (!tx.get('charter', String(charter.version)))
        tx.put('charter', String(charter.version), { ...charter, adoptedAtMs: this.nowMs() });
    });
    for (const [peer, line] of this.lines) if (this.standingOf(peer) === 'suspended') line.reset();
    for (const { transport } of this.#running) transport.refresh();
  }

  standingOf(peer: string): Standing | null {
    return this.charter.standings[peer] ?? null;
  }

  isLinkedTo(peer: Bureau): boolean {
    if (this.cables.size === 0) return this.lines.get(peer.id)?.isUp ?? false;
    return this.#running.some(({ transport }) => transport.links().get(peer.id) === 'up');
  }

  /** Sleeps that have not ended, of all processes. */
  get sleepers(): number {
    return this.#running.reduce((sum, { life }) => sum + life.sleepers, 0);
  }

  /** Member ids of all others. */
  peersOf(): Uint8Array[] {
    return this.#options.members.filter(({ id }) => id !== this.id).map(({ memberId }) => memberId);
  }
}

/** Away after a dismissal, virtual ms. */
const DISMISSED_MS = 5_000;

/** The real transport's times, shortened: a run lasts seconds, and the same things happen in it. */
const QUICK: Partial<Limits> = { pingMs: 700, silentMs: 2_500, redialMaxMs: 1_500, refreshMs: 2_000 };

const linkless: Transport = {
  wake() {},
  sendReceipts: () => false,
  need: () => false,
  control: () => false,
  links: () => new Map(),
  refresh() {},
  dismiss() {},
  start: async () => ({ port: 0 }),
  stop: async () => {},
};
