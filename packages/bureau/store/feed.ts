/**
 * The change feed: every event once it is settled, in one order for all followers.
 *
 * Serial numbers are given before commit, so a reader by serial skips rows that commit late. Events are therefore read in
 * the order (txid, serial) and only below the oldest transaction that still runs: no row can appear there any more.
 * Hints (NOTIFY, or a commit of this process) only shorten the wait; the poll is the truth.
 *
 * One loop reads for all followers of the process and keeps the latest events in memory; a follower that lags behind
 * them reads from the table at its own pace, so a slow one holds up nobody. Delivery is at least once.
 */
import {
  EVENTS_FORGOTTEN_AT_ONCE,
  EVENTS_KEPT_MARGIN_MS,
  EVENTS_KEPT_MS,
  FEED_HELD_RETRY_MS,
  FEED_HELD_RETRY_MS_MAX,
  FEED_PAGE_EVENTS,
  FEED_POLL_MS,
  FEED_RING_EVENTS,
  RECONNECT_MS,
} from './bounds.ts';
import type { Row } from './connection.ts';
import type { Clock } from './ports.ts';

export type FeedEvent = {
  /** Where a follower may start again. It tells of hidden items: it never leaves the bureau's processes. */
  readonly serial: number;
  readonly kind: string;
  readonly item: string | null;
  readonly version: number | null;
  readonly desk: string;
  readonly urgency: string;
  readonly atMs: number;
};

export type FollowOptions = {
  /** The serial of the last event dealt with (0: from the beginning), or 'now'. */
  readonly from: number | 'now';
  readonly signal: AbortSignal;
};

/** Ends when the signal aborts. `ready` resolves once its starting point is fixed: what commits later will be heard. */
export type Following = AsyncIterable<FeedEvent> & { readonly ready: Promise<void> };

export type Feed = {
  follow(options: FollowOptions): Following;
  /** Whether everything after this event is still here (for 14 days it is); false also for one that never was. */
  isKept(serial: number): Promise<boolean>;
};

type Position = { readonly txid: bigint; readonly serial: number };
/** `past`: committed already, though not yet settled, when a follower asked for what comes from now on. */
type Start = Position & { readonly past: Set<number> };
type Placed = { readonly place: Position; readonly event: FeedEvent };
type Page = { readonly settled: readonly Placed[]; readonly full: boolean; readonly held: boolean };

export type FeedPorts = {
  query(sql: string, params: readonly unknown[]): Promise<{ rows: Row[] }>;
  readonly clock: Clock;
  /** Called when the first follower comes: hints from other processes are wanted. */
  listen(): void;
  trouble(reason: unknown): void;
};

export class FeedHub implements Feed {
  readonly #ports: FeedPorts;
  /** Settled events after `#floor`, in order, the last one at `#head`. */
  #ring: Placed[] = [];
  #floor: Position | undefined;
  #head: Position | undefined;
  #followers = 0;
  #running: Promise<void> | undefined;
  #woken = false;
  #nap = new AbortController();
  #growth = Promise.withResolvers<void>();
  #closed = false;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  /** Look at once: something may have been committed. */
  wake(): void {
    this.#woken = true;
    // With a word for a reason: without one an error is made for it.
    this.#nap.abort('woken');
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.wake();
    this.#grown();
    await this.#running;
  }

  follow({ from, signal }: FollowOptions): Following {
    const start = this.#start(from);
    // A follower that never iterates must not bring the process down.
    start.catch(() => {});
    return {
      ready: start.then(() => {}),
      [Symbol.asyncIterator]: () => this.#events(start, signal),
    };
  }

