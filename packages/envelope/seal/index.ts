/**
 * Seals an item for named members and opens a copy in the fixed order of checks. Knows bytes and keys, not reports;
 * knows no directory, store or clock: what a bureau knows is handed in.
 */
export { commitmentOf } from './body.ts';
export type { ChainHead, ChainPlace, Lane } from './chain.ts';
export { checkChain, envelopeId, firstPrev } from './chain.ts';
export type { StandingRefusal, StandingState } from './check-standing.ts';
export { checkStanding, OLD_CHARTER_SEC_MAX } from './check-standing.ts';
export type { CharterName, Core } from './core.ts';
export { contextOf, ENVELOPE_VERSION, readCore } from './core.ts';
export type { Evidence } from './evidence.ts';
export { encodeCore, verifyEvidence } from './evidence.ts';
export type { AttachmentEntry, GroupPart, Inner } from './inner.ts';
export { encodeInner, readInner } from './inner.ts';
export type { InspectRefusal, InspectState, ParsedCopy } from './inspect-copy.ts';
export { inspectCopy } from './inspect-copy.ts';
export type { Opened, OpenRefusal, OpenResult, OpenState, Parties } from './open-copy.ts';
export { openCopy, openUnwrapped, unwrapCopy } from './open-copy.ts';
export type { Hold, Refusal, Refused } from './refusal.ts';
export { REFUSALS, receiptCodeOf } from './refusal.ts';
export type { Prepared, Recipient, Sealed, SealInput } from './seal-envelope.ts';
export { finishEnvelope, prepareEnvelope, sealEnvelope, sealEnvelopeLater } from './seal-envelope.ts';
export { ENVELOPE_CONTEXT } from './signed-text.ts';
export type { StanzaBucket } from './sizes.ts';
export {
  COPY_BYTES_MAX,
  EXPIRY_SEC_MAX,
  floorToMinute,
  INNER_BYTES_MAX,
  MESSAGE_SIZES_BYTES,
  messageSizeBytes,
  STANZA_BUCKETS,
} from './sizes.ts';
export type { Stanza, StanzaText } from './stanza.ts';
export type { SignerEntry } from './verify-copy.ts';
export { checkId, checkSigner, verifyCopy, verifyCopyLater } from './verify-copy.ts';
