/** Why a copy is not taken: the closed list of wire.md §4, in the order of the checks. */
export const REFUSALS = [
  'too_large',
  'over_quota',
  'malformed',
  'version_unsupported',
  'suite_not_permitted',
  'not_addressed',
  'key_destroyed',
  'signer_unknown',
  'signature_invalid',
  'charter_conflict',
  'charter_stale',
  'signer_not_active',
  'key_revoked',
  'expired',
  'id_reused',
  'unwrap_failed',
  'chain_broken',
  'body_invalid',
  'commitment_mismatch',
  'audience_mismatch',
  'type_unknown',
  'schema_invalid',
  'handling_unknown',
  'above_accreditation',
  'inner_failure',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Why a copy waits: no refusal, durable, alarmed after a minute. */
export type Hold = 'charter_ahead' | 'key_ahead' | 'gap' | 'parts_missing' | 'attachment_missing';

export type Refused<Why extends Refusal = Refusal> = { readonly ok: false; readonly why: Why };

export const refuse = <Why extends Refusal>(why: Why): Refused<Why> => ({ ok: false, why });

const place = (why: Refusal): number => REFUSALS.indexOf(why);

/**
 * What the sender is told in a signed receipt: null when only the link peer may hear it (checks 1 to 6, and our own
 * fault), `unreadable` for everything that opening could reveal (checks 9 to 13), else the refusal itself.
 */
export function receiptCodeOf(why: Refusal): Refusal | 'unreadable' | null {
  if (place(why) <= place('signature_invalid') || why === 'inner_failure') return null;
  if (place(why) >= place('unwrap_failed') && place(why) <= place('audience_mismatch')) return 'unreadable';
  return why;
}
