/** What leaves this bureau: worked out by the very steps that seal, and bound by a hash that filing checks. */

import type { Viewer } from '@tripoint/model/policy';
import { hidesRecipients, type ParsedDraft } from '@tripoint/model/report';
import { projectPayload } from '../../exchange/index.ts';
import { newUuid } from '../../store/index.ts';
import { type ComposedReport, compose, previewMac, previewSalt } from './compose.ts';
import type { LeavesView } from './contract.ts';
import type { Counterpart, ReportsDesk } from './reports-desk.ts';
import { formatPreview } from './rules.ts';

export async function previewReport(desk: ReportsDesk, viewer: Viewer, draft: ParsedDraft): Promise<LeavesView> {
  const [id, atMs] = [newUuid(desk.random), desk.clock.nowMs()];
  const composed = compose(desk, viewer, draft, id, atMs, previewSalt(desk, { id }));
  const { version, hash } = desk.charter();
  return {
    previewHash: formatPreview({ id, atMs, mac: previewMac(desk, viewer, composed) }),
    charterVersion: version,
    charterHash: Buffer.from(hash).toString('hex'),
    recipients: composed.counterparts.map((counterpart) => leavesFor(desk, viewer, draft, composed, counterpart)),
  };
}

function leavesFor(
  desk: ReportsDesk,
  viewer: Viewer,
  draft: ParsedDraft,
  { report, payload }: ComposedReport,
  { nation, fingerprint }: Counterpart,
): LeavesView['recipients'][number] {
  const projected = projectPayload(payload, nation);
  const hidden = hidesRecipients(report);
  return {
    nation,
    author: desk.authorFor(viewer.agency, nation),
    audience: hidden ? [nation] : report.recipients,
    keyFingerprint: fingerprint,
    sizeBytes: projected.length,
    payload: new TextDecoder().decode(projected),
    removed: [
      'officer',
      'time-zone',
      ...(viewer.agency === null ? [] : (['agency'] as const)),
      ...(draft.statements.some(({ sourceRef }) => sourceRef !== undefined) ? (['source-record'] as const) : []),
      ...(hidden && report.recipients.length > 1 ? (['other-recipients'] as const) : []),
    ],
    warnings: warningsOf(report.statements.filter(({ unparsed }) => unparsed).length, fingerprint),
  };
}

function warningsOf(unparsed: number, fingerprint: string | null): { code: string; count?: number }[] {
  return [
    ...(unparsed > 0 ? [{ code: 'unparsed', count: unparsed }] : []),
    ...(fingerprint === null ? [{ code: 'no-key-yet' }] : []),
  ];
}