  async isKept(serial: number): Promise<boolean> {
    const since = this.#ports.clock.now() - EVENTS_KEPT_MS;
    return (await this.#ports.query(IS_KEPT, [serial, since])).rows.length > 0;
  }

  /** Forgets what no follower can ask for any more; how many. The oldest serials first: they are the oldest events. */
  async forgetOld(): Promise<number> {
    const before = this.#ports.clock.now() - EVENTS_KEPT_MS - EVENTS_KEPT_MARGIN_MS;
    let forgotten = 0;
    for (;;) {
      const { rows } = await this.#ports.query(FORGET, [before, EVENTS_FORGOTTEN_AT_ONCE]);
      forgotten += rows.length;
      if (rows.length < EVENTS_FORGOTTEN_AT_ONCE) return forgotten;
    }
  }

  async *#events(start: Promise<Start>, signal: AbortSignal): AsyncGenerator<FeedEvent> {
    const stop = Promise.withResolvers<void>();
    const onAbort = () => stop.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#followers += 1;
    try {
      const { past, ...first } = await start;
      let place: Position = first;
      this.#run();
      while (!signal.aborted && !this.#closed) {
        const growth = this.#growth.promise;
        const { batch, upTo } = await this.#after(place);
        for (const placed of batch) {
          if (signal.aborted) return;
          if (!past.delete(placed.event.serial)) yield placed.event;
          place = placed.place;
        }
        if (batch.length > 0) continue;
        place = upTo;
        await Promise.race([growth, stop.promise]);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#followers -= 1;
      if (this.#followers === 0) this.wake();
    }
  }

  /**
   * What follows a place: from memory when it is there, else a page from the table. When nothing does, `upTo` is as far
   * as that is sure, so that an idle follower need not ask the table again.
   */
  async #after(place: Position): Promise<{ batch: readonly Placed[]; upTo: Position }> {
    const floor = this.#floor;
    if (floor !== undefined && !isBefore(place, floor)) {
      return { batch: this.#ring.slice(firstAfter(this.#ring, place)), upTo: place };
    }
    try {
      const { settled } = await this.#read(place);
      return { batch: settled, upTo: floor ?? place };
    } catch (reason) {
      this.#ports.trouble(reason);
      await this.#ports.clock.sleep(RECONNECT_MS);
      return { batch: [], upTo: place };
    }
  }

  #run(): void {
    if (this.#running !== undefined) return;
    this.#ports.listen();
    this.#running = this.#loop().finally(() => {
      this.#running = undefined;
      this.#ring = [];
      this.#floor = undefined;
      this.#head = undefined;
      if (this.#followers > 0 && !this.#closed) this.#run();
    });
  }

  async #loop(): Promise<void> {
    let retryMs = FEED_HELD_RETRY_MS;
    while (this.#followers > 0 && !this.#closed) {
      this.#woken = false;
      try {
        if (this.#head === undefined) {
          const { txid, serial } = await this.#now();
          this.#head = this.#floor = { txid, serial };
        }
        const page = await this.#read(this.#head);
        this.#keep(page.settled);
        if (page.full) continue;
        retryMs = page.settled.length > 0 ? FEED_HELD_RETRY_MS : Math.min(retryMs * 2, FEED_HELD_RETRY_MS_MAX);
        await this.#sleep(page.held ? retryMs : FEED_POLL_MS);
      } catch (reason) {
        this.#ports.trouble(reason);
        await this.#sleep(RECONNECT_MS);
      }
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#woken) return;
    this.#nap = new AbortController();
    await this.#ports.clock.sleep(ms, this.#nap.signal);
  }

  #keep(settled: readonly Placed[]): void {
    const last = settled.at(-1);
    if (last === undefined) {
      // The first look also tells waiting followers that the ring stands.
      this.#grown();
      return;
    }
    this.#ring.push(...settled);
    this.#head = last.place;
    const surplus = this.#ring.length - FEED_RING_EVENTS;
    if (surplus > 0) this.#floor = this.#ring.splice(0, surplus).at(-1)?.place;
    this.#grown();
  }

