/**
 * The charter of a coalition as JSON (wire.md §2). Times are unix seconds, ids and hashes lower-case hexadecimal,
 * public keys base64url without padding. Never an agency.
 */
export type Charter = {
  /** Hash of version 1; null in version 1 itself, which cannot hold its own hash. */
  readonly charterId: string | null;
  readonly version: number;
  /** Hash of the version before; null in version 1. */
  readonly previous: string | null;
  readonly effective: number;
  readonly expires: number;
  /** Ascending by id. */
  readonly members: readonly CharterMember[];
  readonly rules: CharterRules;
  readonly suites: readonly CharterSuite[];
  readonly bounds: CharterBounds;
  readonly revocations: readonly CharterRevocation[];
  /** Hash of the coalition's policy text, or null. */
  readonly policy: string | null;
  /** Named switches and limits: free names, so that later features need no new parser. */
  readonly switches: Readonly<Record<string, boolean>>;
  readonly limits: Readonly<Record<string, number>>;
};

export type CharterMember = {
  /** Member id (16 bytes), given at admission, never used again. */
  readonly id: string;
  /** ISO 3166 alpha-2. */
  readonly nation: string;
  readonly status: MemberStatus;
  /** End of a suspension, at most 14 days after this version takes effect; null unless suspended. */
  readonly suspendedUntil: number | null;
  /** Three key sets (1,984 bytes each); two of them sign for the nation. */
  readonly custodians: readonly string[];
  /** The strictest the member may be sent. */
  readonly accreditation: Accreditation;
  readonly logOrigin: string;
  readonly addresses: readonly string[];
  readonly suites: readonly number[];
};

export const MEMBER_STATUSES = ['active', 'observer', 'suspended'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

export const ACCREDITED_HANDLINGS = ['H0', 'H1', 'H2', 'H3'] as const;
export const ACCREDITED_PAPS = ['CLEAR', 'GREEN', 'AMBER', 'RED'] as const;
export type Accreditation = {
  readonly handling: (typeof ACCREDITED_HANDLINGS)[number];
  readonly pap: (typeof ACCREDITED_PAPS)[number];
};

/** How many nations a decision needs: a share of all active members, or of all but the one it is about. */
export const SHARES = ['all', 'all-but-one', 'two-thirds', 'majority'] as const;
export type Quorum = {
  readonly share: (typeof SHARES)[number];
  readonly of: 'all' | 'others';
  readonly least: number;
};

/** Decisions the charter itself rules. `terms`: suites, bounds, budgets, witnesses, members' own entries. */
export const DECISIONS = ['admit', 'change-rules', 'remove', 'suspend', 'lift', 'renew', 'terms'] as const;
export type Decision = (typeof DECISIONS)[number];
export type CharterRules = Readonly<Record<Decision, Quorum>>;

/** A suite and its last second of use; null while no sunset is set. */
export type CharterSuite = { readonly suite: number; readonly sunset: number | null };

export type CharterBounds = {
  readonly copyBytesMax: number;
  /** Length of the stanza hash list: 8, 16 or 64. */
  readonly stanzaBucket: number;
  readonly envelopesPerSecond: number;
  readonly envelopesBurst: number;
  readonly bytesPerSecond: number;
  readonly badSignaturesPerMinute: number;
  /** Match queries an asker may make of one list. */
  readonly queriesPerDay: number;
  readonly queriesPerMonth: number;
  /** Cosignatures of other nations that make a checkpoint witnessed. */
  readonly witnessQuorum: number;
  readonly logCadenceSec: number;
  readonly logLeavesPerBeat: number;
};

/** From this index of the member's log on, signatures of the key are worth nothing. */
export type CharterRevocation = { readonly kid: string; readonly logIndex: number };

export const EXPIRY_AFTER_EFFECT_SEC_MAX = 90 * 86_400;
export const SUSPENSION_SEC_MAX = 14 * 86_400;
export const CHARTER_BYTES_MAX = 1024 * 1024;
export const MEMBERS_MAX = 64;

/** The default table of decisions (§2): of six nations 5, 5, 4 of 5, 3 of 5, 3 of 5, 4, 4. */
export const DEFAULT_RULES: CharterRules = {
  admit: { share: 'all-but-one', of: 'all', least: 2 },
  'change-rules': { share: 'all-but-one', of: 'all', least: 2 },
  remove: { share: 'two-thirds', of: 'others', least: 1 },
  suspend: { share: 'majority', of: 'others', least: 1 },
  lift: { share: 'majority', of: 'others', least: 1 },
  renew: { share: 'majority', of: 'all', least: 1 },
  terms: { share: 'two-thirds', of: 'all', least: 1 },
};

/** Defaults of wire.md §7 to §9 for a coalition of this many members. */
export const defaultBounds = (memberCount: number): CharterBounds => ({
  copyBytesMax: 1_114_112,
  stanzaBucket: memberCount <= 9 ? 8 : memberCount <= 17 ? 16 : 64,
  envelopesPerSecond: 2_000,
  envelopesBurst: 20_000,
  bytesPerSecond: 64 * 1024 * 1024,
  badSignaturesPerMinute: 20,
  queriesPerDay: 10_000,
  queriesPerMonth: 100_000,
  witnessQuorum: Math.floor((memberCount - 1) / 2) + 1,
  logCadenceSec: 10,
  logLeavesPerBeat: 16,
});
