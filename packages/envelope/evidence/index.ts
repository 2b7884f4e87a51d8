/**
 * Evidence for a court: who said what, when, to whom, who signed for it, and which nations witnessed that it stood in a
 * log. Checked from a file and the hash of charter version 1. Knows bytes, not reports; holds no key.
 */
export type { EnvelopeForm, EvidenceForm, ForkForm, FormRead, PlaceForm, ReceiptForm, Vouching } from './form.ts';
export {
  EVIDENCE_BYTES_MAX,
  EVIDENCE_FORMAT,
  encodeEvidence,
  encodeForkFile,
  FORK_FORMAT,
  readEvidence,
} from './form.ts';
export type { Claim } from './refuted.ts';
export { CLAIMS } from './refuted.ts';
export type { EnvelopeFinding, EvidenceVerdict, ForkFinding, LogFinding, ReceiptFinding } from './verify.ts';
export { checkEvidence } from './verify.ts';
