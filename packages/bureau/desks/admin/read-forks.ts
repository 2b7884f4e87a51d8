/** Logs that do not hold together: what is kept of them, and the file that shows it to anybody. */
import type { Viewer } from '@tripoint/model/policy';
import { notFound, Refused } from '../../door/index.ts';
import { gatherFork } from '../../exchange/index.ts';
import { type FoundFork, keptForks } from '../../log/index.ts';
import type { AdminDesk } from './admin-desk.ts';
import type { ForkView } from './contract.ts';
import { maySeeAlarms } from './rules.ts';

const idOf = ({ id }: FoundFork): string => Buffer.from(id).toString('hex');

export async function listForks(desk: AdminDesk, viewer: Viewer): Promise<{ items: ForkView[] }> {
  if (!maySeeAlarms(viewer)) throw new Refused({ code: 'not-allowed' });
  const { nationOf } = desk.evidence;
  const forks = await desk.store.read(viewer, ({ db }) => keptForks({ db }));
  return {
    items: forks.map((fork) => ({
      id: idOf(fork),
      nation: nationOf(fork.memberId),
      kind: fork.kind,
      toldBy: fork.toldBy === null ? null : nationOf(fork.toldBy),
      foundAt: new Date(fork.foundAtMs).toISOString(),
    })),
  };
}

/** The evidence as the object its file is written from, keys in the order of its one form. */
export async function readForkEvidence(desk: AdminDesk, viewer: Viewer, id: string): Promise<Record<string, unknown>> {
  if (!maySeeAlarms(viewer)) throw notFound();
  const { keys } = desk.evidence;
  const charters = await keys.charters();
  const forks = await desk.store.read(viewer, ({ db }) => keptForks({ db }));
  const fork = forks.find((one) => idOf(one) === id);
  if (fork === undefined) throw notFound();
  return JSON.parse(Buffer.from(gatherFork(keys, charters, fork)).toString('utf8')) as Record<string, unknown>;
}
