import { canonicalMarking, sameGrade, sameMarking } from '@tripoint/model/marking';
import { markingRefusals } from './audience.ts';
import { refusalsMax, reportSizeBytesMax, statementsMax } from './bounds.ts';
import { composeStatements, type Note } from './compose-statements.ts';
import type { Composing } from './composing.ts';
import { isInstant, type ParsedDraft, type ReportDraft, reportDraft } from './draft.ts';
import { draftRefusals, type ReportRefusal } from './draft-refusals.ts';
import { encodeReport } from './encode-report.ts';
import type { Report } from './report.ts';
import type { SourceRefs } from './source-refs.ts';

export type Composed =
  | { readonly ok: true; readonly report: Report; readonly sourceRefs: SourceRefs; readonly notes: readonly Note[] }
  | { readonly ok: false; readonly refusals: readonly ReportRefusal[] };

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Draft → report: strict parse, values cleaned by their property types, entities numbered by first appearance,
 * claims identified. The draft may be anything; every fault is a closed code that says where.
 * Notes name what was kept as reported because it could not be read; `sourceRefs` stay in the composing bureau.
 */
export function composeReport(draft: ReportDraft | unknown, composing: Composing): Composed {
  if (!uuidPattern.test(composing.id) || !isInstant(composing.at)) throw new TypeError('uuid and UTC instant expected');
  const crowd = tooMany(draft);
  if (crowd) return refused([crowd]);
  const parsed = reportDraft.safeParse(draft);
  if (!parsed.success) return refused(draftRefusals(parsed.error.issues, draft));
  const faults = sendingRefusals(parsed.data, composing);
  if (faults.length > 0) return refused(faults);
  const { statements, sourceRefs, refusals, notes } = composeStatements(parsed.data, composing);
  if (refusals.length > 0) return refused(refusals);
  const report = assemble(parsed.data, composing, statements);
  const sizeBytes = encodeReport(report).length;
  if (sizeBytes > reportSizeBytesMax) return refused([{ code: 'report-too-large', at: '', limit: reportSizeBytesMax }]);
  return { ok: true, report, sourceRefs, notes };
}

function refused(refusals: readonly ReportRefusal[]): Composed {
  return { ok: false, refusals: refusals.slice(0, refusalsMax) };
}

// Counted before parsing, so that a flood costs nothing.
function tooMany(draft: unknown): ReportRefusal | null {
  const statements = (draft as { statements?: unknown } | null)?.statements;
  const isFlood = Array.isArray(statements) && statements.length > statementsMax;
  return isFlood ? { code: 'report-too-large', at: 'statements', limit: statementsMax } : null;
}

function sendingRefusals(draft: ParsedDraft, { says, at }: Composing): ReportRefusal[] {
  const sending = { recipients: draft.recipients, purpose: draft.purpose, day: at.slice(0, 10) };
  const refusals = markingRefusals(draft.marking, 'marking', sending);
  if (draft.recipients.includes(says)) refusals.push({ code: 'recipient-self', at: 'recipients', nation: says });
  draft.statements.forEach(({ marking }, index) => {
    if (marking) refusals.push(...markingRefusals(marking, `statements.${index}.marking`, sending));
  });
  return refusals;
}

function assemble(draft: ParsedDraft, composing: Composing, statements: Report['statements']): Report {
  const marking = canonicalMarking(draft.marking);
  return {
    id: composing.id,
    version: composing.version ?? 1,
    title: draft.title,
    text: draft.text,
    lang: draft.lang,
    says: composing.says,
    purpose: draft.purpose,
    ...(draft.offence === undefined ? {} : { offence: draft.offence }),
    urgency: draft.urgency,
    recipients: [...draft.recipients].sort(),
    grade: draft.grade,
    marking,
    statements: statements.map(({ grade, marking: own, ...claim }) => ({
      ...claim,
      ...(grade && !sameGrade(grade, draft.grade) ? { grade } : {}),
      ...(own && !sameMarking(own, marking) ? { marking: canonicalMarking(own) } : {}),
    })),
    releasedAt: composing.at,
  };
}
