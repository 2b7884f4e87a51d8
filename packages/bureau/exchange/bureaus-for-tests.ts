/** Bureaus of three nations from their real rooms (store on PostgreSQL, keys, log, seal); only the cable is the test's own. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '@tripoint/envelope/cbor';
import { logOrigin } from '@tripoint/envelope/proof';
import { admitViewer } from '@tripoint/model/policy';
import { composeReport, encodeReport, parseReport, type Report } from '@tripoint/model/report';
import { sql } from 'kysely';
import type { ClientConfig } from 'pg';
import { type HeldCeremony, holdCeremony, type Keyring, type Keys, keysForExchange, openKeys } from '../keys/index.ts';
import { appendLeaves, type Leaf, type Log, openLog, openWitnessing, type Witnessing } from '../log/index.ts';
import { type TestDatabase, testDatabase } from '../postgres/index.ts';
import { migrate, openStore, type Store } from '../store/index.ts';
import { systemClock } from '../system-ports.ts';
import { type Lane, peerIdOf, type Transport } from '../transport/index.ts';
import {
  createExchange,
  type Exchange,
  type ExchangeKeys,
  handOver,
  itemOfReport,
  laneOf,
  oweOpened,
  postgresExchangeStore,
  raiseAlarm,
  readBody,
} from './index.ts';

const rooms = ['store', 'keys', 'log', 'exchange'].map((room) => ({
  room,
  sql: readFileSync(new URL(`../${room}/tables.sql`, import.meta.url), 'utf8'),
}));

const appendInTx: Log['appendInTx'] = (tx, leaves) => appendLeaves(tx, [leaves].flat() as Leaf[]);

export type Row = Record<string, unknown>;

/** The system's clock, moved by the test. */
export type TestClock = typeof systemClock & { aheadMs: number };

function testClock(): TestClock {
  const clock = { ...systemClock, aheadMs: 0 };
  clock.now = () => systemClock.now() + clock.aheadMs;
  clock.nowMs = clock.now;
  return clock;
}

/** A process of a bureau: an exchange with its own memory. */
export interface Running {
  readonly bureau: TestBureau;
  readonly exchange: Exchange;
  readonly store: Store;
  /** Facts of its log lines. */
  readonly lines: { facts: object; text: string }[];
  /** Of a bureau that witnesses. */
  readonly log: Log;
  readonly witnessing: Witnessing;
  readonly real: Keys;
  stop(): Promise<void>;
}

export type Filing = {
  to: readonly TestBureau[];
  title?: string;
  urgency?: 'routine' | 'urgent' | 'flash';
  conditions?: readonly { code: string; param?: string }[];
  statements?: number;
  bulk?: boolean;
  agency?: string | null;
};

export class TestBureau {
  readonly nation: string;
  readonly keyring: Keyring;
  readonly clock: TestClock;
  readonly connection: ClientConfig;
  /** What the test says otherwise of keys and members. */
  otherwise: Partial<ExchangeKeys> = {};
  keys!: ExchangeKeys;
  /** Shows its log to its peers and witnesses theirs. */
  isWitnessing = false;
  /** The one that has the links. */
  running!: Running;
  readonly #processes = new Set<Running>();

  constructor(keyring: Keyring, connection: ClientConfig) {
    this.nation = keyring.nation;
    this.keyring = keyring;
    this.clock = testClock();
    this.connection = connection;
  }

  get memberId(): Uint8Array {
    return this.keyring.memberId;
  }

  get id(): string {
    return peerIdOf(this.keyring.memberId);
  }

  get exchange(): Exchange {
    return this.running.exchange;
  }

