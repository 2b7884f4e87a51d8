/** Who belongs to the coalition: charter versions, their signatures and quorums, and the members' key directories. */
export type { Founding, FoundingNation, FoundingTerms } from './ceremony.ts';
export { ceremony, draftFirstCharter } from './ceremony.ts';
export type {
  Accreditation,
  Charter,
  CharterBounds,
  CharterMember,
  CharterRevocation,
  CharterRules,
  CharterSuite,
  Decision,
  MemberStatus,
  Quorum,
} from './charter.ts';
export { CHARTER_BYTES_MAX, DECISIONS, DEFAULT_RULES, defaultBounds, EXPIRY_AFTER_EFFECT_SEC_MAX } from './charter.ts';
export type { DirectoryEntry, DirectoryRefusal, DirectoryTrust } from './directory-entry.ts';
export {
  DIRECTORY_CONTEXT,
  directoryLeaf,
  entryKid,
  signDirectoryEntry,
  verifyDirectoryEntry,
} from './directory-entry.ts';
export type { CharterParseRefusal } from './parse-charter.ts';
export {
  base64urlOf,
  bytesOfBase64url,
  charterBytes,
  charterHash,
  charterIdOf,
  parseCharter,
} from './parse-charter.ts';
export type { Change } from './quorum.ts';
export { changesBetween, votesNeeded } from './quorum.ts';
export type { Revocation } from './revocation.ts';
export { revocationLeaf, signRevocation, verifyRevocation } from './revocation.ts';
export type { CharterSignature } from './signature.ts';
export {
  CHARTER_CONTEXT,
  CHARTER_TYPE,
  decodeSignedCharter,
  encodeSignedCharter,
  nationsSigning,
  paeOf,
  signCharter,
} from './signature.ts';
export type { CharterStanding } from './standing.ts';
export {
  charterStanding,
  GRACE_AFTER_EXPIRY_SEC,
  maySeal,
  memberById,
  statusAt,
  suitesPermitted,
  WARNING_BEFORE_EXPIRY_SEC,
} from './standing.ts';
export type { CharterRefusal, CharterVerdict, VerifiedCharter } from './verify-charter.ts';
export { verifyCharter, verifyCharterChain } from './verify-charter.ts';
