/**
 * Past and possible mistakes, each a wrong hand on a port. The suite must find every one of them. Nothing here reaches
 * into the production code: a mutant is what the exchange would be if the port's other side, or a part that stands behind
 * a port, were wrong.
 */
import type { ExchangeTx, PlaceRange } from '@tripoint/bureau/exchange';
import type { Bureau, Hand } from './bureau.ts';
import { exchangeTx, type MemoryStore } from './memory-store.ts';
import type { MemoryTx } from './memory-tx.ts';
import { placeKey } from './place-key.ts';
import type { RunOptions } from './plan.ts';
import { dropCopies, outboxLock, queuedItem } from './way-out.ts';
import { rightHand } from './world.ts';

export interface Mutant {
  name: string;
  /** Which invariants are there to find it. */
  against: readonly string[];
  hand: Hand;
  /** Runs in which it can show at all; others would only cost time. */
  options?: Partial<RunOptions>;
}

/** Changes some operations inside every transaction. */
function inEveryTx(change: (tx: ExchangeTx, bureau: Bureau) => Partial<ExchangeTx>): Hand {
  const store: Hand['store'] = (right, bureau) => ({
    ...right,
    transact: (work) => right.transact((tx) => work({ ...tx, ...change(tx, bureau) })),
  });
  return { ...rightHand, store };
}

const anotherThan = (peer: Uint8Array, bureau: Bureau): Uint8Array =>
  bureau.peersOf().find((other) => Buffer.compare(other, peer) !== 0) ?? peer;

function withStore(change: (right: MemoryStore, bureau: Bureau) => Partial<MemoryStore>): Hand {
  return { ...rightHand, store: (right, bureau) => ({ ...right, ...change(right, bureau) }) };
}

/** Lets copies go as a given way has it. */
const letsGo = (way: (tx: MemoryTx, ranges: readonly PlaceRange[]) => Promise<void>): Hand =>
  withStore((right) => ({
    transact: (work) =>
      right.within((tx) => work({ ...exchangeTx(tx), dropCopies: (ranges) => tx.statement(() => way(tx, ranges)) })),
  }));

