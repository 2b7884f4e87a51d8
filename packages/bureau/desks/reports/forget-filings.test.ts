import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sql } from 'kysely';
import { testStore } from '../../store/store-for-tests.ts';
import { filingKeyDays } from './contract.ts';
import { forgetFilings } from './forget-filings.ts';

const tables = { room: 'desks/reports', sql: readFileSync(new URL('tables.sql', import.meta.url), 'utf8') };
const HOUR_MS = 3_600_000;

test('a filing’s key holds for the days the contract names, and is forgotten after them', async () => {
  await using kept = await testStore([tables]);
  const filedMs = Date.UTC(2026, 10, 24);
  await kept.store.transact((tx) =>
    sql`INSERT INTO report_filing (officer, key_hash, body_hash, item, at)
      VALUES ('kr-analyst', 'k', 'b', gen_random_uuid(), ${new Date(filedMs)})`.execute(tx.db),
  );
  assert.ok(filingKeyDays >= 1);
  const forgetAt = (nowMs: number) => forgetFilings({ store: kept.store, clock: { nowMs: () => nowMs } });
  for (let hours = 0; hours <= filingKeyDays * 24; hours += 24)
    assert.equal(await forgetAt(filedMs + hours * HOUR_MS), 0);
  assert.equal(await forgetAt(filedMs + filingKeyDays * 24 * HOUR_MS + 1), 1);
});
