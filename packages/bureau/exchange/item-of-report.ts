/** A report as the store keeps it: facts for the policy, plain codes for joins, contents sealed. */
import { fromUtf8, joinBytes, u32, utf8 } from '@tripoint/envelope/cbor';
import { propertyTypeOf } from '@tripoint/model/entity';
import { formatGrade, type Marking, markingClass, strictest } from '@tripoint/model/marking';
import { markingFacts } from '@tripoint/model/policy';
import { propertyType } from '@tripoint/model/property';
import {
  expandStatement,
  type Report,
  type SourceRefs,
  type Statement,
  type WireStatement,
} from '@tripoint/model/report';
import type { ItemContents, ItemRecord, MatchKey, StatementRecord } from '../store/index.ts';

export const REPORT_KIND = 'report';

export interface ReportItem {
  record: ItemRecord;
  statements: StatementRecord[];
  contents: ItemContents;
}

export interface Keeping {
  own: boolean;
  /** Home compartment of an own report, a random id; null for every received one. */
  agency: string | null;
  /** The wire payload, byte for byte. */
  payload: Uint8Array;
  /** What only this bureau keeps beside it. */
  home?: HomeNotes;
  /** Officers of this bureau who may read under `named-officers-only`, beside those the marking names. */
  namedOfficers?: readonly string[];
}

/** Kept at home in the same sealed body; never part of a payload. */
export interface HomeNotes {
  officer?: string;
  /** Of an own report: the originator's records by name; abroad only their salted hash is known. */
  sourceRefs?: SourceRefs;
  /** How the author shows: the pseudonym a received report came with. */
  alias?: number;
}

export function itemOfReport(report: Report, keeping: Keeping): ReportItem {
  const markings = distinctMarkings(report);
  const facts = markingFacts(strictest(markings));
  const named =
    keeping.own && facts.namedOfficers.length > 0
      ? [...facts.namedOfficers, ...(keeping.namedOfficers ?? [])]
      : facts.namedOfficers;
  const classes = new Map<Marking, string>(markings.map((marking) => [marking, markingClass(marking)]));
  return {
    record: {
      ...facts,
      namedOfficers: [...new Set(named)],
      kind: REPORT_KIND,
      says: report.says,
      own: keeping.own,
      state: 'released',
      agency: keeping.agency,
      recipients: report.recipients,
      id: report.id,
      version: report.version,
      purpose: report.purpose,
      urgency: report.urgency,
      grade: report.grade,
      lang: report.lang,
      atMs: Date.parse(report.releasedAt),
    },
    statements: report.statements.map((statement) => recordOf(report, statement, classes)),
    contents: { body: frame(keeping.payload, keeping.home ?? {}), head: headOf(report, keeping.home ?? {}) },
  };
}

function distinctMarkings(report: Report): Marking[] {
  return [report.marking, ...report.statements.flatMap(({ marking }) => (marking ? [marking] : []))];
}

function recordOf(report: Report, wire: WireStatement, classes: Map<Marking, string>): StatementRecord {
  const statement = expandStatement(report, wire);
  return {
    id: statement.id,
    entity: statement.entity,
    schema: statement.schema,
    property: statement.property,
    markingClass: classes.get(statement.marking) ?? markingClass(statement.marking),
    grade: formatGrade(statement.grade),
    observedFromMs: instantMs(statement.observedFrom),
    observedToMs: instantMs(statement.observedTo),
    assertedAtMs: instantMs(statement.assertedAt),
    says: statement.says,
    match: matchOf(statement),
  };
}

/** A partial date counts from its first day. */
function instantMs(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

function matchOf({ schema, property, value, unparsed }: Statement): MatchKey | null {
  const type = unparsed ? undefined : propertyTypeOf(schema, property);
  if (!type) return null;
  const key = propertyType(type)?.matchKey(value) ?? null;
  return key === null ? null : { type, key };
}

/** What a list shows of a report. */
export interface ReportHead {
  title: string;
  alias: number;
  marking: Marking;
}

function headOf(report: Report, home: HomeNotes): Uint8Array {
  const head: ReportHead = { title: report.title, alias: home.alias ?? 0, marking: report.marking };
  return utf8(JSON.stringify(head));
}

export function readHead(head: Uint8Array): ReportHead {
  return JSON.parse(fromUtf8(head)) as ReportHead;
}

const LENGTH_BYTES = 4;

function frame(payload: Uint8Array, home: HomeNotes): Uint8Array {
  return joinBytes(u32(payload.length), payload, utf8(JSON.stringify(home)));
}

/** The wire payload and the home notes of an opened body. */
export function readBody(body: Uint8Array): { payload: Uint8Array; home: HomeNotes } {
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0);
  const payload = body.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  return { payload, home: JSON.parse(fromUtf8(body.subarray(LENGTH_BYTES + length))) as HomeNotes };
}
