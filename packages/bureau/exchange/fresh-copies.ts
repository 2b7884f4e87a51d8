/**
 * Copies sealed a moment ago, still in memory: what goes out at once need not be read back from the database.
 * A cache only: what is not here is read from the store, and nothing here is the truth.
 */
import { joinBytes, toHex } from '@tripoint/envelope/cbor';
import type { Lane } from '@tripoint/envelope/seal';
import type { SealedEnvelope, SealedRow } from './port.ts';

/** A few hundred ordinary copies a chain; more than that is a backlog, and a backlog is the store's business. */
export const FRESH_BYTES_MAX = 4 * 1024 * 1024;

interface Fresh {
  seq: number;
  envelope: SealedEnvelope;
  middle: Uint8Array;
  sizeBytes: number;
}

export interface FreshCopies {
  add(envelopes: readonly SealedEnvelope[], rows: readonly SealedRow[]): void;
  /** Consecutive copies from `from` on, or null when the first of them is not here. */
  from(
    peer: Uint8Array,
    lane: Lane,
    from: number,
    limits: { maxCopies: number; maxBytes: number },
  ): { seq: number; bytes: Uint8Array }[] | null;
  /** true when `from` lies just behind the newest copy of the chain that this process knows. */
  isPast(peer: Uint8Array, lane: Lane, from: number): boolean;
  /** The store had nothing from `from` on. */
  noteEnd(peer: Uint8Array, lane: Lane, from: number): void;
  /** true when the chain is longer than this process knew; then the store is asked again. */
  isBehind(peer: Uint8Array, lane: Lane, seq: number): boolean;
  /** Their receipt is here. */
  drop(peer: Uint8Array, lane: Lane, to: number): void;
}

export function freshCopies(): FreshCopies {
  const chains = new Map<string, Fresh[]>();
  const tops = new Map<string, number>();
  const keyOf = (peer: Uint8Array, lane: Lane) => `${toHex(peer)}/${lane}`;

  function keep(chain: Fresh[], fresh: Fresh): Fresh[] {
    const follows = chain.length === 0 || (chain.at(-1) as Fresh).seq + 1 === fresh.seq;
    const kept = follows ? [...chain, fresh] : [fresh];
    let sizeBytes = kept.reduce((sum, one) => sum + one.sizeBytes, 0);
    while (sizeBytes > FRESH_BYTES_MAX && kept.length > 0) sizeBytes -= (kept.shift() as Fresh).sizeBytes;
    return kept;
  }

  return {
    add(envelopes, rows) {
      const byId = new Map(envelopes.map((envelope) => [toHex(envelope.id), envelope]));
      for (const row of rows) {
        const envelope = byId.get(toHex(row.envelope)) as SealedEnvelope;
        const sizeBytes = envelope.front.length + row.middle.length + envelope.rear.length;
        const key = keyOf(row.peer, row.lane);
        tops.set(key, row.seq);
        chains.set(key, keep(chains.get(key) ?? [], { seq: row.seq, envelope, middle: row.middle, sizeBytes }));
      }
    },
    from(peer, lane, from, limits) {
      const chain = chains.get(keyOf(peer, lane)) ?? [];
      const start = chain.findIndex(({ seq }) => seq === from);
      if (start < 0) return null;
      const taken: { seq: number; bytes: Uint8Array }[] = [];
      let sizeBytes = 0;
      for (const { seq, envelope, middle, sizeBytes: size } of chain.slice(start, start + limits.maxCopies)) {
        sizeBytes += size;
        if (sizeBytes > limits.maxBytes && taken.length > 0) break;
        taken.push({ seq, bytes: joinBytes(envelope.front, middle, envelope.rear) });
      }
      return taken;
    },
    isPast: (peer, lane, from) => from === (tops.get(keyOf(peer, lane)) ?? Number.NaN) + 1,
    noteEnd(peer, lane, from) {
      const key = keyOf(peer, lane);
      // What was sealed since the store was asked stands.
      if ((tops.get(key) ?? 0) < from) tops.set(key, from - 1);
    },
    isBehind(peer, lane, seq) {
      const key = keyOf(peer, lane);
      if (seq <= (tops.get(key) ?? 0)) return false;
      tops.delete(key);
      return true;
    },
    drop(peer, lane, to) {
      const key = keyOf(peer, lane);
      const rest = (chains.get(key) ?? []).filter(({ seq }) => seq > to);
      if (rest.length > 0) chains.set(key, rest);
      else chains.delete(key);
    },
  };
}
