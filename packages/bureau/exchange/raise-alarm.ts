/** One alarm a kind, code and nation stays open at a time; the same again counts it up. */
import type { AlarmCode, AlarmKind } from '@tripoint/model/codes';
import { type Kysely, sql } from 'kysely';

export type RaisedAlarm = { kind: AlarmKind; code: AlarmCode; nation: string | null; atMs: number };

/** In the transaction that makes it true. `id`: a fresh uuid. */
export async function raiseAlarm(db: Kysely<Record<never, never>>, id: string, raised: RaisedAlarm): Promise<void> {
  const { kind, code, nation } = raised;
  const at = new Date(raised.atMs);
  await sql`INSERT INTO alarm (id, kind, code, nation, first_at, last_at)
    VALUES (${id}, ${kind}, ${code}, ${nation}, ${at}, ${at})
    ON CONFLICT (kind, code, COALESCE(nation, '')) WHERE acknowledged_at IS NULL
    DO UPDATE SET count = alarm.count + 1, last_at = EXCLUDED.last_at`.execute(db);
}
