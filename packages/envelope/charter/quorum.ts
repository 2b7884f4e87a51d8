import canonicalize from 'canonicalize';
import type { Charter, CharterMember, Decision, Quorum } from './charter.ts';

/** One decision a new version makes, and the member it is about (null: about all). */
export type Change = { readonly decision: Decision; readonly about: string | null };

const same = (a: unknown, b: unknown): boolean => canonicalize(a) === canonicalize(b);

/** Every decision that leads from one version to the next; a mere renewal when nothing else changed. */
export function changesBetween(older: Charter, newer: Charter): readonly Change[] {
  const changes = [...memberChanges(older, newer), ...termChanges(older, newer)];
  return changes.length > 0 ? changes : [{ decision: 'renew', about: null }];
}

function memberChanges(older: Charter, newer: Charter): Change[] {
  const before = new Map(older.members.map((member) => [member.id, member]));
  const after = new Map(newer.members.map((member) => [member.id, member]));
  const removed = older.members.filter(({ id }) => !after.has(id)).map(({ id }) => change('remove', id));
  const others = newer.members.flatMap((member) => changesOfMember(before.get(member.id), member));
  return [...removed, ...others];
}

const change = (decision: Decision, about: string | null): Change => ({ decision, about });

function changesOfMember(before: CharterMember | undefined, after: CharterMember): Change[] {
  if (before === undefined) return [change('admit', after.id)];
  const { status: oldStatus, suspendedUntil: oldEnd, ...oldRest } = before;
  const { status: newStatus, suspendedUntil: newEnd, ...newRest } = after;
  const changes = same(oldRest, newRest) ? [] : [change('terms', null)];
  if (oldStatus === newStatus && oldEnd === newEnd) return changes;
  return [...changes, statusChange(oldStatus, newStatus, after.id)];
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

/** Whether these nations reach the quorum that `charter` sets for this change. Only active members count. */
export function isCarried(charter: Charter, { decision, about }: Change, signing: ReadonlySet<string>): boolean {
  if (decision === 'suspend' && about !== null && signing.has(about)) return true; // a member may suspend itself
  const quorum = charter.rules[decision];
  const voters = charter.members.filter(
    ({ id, status }) => status === 'active' && (quorum.of === 'all' || id !== about),
  );
  const votes = voters.filter(({ id }) => signing.has(id)).length;
  return voters.length > 0 && votes >= votesNeeded(quorum, voters.length);
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
