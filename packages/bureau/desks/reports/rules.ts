/** Decisions of the reports desk, pure. */
import type { AnyRefusal } from '@tripoint/model/contract';
import type { Marking, Nation } from '@tripoint/model/marking';
import { type ItemFacts, markingFacts, policy, type Viewer } from '@tripoint/model/policy';

/** A draft is previewed and sent within this time; then what leaves is worked out anew. */
export const PREVIEW_MS_MAX = 15 * 60_000;
/** More statements than this go on the bulk lane: they must not delay what an officer waits for. */
export const BULK_STATEMENTS_MIN = 500;

interface Member {
  nation: Nation;
  status: 'active' | 'observer' | 'suspended';
}

/** Recipients are nations of the charter that may receive now, and never the own one. */
export function recipientRefusals(
  recipients: readonly Nation[],
  members: readonly Member[],
  own: Nation,
): AnyRefusal[] {
  return recipients.flatMap((nation): AnyRefusal[] => {
    if (nation === own) return [{ code: 'recipient-self', nation }];
    const member = members.find((one) => one.nation === nation);
    if (!member) return [{ code: 'recipient-unknown', nation }];
    return member.status === 'suspended' ? [{ code: 'recipient-not-active', nation }] : [];
  });
}

/** May this viewer file a report of this marking? Asked of the policy as for any other action. */
export function mayFile(viewer: Viewer, marking: Marking, recipients: readonly Nation[], nowMs: number): boolean {
  const facts: ItemFacts = {
    ...markingFacts(marking),
    namedOfficers: [viewer.officer],
    kind: 'report',
    says: viewer.nation,
    own: true,
    state: 'draft',
    agency: viewer.agency,
    recipients,
  };
  return policy.holds(viewer, facts, 'file', nowMs).allowed;
}

/** What a preview stands for: which report, from when, and a keyed hash over all that was shown. */
export interface PreviewToken {
  id: string;
  atMs: number;
  mac: string;
}

export function formatPreview({ id, atMs, mac }: PreviewToken): string {
  return `${id}.${atMs.toString(36)}.${mac}`;
}

export function readPreview(text: string): PreviewToken | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-z]{1,11})\.([0-9a-f]{64})$/.exec(text);
  if (!match) return null;
  const [, id, at, mac] = match as unknown as [string, string, string, string];
  return { id, atMs: Number.parseInt(at, 36), mac };
}

/** false when it is too old, or from the future. */
export function isFresh(token: PreviewToken, nowMs: number): boolean {
  return token.atMs <= nowMs && nowMs - token.atMs <= PREVIEW_MS_MAX;
}
