import { toHex } from '../cbor/index.ts';
import type { Signer } from '../suite/index.ts';
import {
  type Accreditation,
  type Charter,
  type CharterBounds,
  type CharterMember,
  type CharterRules,
  DEFAULT_RULES,
  defaultBounds,
  EXPIRY_AFTER_EFFECT_SEC_MAX,
} from './charter.ts';
import { base64urlOf, charterBytes, charterHash } from './parse-charter.ts';
import { type CharterSignature, signCharter } from './signature.ts';

/** A nation at the founding table: what everybody may know of it. */
export type FoundingNation = {
  readonly memberId: Uint8Array;
  /** ISO 3166 alpha-2. */
  readonly nation: string;
  /** Public bytes (1,984) of its three custodians. */
  readonly custodians: readonly Uint8Array[];
  readonly accreditation?: Accreditation;
  readonly addresses?: readonly string[];
  readonly logOrigin?: string;
};

export type FoundingTerms = {
  readonly effectiveSec: number;
  /** Default: 90 days after effect, the longest there is. */
  readonly expiresSec?: number;
  readonly rules?: CharterRules;
  readonly bounds?: CharterBounds;
  readonly switches?: Readonly<Record<string, boolean>>;
  readonly limits?: Readonly<Record<string, number>>;
};

const HIGHEST_ACCREDITATION: Accreditation = { handling: 'H3', pap: 'RED' };

/** Version 1 as it lies on the table, before anybody signs. */
export function draftFirstCharter(nations: readonly FoundingNation[], terms: FoundingTerms): Charter {
  return {
    charterId: null,
    version: 1,
    previous: null,
    effective: terms.effectiveSec,
    expires: terms.expiresSec ?? terms.effectiveSec + EXPIRY_AFTER_EFFECT_SEC_MAX,
    members: nations.map(memberOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
    rules: terms.rules ?? DEFAULT_RULES,
    suites: [{ suite: 1, sunset: null }],
    bounds: terms.bounds ?? defaultBounds(nations.length),
    revocations: [],
    policy: null,
    switches: terms.switches ?? {},
    limits: terms.limits ?? {},
  };
}

const memberOf = (nation: FoundingNation): CharterMember => ({
  id: toHex(nation.memberId),
  nation: nation.nation,
  status: 'active',
  suspendedUntil: null,
  custodians: nation.custodians.map(base64urlOf),
  accreditation: nation.accreditation ?? HIGHEST_ACCREDITATION,
  // The charter id is not known before the charter is, so the default origin names the member alone.
  logOrigin: nation.logOrigin ?? `tripoint/${toHex(nation.memberId)}`,
  addresses: nation.addresses ?? [],
  suites: [1],
});

/** A founded coalition: the bytes everybody signed, their hash to be read aloud, and the signatures. */
export type Founding = {
  readonly charter: Charter;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly signatures: readonly CharterSignature[];
};

/**
 * The whole ceremony in one place, for tests, the demonstration and a single operator: two custodians of each nation
 * sign version 1. In earnest each nation signs at home with `signCharter` and the signatures are brought together.
 */
export function ceremony(
  nations: readonly (Omit<FoundingNation, 'custodians'> & { readonly custodians: readonly Signer[] })[],
  terms: FoundingTerms,
): Founding {
  const charter = draftFirstCharter(
    nations.map((nation) => ({ ...nation, custodians: nation.custodians.map(({ publicBytes }) => publicBytes) })),
    terms,
  );
  const bytes = charterBytes(charter);
  const signatures = nations.flatMap(({ custodians }) => custodians.slice(0, 2).map((key) => signCharter(bytes, key)));
  return { charter, bytes, hash: charterHash(bytes), signatures };
}
