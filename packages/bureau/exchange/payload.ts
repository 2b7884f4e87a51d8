/** Which types of payload the exchange carries, and what it must know of each: nothing but its projection and shape. */
import { fromUtf8, sameBytes, utf8 } from '@tripoint/envelope/cbor';
import { canonicalText, encodeReport, parseReport, projectFor, type Report } from '@tripoint/model/report';
import { OwnPayloadDamaged } from './faults.ts';

/** Payload types this version speaks. */
export const REPORT_TYPE = 'report.1';

/** The payload as one nation gets it. Own payloads only: one that does not parse is our own mistake. */
export function projectPayload(payload: Uint8Array, nation: string): Uint8Array {
  return encodeReport(projectFor(ownReport(payload), nation));
}

/** The marking as `handling` bytes of the envelope: canonical JSON, readable before the payload is parsed. */
export function markingOfPayload(payload: Uint8Array): Uint8Array {
  const { marking } = JSON.parse(fromUtf8(payload)) as Report;
  return utf8(canonicalText(marking));
}

/** A condition of the report or of one statement; grades, purposes and properties of a newer version are only shown so. */
const UNKNOWN_CONDITION = /^(statements\.\d+\.)?marking\.conditions(\.|$)/;

/**
 * Check 14 of the handling: the envelope says of its payload what the payload says of itself, and nothing is asked that
 * this version cannot obey. null: it is understood.
 */
export function handlingFault(
  handling: Uint8Array,
  { report, notUnderstood }: { report: Report; notUnderstood: readonly string[] },
): 'schema_invalid' | 'handling_unknown' | null {
  if (!sameBytes(handling, utf8(canonicalText(report.marking)))) return 'schema_invalid';
  return notUnderstood.some((at) => UNKNOWN_CONDITION.test(at)) ? 'handling_unknown' : null;
}

function ownReport(payload: Uint8Array): Report {
  const parsed = parseReport(payload);
  if (!parsed.ok) throw new OwnPayloadDamaged(`an own payload does not parse: ${parsed.why}`);
  return parsed.report;
}
