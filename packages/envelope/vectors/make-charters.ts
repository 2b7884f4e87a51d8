import { fromUtf8, toHex, utf8 } from '../cbor/index.ts';
import {
  type Charter,
  type CharterSignature,
  ceremony,
  charterBytes,
  charterHash,
  signCharter,
  verifyCharter,
  verifyCharterChain,
} from '../charter/index.ts';
import { type SigningKey, signingKeyFromSeed } from '../suite/index.ts';
import { seededRandom } from './seeded-random.ts';

const DAY_SEC = 86_400;
const FOUNDED_SEC = 1_800_000_000;
const NOW_SEC = FOUNDED_SEC + 10 * DAY_SEC;

export type FrozenSignature = { readonly kid: string; readonly ed: string; readonly ml: string };

export type CharterCase = {
  readonly name: string;
  /** Names of charter texts, oldest first; the last is judged after the ones before it. */
  readonly chain: readonly string[];
  /** Replacements in the last text, made before it is read: each [old, new] once. */
  readonly replace?: readonly (readonly [string, string])[];
  /** For each text of the chain the names of the signatures that come with it. */
  readonly signatures: readonly (readonly string[])[];
  /** Leave the last signature's Ed25519 half to the one before it. */
  readonly forgeLast?: true;
  readonly nowSec: number;
  readonly outcome: { readonly hash: string; readonly charterId: string } | { readonly refused: string };
};

export type CharterFile = {
  readonly about: string;
  /** Charter texts as they are signed: JCS, UTF-8. */
  readonly texts: Readonly<Record<string, string>>;
  readonly signatures: Readonly<Record<string, FrozenSignature>>;
  readonly cases: readonly CharterCase[];
};

const signatureOf = ({ kid, ed, ml }: FrozenSignature): CharterSignature => ({
  kid: Uint8Array.from(Buffer.from(kid, 'hex')),
  ed: Uint8Array.from(Buffer.from(ed, 'hex')),
  ml: Uint8Array.from(Buffer.from(ml, 'hex')),
});

/** What our code makes of a case. */
export function judge(file: CharterFile, one: Omit<CharterCase, 'outcome'>): CharterCase['outcome'] {
  const chain = one.chain.map((name, i) => ({
    bytes: utf8(file.texts[name] as string),
    signatures: (one.signatures[i] ?? []).map((key) => signatureOf(file.signatures[key] as FrozenSignature)),
  }));
  const last = chain.pop();
  if (last === undefined) throw new Error('an empty chain');
  const text = (one.replace ?? []).reduce((current, [from, to]) => current.replace(from, to), fromUtf8(last.bytes));
  const signatures = one.forgeLast ? forged(last.signatures) : last.signatures;
  if (chain.length === 0) return outcomeOf(verifyCharter(utf8(text), signatures, one.nowSec));
  const before = verifyCharterChain(chain, FOUNDED_SEC);
  if (!before.ok) throw new Error(`the chain before does not hold: ${before.why}`);
  return outcomeOf(verifyCharter(utf8(text), signatures, one.nowSec, before.verified));
}

function forged(signatures: readonly CharterSignature[]): CharterSignature[] {
  const [donor, last] = signatures.slice(-2) as [CharterSignature, CharterSignature];
  return [...signatures.slice(0, -1), { ...last, ed: donor.ed }];
}

const outcomeOf = (verdict: ReturnType<typeof verifyCharter>): CharterCase['outcome'] =>
  verdict.ok
    ? { hash: toHex(verdict.verified.hash), charterId: toHex(verdict.verified.charterId) }
    : { refused: verdict.why };

export function makeCharters(): CharterFile {
  const random = seededRandom('frozen charters');
  const nations = ['KR', 'TH', 'VN'].map((nation) => ({
    nation,
    memberId: random(16),
    custodians: [0, 1, 2].map(() => signingKeyFromSeed(random(64))),
    addresses: [`wss://bureau.${nation.toLowerCase()}.example`],
  }));
  const founding = ceremony(nations, {
    effectiveSec: FOUNDED_SEC,
    limits: { exampleLimit: 5 },
    switches: { exampleSwitch: true },
  });
  const second = (change: Partial<Charter>): Charter => ({
    ...founding.charter,
    charterId: toHex(founding.hash),
    version: 2,
    previous: toHex(founding.hash),
    effective: NOW_SEC,
    expires: NOW_SEC + 90 * DAY_SEC,
    ...change,
  });
  const suspended = founding.charter.members.map((member) =>
    member.nation === 'VN'
      ? { ...member, status: 'suspended' as const, suspendedUntil: NOW_SEC + 14 * DAY_SEC }
      : member,
  );
  const texts: Record<string, Uint8Array> = {
    founding: founding.bytes,
    renewal: charterBytes(second({})),
    suspension: charterBytes(second({ members: suspended })),
    terms: charterBytes(second({ limits: {} })),
  };
  const needed = new Set([...foundingSignatures, ...renewalSignatures, ...suspensionSignatures, ...termsSignatures]);
  const signatures = signAll(nations, texts, needed);
  const file: CharterFile = {
    about:
      'Charter versions. A signature is named <text>/<nation><custodian 1..3>. Times are unix seconds; outcome is the hash of the version, or why it is refused.',
    texts: Object.fromEntries(Object.entries(texts).map(([name, bytes]) => [name, fromUtf8(bytes)])),
    signatures,
    cases: [],
  };
  return { ...file, cases: charterCases(founding.bytes).map((one) => ({ ...one, outcome: judge(file, one) })) };
}

