/** Members, charter and links, as this bureau sees them. */
import type { Viewer } from '@tripoint/model/policy';
import { type QueueSeen, queuesOf } from '../../exchange/index.ts';
import type { AdminDesk, AdminMember } from './admin-desk.ts';
import type { CoalitionView } from './contract.ts';
import { maySeeQueues } from './rules.ts';

export async function readCoalition(desk: AdminDesk, viewer: Viewer): Promise<CoalitionView> {
  const queues = maySeeQueues(viewer) ? await desk.store.read(viewer, (reader) => queuesOf(reader.db)) : null;
  const { id, version, hash, expiresMs } = desk.charter();
  return {
    nation: desk.nation,
    charter: { id, version, hash, expires: new Date(expiresMs).toISOString() },
    members: desk.members().map((member) => memberView(desk, member, queues && (queues.get(member.nation) ?? nothing))),
  };
}

const nothing: QueueSeen = { waiting: 0, oldestAtMs: null };

/** `queue` is null for a viewer who does not see it. */
function memberView(desk: AdminDesk, member: AdminMember, queue: QueueSeen | null): CoalitionView['members'][number] {
  const link = desk.exchange.links().get(member.memberIdHex);
  return {
    nation: member.nation,
    self: member.self,
    status: member.status,
    link: member.self ? 'self' : link?.up ? 'up' : 'down',
    sinceAt: link ? new Date(link.sinceMs).toISOString() : null,
    queued: queue?.waiting ?? null,
    oldestAt: queue?.oldestAtMs ? new Date(queue.oldestAtMs).toISOString() : null,
    fingerprint: member.fingerprint,
  };
}
