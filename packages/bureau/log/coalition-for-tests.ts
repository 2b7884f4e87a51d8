/** Nations that witness each other: real stores and logs, one hand-moved clock, and a cable that the test empties itself. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toHex } from '@tripoint/envelope/cbor';
import { logOrigin } from '@tripoint/envelope/proof';
import { logKeyFromSeed, sha256, witnessKeyFromSeed } from '@tripoint/envelope/suite';
import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../postgres/index.ts';
import { migrate, openStore, type Store } from '../store/index.ts';
import { type Log, type LogAlarm, openLog, openWitnessing, type Witnessing, type WitnessKeys } from './index.ts';

const rooms = ['store', 'log'].map((room) => ({
  room,
  sql: readFileSync(new URL(`../${room}/tables.sql`, import.meta.url), 'utf8'),
}));
const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const CHARTER_ID = 'cc'.repeat(32);
export const BEAT_MS = 10_000;
export const LEAVES = 16;

export type OnTheWay = { readonly from: Nation; readonly to: Nation; readonly payload: Uint8Array };

export class World {
  nowMs = Date.UTC(2026, 10, 24);
  readonly nations: Nation[] = [];
  /** What the cable holds; the test carries it, drops it, doubles it. */
  onTheWay: OnTheWay[] = [];

  async found(codes: readonly string[]): Promise<void> {
    for (const [at, code] of codes.entries()) this.nations.push(await Nation.found(this, code, at));
    await this.connect();
  }

  get quorum(): number {
    return Math.floor((this.nations.length - 1) / 2) + 1;
  }

  /** Every link comes up anew: hellos both ways, then frames. */
  async connect(nations: readonly Nation[] = this.nations): Promise<void> {
    for (const one of nations) for (const other of this.nations) if (one !== other) await this.link(one, other);
  }

  async link(one: Nation, other: Nation): Promise<void> {
    this.cut(one, other);
    await other.witnessing.met(one.memberId, await one.witnessing.shown());
    await one.witnessing.met(other.memberId, await other.witnessing.shown());
    one.up.add(other);
    other.up.add(one);
    one.witnessing.linkChanged(other.memberId, true);
    other.witnessing.linkChanged(one.memberId, true);
    await one.settled();
    await other.settled();
  }

  /** What was on this cable is lost. */
  cut(one: Nation, other: Nation): void {
    one.up.delete(other);
    other.up.delete(one);
    this.onTheWay = this.onTheWay.filter(
      ({ from, to }) => !((from === one && to === other) || (from === other && to === one)),
    );
    one.witnessing.linkChanged(other.memberId, false);
    other.witnessing.linkChanged(one.memberId, false);
  }

  async carry({ from, to, payload }: OnTheWay): Promise<void> {
    const answer = await to.witnessing.take(from.memberId, payload);
    if (answer !== null && to.up.has(from)) this.onTheWay.push({ from: to, to: from, payload: answer });
  }

  /** Everything passes until nothing moves any more. */
  async flow(): Promise<void> {
    for (let next = this.onTheWay.shift(); next !== undefined; next = this.onTheWay.shift()) await this.carry(next);
  }

  /** The next beat everywhere, shown to everybody linked. */
  async beat(): Promise<void> {
    this.nowMs += BEAT_MS;
    for (const nation of this.nations) await nation.log.beat();
    for (const nation of this.nations) await nation.witnessing.round();
  }

  async close(): Promise<void> {
    for (const nation of this.nations) await nation.close();
  }
}

export class Nation {
  readonly code: string;
  readonly memberId: Uint8Array;
  readonly keys: WitnessKeys;
  readonly store: Store;
  readonly up = new Set<Nation>();
  status: 'active' | 'observer' | 'suspended' = 'active';
  log!: Log;
  witnessing!: Witnessing;
  alarms: string[] = [];
  readonly #world: World;
  readonly #db: TestDatabase;
  #lateWork: Promise<unknown> = Promise.resolve();

  static async found(world: World, code: string, at: number): Promise<Nation> {
    const db = await testDatabase('witness', (connection) => migrate(connection, rooms), JSON.stringify(rooms));
    const key = new Uint8Array(32);
    const clock = { now: () => world.nowMs, sleep: untilAborted };
    const store = await openStore({ connection: db.connection, kek: key, indexKey: key, clock, random });
    return new Nation(world, code, at, db, store);
  }