/** What a suspension may bring about and what not; in files of its own, for what is frozen stays. */
export function makeMoreCharters(): CharterFile {
  const random = seededRandom('frozen charters 2');
  const nations = ['KR', 'TH', 'VN', 'LA'].map((nation) => ({
    nation,
    memberId: random(16),
    custodians: [0, 1, 2].map(() => signingKeyFromSeed(random(64))),
  }));
  const founding = ceremony(nations, { effectiveSec: FOUNDED_SEC });
  const second = (change: Partial<Charter>): Uint8Array =>
    charterBytes({
      ...founding.charter,
      charterId: toHex(founding.hash),
      version: 2,
      previous: toHex(founding.hash),
      effective: NOW_SEC,
      ...change,
    });
  const members = founding.charter.members.map((member) =>
    member.nation === 'VN'
      ? { ...member, status: 'suspended' as const, suspendedUntil: NOW_SEC + 10 * DAY_SEC }
      : member,
  );
  const suspension = second({ members });
  const third = (change: Partial<Charter>): Uint8Array =>
    second({ version: 3, previous: toHex(charterHash(suspension)), members, ...change });
  const endingAt = (suspendedUntil: number) =>
    members.map((member) => (member.nation === 'VN' ? { ...member, suspendedUntil } : member));
  const overSec = NOW_SEC + 10 * DAY_SEC + 1;
  const texts: Record<string, Uint8Array> = {
    founding: founding.bytes,
    suspension,
    prolonging: second({ members, expires: NOW_SEC + 90 * DAY_SEC }),
    ending: second({ members, expires: NOW_SEC + 1 }),
    shorter: third({ members: endingAt(NOW_SEC + 1) }),
    longer: third({ members: endingAt(NOW_SEC + 11 * DAY_SEC) }),
    over: third({ effective: overSec, expires: overSec + 90 * DAY_SEC, members: founding.charter.members }),
  };
  const by = (text: string, ...who: readonly string[]) =>
    who.flatMap((nation) => [`${text}/${nation}1`, `${text}/${nation}3`]);
  const first = by('founding', 'KR', 'TH', 'VN', 'LA');
  const next = (name: string, text: string, ...who: readonly string[]): Omit<CharterCase, 'outcome'> => ({
    name,
    chain: ['founding', text],
    signatures: [first, by(text, ...who)],
    nowSec: NOW_SEC,
  });
  const after = (name: string, text: string, ...who: readonly string[]): Omit<CharterCase, 'outcome'> => ({
    name,
    chain: ['founding', 'suspension', text],
    signatures: [first, by('suspension', 'VN'), by(text, ...who)],
    nowSec: NOW_SEC,
  });
  const cases = [
    next('a nation suspends itself and leaves the end of the charter as it was', 'suspension', 'VN'),
    next('quorum_missing: a nation suspends itself and prolongs the charter', 'prolonging', 'VN'),
    next('quorum_missing: a nation suspends itself and ends the charter', 'ending', 'VN'),
    next('a majority renews beside a suspension', 'prolonging', 'KR', 'TH', 'LA'),
    after('quorum_missing: a suspended nation shortens its suspension', 'shorter', 'VN'),
    after('the others shorten it', 'shorter', 'KR', 'TH'),
    after('a suspended nation prolongs its suspension', 'longer', 'VN'),
    after('a nation whose suspension is over by then votes again', 'over', 'KR', 'TH', 'VN'),
    after('quorum_missing: of four who vote, two are no majority', 'over', 'KR', 'TH'),
  ];
  const needed = new Set(cases.flatMap(({ signatures: all }) => all.flat()));
  const file: CharterFile = {
    about: 'As charters.json: what a suspension may bring about, and what needs other votes.',
    texts: Object.fromEntries(Object.entries(texts).map(([name, bytes]) => [name, fromUtf8(bytes)])),
    signatures: signAll(nations, texts, needed),
    cases: [],
  };
  return { ...file, cases: cases.map((one) => ({ ...one, outcome: judge(file, one) })) };
}

