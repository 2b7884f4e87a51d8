/** From an officer's draft to the report that leaves: the same steps for the preview and for filing. */

import type { AnyRefusal } from '@tripoint/model/contract';
import type { Viewer } from '@tripoint/model/policy';
import {
  canonicalText,
  composeReport,
  encodeReport,
  type ParsedDraft,
  type Report,
  type SourceRefs,
} from '@tripoint/model/report';
import { Refused } from '../../door/index.ts';
import type { Counterpart, ReportsDesk } from './reports-desk.ts';
import { mayFile, type PreviewToken, recipientRefusals } from './rules.ts';

export interface ComposedReport {
  report: Report;
  /** The originator's records by name; they stay here. */
  sourceRefs: SourceRefs;
  payload: Uint8Array;
  counterparts: Counterpart[];
}

/** Throws `Refused` with every reason found. `salt` makes the statements' ids. */
export function compose(
  desk: ReportsDesk,
  viewer: Viewer,
  draft: ParsedDraft,
  id: string,
  atMs: number,
  salt: Uint8Array,
): ComposedReport {
  refuseAny(recipientRefusals(draft.recipients, desk.counterparts(), desk.nation));
  const { previewHash: _, ...content } = draft;
  const composed = composeReport(content, {
    id,
    salt,
    says: desk.nation,
    at: new Date(atMs).toISOString(),
    hash: desk.hash,
    country: desk.nation,
  });
  if (!composed.ok) {
    refuseAny(composed.refusals as readonly AnyRefusal[]);
    throw new Error('a draft was refused without a reason');
  }
  // After the draft's own faults: an expiry that has passed is told as what it is, not as a missing permission.
  if (!mayFile(viewer, draft.marking, draft.recipients, atMs)) throw new Refused({ code: 'not-allowed' });
  const { report, sourceRefs } = composed;
  const counterparts = desk.counterparts().filter(({ nation }) => report.recipients.includes(nation));
  return { report, sourceRefs, payload: encodeReport(report), counterparts };
}

function refuseAny(refusals: readonly AnyRefusal[]): void {
  const [first, ...rest] = refusals;
  if (first) throw new Refused(first, ...rest);
}

const utf8 = new TextEncoder();

/** Binds what the officer was shown: the payload, the charter, each recipient's key and the name the author has there. */
export function previewMac(desk: ReportsDesk, viewer: Viewer, composed: ComposedReport): string {
  const { version, hash } = desk.charter();
  const shown = {
    charter: [version, Buffer.from(hash).toString('hex')],
    officer: viewer.officer,
    payload: new TextDecoder().decode(composed.payload),
    recipients: composed.counterparts.map(({ nation, fingerprint }) => [
      nation,
      fingerprint,
      desk.authorFor(viewer.agency, nation),
    ]),
  };
  return Buffer.from(desk.previewMac(utf8.encode(canonicalText(shown)))).toString('hex');
}

export function previewSalt(desk: ReportsDesk, token: Pick<PreviewToken, 'id'>): Uint8Array {
  return desk.saltFor(utf8.encode(`preview ${token.id}`));
}