  constructor(world: World, code: string, at: number, db: TestDatabase, store: Store) {
    this.#world = world;
    this.#db = db;
    this.store = store;
    this.code = code;
    this.memberId = new Uint8Array(16).fill(at + 1);
    const [first, second] = [sha256(Uint8Array.of(at, 1)), sha256(Uint8Array.of(at, 2))];
    const of = (memberId: Uint8Array) => world.nations.find((one) => toHex(one.memberId) === toHex(memberId));
    this.keys = {
      memberId: this.memberId,
      logKey: logKeyFromSeed(first),
      witnessKey: witnessKeyFromSeed(Uint8Array.from([...first, ...second])),
      originOf: (memberId) => logOrigin(CHARTER_ID, toHex(memberId)),
      member: (memberId) => {
        const found = of(memberId);
        return found === undefined ? null : { nation: found.code, status: found.status };
      },
      members: () => world.nations.map((one) => one.memberId),
      logKeys: (memberId) => of(memberId)?.publicLogKeys ?? [],
      witnessKeys: (memberId) => of(memberId)?.publicWitnessKeys ?? [],
      quorum: () => world.quorum,
    };
    this.start();
  }

  get publicLogKeys(): Uint8Array[] {
    return [this.keys.logKey.publicBytes];
  }

  get publicWitnessKeys(): Uint8Array[] {
    return [this.keys.witnessKey.publicBytes];
  }

  /** As after a restart: what only memory knew is gone. */
  start(): void {
    const world = this.#world;
    const clock = { nowMs: () => world.nowMs, monotonicMs: () => world.nowMs, sleep: untilAborted };
    const { store, keys } = this;
    const origin = keys.originOf(this.memberId);
    const cadence = () => ({ beatMs: BEAT_MS, leavesPerBeat: LEAVES });
    this.log = openLog({ transact: store.transact, clock, random, cadence, logKey: keys.logKey, origin });
    this.witnessing = openWitnessing({
      transact: (work) => this.#noted(store.transact(work)),
      clock,
      keys,
      send: (peer, payload) => this.#send(peer, payload),
      alarm: async (_tx, code: LogAlarm, nation) => void this.alarms.push(`${code} ${nation}`),
      trouble: (reason) => {
        throw reason;
      },
    });
  }

  #send(peer: string, payload: Uint8Array): boolean {
    const to = [...this.up].find(({ memberId }) => toHex(memberId) === peer);
    if (to !== undefined) this.#world.onTheWay.push({ from: this, to, payload });
    return to !== undefined;
  }

  #noted<R>(work: Promise<R>): Promise<R> {
    this.#lateWork = Promise.allSettled([this.#lateWork, work]);
    return work;
  }

  /** Until what was begun without being waited for has come to its end. */
  async settled(): Promise<void> {
    for (let before: unknown = null; before !== this.#lateWork; ) {
      before = this.#lateWork;
      await this.#lateWork;
      await new Promise((next) => setImmediate(next));
    }
  }

  async file(count: number): Promise<Uint8Array[]> {
    const leaves = Array.from({ length: count }, () => random(32));
    await this.store.transact((tx) =>
      this.log.appendInTx(
        tx,
        leaves.map((leaf) => ({ kind: 'env', leaf, ref: toHex(leaf) })),
      ),
    );
    return leaves;
  }

  async rows<Row>(text: string): Promise<Row[]> {
    return this.store.transact(async (tx) => (await sql.raw<Row>(text).execute(tx.db)).rows);
  }

  /** The log as a backup of this moment would bring it back. */
  async backup(): Promise<() => Promise<void>> {
    const [head] = await this.rows<{ size: bigint; frontier: Buffer }>('SELECT size, frontier FROM log_head');
    const { size = 0n, frontier = Buffer.alloc(0) } = head ?? {};
    const [beats] = await this.rows<{ kept: string }>('SELECT json_agg(log_beat)::text AS kept FROM log_beat');
    return async () => {
      await this.rows(`DELETE FROM log_entry WHERE index >= ${size}`);
      await this.rows(`DELETE FROM log_node WHERE (index + 1) * (1::bigint << level) > ${size}`);
      await this.rows('DELETE FROM log_beat');
      await this.rows(
        `INSERT INTO log_beat SELECT * FROM json_populate_recordset(NULL::log_beat, '${beats?.kept ?? '[]'}')`,
      );
      await this.rows(`DELETE FROM checkpoint WHERE size > ${size}`);
      await this.rows(`UPDATE log_head SET size = ${size}, frontier = '\\x${frontier.toString('hex')}'`);
      this.start();
    };
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.#db.drop();
  }
}

const untilAborted = (_ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done) => signal?.addEventListener('abort', () => done()));
