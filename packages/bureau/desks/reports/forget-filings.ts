/** Keys of filings are remembered for as long as the contract says, and then forgotten: the reports stay. */
import { sql } from 'kysely';
import { filingKeyDays } from './contract.ts';
import type { ReportsDesk } from './reports-desk.ts';

const DAY_MS = 86_400_000;

/** How many were forgotten. */
export async function forgetFilings(desk: Pick<ReportsDesk, 'store' | 'clock'>): Promise<number> {
  const filedBefore = new Date(desk.clock.nowMs() - filingKeyDays * DAY_MS);
  const { numAffectedRows } = await desk.store.transact((tx) =>
    sql`DELETE FROM report_filing WHERE at < ${filedBefore}`.execute(tx.db),
  );
  return Number(numAffectedRows);
}