  #grown(): void {
    this.#growth.resolve();
    this.#growth = Promise.withResolvers<void>();
  }

  async #start(from: number | 'now'): Promise<Start> {
    if (from === 'now') return this.#now();
    const { rows } = await this.#ports.query('SELECT txid::text FROM event WHERE serial = $1', [from]);
    const past = new Set<number>();
    // A row that is no longer kept: everything that is kept comes after it.
    if (rows[0] === undefined) return { txid: 0n, serial: 0, past };
    return { txid: BigInt(String(rows[0].txid)), serial: from, past };
  }

  async #now(): Promise<Start> {
    const { rows } = await this.#ports.query(NOW, []);
    const past = (rows[0]?.past ?? []) as unknown[];
    return { txid: BigInt(String(rows[0]?.txid)), serial: 0, past: new Set(past.map(Number)) };
  }

  async #read(after: Position): Promise<Page> {
    const page = await this.#readBy(READ, after);
    return page.settled.length === 0 && page.held ? this.#readBy(READ_PAST_NEIGHBOURS, after) : page;
  }

  async #readBy(sql: string, after: Position): Promise<Page> {
    const { rows } = await this.#ports.query(sql, [String(after.txid), after.serial, FEED_PAGE_EVENTS]);
    const settled = rows.filter((row) => row.settled === true).map(placed);
    return { settled, full: settled.length === FEED_PAGE_EVENTS, held: settled.length < rows.length };
  }
}

const IS_KEPT = 'SELECT 1 FROM event WHERE serial = $1 AND at > to_timestamp($2::float8 / 1000)';

const FORGET = `DELETE FROM event WHERE serial IN (SELECT serial FROM event ORDER BY serial LIMIT $2)
  AND at < to_timestamp($1::float8 / 1000) RETURNING serial`;

const NOW = `SELECT settled.below::text AS txid, ARRAY(SELECT serial FROM event WHERE txid >= settled.below) AS past
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS below) AS settled`;

// Rows of one snapshot: the settled ones come first in this order, and are complete.
const readBelow = (bound: string) => `SELECT serial, txid::text, kind, item, version, desk, urgency,
  (extract(epoch FROM at) * 1000)::float8 AS at_ms, txid < ${bound} AS settled
  FROM event WHERE (txid, serial) > ($1::xid8, $2::bigint) ORDER BY event.txid, serial LIMIT $3`;

const READ = readBelow('pg_snapshot_xmin(pg_current_snapshot())');

// Transactions of other databases in this cluster (other bureaus of a demo, a backup) write no events here and need not
// be waited for. Which they are is dearer to ask, so it is asked only when something waits. One that is not surely
// another database's counts as ours. A lock names a transaction by the lower 32 bits of its id.
const READ_PAST_NEIGHBOURS = `WITH neighbour AS (
    SELECT held.transactionid::text AS id FROM pg_locks AS held JOIN pg_stat_activity AS session USING (pid)
    WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
    AND session.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
  ), bound AS MATERIALIZED (
    SELECT COALESCE(min(running), pg_snapshot_xmax(pg_current_snapshot())) AS below
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE (running::text::numeric % 4294967296)::text NOT IN (SELECT id FROM neighbour)
  ) ${readBelow('(SELECT below FROM bound)')}`;

function placed(row: Row): Placed {
  const serial = Number(row.serial);
  return {
    place: { txid: BigInt(String(row.txid)), serial },
    event: {
      serial,
      kind: row.kind as string,
      item: row.item as string | null,
      version: row.version as number | null,
      desk: row.desk as string,
      urgency: row.urgency as string,
      atMs: row.at_ms as number,
    },
  };
}

function isBefore(a: Position, b: Position): boolean {
  return a.txid < b.txid || (a.txid === b.txid && a.serial < b.serial);
}

/** Index of the first event after a place, by halving. */
function firstAfter(ring: readonly Placed[], place: Position): number {
  let [low, high] = [0, ring.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(place, ring[middle]!.place)) high = middle;
    else low = middle + 1;
  }
  return low;
}
