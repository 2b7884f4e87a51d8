/** Files a report and releases it: the item, its statements, one outbox row a nation and the event become true together. */
import type { Viewer } from '@tripoint/model/policy';
import { canonicalText, type ParsedDraft } from '@tripoint/model/report';
import { sql } from 'kysely';
import { Refused } from '../../door/index.ts';
import { handOver, itemOfReport, laneOf } from '../../exchange/index.ts';
import { newUuid, type Tx } from '../../store/index.ts';
import { type ComposedReport, compose, previewMac, previewSalt } from './compose.ts';
import type { ReportsDesk } from './reports-desk.ts';
import { BULK_STATEMENTS_MIN, isFresh, type PreviewToken, readPreview } from './rules.ts';

const utf8 = new TextEncoder();

export async function fileReport(
  desk: ReportsDesk,
  viewer: Viewer,
  draft: ParsedDraft,
  key: string,
): Promise<{ id: string }> {
  const body = desk.hash(utf8.encode(canonicalText(draft)));
  const composed = await composeOnce(desk, viewer, draft, key, body);
  if (!('report' in composed)) return composed;
  const nowMs = desk.clock.nowMs();
  const filed = await desk.store.transact(async (tx) => {
    const other = await claimKey(desk, tx, viewer, key, body, composed.report.id, nowMs);
    if (other) return other;
    await release(desk, tx, viewer, composed, nowMs);
    return { id: composed.report.id };
  });
  desk.exchange.wake();
  return filed;
}

/** What is refused now may have been filed before under the same key: then the first answer stands. */
async function composeOnce(
  desk: ReportsDesk,
  viewer: Viewer,
  draft: ParsedDraft,
  key: string,
  body: Uint8Array,
): Promise<ComposedReport | { id: string }> {
  try {
    return draft.previewHash === undefined
      ? composeNow(desk, viewer, draft, key)
      : composeShown(desk, viewer, draft, draft.previewHash);
  } catch (reason) {
    const before = reason instanceof Refused ? await filedBefore(desk, viewer, key, body) : null;
    if (before) return before;
    throw reason;
  }
}

/** Statement ids follow the key, so that a repeated import of the same record makes the same statements. */
function composeNow(desk: ReportsDesk, viewer: Viewer, draft: ParsedDraft, key: string): ComposedReport {
  const salt = desk.saltFor(utf8.encode(`filing ${viewer.officer}\0${key}`));
  return compose(desk, viewer, draft, newUuid(desk.random), desk.clock.nowMs(), salt);
}

/** Exactly what was shown leaves, or nothing does. */
function composeShown(desk: ReportsDesk, viewer: Viewer, draft: ParsedDraft, text: string): ComposedReport {
  const token: PreviewToken | null = readPreview(text);
  if (!token || !isFresh(token, desk.clock.nowMs())) throw new Refused({ code: 'preview-stale' });
  const composed = compose(desk, viewer, draft, token.id, token.atMs, previewSalt(desk, token));
  if (previewMac(desk, viewer, composed) !== token.mac) throw new Refused({ code: 'preview-stale' });
  return composed;
}

async function release(
  desk: ReportsDesk,
  tx: Tx,
  viewer: Viewer,
  { report, sourceRefs, payload, counterparts }: ComposedReport,
  nowMs: number,
): Promise<void> {
  const item = itemOfReport(report, {
    own: true,
    agency: viewer.agency,
    payload,
    home: { officer: viewer.officer, sourceRefs },
    namedOfficers: [viewer.officer],
  });
  const lane = laneOf(report.urgency, report.statements.length > BULK_STATEMENTS_MIN);
  const recipients = counterparts.map(({ memberId, nation }) => ({ row: newUuid(desk.random), memberId, nation }));
  const [outcome, handed] = await Promise.all([
    tx.putItem(item.record, item.statements, item.contents),
    handOver(tx, { item: report.id, version: report.version, lane, recipients }, nowMs),
  ]);
  // A preview that was already sent under another key: what it stood for has left.
  if (outcome !== 'stored') throw new Refused({ code: 'preview-stale' });
  if (!handed) throw new Refused({ code: 'queue-full' });
  tx.emit({ kind: 'report.filed', item: report.id, desk: 'reports', version: report.version, urgency: report.urgency });
}

type Row = { item: string; body_hash: Buffer };

function sameBody(row: Row, body: Uint8Array): { id: string } {
  if (Buffer.compare(row.body_hash, body) !== 0) throw new Refused({ code: 'idempotency-conflict' });
  return { id: row.item };
}

async function filedBefore(
  desk: ReportsDesk,
  viewer: Viewer,
  key: string,
  body: Uint8Array,
): Promise<{ id: string } | null> {
  return desk.store.read(viewer, async (reader) => {
    const row = await filedUnder(reader, viewer, Buffer.from(desk.hash(utf8.encode(key))));
    return row ? sameBody(row, body) : null;
  });
}

async function filedUnder({ db }: Pick<Tx, 'db'>, viewer: Viewer, keyHash: Buffer): Promise<Row | undefined> {
  const { rows } = await sql<Row>`SELECT item, body_hash FROM report_filing
    WHERE officer = ${viewer.officer} AND key_hash = ${keyHash}`.execute(db);
  return rows[0];
}

/** Takes the key for this report; null when it is ours, else the report another call filed under it meanwhile. */
async function claimKey(
  desk: ReportsDesk,
  tx: Tx,
  viewer: Viewer,
  key: string,
  body: Uint8Array,
  item: string,
  nowMs: number,
): Promise<{ id: string } | null> {
  const keyHash = Buffer.from(desk.hash(utf8.encode(key)));
  const rows = await tx.ask(sql<Row & { claimed: boolean }>`WITH mine AS (
      INSERT INTO report_filing (officer, key_hash, body_hash, item, at)
      VALUES (${viewer.officer}, ${keyHash}, ${Buffer.from(body)}, ${item}, ${new Date(nowMs)}) ON CONFLICT DO NOTHING RETURNING item, body_hash)
    SELECT item, body_hash, true AS claimed FROM mine UNION ALL
    SELECT item, body_hash, false FROM report_filing WHERE officer = ${viewer.officer} AND key_hash = ${keyHash} AND NOT EXISTS (SELECT 1 FROM mine)`);
  // What another call committed while the insert waited for it is not in the insert's snapshot, but in the next one's.
  const row = rows[0] ?? (await filedUnder(tx, viewer, keyHash));
  if (!row) throw new Refused({ code: 'idempotency-conflict' });
  // Not by the item's id: a draft that was shown has the same id each time it is sent.
  return 'claimed' in row && row.claimed ? null : sameBody(row, body);
}