  /** Another process of this bureau on the same database. `transport` is its way out. */
  async start(transport: Transport): Promise<Running> {
    const lines: Running['lines'] = [];
    const say = (facts: object, text: string) => void lines.push({ facts, text });
    const { keyring, clock } = this;
    const store = await openStore({
      connection: this.connection,
      kek: keyring.kek,
      indexKey: keyring.indexKey,
      clock,
      random: randomBytes,
      trouble: (reason) => say({ reason: String(reason) }, 'trouble'),
    });
    const keys = await openKeys({ keyring, transact: store.transact, clock, random: randomBytes, appendLeaves });
    const real = keysForExchange(keys);
    this.keys = new Proxy(real as ExchangeKeys, {
      get: (target, name) => Reflect.get(name in this.otherwise ? this.otherwise : target, name),
    });
    const { log, witnessing } = this.#logs(store, keys, transport);
    const exchange = createExchange({
      ...(this.isWitnessing ? { peerLog: witnessing } : {}),
      store: postgresExchangeStore(store, { random: randomBytes, log: { appendInTx } }),
      keys: this.keys,
      clock,
      random: randomBytes,
      log: { info: say, warn: say, error: say },
    });
    exchange.join(transport);
    exchange.start();
    const running: Running = {
      bureau: this,
      exchange,
      store,
      lines,
      log,
      witnessing,
      real: keys,
      stop: async () => {
        if (!this.#processes.delete(running)) return;
        await exchange.stop();
        await store.close();
      },
    };
    this.#processes.add(running);
    return running;
  }

  #logs(store: Store, keys: Keys, transport: Transport): { log: Log; witnessing: Witnessing } {
    const { keyring, clock } = this;
    const originOf = (memberId: Uint8Array) => logOrigin(toHex(keys.charter.current().charterId), toHex(memberId));
    const { bounds } = keys.charter.current().charter;
    const log = openLog({
      transact: store.transact,
      clock,
      random: randomBytes,
      origin: originOf(keyring.memberId),
      logKey: keyring.logKey,
      cadence: () => ({ beatMs: bounds.logCadenceSec * 1000, leavesPerBeat: bounds.logLeavesPerBeat }),
    });
    const witnessing = openWitnessing({
      transact: store.transact,
      clock,
      keys: {
        memberId: keyring.memberId,
        logKey: keyring.logKey,
        witnessKey: keyring.witnessKey,
        originOf,
        member: (memberId) => keys.charter.member(memberId),
        members: () => keys.charter.members().map(({ memberId }) => memberId),
        logKeys: (memberId) => keys.directory.logKeys(memberId),
        witnessKeys: (memberId) => keys.directory.witnessKeys(memberId),
        quorum: () => bounds.witnessQuorum,
      },
      send: (peer, payload) => transport.control(peer, 'log', payload),
      alarm: async (tx, code, nation) =>
        raiseAlarm(tx.db, randomUUID(), { kind: 'fork', code, nation, atMs: clock.nowMs() }),
    });
    return { log, witnessing };
  }

  /** Files a report as the desk does: item and outbox in one transaction. Returns its id. */
  async file(filing: Filing, by: Running = this.running): Promise<string> {
    const report = this.compose(filing);
    const payload = encodeReport(report);
    const item = itemOfReport(report, { own: true, agency: filing.agency ?? null, payload });
    await by.store.transact(async (tx) => {
      assert.equal(await tx.putItem(item.record, item.statements, item.contents), 'stored');
      const recipients = filing.to.map(({ memberId, nation }) => ({ row: randomUUID(), memberId, nation }));
      const lane = laneOf(report.urgency, filing.bulk ?? false);
      assert.ok(await handOver(tx, { item: report.id, version: 1, lane, recipients }, this.clock.nowMs()));
    });
    by.exchange.wake();
    return report.id;
  }

  compose({ to, title = 'An invented report', urgency = 'routine', conditions = [], statements = 2 }: Filing): Report {
    const draft = {
      title,
      text: 'Nobody in this text exists.',
      lang: 'en',
      recipients: to.map(({ nation }) => nation),
      purpose: 'detection',
      urgency,
      grade: { scheme: '4x4', source: 'B', information: '2' },
      marking: { handling: ['H1'], conditions, pap: 'PAP:AMBER' },
      statements: Array.from({ length: statements }, (_, at) => ({
        entity: 'boatman',
        schema: 'Person',
        property: at === 0 ? 'name' : 'note',
        value: `Invented value ${at} of ${title}`,
      })),
    };
    const composed = composeReport(draft, {
      id: randomUUID(),
      salt: randomBytes(16),
      says: this.nation,
      at: new Date(this.clock.nowMs()).toISOString(),
      hash: (bytes) => createHash('sha256').update(bytes).digest(),
    });
    if (!composed.ok) throw new Error(JSON.stringify(composed.refusals));
    return composed.report;
  }

  async rows(text: string): Promise<Row[]> {
    return this.running.store.transact(async (tx) => (await sql.raw<Row>(text).execute(tx.db)).rows);
  }

  async count(from: string): Promise<number> {
    return Number((await this.rows(`SELECT count(*) AS count FROM ${from}`))[0]?.count);
  }

