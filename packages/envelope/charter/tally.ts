/** How the decisions between two versions stand with those who signed. */
import type { Charter, CharterMember } from './charter.ts';
import { type Change, changesBetween, isOwnSuspension, type Poll, pollOf } from './quorum.ts';

/** A decision with its votes under the rules before and under those of the new version; both must carry it. */
export type DecisionPoll = Change & {
  readonly before: Poll;
  readonly after: Poll;
  /** The nation it is about signs for itself, which is enough to be suspended. */
  readonly isOwn: boolean;
  readonly isCarried: boolean;
};

/** Every decision between two versions and how it stands with these nations signing (member ids, hexadecimal). */
export function pollsOf(
  older: Charter,
  newer: Charter,
  byOld: ReadonlySet<string>,
  byNew: ReadonlySet<string>,
): readonly DecisionPoll[] {
  return changesBetween(older, newer).map((change) => {
    const before = pollOf(older, change, byOld, newer.effective);
    const after = pollOf(newer, change, byNew, newer.effective);
    const isByItself = change.about !== null && byOld.has(change.about) && byNew.has(change.about);
    const isOwn = isByItself && isOwnSuspension(older, newer, change);
    return { ...change, before, after, isOwn, isCarried: isOwn || (before.isCarried && after.isCarried) };
  });
}

/** New custodians of a nation need two of its old ones, whatever the other nations say: ids of whom that is missing. */
export function nationsUnconfirmed(older: Charter, newer: Charter, byOld: ReadonlySet<string>): readonly string[] {
  const hasOthers = (member: CharterMember): boolean => {
    const before = older.members.find(({ id }) => id === member.id);
    return before?.custodians.some((key, i) => key !== member.custodians[i]) ?? false;
  };
  return newer.members.filter((member) => hasOthers(member) && !byOld.has(member.id)).map(({ id }) => id);
}
