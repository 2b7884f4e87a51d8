/** Sessions of signed-in officers: kept in the database, so that every process of a bureau knows and ends them. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '../store/index.ts';

export const SESSION_IDLE_MS = 15 * 60_000;
export const SESSION_LIFE_MS = 8 * 3_600_000;
/** A session ended elsewhere is noticed within this time, open streams included. */
export const REVOCATION_MS_MAX = 5_000;
/** Rows of sessions that are over are kept this long: for a question of who was signed in, and a clock that is behind. */
export const SESSION_KEPT_MS = 86_400_000;
const SESSION_ID_BYTES = 32;
/** A session's last use is written at most this often. */
const TOUCH_MS = 60_000;

interface Known {
  officer: string;
  checkedAtMs: number;
  touchedAtMs: number;
}

export interface Sessions {
  /** Makes a session and returns its id, which is never stored. */
  begin(officer: string): Promise<string>;
  /** The officer of a living session, or null. Counts as use. */
  officerOf(id: string): Promise<string | null>;
  /** Whether a session still lives. No use of it: a stream left open does not keep an idle officer signed in. */
  isOpen(id: string): Promise<boolean>;
  end(id: string): Promise<void>;
  /** Forgets sessions whose life was over a day ago; how many. */
  forgetOver(): Promise<number>;
}

const hashOf = (id: string) => createHash('sha256').update('tripoint-session/1\0').update(id).digest();

export function createSessions(
  store: Pick<Store, 'transact'>,
  ports: { clock: { nowMs(): number }; random: (n: number) => Uint8Array },
): Sessions {
  const known = new Map<string, Known>();
  const KNOWN_MAX = 1_000;

  async function lookUp(hash: Buffer, nowMs: number): Promise<string | null> {
    const [seenAfter, madeAfter] = [new Date(nowMs - SESSION_IDLE_MS), new Date(nowMs - SESSION_LIFE_MS)];
    const { rows } = await store.transact((tx) =>
      sql<{ officer: string }>`SELECT officer FROM session
        WHERE hash = ${hash} AND ended_at IS NULL AND seen_at > ${seenAfter} AND made_at > ${madeAfter}`.execute(tx.db),
    );
    return rows[0]?.officer ?? null;
  }

  async function touch(hash: Buffer, nowMs: number): Promise<void> {
    await store.transact((tx) =>
      sql`UPDATE session SET seen_at = ${new Date(nowMs)} WHERE hash = ${hash}`.execute(tx.db),
    );
  }

  return {
    async begin(officer) {
      const id = Buffer.from(ports.random(SESSION_ID_BYTES)).toString('base64url');
      const now = new Date(ports.clock.nowMs());
      await store.transact((tx) =>
        sql`INSERT INTO session (hash, officer, made_at, seen_at) VALUES (${hashOf(id)}, ${officer}, ${now}, ${now})`.execute(
          tx.db,
        ),
      );
      return id;
    },
    async officerOf(id) {
      const hash = hashOf(id);
      const key = hash.toString('base64');
      const nowMs = ports.clock.nowMs();
      const cached = known.get(key);
      if (cached && nowMs - cached.checkedAtMs < REVOCATION_MS_MAX / 2) return cached.officer;
      const officer = await lookUp(hash, nowMs);
      if (!officer) {
        known.delete(key);
        return null;
      }
      const due = !cached || nowMs - cached.touchedAtMs > TOUCH_MS;
      if (due) await touch(hash, nowMs);
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(key, { officer, checkedAtMs: nowMs, touchedAtMs: due ? nowMs : cached.touchedAtMs });
      return officer;
    },
    async isOpen(id) {
      return (await lookUp(hashOf(id), ports.clock.nowMs())) !== null;
    },
    async end(id) {
      const hash = hashOf(id);
      known.delete(hash.toString('base64'));
      const now = new Date(ports.clock.nowMs());
      await store.transact((tx) => sql`UPDATE session SET ended_at = ${now} WHERE hash = ${hash}`.execute(tx.db));
    },
    async forgetOver() {
      const madeBefore = new Date(ports.clock.nowMs() - SESSION_LIFE_MS - SESSION_KEPT_MS);
      const { numAffectedRows } = await store.transact((tx) =>
        sql`DELETE FROM session WHERE made_at < ${madeBefore}`.execute(tx.db),
      );
      return Number(numAffectedRows);
    },
  };
}