/** Only the signatures that some case needs: each is 7 kB in hexadecimal. */
function signAll(
  nations: readonly { nation: string; custodians: readonly SigningKey[] }[],
  texts: Readonly<Record<string, Uint8Array>>,
  needed: ReadonlySet<string>,
): Record<string, FrozenSignature> {
  const made: Record<string, FrozenSignature> = {};
  for (const name of needed) {
    const [text = '', who = ''] = name.split('/');
    const custodians = nations.find(({ nation }) => who.startsWith(nation))?.custodians ?? [];
    const key = custodians[Number(who.slice(2)) - 1] as SigningKey;
    const { kid, ed, ml } = signCharter(texts[text] as Uint8Array, key);
    made[name] = { kid: toHex(kid), ed: toHex(ed), ml: toHex(ml) };
  }
  return made;
}

const foundingSignatures = ['KR1', 'KR2', 'TH1', 'TH3', 'VN2', 'VN3'].map((who) => `founding/${who}`);
const renewalSignatures = ['KR1', 'KR2', 'TH1', 'TH2'].map((who) => `renewal/${who}`);
const suspensionSignatures = ['VN1', 'VN2'].map((who) => `suspension/${who}`);
const termsSignatures = ['KR1', 'KR2', 'TH2'].map((who) => `terms/${who}`);

function charterCases(foundingBytes: Uint8Array): Omit<CharterCase, 'outcome'>[] {
  const foundation = (name: string, change: Partial<CharterCase> = {}): Omit<CharterCase, 'outcome'> => ({
    name,
    chain: ['founding'],
    signatures: [foundingSignatures],
    nowSec: NOW_SEC,
    ...change,
  });
  const next = (name: string, text: string, last: readonly string[], change: Partial<CharterCase> = {}) =>
    foundation(name, { chain: ['founding', text], signatures: [foundingSignatures, last], ...change });
  const foundingHash = toHex(charterHash(foundingBytes));
  const expires = (sec: number): [string, string] => [`"expires":${FOUNDED_SEC + 90 * DAY_SEC}`, `"expires":${sec}`];
  return [
    foundation('founding by two of three custodians of every nation'),
    foundation('quorum_missing: one custodian of a nation', { signatures: [foundingSignatures.slice(0, 5)] }),
    foundation('quorum_missing: one custodian twice', {
      signatures: [[...foundingSignatures.slice(0, 5), 'founding/VN2']],
    }),
    foundation('signature_invalid: the Ed25519 half of another custodian', { forgeLast: true }),
    foundation('signature_invalid: a word changed after signing', {
      replace: [['"exampleLimit":5', '"exampleLimit":6']],
    }),
    foundation('not_canonical: a duplicate key', { replace: [['"version":1', '"version":1,"version":1']] }),
    foundation('not_canonical: a space', { replace: [['"version":1', '"version": 1']] }),
    foundation('not_canonical: a number with a fraction of zero', { replace: [['"version":1', '"version":1.0']] }),
    foundation('not_canonical: 2^53 + 1', { replace: [['"exampleLimit":5', '"exampleLimit":9007199254740993']] }),
    foundation('not_canonical: an escape that is not needed', { replace: [['"KR"', '"\\u004bR"']] }),
    foundation('malformed: a float', { replace: [['"exampleLimit":5', '"exampleLimit":5.5']] }),
    foundation('malformed: an unknown key', { replace: [['"version":1', '"version":1,"zone":1']] }),
    foundation('malformed: no JSON', { replace: [['{', '']] }),
    foundation('expiry_too_far: 90 days and a second', { replace: [expires(FOUNDED_SEC + 90 * DAY_SEC + 1)] }),
    foundation('malformed: expires before it takes effect', { replace: [expires(FOUNDED_SEC)] }),
    foundation('expired (freeze)', { nowSec: FOUNDED_SEC + 90 * DAY_SEC + 1 }),
    next('renewal by two of three nations', 'renewal', renewalSignatures),
    next('quorum_missing: renewal by one nation', 'renewal', renewalSignatures.slice(0, 3)),
    next('a nation suspends itself', 'suspension', suspensionSignatures),
    next('malformed: suspended for 14 days and a second', 'suspension', suspensionSignatures, {
      replace: [[`"suspendedUntil":${NOW_SEC + 14 * DAY_SEC}`, `"suspendedUntil":${NOW_SEC + 14 * DAY_SEC + 1}`]],
    }),
    next('quorum_missing: self-suspension by one custodian', 'suspension', suspensionSignatures.slice(0, 1)),
    next('quorum_missing: other terms by one nation', 'terms', termsSignatures),
    next('rollback', 'founding', foundingSignatures),
    next('charter_conflict: another version 1', 'founding', foundingSignatures, {
      replace: [['"exampleLimit":5', '"exampleLimit":6']],
    }),
    next('version_skipped', 'renewal', renewalSignatures, { replace: [['"version":2', '"version":3']] }),
    next('wrong_predecessor', 'renewal', renewalSignatures, {
      replace: [[`"previous":"${foundingHash}"`, `"previous":"${'0'.repeat(64)}"`]],
    }),
    foundation('version_skipped: a version 2 with nothing before it', {
      chain: ['renewal'],
      signatures: [renewalSignatures],
    }),
  ];
}
