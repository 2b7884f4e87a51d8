/** What a court needs of a report, and how firmly it stands in logs. Always as the viewer. */
import type { Viewer } from '@tripoint/model/policy';
import { notFound, Refused } from '../../door/index.ts';
import { gatherEvidence, standingOf, unplaced } from '../../exchange/index.ts';
import type { ProofView } from './contract.ts';
import type { ReportsDesk } from './reports-desk.ts';

/**
 * The evidence as the object its file is written from, keys in the order of its one form. Where envelopes of others
 * stand in their authors' logs is asked of these first; a silent author leaves its log out, and nothing else.
 */
export async function readEvidence(desk: ReportsDesk, viewer: Viewer, id: string): Promise<Record<string, unknown>> {
  const { keys, locate } = desk.evidence;
  const missing = await desk.store.read(viewer, (reader) => unplaced(reader, keys.memberId, id));
  await Promise.all(missing.map(({ author, leaf }) => locate(author, leaf)));
  const charters = await keys.charters();
  const file = await desk.store.read(viewer, async (reader) => {
    if (!(await reader.may('read', id))) throw notFound();
    return gatherEvidence(reader, keys, charters, id);
  });
  if (file === null) throw new Refused({ code: 'evidence-missing' });
  return JSON.parse(Buffer.from(file).toString('utf8')) as Record<string, unknown>;
}

export async function readProof(desk: ReportsDesk, viewer: Viewer, id: string): Promise<ProofView> {
  const { memberId } = desk.evidence.keys;
  return desk.store.read(viewer, async (reader) => {
    if (!(await reader.may('read', id))) throw notFound();
    const { state, witnesses, witnessedAtMs } = await standingOf(reader, memberId, id);
    return {
      state,
      witnesses: witnesses.flatMap((witness) => desk.evidence.nationOf(witness) ?? []).sort(),
      witnessedAt: witnessedAtMs === null ? null : new Date(witnessedAtMs).toISOString(),
    };
  });
}
