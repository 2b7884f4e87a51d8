/** The table of wire.md §2 against a second reading of it, over generated coalitions, decisions and signers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Charter, CharterMember } from './charter.ts';
import { DEFAULT_RULES, defaultBounds } from './charter.ts';
import { changesBetween, votesNeeded } from './quorum.ts';
import { pollsOf } from './tally.ts';

const DAY_SEC = 86_400;
const nowSec = 1_800_000_000;
const nationOf = (n: number) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26));

const member = (n: number, change: Partial<CharterMember> = {}): CharterMember => ({
  id: n.toString(16).padStart(32, '0'),
  nation: nationOf(n),
  status: 'active',
  suspendedUntil: null,
  custodians: [0, 1, 2].map((i) => `key ${n}/${i}`),
  accreditation: { handling: 'H3', pap: 'RED' },
  logOrigin: `tripoint/${n}`,
  addresses: [],
  suites: [1],
  ...change,
});

const charterOf = (members: readonly CharterMember[]): Charter => ({
  charterId: null,
  version: 1,
  previous: null,
  effective: nowSec,
  expires: nowSec + 90 * DAY_SEC,
  members,
  rules: DEFAULT_RULES,
  suites: [{ suite: 1, sunset: null }],
  bounds: defaultBounds(members.length),
  revocations: [],
  policy: null,
  switches: {},
  limits: {},
});

const next = (older: Charter, change: Partial<Charter>): Charter => ({
  ...older,
  version: 2,
  effective: nowSec,
  ...change,
});

/** The first member is the one a decision is about; `count` active ones and some observers. */
const coalitions = fc
  .record({ active: fc.integer({ min: 2, max: 12 }), observers: fc.integer({ min: 0, max: 3 }) })
  .map(({ active, observers }) => [
    ...Array.from({ length: active }, (_, n) => member(n)),
    ...Array.from({ length: observers }, (_, n) => member(active + n, { status: 'observer' })),
  ]);

const suspended = { status: 'suspended', suspendedUntil: nowSec + 14 * DAY_SEC } as const;
const rest = (older: Charter) => older.members.slice(1);
const subject = (older: Charter) => older.members[0] as CharterMember;

/** What is decided, and how many of `all` (or of the others) must sign it, read from the sheet once more. */
const decisions: readonly {
  name: string;
  change: (older: Charter) => Partial<Charter>;
  needed: (all: number) => number;
  isSubjectCounted: boolean;
}[] = [
  {
    name: 'admit',
    change: (older) => ({ members: [...older.members, member(40)] }),
    needed: (all) => Math.max(2, all - 1),
    isSubjectCounted: true,
  },
  {
    name: 'remove',
    change: (older) => ({ members: rest(older) }),
    needed: (all) => Math.ceil((2 * (all - 1)) / 3),
    isSubjectCounted: false,
  },
  {
    name: 'suspend',
    change: (older) => ({ members: [{ ...subject(older), ...suspended }, ...rest(older)] }),
    needed: (all) => Math.floor((all - 1) / 2) + 1,
    isSubjectCounted: false,
  },
  {
    name: 'renew',
    change: (older) => ({ expires: older.expires + DAY_SEC }),
    needed: (all) => Math.floor(all / 2) + 1,
    isSubjectCounted: true,
  },
  {
    name: 'terms',
    change: (older) => ({ limits: { ...older.limits, queries: 1 } }),
    needed: (all) => Math.ceil((2 * all) / 3),
    isSubjectCounted: true,
  },
  {
    name: 'change-rules',
    change: (older) => ({ rules: { ...older.rules, renew: older.rules.admit } }),
    needed: (all) => Math.max(2, all - 1),
    isSubjectCounted: true,
  },
];

for (const { name, change, needed, isSubjectCounted } of decisions)
  test(`${name} is carried by exactly as many of the active members as the table asks, before and after`, () => {
    fc.assert(
      fc.property(coalitions, fc.infiniteStream(fc.boolean()), (members, coins) => {
        const older = charterOf(members);
        const newer = next(older, change(older));
        assert.deepEqual(
          changesBetween(older, newer).map(({ decision }) => decision),
          [name],
        );
        const signing = new Set(
          newer.members
            .concat(subject(older))
            .filter(() => coins.next().value)
            .map(({ id }) => id),
        );
        if (name === 'suspend') signing.delete(subject(older).id);
        const byMembers = (charter: Charter) =>
          new Set(charter.members.map(({ id }) => id).filter((id) => signing.has(id)));
        const [poll] = pollsOf(older, newer, byMembers(older), byMembers(newer));
        const active = older.members.filter(({ status }) => status === 'active');
        const votes = active.filter(
          (one) => signing.has(one.id) && (isSubjectCounted || one !== subject(older)),
        ).length;
        assert.equal(poll?.before.isCarried, active.length > 1 && votes >= needed(active.length));
        assert.equal(poll?.before.votes, votes, 'observers have no vote');
        const voting = newer.members.filter(
          ({ status, id }) => status === 'active' && (isSubjectCounted || id !== subject(older).id),
        );
        const after = voting.filter(({ id }) => signing.has(id)).length;
        const neededAfter = name === 'remove' || name === 'suspend' ? needed(voting.length + 1) : needed(voting.length);
        const rules = newer.rules[name as 'renew'];
        assert.equal(poll?.after.isCarried, after >= Math.max(neededAfter, votesNeeded(rules, voting.length)));
        assert.equal(poll?.isCarried, poll?.before.isCarried && poll.after.isCarried);
      }),
      { numRuns: 300 },
    );
  });

test('more signatures never undo a decision, whatever is decided together', () => {
  fc.assert(
    fc.property(
      coalitions,
      fc.subarray([...decisions], { minLength: 1 }),
      fc.infiniteStream(fc.boolean()),
      (members, chosen, coins) => {
        const older = charterOf(members);
        let newer = next(older, {});
        for (const { change } of chosen) newer = next(newer, change(newer));
        const few = new Set(older.members.filter(() => coins.next().value).map(({ id }) => id));
        const many = new Set([...few, ...older.members.filter(() => coins.next().value).map(({ id }) => id)]);
        const carried = (ids: ReadonlySet<string>) =>
          pollsOf(older, newer, ids, ids).every(({ isCarried }) => isCarried);
        assert.ok(!carried(few) || carried(many));
      },
    ),
    { numRuns: 500 },
  );
});

test('a version that does several things needs the votes of each of them', () => {
  const older = charterOf(Array.from({ length: 6 }, (_, n) => member(n)));
  const both = next(older, { members: [{ ...subject(older), ...suspended }, ...rest(older)], limits: { queries: 1 } });
  const ids = (...numbers: number[]) => new Set(numbers.map((n) => member(n).id));
  const isCarried = (signing: ReadonlySet<string>) =>
    pollsOf(older, both, signing, signing).every((poll) => poll.isCarried);
  assert.equal(isCarried(ids(1, 2, 3)), false, 'enough to suspend, not to change the terms');
  assert.equal(isCarried(ids(0)), false, 'its own suspension carries nothing else');
  assert.equal(isCarried(ids(1, 2, 3, 4)), true);
});

test('of six: five admit, four of the others remove, three of them suspend and lift, four renew and set terms', () => {
  const six = Object.values(DEFAULT_RULES).map((quorum) => votesNeeded(quorum, quorum.of === 'all' ? 6 : 5));
  assert.deepEqual(six, [5, 5, 4, 3, 3, 4, 4]);
});
