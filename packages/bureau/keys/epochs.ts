/** KEM epochs: a fresh key for each day, shown ahead, destroyed fourteen days after its day (wire.md §1). */
import { toHex } from '@tripoint/envelope/cbor';
import { KEM_SEED_BYTES, type KemKey, kemKeyFromSeed } from '@tripoint/envelope/suite';
import { dayOf, KEM_AHEAD_DAYS, KEM_KEPT_DAYS, kemDestroyAfterSec } from './days.ts';
import type { Clock, InTx, Random } from './ports.ts';
import { plainBytes, tablesIn } from './tables.ts';
import { unwrapSeed, wrapSeed } from './wrap-seed.ts';

/** An envelope lives at most 45 days on its way; of keys older than this nobody asks any more. */
const REMEMBERED_DAYS = 120;

type Epoch = { readonly destroyAfterSec: number; readonly key: KemKey | null };

/** Makes the keys of today and the days ahead that are still missing. Several processes may do it at once. */
export async function ensureEpochs(tx: InTx, kek: Uint8Array, random: Random, nowSec: number): Promise<void> {
  const db = tablesIn(tx);
  const today = dayOf(nowSec);
  const wanted = Array.from({ length: KEM_AHEAD_DAYS + 1 }, (_, ahead) => today + ahead);
  const present = await db.selectFrom('kem_epoch').select('day').where('day', 'in', wanted).execute();
  const missing = wanted.filter((day) => !present.some((row) => row.day === day));
  if (missing.length === 0) return;
  const rows = missing.map((day) => {
    const seed = random(KEM_SEED_BYTES);
    const { kid, publicBytes } = kemKeyFromSeed(seed);
    return { kid, day, public: publicBytes, wrapped_seed: wrapSeed(kek, seed, kid, day, random) };
  });
  // Another process may have made a day's key meanwhile: the first one stands.
  const insert = db.insertInto('kem_epoch').values(rows);
  await insert.onConflict((conflict) => conflict.column('day').doNothing()).execute();
}

/**
 * Destroys what is due; returns how many seeds. The rows stay, so that late envelopes get the right answer.
 * PostgreSQL's log and old backups still hold the wrapped seed for a while: forward secrecy of 15 days is promised for
 * whoever takes the KEK only as far as those are destroyed too.
 */
export async function destroyDue(tx: InTx, nowSec: number): Promise<number> {
  const update = tablesIn(tx).updateTable('kem_epoch').set({ wrapped_seed: null });
  const due = update.where('wrapped_seed', 'is not', null).where('day', '<', dayOf(nowSec) - KEM_KEPT_DAYS);
  const { numUpdatedRows } = await due.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The own KEM keys in memory, after a `load`. */
export class Epochs {
  readonly #kek: Uint8Array;
  readonly #clock: Clock;
  #byKid: ReadonlyMap<string, Epoch> = new Map();

  constructor(kek: Uint8Array, clock: Clock) {
    this.#kek = kek;
    this.#clock = clock;
  }

  async load(tx: InTx): Promise<void> {
    const since = dayOf(this.#nowSec()) - REMEMBERED_DAYS;
    const rows = await tablesIn(tx).selectFrom('kem_epoch').selectAll().where('day', '>=', since).execute();
    const byKid = new Map<string, Epoch>();
    for (const row of rows) {
      const name = toHex(row.kid);
      const destroyAfterSec = kemDestroyAfterSec(row.day);
      const isDue = row.wrapped_seed === null || destroyAfterSec <= this.#nowSec();
      const known = this.#byKid.get(name)?.key;
      byKid.set(name, { destroyAfterSec, key: isDue ? null : (known ?? this.#open(row)) });
    }
    this.#byKid = byKid;
  }

  #open(row: { kid: Uint8Array; day: number; wrapped_seed: Uint8Array | null }): KemKey {
    return kemKeyFromSeed(unwrapSeed(this.#kek, row.wrapped_seed as Uint8Array, row.kid, row.day));
  }

  /**
   * The key of this id; `destroyed` from the second its time is over, whether the row is gone already or not (and
   * also after an old backup was restored); null when it was never ours, or another process made it: load again.
   */
  kemKey(kid: Uint8Array): KemKey | 'destroyed' | null {
    const epoch = this.#byKid.get(toHex(kid));
    if (epoch === undefined) return null;
    return epoch.key === null || epoch.destroyAfterSec <= this.#nowSec() ? 'destroyed' : epoch.key;
  }

  #nowSec(): number {
    return Math.floor(this.#clock.nowMs() / 1000);
  }
}

/** Public halves of the days that peers may still use or be shown. */
export async function epochsToPublish(
  tx: InTx,
  nowSec: number,
): Promise<{ readonly kid: Uint8Array; readonly day: number; readonly publicBytes: Uint8Array }[]> {
  const today = dayOf(nowSec);
  const select = tablesIn(tx).selectFrom('kem_epoch').select(['kid', 'day', 'public']);
  const rows = await select
    .where('day', '>=', today)
    .where('day', '<=', today + KEM_AHEAD_DAYS)
    .execute();
  return rows.map((row) => ({ kid: plainBytes(row.kid), day: row.day, publicBytes: plainBytes(row.public) }));
}
