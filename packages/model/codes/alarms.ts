/** What a bureau tells its administrator, in codes. The closed list: the console words each in seven languages. */

export const alarmKinds = ['quarantine', 'gap', 'hold', 'fork', 'clock', 'charter', 'link', 'disk'] as const;
export type AlarmKind = (typeof alarmKinds)[number];

export const alarmCodes = [
  // Why an envelope was set aside, in the order of the checks (wire.md §4).
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
  // Why an envelope waits.
  'charter_ahead',
  'key_ahead',
  'gap',
  'parts_missing',
  'attachment_missing',
  // What this bureau noticed of its own or of a peer's book-keeping.
  'item_damaged',
  'own_store_behind',
  'receipt_mismatch',
  // What it noticed, or was told, of a log that does not hold together (wire.md §8).
  'log_disputed',
  'log_unproven',
  'log_doubted',
  'own_log_behind',
  // Why a link was ended at once (wire.md §7).
  'bad_signatures',
] as const;
export type AlarmCode = (typeof alarmCodes)[number];