/** `transact` that answers when `work` is done and commits behind it, as often as `when` says so. */
function earlyAnswer(when: (touched: ReadonlySet<string>) => boolean): Hand {
  return withStore((right) => ({
    transact: <T>(work: (tx: ExchangeTx) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const committing = right.transact(async (tx) => {
          const touched = new Set<string>();
          const watched = new Proxy(tx, {
            get: (target, name) => {
              touched.add(String(name));
              return Reflect.get(target, name);
            },
          });
          const result = await work(watched);
          if (when(touched)) resolve(result);
          return result;
        });
        committing.then(resolve, reject);
      }),
  }));
}

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledges before the commit',
    against: ['I1'],
    hand: earlyAnswer((touched) => touched.has('lockIn')),
  },
  {
    name: 'no sync',
    against: ['I1', 'I8'],
    hand: withStore((right, bureau) => {
      // The commit is shown and answered as soon as it is written, and reaches the disk some time later.
      const { db } = bureau;
      db.commit = async (changes, askedUnder) => {
        const number = db.disk.append({ changes, askedUnder });
        db.show(changes);
        db.kernel.after(LATE_SYNC_MS, () => db.disk.sync(number), db.life);
      };
      return right;
    }),
  },
  {
    name: 'wrong recipient',
    against: ['I2'],
    hand: inEveryTx((tx, bureau) => ({
      takeQueued: async (limit, blocked) =>
        (await tx.takeQueued(limit, blocked)).map((row) => ({ ...row, peer: anotherThan(row.peer, bureau) })),
    })),
  },
  {
    name: 'copies of one nation handed to another',
    against: ['I2'],
    hand: {
      ...rightHand,
      store(right, bureau) {
        return {
          ...right,
          copies: (peer, lane, from, limits) => right.copies(anotherThan(peer, bureau), lane, from, limits),
        };
      },
    },
  },
  {
    name: 'recipients see each other though it was forbidden',
    against: ['I2', 'I1'],
    hand: inEveryTx((tx) => ({
      takeQueued: async (limit, blocked) =>
        (await tx.takeQueued(limit, blocked)).map((row) => ({ ...row, conditions: [] })),
    })),
  },
  {
    name: 'gives up after six tries',
    against: ['I10'],
    hand: { ...rightHand, redialsMax: 6 },
    options: { faultMs: 6_000, ordered: true },
  },
  {
    name: 'no deduplication',
    against: ['I1', 'I3'],
    hand: inEveryTx((tx) => ({
      lockIn: async (peer, ids) => ({ ...(await tx.lockIn(peer, ids)), arrived: [] }),
    })),
  },
  {
    name: 'an effect outside the transaction',
    against: ['I3'],
    hand: withStore((right, bureau) => ({
      transact: (work) =>
        right.transact((tx) =>
          work({
            ...tx,
            announce: async (events) => {
              const rows = events.map((event) => ({ ...event, serial: bureau.db.serial('event') }));
              const changes = rows.map((row) => ({ table: 'event' as const, key: String(row.serial), row }));
              if (changes.length > 0) await bureau.db.commit(changes, bureau.charter.version);
            },
          }),
        ),
    })),
  },
  {
    name: 'no causal order',
    against: ['I4'],
    hand: {
      ...rightHand,
      seal: (seal) => ({
        ...seal,
        openCopy(copy, key, state) {
          const unwrapped = seal.unwrapCopy(copy, key);
          if (!unwrapped.ok) return unwrapped;
          const { seq, prev } = unwrapped.stanza;
          return seal.openCopy(copy, key, { ...state, headOf: () => ({ seq: seq - 1, leaf: prev }) });
        },
      }),
    },
    options: { ordered: false },
  },
  {
    name: 'the newest is sealed first',
    against: ['I4'],
    hand: inEveryTx((tx) => ({
      takeQueued: async (limit, blocked) => (await tx.takeQueued(limit, blocked)).reverse(),
    })),
  },
  {
    name: 'sealed copies leave before the commit',
    against: ['I5'],
    hand: earlyAnswer((touched) => touched.has('saveSealed')),
  },
  {
    name: 'what was sealed is not logged',
    against: ['I5'],
    hand: inEveryTx((tx) => ({
      appendLog: (leaves) => tx.appendLog(leaves.filter(({ kind }) => kind !== 'env')),
    })),
  },
  {
    name: 'everybody counts as a member in good standing',
    against: ['I7'],
    hand: {
      ...rightHand,
      keys: (keys) => ({
        ...keys,
        member: (id) => {
          const member = keys.member(id);
          return member && { ...member, status: 'active' };
        },
      }),
    },
    options: { suspend: 'before' },
  },
  {
    name: 'the log is written behind the transaction',
    against: ['I8', 'I5'],
    hand: withStore((right) => ({
      transact: async (work) => {
        const leaves: Parameters<ExchangeTx['appendLog']>[0][number][] = [];
        const result = await right.transact((tx) =>
          work({
            ...tx,
            appendLog: async (more) => {
              leaves.push(...more);
            },
          }),
        );
        if (leaves.length > 0) void right.transact((tx) => tx.appendLog(leaves)).catch(() => undefined);
        return result;
      },
    })),
  },
  {
    name: 'receipts are not sent again',
    against: ['I10'],
    hand: withStore(() => ({ receiptsAbove: async () => [] })),
  },
  {
    name: 'what is missing is not asked for, and what waits is not looked at',
    against: ['I10'],
    hand: inEveryTx((tx) => ({
      held: async (peer, lane, from, limit) =>
        limit === 1 ? [] : (await tx.held(peer, lane, from, limit)).slice(0, 0),
    })),
    options: { ordered: false },
  },
  {
    name: 'receipted copies are kept',
    against: ['I11'],
    hand: inEveryTx((tx) => ({
      dropCopies: async (ranges) => {
        await tx.dropCopies(ranges.map((range) => ({ ...range, from: range.to })));
      },
    })),
  },
  {
    // Found here: the proof of a delivery that was opened early was never asked for, and its copy was kept for ever.
    name: 'an opened delivery counts as proven',
    against: ['I11'],
    hand: letsGo(async (tx, ranges) => {
      const acked = ranges.map(({ peer, lane, to }) => ({ key: placeKey.chain(peer, lane), to }));
      await dropCopies(tx, ranges);
      for (const { key, to } of acked) {
        const chain = tx.get('chainOut', key);
        const waits = [...tx.all('outbox')].filter(
          ({ peer, lane, state }) => placeKey.chain(peer, lane) === key && ['sealed', 'sent'].includes(state),
        );
        const first = Math.min(...waits.map(({ seq }) => seq ?? Number.POSITIVE_INFINITY));
        const reached = Number.isFinite(first) ? first - 1 : to;
        if (chain) tx.put('chainOut', key, { ...chain, acked: Math.max(chain.acked, reached) });
      }
    }),
    options: { ordered: false, operations: 24 },
  },
  {
    // Found here: what was filed later was sealed first when another process had the earlier one in its hands.
    name: 'one process overtakes another',
    against: ['I4'],
    hand: withStore((right) => ({
      transact: (work) =>
        right.within((tx) =>
          work({
            ...exchangeTx(tx),
            takeQueued: (limit) =>
              tx.statement(() => {
                const due = [...tx.all('outbox')].filter(({ state }) => state === 'queued');
                due.sort((a, b) => a.lane - b.lane || a.serial - b.serial);
                const free = due.slice(0, limit).filter(({ id }) => tx.tryLock(outboxLock(id)));
                return free.map((row) => queuedItem(tx, row));
              }),
          }),
        ),
    })),
    options: { second: true, moody: true, operations: 40 },
  },
  {
    // Found here: a receipt that came after a later one left the chain waiting for what was here already.
    name: 'a late receipt settles its own range alone',
    against: ['I10'],
    hand: letsGo(async (tx, ranges) => {
      const before = ranges.map(({ peer, lane, to }) => ({ key: placeKey.chain(peer, lane), to }));
      const acked = new Map(before.map(({ key }) => [key, tx.get('chainOut', key)?.acked ?? 0]));
      await dropCopies(tx, ranges);
      for (const { key, to } of before) {
        const chain = tx.get('chainOut', key);
        if (chain)
          tx.put('chainOut', key, { ...chain, acked: Math.max(acked.get(key) ?? 0, Math.min(chain.acked, to)) });
      }
    }),
    options: { ordered: false },
  },
  {
    // Found here: what could not be sealed left a chain without a head, and no peer took the hello that showed it.
    name: 'a chain that never began is shown with an empty head',
    against: ['I10'],
    hand: withStore((right) => ({
      heads: async (peer) => {
        const { out, in: inward } = await right.heads(peer);
        return { out: out.map((chain) => ({ ...chain, head: chain.head ?? new Uint8Array(0) })), in: inward };
      },
    })),
    options: { links: 'real', second: true, moody: true, operations: 40 },
  },
  {
    // Found here: each of two saw the other's copy still there, and what the copies shared was kept for ever.
    name: 'two who let go at once leave it to each other',
    against: ['I11'],
    hand: letsGo(async (tx, ranges) => {
      const gone = new Set<string>();
      for (const row of [...tx.all('copyOut')])
        for (const { peer, lane, from, to } of ranges)
          if (placeKey.chain(peer, lane) === placeKey.chain(row.peer, row.lane) && row.seq >= from && row.seq <= to) {
            tx.delete('copyOut', placeKey.place(row.peer, row.lane, row.seq));
            gone.add(row.envelope);
          }
      const used = new Set([...tx.all('copyOut')].map(({ envelope }) => envelope));
      for (const envelope of gone) if (!used.has(envelope)) tx.delete('envelopeOut', envelope);
      await dropCopies(tx, ranges);
    }),
    options: { byzantine: true, operations: 36 },
  },
  {
    name: 'the chain’s head is written apart from the item',
    against: ['I1', 'I10'],
    hand: withStore((right) => ({
      transact: (work) =>
        right.transact((tx) =>
          work({
            ...tx,
            saveTaken: async ({ heads, ...taken }) => {
              await right.within(async (other) => {
                for (const { peer, lane, seq, head } of heads) {
                  const key = `${Buffer.from(peer).toString('hex')}/${lane}`;
                  const of = Buffer.from(peer).toString('hex');
                  other.put('chainIn', key, { peer: of, lane, seq, head, acked: 0 });
                }
              });
              await tx.saveTaken({ ...taken, heads: [] });
            },
          }),
        ),
    })),
  },
];

const LATE_SYNC_MS = 150;
