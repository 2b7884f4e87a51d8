/** Reading: lists, one report whole, and how far an own report has come. Always as the viewer. */
import { isUnderstood } from '@tripoint/model/entity';
import type { Viewer } from '@tripoint/model/policy';
import { expandStatement, parseReport, type Report, type SourceRefs, type Statement } from '@tripoint/model/report';
import { sql } from 'kysely';
import { notFound, Refused } from '../../door/index.ts';
import { arrivalsOf, type Delivery, deliveriesOf, REPORT_KIND, readBody, readHead } from '../../exchange/index.ts';
import { CursorRefused, type ListedItem, type Reader } from '../../store/index.ts';
import type { DeliveryView, ReportLine, ReportView, StatementView } from './contract.ts';
import { tellDamaged, unlessDamaged } from './damaged-report.ts';
import type { ReportsDesk } from './reports-desk.ts';

export async function listReports(
  desk: ReportsDesk,
  viewer: Viewer,
  query: { box: 'all' | 'received' | 'sent'; limit: number; cursor?: string | undefined },
): Promise<{ items: ReportLine[]; next: string | null }> {
  const { page, items } = await desk.store.read(viewer, async (reader) => {
    const page = await reader
      .items({ kind: REPORT_KIND, ...query, cursor: query.cursor ?? null })
      .catch((reason: unknown) => {
        throw reason instanceof CursorRefused ? new Refused({ code: 'cursor-unknown' }) : reason;
      });
    const beside = await besides(
      desk,
      reader,
      page.items.map(({ id }) => id),
    );
    return { page, items: page.items.map((item) => lineOf(desk, item, beside)) };
  });
  if (page.damaged.length > 0) await tellDamaged(desk);
  return { items, next: page.cursor };
}

export function readReport(desk: ReportsDesk, viewer: Viewer, id: string): Promise<ReportView> {
  return unlessDamaged(desk, () => readWhole(desk, viewer, id));
}

function readWhole(desk: ReportsDesk, viewer: Viewer, id: string): Promise<ReportView> {
  return desk.store.read(viewer, async (reader) => {
    const item = await reader.item(id);
    if (!item || item.kind !== REPORT_KIND) throw notFound();
    const { report, statements, records } = opened(item.body);
    const beside = await besides(desk, reader, [id]);
    return {
      ...lineOf(desk, item, beside),
      text: report.text,
      offence: report.offence ?? null,
      statements,
      records: Object.fromEntries(Object.entries(records).map(([id, names]) => [id, [...names]])),
      versions: [{ version: report.version, releasedAt: report.releasedAt, says: report.says }],
    };
  });
}

export async function readDelivery(desk: ReportsDesk, viewer: Viewer, id: string): Promise<DeliveryView> {
  return desk.store.read(viewer, async (reader) => {
    if (!(await reader.may('read', id))) throw notFound();
    const deliveries = await deliveriesOf(reader.db, id);
    // Only who said it knows who got it: to everybody else there is nothing here.
    if (deliveries.length === 0) throw notFound();
    return { recipients: deliveries.map(deliveryOf) };
  });
}

const at = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

function deliveryOf(delivery: Delivery): DeliveryView['recipients'][number] {
  return {
    nation: delivery.nation,
    state: delivery.state,
    at: {
      sealed: at(delivery.sealedAtMs),
      sent: at(delivery.sentAtMs),
      received: at(delivery.receivedAtMs),
      verified: at(delivery.verifiedAtMs),
      opened: at(delivery.openedAtMs),
    },
    elapsedMs: delivery.receiptedAtMs === null ? null : delivery.receiptedAtMs - delivery.queuedAtMs,
    reason: delivery.reason,
  };
}

function opened(body: Uint8Array): { report: Report; statements: StatementView[]; records: SourceRefs } {
  const { payload, home } = readBody(body);
  const parsed = parseReport(payload);
  if (!parsed.ok) throw new Error(`a stored report does not parse: ${parsed.why}`);
  const { report } = parsed;
  const statements = report.statements.map((wire) => statementOf(expandStatement(report, wire)));
  return { report, statements, records: home.sourceRefs ?? {} };
}

function statementOf(statement: Statement): StatementView {
  return {
    id: statement.id,
    says: statement.says,
    entity: statement.entity,
    schema: statement.schema,
    property: statement.property,
    value: statement.value,
    reported: statement.reported ?? statement.value,
    lang: statement.lang ?? null,
    script: statement.script ?? null,
    grade: statement.grade,
    marking: statement.marking,
    observedFrom: statement.observedFrom ?? null,
    observedTo: statement.observedTo ?? null,
    assertedAt: statement.assertedAt,
    method: statement.method,
    sourceRef: statement.sourceRef ?? null,
    understood: isUnderstood(statement.schema, statement.property),
    unparsed: statement.unparsed === true,
  };
}

interface Beside {
  arrivals: Map<string, number>;
  readings: Map<string, { openedAt: string | null; acknowledgedAt: string | null; acknowledgedBy: string | null }>;
}

type ReadingRow = {
  item: string;
  opened_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
};

async function besides(desk: ReportsDesk, reader: Reader, ids: readonly string[]): Promise<Beside> {
  const { rows } = await sql<ReadingRow>`SELECT * FROM report_reading WHERE item = ANY(${[...ids]}::uuid[])`.execute(
    reader.db,
  );
  return {
    arrivals: await arrivalsOf(reader.db, ids),
    readings: new Map(
      rows.map((row) => [
        row.item,
        {
          openedAt: row.opened_at?.toISOString() ?? null,
          acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
          acknowledgedBy: row.acknowledged_by === null ? null : desk.officerName(row.acknowledged_by),
        },
      ]),
    ),
  };
}

const unread = { openedAt: null, acknowledgedAt: null, acknowledgedBy: null };

function lineOf(desk: ReportsDesk, item: ListedItem, beside: Beside): ReportLine {
  const head = readHead(item.head as Uint8Array);
  return {
    id: item.id,
    title: head.title,
    lang: item.lang as string,
    says: item.says,
    author: item.own ? item.says : desk.authorOf(item.says, head.alias),
    own: item.own,
    urgency: item.urgency as ReportLine['urgency'],
    purpose: item.purpose as string,
    grade: item.grade as ReportLine['grade'],
    marking: head.marking,
    recipients: [...item.recipients],
    statementCount: item.statementsCount,
    version: item.version,
    releasedAt: new Date(item.atMs).toISOString(),
    arrivedAt: new Date(beside.arrivals.get(item.id) ?? item.atMs).toISOString(),
    ...(beside.readings.get(item.id) ?? unread),
  };
}
