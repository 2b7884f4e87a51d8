import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex, utf8 } from '../cbor/index.ts';
import { type SigningKey, signingKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from '../vectors/seeded-random.ts';
import {
  base64urlOf,
  type Charter,
  type CharterMember,
  type CharterSignature,
  ceremony,
  charterBytes,
  charterHash,
  charterStanding,
  DEFAULT_RULES,
  decodeSignedCharter,
  encodeSignedCharter,
  maySeal,
  paeOf,
  parseCharter,
  signCharter,
  statusAt,
  suitesPermitted,
  type VerifiedCharter,
  verifyCharter,
  verifyCharterChain,
  votesNeeded,
} from './index.ts';

const random = seededRandom('charter');
const DAY_SEC = 86_400;
const foundedSec = 1_800_000_000;
const nowSec = foundedSec + DAY_SEC;

type Nation = { nation: string; memberId: Uint8Array; custodians: readonly SigningKey[] };
const newNation = (nation: string): Nation => ({
  nation,
  memberId: random(16),
  custodians: [0, 1, 2].map(() => signingKeyFromSeed(random(64))),
});
const nations = ['KH', 'KR', 'LA', 'PH', 'TH', 'VN'].map(newNation);
const [cambodia, korea] = nations as [Nation, Nation, ...Nation[]];
const newcomer = newNation('ID');
const founding = ceremony(nations, { effectiveSec: foundedSec });

const verified = (): VerifiedCharter => {
  const verdict = verifyCharter(founding.bytes, founding.signatures, nowSec);
  assert.ok(verdict.ok);
  return verdict.verified;
};
const first = verified();

const successor = (change: Partial<Charter> = {}, before = first): Charter => ({
  ...before.charter,
  charterId: toHex(first.hash),
  version: before.charter.version + 1,
  previous: toHex(before.hash),
  effective: nowSec,
  expires: nowSec + 90 * DAY_SEC,
  ...change,
});

/** Ends when the version before does: nothing is renewed. */
const keepingEnd = { expires: first.charter.expires };

/** Two custodians of each of these nations sign. */
const signedBy = (bytes: Uint8Array, by: readonly Nation[]): CharterSignature[] =>
  by.flatMap(({ custodians }) => custodians.slice(1).map((key) => signCharter(bytes, key)));

const verdictOf = (next: Charter, by: readonly Nation[], before = first): string => {
  const bytes = charterBytes(next);
  const verdict = verifyCharter(bytes, signedBy(bytes, by), nowSec, before);
  return verdict.ok ? 'ok' : verdict.why;
};

const idOf = ({ memberId }: Nation): string => toHex(memberId);
const without = (nation: Nation): CharterMember[] => first.charter.members.filter(({ id }) => id !== idOf(nation));
const changed = (nation: Nation, change: Partial<CharterMember>): CharterMember[] =>
  first.charter.members.map((member) => (member.id === idOf(nation) ? { ...member, ...change } : member));
const others = (nation: Nation): Nation[] => nations.filter((one) => one !== nation);
const withNewcomer = (): CharterMember[] => {
  const entry = ceremony([newcomer], { effectiveSec: 0 }).charter.members[0] as CharterMember;
  return [...first.charter.members, entry].sort((a, b) => (a.id < b.id ? -1 : 1));
};

test('six nations found a coalition: two of three custodians of each sign the same bytes', () => {
  assert.equal(toHex(first.charterId), toHex(founding.hash));
  assert.deepEqual(first.charter, founding.charter);
  assert.equal(founding.signatures.length, 12);
});

test('a founding without one nation, or with one custodian of a nation, is no charter', () => {
  const verdict = (signatures: readonly CharterSignature[]) => verifyCharter(founding.bytes, signatures, nowSec);
  assert.deepEqual(verdict(founding.signatures.slice(2)), { ok: false, why: 'quorum_missing' });
  assert.deepEqual(verdict(founding.signatures.slice(1)), { ok: false, why: 'quorum_missing' });
  const twice = [
    ...founding.signatures.slice(2),
    ...founding.signatures.slice(0, 1),
    ...founding.signatures.slice(0, 1),
  ];
  assert.deepEqual(verdict(twice), { ok: false, why: 'quorum_missing' }, 'one custodian twice is one custodian');
});

test('a signature that does not hold refuses the charter; a stranger’s is ignored', () => {
  const [one, ...rest] = founding.signatures as [CharterSignature, ...CharterSignature[]];
  const forged = { ...one, ed: (rest[0] as CharterSignature).ed };
  assert.deepEqual(verifyCharter(founding.bytes, [forged, ...rest], nowSec), { ok: false, why: 'signature_invalid' });
  const halves = { ...one, ml: (rest[0] as CharterSignature).ml };
  assert.deepEqual(verifyCharter(founding.bytes, [halves, ...rest], nowSec), { ok: false, why: 'signature_invalid' });
  const stranger = signCharter(founding.bytes, newcomer.custodians[0] as SigningKey);
  assert.ok(verifyCharter(founding.bytes, [...founding.signatures, stranger], nowSec).ok);
});

test('signatures are over the DSSE encoding of type and bytes', () => {
  assert.equal(Buffer.from(paeOf('a/b', utf8('hello'))).toString(), 'DSSEv1 3 a/b 5 hello');
});

test('a charter expires at most 90 days after it takes effect, and an expired one is not adopted', () => {
  const tooFar = ceremony(nations, { effectiveSec: foundedSec, expiresSec: foundedSec + 90 * DAY_SEC + 1 });
  assert.deepEqual(parseCharter(tooFar.bytes), { ok: false, why: 'expiry_too_far' });
  const late = foundedSec + 91 * DAY_SEC;
  assert.deepEqual(verifyCharter(founding.bytes, founding.signatures, late), { ok: false, why: 'expired' });
});

test('bytes that are not the JCS form of what they say are refused', () => {
  const text = Buffer.from(founding.bytes).toString();
  const refusal = (changedText: string): string => {
    const result = parseCharter(utf8(changedText));
    return result.ok ? 'ok' : result.why;
  };
  assert.equal(refusal(text), 'ok');
  assert.equal(refusal(text.replace('"version":1', '"version":2,"version":1')), 'not_canonical', 'a duplicate key');
  assert.equal(refusal(text.replace('"version":1', '"version":1.0')), 'not_canonical');
  assert.equal(refusal(text.replace('"version":1', '"version": 1')), 'not_canonical');
  assert.equal(refusal(text.replace('"version":1', '"version":1e0')), 'not_canonical');
  assert.equal(refusal(text.replace('"burst"', '"\\u0062urst"')), 'ok', 'no such text, nothing changed');
  assert.equal(refusal(text.replace('"nation":"KR"', '"nation":"\\u004bR"')), 'not_canonical', 'an escape');
  assert.equal(refusal(text.replace('"version":1', '"version":9007199254740993')), 'not_canonical', '2^53 + 1');
  assert.equal(refusal(`${text}\n`), 'not_canonical');
  assert.equal(refusal(`\ufeff${text}`), 'malformed', 'a byte order mark');
  assert.equal(refusal(text.slice(1)), 'malformed');
  assert.equal(refusal('{}'), 'malformed');
  assert.equal(refusal('[]'), 'malformed');
  assert.equal(refusal('null'), 'malformed');
  assert.equal(refusal('"\\ud800"'), 'not_canonical', 'a lone surrogate');
  assert.equal(refusal(`"${'a'.repeat(1024 * 1024)}"`), 'too_large');
  const notUtf8 = founding.bytes.slice();
  notUtf8[notUtf8.length - 3] = 0xff;
  assert.ok(!parseCharter(notUtf8).ok);
});

test('a charter says nothing but what version 1 knows, and says it all', () => {
  const refusal = (change: object): string => {
    const result = parseCharter(charterBytes({ ...founding.charter, ...change } as Charter));
    return result.ok ? 'ok' : result.why;
  };
  const [member, ...rest] = founding.charter.members as [CharterMember, ...CharterMember[]];
  const wrong: Readonly<Record<string, object>> = {
    'an unknown key': { note: 'hello' },
    'a float': { effective: foundedSec + 0.5 },
    'no policy field': { policy: undefined },
    'an agency in a member': { members: [{ ...member, agency: 'narcotics' }, ...rest] },
    'two custodians': { members: [{ ...member, custodians: member.custodians.slice(1) }, ...rest] },
    'one custodian twice': {
      members: [{ ...member, custodians: [0, 0, 1].map((i) => member.custodians[i]) }, ...rest],
    },
    'a custodian of two nations': {
      members: [{ ...member, custodians: [...member.custodians.slice(1), rest[0]?.custodians[0]] }, ...rest],
    },
    'a key with loose base64 bits': {
      members: [
        { ...member, custodians: [`${member.custodians[0]?.slice(0, -1)}_`, ...member.custodians.slice(1)] },
        ...rest,
      ],
    },
    'a member id twice': { members: [member, { ...(rest[0] as CharterMember), id: member.id }, ...rest.slice(1)] },
    'members out of order': { members: [...rest, member] },
    'a nation twice': { members: [{ ...member, nation: rest[0]?.nation }, ...rest] },
    'a lower-case nation': { members: [{ ...member, nation: 'kr' }, ...rest] },
    'no members': { members: [] },
    'expiry before effect': { expires: foundedSec },
    'a first version with a predecessor': { previous: toHex(founding.hash) },
    'a first version with a charter id': { charterId: toHex(founding.hash) },
    'a bucket of 9': { bounds: { ...founding.charter.bounds, stanzaBucket: 9 } },
    'a switch that is a number': { switches: { relay: 1 } },
    'a limit below zero': { limits: { relay: -1 } },
    'a switch of a strange name': { switches: { 'a b': true } },
  };
  for (const [what, change] of Object.entries(wrong)) assert.equal(refusal(change), 'malformed', what);
  assert.equal(refusal({ switches: { relay: true }, limits: { relayBytes: 5 } }), 'ok');
});

test('votes needed of six nations are those of the table', () => {
  const needed = (decision: keyof typeof DEFAULT_RULES, voters: number) => votesNeeded(DEFAULT_RULES[decision], voters);
  assert.equal(needed('admit', 6), 5);
  assert.equal(needed('change-rules', 6), 5);
  assert.equal(needed('admit', 2), 2);
  assert.equal(needed('remove', 5), 4);
  assert.equal(needed('suspend', 5), 3);
  assert.equal(needed('lift', 5), 3);
  assert.equal(needed('renew', 6), 4);
  assert.equal(needed('terms', 6), 4);
  assert.equal(needed('renew', 1), 1);
});

test('an unchanged charter is renewed by a majority', () => {
  assert.equal(verdictOf(successor(), nations.slice(0, 4)), 'ok');
  assert.equal(verdictOf(successor(), nations.slice(0, 3)), 'quorum_missing');
});

test('a nation is admitted by all but one', () => {
  assert.equal(verdictOf(successor({ members: withNewcomer() }), [...nations.slice(0, 5), newcomer]), 'ok');
  assert.equal(verdictOf(successor({ members: withNewcomer() }), nations), 'ok');
  assert.equal(
    verdictOf(successor({ members: withNewcomer() }), nations.slice(0, 5)),
    'quorum_missing',
    'under the new rules 6 of 7',
  );
  assert.equal(verdictOf(successor({ members: withNewcomer() }), nations.slice(0, 4)), 'quorum_missing');
  assert.equal(verdictOf(successor({ members: withNewcomer() }), [newcomer]), 'quorum_missing', 'nobody admits itself');
});

test('a nation is removed by two thirds of the others, its own vote not counted', () => {
  assert.equal(verdictOf(successor({ members: without(korea) }), others(korea).slice(0, 4)), 'ok');
  assert.equal(
    verdictOf(successor({ members: without(korea) }), [korea, ...others(korea).slice(0, 3)]),
    'quorum_missing',
  );
});

test('a nation is suspended by a majority of the others, or by itself', () => {
  const next = successor({
    ...keepingEnd,
    members: changed(korea, { status: 'suspended', suspendedUntil: nowSec + 14 * DAY_SEC }),
  });
  assert.equal(verdictOf(next, others(korea).slice(0, 3)), 'ok');
  assert.equal(verdictOf(next, others(korea).slice(0, 2)), 'quorum_missing');
  assert.equal(verdictOf(next, [korea]), 'ok');
  assert.equal(verdictOf(next, [cambodia]), 'quorum_missing');
});

test('a nation that suspends itself changes nothing else by that', () => {
  const next = successor({
    limits: { queries: 1 },
    ...keepingEnd,
    members: changed(korea, { status: 'suspended', suspendedUntil: nowSec + 14 * DAY_SEC }),
  });
  assert.equal(verdictOf(next, [korea]), 'quorum_missing');
});

test('a nation that suspends itself neither prolongs the charter of all nor ends it', () => {
  const members = changed(korea, { status: 'suspended', suspendedUntil: nowSec + DAY_SEC });
  for (const expires of [nowSec + 90 * DAY_SEC, nowSec + 1]) {
    assert.equal(verdictOf(successor({ members, expires }), [korea]), 'quorum_missing');
    assert.equal(verdictOf(successor({ members, expires }), nations.slice(0, 4)), 'ok', 'a majority renews beside it');
  }
});

test('a suspended nation does not shorten its own suspension, and has its vote again when it is over', () => {
  const suspended = (suspendedUntil: number, before = first, effective = nowSec) =>
    successor({ ...keepingEnd, effective, members: changed(korea, { status: 'suspended', suspendedUntil }) }, before);
  const bytes = charterBytes(suspended(nowSec + 10 * DAY_SEC));
  const verdict = verifyCharter(bytes, signedBy(bytes, others(korea).slice(0, 3)), nowSec, first);
  assert.ok(verdict.ok);
  const before = verdict.verified;
  assert.equal(verdictOf(suspended(nowSec + 1, before), [korea], before), 'quorum_missing');
  assert.equal(verdictOf(suspended(nowSec + 11 * DAY_SEC, before), [korea], before), 'ok', 'longer it may');
  const renewed = (effective: number) => ({ ...successor({ effective }, before), members: first.charter.members });
  const later = nowSec + 10 * DAY_SEC + 1;
  assert.equal(verdictOf(renewed(later), [korea, ...others(korea).slice(0, 3)], before), 'ok', 'four of six');
  assert.equal(verdictOf(renewed(later), others(korea).slice(0, 3), before), 'quorum_missing', 'six vote again');
  assert.equal(verdictOf(renewed(nowSec), [korea, ...others(korea).slice(0, 2)], before), 'quorum_missing');
});

test('a suspension ends by itself after at most 14 days; another end is a decision of its own', () => {
  const until = (suspendedUntil: number | null, before = first) =>
    successor({ ...keepingEnd, members: changed(korea, { status: 'suspended', suspendedUntil }) }, before);
  assert.equal(verdictOf(until(nowSec + 14 * DAY_SEC + 1), nations), 'malformed');
  assert.equal(verdictOf(until(null), nations), 'malformed');
  assert.equal(verdictOf(successor({ members: changed(korea, { suspendedUntil: nowSec }) }), nations), 'malformed');
  const bytes = charterBytes(until(nowSec + DAY_SEC));
  const verdict = verifyCharter(bytes, signedBy(bytes, others(korea).slice(0, 3)), nowSec, first);
  assert.ok(verdict.ok);
  const before = verdict.verified;
  const member = before.charter.members.find(({ id }) => id === idOf(korea)) as CharterMember;
  assert.deepEqual(
    [nowSec, nowSec + DAY_SEC, nowSec + DAY_SEC + 1].map((sec) => statusAt(member, sec)),
    ['suspended', 'suspended', 'active'],
  );
  assert.equal(verdictOf(until(nowSec + 2 * DAY_SEC, before), others(korea).slice(0, 2), before), 'quorum_missing');
  assert.equal(verdictOf(until(nowSec + 2 * DAY_SEC, before), others(korea).slice(0, 3), before), 'ok');
  const lifted = { ...successor(keepingEnd, before), members: first.charter.members };
  assert.equal(verdictOf(lifted, others(korea).slice(0, 3), before), 'ok');
});

test('rules need all but one, other terms two thirds, and an observer has no vote', () => {
  const rules = { ...first.charter.rules, renew: first.charter.rules.admit };
  assert.equal(verdictOf(successor({ rules }), nations.slice(0, 5)), 'ok');
  assert.equal(verdictOf(successor({ rules }), nations.slice(0, 4)), 'quorum_missing');
  assert.equal(verdictOf(successor({ limits: { queries: 1 } }), nations.slice(0, 4)), 'ok');
  assert.equal(verdictOf(successor({ limits: { queries: 1 } }), nations.slice(0, 3)), 'quorum_missing');
  const observing = successor({ members: changed(korea, { status: 'observer' }) });
  const bytes = charterBytes(observing);
  const verdict = verifyCharter(bytes, signedBy(bytes, others(korea)), nowSec, first);
  assert.ok(verdict.ok);
  const before = verdict.verified;
  assert.equal(verdictOf(successor({}, before), others(korea).slice(0, 3), before), 'ok', '3 of 5 who vote');
  assert.equal(verdictOf(successor({}, before), [korea, ...others(korea).slice(0, 2)], before), 'quorum_missing');
});

test('new custodians of a nation need two of its old ones, then the quorum', () => {
  const renewed: Nation = { ...korea, custodians: newcomer.custodians };
  const members = changed(korea, {
    custodians: newcomer.custodians.map(({ publicBytes }) => base64urlOf(publicBytes)),
  });
  assert.equal(verdictOf(successor({ members }), [...nations.slice(0, 4), renewed]), 'ok');
  assert.equal(verdictOf(successor({ members }), nations.slice(0, 4)), 'quorum_missing', 'the new ones did not sign');
  assert.equal(verdictOf(successor({ members }), others(korea)), 'custodians_not_confirmed');
  assert.equal(verdictOf(successor({ members }), [renewed, ...others(korea)]), 'custodians_not_confirmed');
  assert.equal(verdictOf(successor({ members }), [korea]), 'quorum_missing');
});

test('a forged signature in the name of a nation that is just being removed refuses the version too', () => {
  const bytes = charterBytes(successor({ members: without(korea) }));
  const signatures = signedBy(bytes, [...others(korea).slice(0, 4), korea]);
  const last = signatures.at(-1) as CharterSignature;
  const forged = [...signatures.slice(0, -1), { ...last, ed: (signatures[0] as CharterSignature).ed }];
  assert.deepEqual(verifyCharter(bytes, forged, nowSec, first), { ok: false, why: 'signature_invalid' });
  assert.ok(verifyCharter(bytes, signatures, nowSec, first).ok);
  const joining = charterBytes(successor({ members: withNewcomer() }));
  const all = signedBy(joining, [...nations, newcomer]);
  const wrong = [...all.slice(0, -1), { ...(all.at(-1) as CharterSignature), ed: (all[0] as CharterSignature).ed }];
  assert.deepEqual(verifyCharter(joining, wrong, nowSec, first), { ok: false, why: 'signature_invalid' });
});

test('a chain goes forward one version at a time, and never back', () => {
  assert.equal(verdictOf(successor({ version: 3 }), nations), 'version_skipped');
  assert.equal(verdictOf(successor({ previous: toHex(random(32)) }), nations), 'wrong_predecessor');
  assert.equal(verdictOf(successor({ charterId: toHex(random(32)) }), nations), 'wrong_predecessor');
  assert.equal(verdictOf(successor({ effective: foundedSec - 1, expires: nowSec + 1 }), nations), 'wrong_predecessor');
  assert.deepEqual(verifyCharter(founding.bytes, founding.signatures, nowSec, first), { ok: false, why: 'rollback' });
  const other = ceremony(nations, { effectiveSec: foundedSec, limits: { queries: 1 } });
  assert.deepEqual(verifyCharter(other.bytes, other.signatures, nowSec, first), { ok: false, why: 'charter_conflict' });
  const second = charterBytes(successor());
  assert.deepEqual(verifyCharter(second, signedBy(second, nations), nowSec), { ok: false, why: 'version_skipped' });
});

test('a chain is replayed from the founding; only its end must be valid today', () => {
  const secondBytes = charterBytes(successor());
  const second = { bytes: secondBytes, signatures: signedBy(secondBytes, nations.slice(0, 4)) };
  const chain = [{ bytes: founding.bytes, signatures: founding.signatures }, second];
  const late = foundedSec + 90 * DAY_SEC + 60;
  const verdict = verifyCharterChain(chain, late);
  assert.ok(verdict.ok && verdict.verified.charter.version === 2);
  assert.deepEqual(verifyCharterChain(chain.slice(0, 1), late), { ok: false, why: 'expired' }, 'a frozen chain');
  assert.deepEqual(verifyCharterChain([], nowSec), { ok: false, why: 'malformed' });
  const forged = [{ bytes: founding.bytes, signatures: founding.signatures.slice(2) }, second];
  assert.deepEqual(verifyCharterChain(forged, nowSec), { ok: false, why: 'quorum_missing' });
});

test('a charter travels with its signatures in one text', () => {
  const travelled = encodeSignedCharter(founding.bytes, founding.signatures);
  assert.deepEqual(decodeSignedCharter(travelled), { bytes: founding.bytes, signatures: founding.signatures });
  assert.equal(decodeSignedCharter(founding.bytes), null);
  assert.equal(decodeSignedCharter(travelled.subarray(1)), null);
  const [one] = founding.signatures as [CharterSignature];
  for (const { kid, ed, ml } of [
    { ...one, kid: one.kid.subarray(1) },
    { ...one, ed: one.ed.subarray(1) },
    { ...one, ml: one.ml.subarray(1) },
  ])
    assert.equal(decodeSignedCharter(encodeSignedCharter(founding.bytes, [{ kid, ed, ml }])), null);
  const flood = (count: number) =>
    encodeSignedCharter(
      founding.bytes,
      Array.from({ length: count }, () => one),
    );
  assert.notEqual(decodeSignedCharter(flood(384)), null);
  assert.equal(decodeSignedCharter(flood(385)), null);
});

test('after expiry recalls and urgent items go on for 30 days, then nothing is sealed', () => {
  const { charter } = first;
  const days = (count: number) => foundedSec + count * DAY_SEC;
  const standings = [days(-1), days(1), days(61), days(91), days(121)].map((sec) => charterStanding(charter, sec));
  assert.deepEqual(standings, ['ahead', 'in-force', 'warning', 'grace', 'ended']);
  const { effective, expires } = charter;
  const edges = [effective - 1, effective, expires - 30 * DAY_SEC, expires - 30 * DAY_SEC + 1, expires, expires + 1];
  assert.deepEqual(
    [...edges, expires + 30 * DAY_SEC, expires + 30 * DAY_SEC + 1].map((sec) => charterStanding(charter, sec)),
    ['ahead', 'in-force', 'in-force', 'warning', 'warning', 'grace', 'grace', 'ended'],
  );
  const lanes = ([0, 1, 2, 3] as const).map((lane) =>
    [days(1), days(91), days(121)].map((sec) => maySeal(charter, lane, sec)),
  );
  assert.deepEqual(lanes, [
    [true, true, false],
    [true, true, false],
    [true, false, false],
    [true, false, false],
  ]);
});

test('a suite is permitted until its sunset', () => {
  const suites = [
    { suite: 1, sunset: 100 },
    { suite: 2, sunset: null },
  ];
  assert.deepEqual(suitesPermitted({ ...first.charter, suites }, 100), [1, 2]);
  assert.deepEqual(suitesPermitted({ ...first.charter, suites }, 101), [2]);
});

test('the hash that is read aloud has a domain of its own', () => {
  assert.equal(charterHash(founding.bytes).length, 32);
  assert.notEqual(toHex(charterHash(founding.bytes)), toHex(charterHash(founding.bytes.subarray(1))));
});