  /** Titles of what this nation received from others, in the order it was taken in. */
  async received(): Promise<string[]> {
    const rows = await this.rows(
      `SELECT item FROM envelope_in WHERE state = 'verified' ORDER BY verified_at, lane, seq`,
    );
    const titles: string[] = [];
    for (const { item } of rows) titles.push((await this.read(item as string))?.title ?? '(not shown)');
    return titles;
  }

  /** A report as an officer of this bureau reads it; null when there is nothing to read. */
  async read(id: string): Promise<Report | null> {
    const officer = admitViewer({
      nation: this.nation,
      officer: 'o1',
      agency: 'contact-point',
      roles: ['desk-officer'],
    });
    const item = await this.running.store.read(officer, (reader) => reader.item(id));
    if (!item) return null;
    const parsed = parseReport(readBody(item.body).payload);
    assert.ok(parsed.ok);
    return parsed.report;
  }

  /** Notes the display of a received item that asks for it, as the desk does. */
  async open(id: string): Promise<void> {
    await this.running.store.transact((tx) => oweOpened(tx.db, id, this.clock.nowMs()));
    await this.exchange.tellOpened();
  }

  /** State of one delivery, or of all of an item's. */
  async ticks(item: string): Promise<Record<string, string>> {
    const rows = await this.rows(`SELECT nation, state FROM outbox WHERE item = '${item}' ORDER BY nation`);
    return Object.fromEntries(rows.map(({ nation, state }) => [nation as string, state as string]));
  }

  /** Waits until nothing waits to be sealed and what was sealed can be sent. */
  async sealed(): Promise<void> {
    const isSealed = async () => (await this.count(`outbox WHERE state = 'queued'`)) === 0 && (await this.#canSend());
    await until(`${this.nation} has sealed everything`, isSealed).catch((reason: Error) => {
      throw new Error(`${reason.message}; its log: ${JSON.stringify(this.running.lines)}`);
    });
  }

  async #canSend(): Promise<boolean> {
    for (const { peer, lane, seq } of await this.rows('SELECT peer, lane, seq FROM chain_out WHERE seq > acked')) {
      const at = [hex(peer as Uint8Array), lane as Lane, seq as bigint] as const;
      if ((await this.exchange.door.nextCopies(...at, { maxCopies: 1, maxBytes: 1 })).length === 0) return false;
    }
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#processes].map((running) => running.stop()));
  }
}

export async function until(
  sentence: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = 30_000,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${sentence}`);
    await sleep(5);
  }
}

export interface Founded {
  /** A bureau of this nation on a fresh database; not started. */
  bureau(nation: string): Promise<TestBureau>;
  close(): Promise<void>;
}

/** One ceremony for a test file; every bureau it gives begins anew. */
export async function found(nations: readonly string[]): Promise<Founded> {
  const root = await mkdtemp(join(tmpdir(), 'tripoint-exchange-'));
  const seats = nations.map((nation) => ({
    nation,
    address: `${nation.toLowerCase()}.example:7443`,
    dir: join(root, nation),
    passphrase: 'an invented passphrase',
  }));
  const held = await holdCeremony({ nations: seats, clock: systemClock, random: randomBytes });
  const closing: (() => Promise<void>)[] = [];
  return {
    async bureau(nation) {
      const keyring = held.bureaus.find((each) => each.nation === nation)?.keyring as Keyring;
      const database = await foundedDatabase(nation, keyring, held);
      const bureau = new TestBureau(keyring, database.connection);
      closing.push(async () => {
        await bureau.close();
        await database.drop();
      });
      return bureau;
    },
    async close() {
      await Promise.all(closing.map((step) => step()));
      await rm(root, { recursive: true });
    },
  };
}

function foundedDatabase(nation: string, keyring: Keyring, held: HeldCeremony): Promise<TestDatabase> {
  return testDatabase(`exchange_${nation.toLowerCase()}`, async (connection) => {
    await migrate(connection, rooms);
    const { kek, indexKey } = keyring;
    const store = await openStore({ connection, kek, indexKey, clock: systemClock, random: randomBytes });
    const options = { keyring, transact: store.transact, clock: systemClock, random: randomBytes, appendLeaves };
    const keys = await openKeys(options);
    assert.equal(await keys.adoptFounding(held.founding), null);
    await keys.maintain();
    await store.close();
  });
}

export const hex = toHex;
