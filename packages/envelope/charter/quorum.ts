import canonicalize from 'canonicalize';
import type { Charter, CharterMember, Decision, Quorum } from './charter.ts';
import { statusAt } from './standing.ts';

/** One decision a new version makes, and the member it is about (null: about all). */
export type Change = { readonly decision: Decision; readonly about: string | null };

const same = (a: unknown, b: unknown): boolean => canonicalize(a) === canonicalize(b);

/**
 * Every decision that leads from one version to the next. A moved expiry is a renewal beside whatever else changed, or
 * one nation, which may suspend itself alone, could prolong or end the charter of all by it.
 */
export function changesBetween(older: Charter, newer: Charter): readonly Change[] {
  const changes = [...memberChanges(older, newer), ...termChanges(older, newer)];
  const isRenewed = older.expires !== newer.expires || changes.length === 0;
  return isRenewed ? [...changes, change('renew', null)] : changes;
}

function memberChanges(older: Charter, newer: Charter): Change[] {
  const before = new Map(older.members.map((member) => [member.id, member]));
  const after = new Map(newer.members.map((member) => [member.id, member]));
  const removed = older.members.filter(({ id }) => !after.has(id)).map(({ id }) => change('remove', id));
  const others = newer.members.flatMap((member) => changesOfMember(before.get(member.id), member, newer.effective));
  return [...removed, ...others];
}

const change = (decision: Decision, about: string | null): Change => ({ decision, about });

/** A suspension that is over by itself when the new version takes effect leaves nothing to lift. */
function changesOfMember(before: CharterMember | undefined, after: CharterMember, effectiveSec: number): Change[] {
  if (before === undefined) return [change('admit', after.id)];
  const { status: oldStatus, suspendedUntil: oldEnd, ...oldRest } = before;
  const { status: newStatus, suspendedUntil: newEnd, ...newRest } = after;
  const changes = same(oldRest, newRest) ? [] : [change('terms', null)];
  if (oldStatus === newStatus && oldEnd === newEnd) return changes;
  const standing = statusAt(before, effectiveSec);
  if (newStatus === 'active' && standing === 'active') return changes;
  return [...changes, statusChange(standing, newStatus, after.id)];
}

/** To gain a vote is an admission, to lose it a removal; only suspension, another end of it, and its lifting have rules of their own. */
function statusChange(before: CharterMember['status'], after: CharterMember['status'], id: string): Change {
  if (after === 'suspended') return change('suspend', id);
  if (before === 'suspended') return change('lift', id);
  return change(after === 'active' ? 'admit' : 'remove', id);
}

function termChanges(older: Charter, newer: Charter): Change[] {
  const changes: Change[] = [];
  if (!same(older.rules, newer.rules)) changes.push(change('change-rules', null));
  const termsOf = ({ suites, bounds, revocations, policy, switches, limits }: Charter) => [
    suites,
    bounds,
    revocations,
    policy,
    switches,
    limits,
  ];
  if (!same(termsOf(older), termsOf(newer))) changes.push(change('terms', null));
  return changes;
}

/** Who votes on a change, who of them signs, and how many votes it needs. */
export type Poll = {
  /** Member ids. */
  readonly voters: readonly string[];
  readonly votes: number;
  readonly needed: number;
  readonly isCarried: boolean;
};

/**
 * How a change stands under the rules of `charter` with these nations signing. Only members count that are active when
 * the new version takes effect (`effectiveSec`, unix seconds), whichever of the two charters lists them.
 */
export function pollOf(
  charter: Charter,
  { decision, about }: Change,
  signing: ReadonlySet<string>,
  effectiveSec: number,
): Poll {
  const quorum = charter.rules[decision];
  const voters = charter.members
    .filter((member) => statusAt(member, effectiveSec) === 'active' && (quorum.of === 'all' || member.id !== about))
    .map(({ id }) => id);
  const votes = voters.filter((id) => signing.has(id)).length;
  const needed = votesNeeded(quorum, voters.length);
  return { voters, votes, needed, isCarried: voters.length > 0 && votes >= needed };
}

/** A member may suspend itself, but not by that shorten a suspension which the others decided. */
export function isOwnSuspension(older: Charter, newer: Charter, { decision, about }: Change): boolean {
  if (decision !== 'suspend') return false;
  const before = older.members.find(({ id }) => id === about);
  const after = newer.members.find(({ id }) => id === about);
  if (before === undefined || after === undefined) return false;
  const isServing = statusAt(before, newer.effective) === 'suspended';
  return !isServing || (after.suspendedUntil ?? 0) >= (before.suspendedUntil ?? 0);
}

/** Votes that a share of this many voters is. */
export function votesNeeded({ share, least }: Quorum, voterCount: number): number {
  const byShare = {
    all: voterCount,
    'all-but-one': voterCount - 1,
    'two-thirds': Math.ceil((voterCount * 2) / 3),
    majority: Math.floor(voterCount / 2) + 1,
  }[share];
  return Math.max(byShare, least);
}
