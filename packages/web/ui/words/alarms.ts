/** What an alarm means in plain language: refusals and holds of wire.md §4, and the kinds they come in. */
export const alarmKindWords = {
  quarantine: /*i18n*/ { id: 'alarm-kind.quarantine', message: 'Quarantine' },
  gap: /*i18n*/ { id: 'alarm-kind.gap', message: 'Gap' },
  hold: /*i18n*/ { id: 'alarm-kind.hold', message: 'On hold' },
  fork: /*i18n*/ { id: 'alarm-kind.fork', message: 'Log disputed' },
  clock: /*i18n*/ { id: 'alarm-kind.clock', message: 'Clock' },
  charter: /*i18n*/ { id: 'alarm-kind.charter', message: 'Charter' },
  link: /*i18n*/ { id: 'alarm-kind.link', message: 'Link' },
  disk: /*i18n*/ { id: 'alarm-kind.disk', message: 'Disk' },
};
export const alarmWords = {
  too_large: /*i18n*/ { id: 'alarm.too_large', message: 'An envelope was larger than allowed and was not read.' },
  over_quota: /*i18n*/ { id: 'alarm.over_quota', message: 'This nation sent more than its quota; the rest waits.' },
  malformed: /*i18n*/ {
    id: 'alarm.malformed',
    message: 'An envelope had a wrong form. It may be damaged or not genuine.',
  },
  version_unsupported: /*i18n*/ {
    id: 'alarm.version_unsupported',
    message: 'The sender uses a newer version than the receiving bureau understands.',
  },
  suite_not_permitted: /*i18n*/ {
    id: 'alarm.suite_not_permitted',
    message: 'The envelope uses ciphers the charter does not permit.',
  },
  not_addressed: /*i18n*/ {
    id: 'alarm.not_addressed',
    message: 'An envelope arrived at a bureau it is not addressed to.',
  },
  key_destroyed: /*i18n*/ {
    id: 'alarm.key_destroyed',
    message: 'The key for this envelope was destroyed on schedule; it must be sealed again.',
  },
  signer_unknown: /*i18n*/ { id: 'alarm.signer_unknown', message: 'The signature belongs to nobody in the directory.' },
  signature_invalid: /*i18n*/ {
    id: 'alarm.signature_invalid',
    message: 'A signature does not verify. Do not trust it; call the nation by a known number.',
  },
  charter_conflict: /*i18n*/ {
    id: 'alarm.charter_conflict',
    message: 'The sender names another charter of the same version. Compare fingerprints by voice.',
  },
  charter_stale: /*i18n*/ { id: 'alarm.charter_stale', message: 'The sender works with an old charter; it was told.' },
  signer_not_active: /*i18n*/ {
    id: 'alarm.signer_not_active',
    message: 'The sender is not an active member in the charter.',
  },
  key_revoked: /*i18n*/ { id: 'alarm.key_revoked', message: 'The envelope was signed with a revoked key.' },
  expired: /*i18n*/ { id: 'alarm.expired', message: 'The envelope arrived after its expiry.' },
  id_reused: /*i18n*/ {
    id: 'alarm.id_reused',
    message: 'An envelope number was used twice with different content. Kept as evidence.',
  },
  unwrap_failed: /*i18n*/ {
    id: 'alarm.unwrap_failed',
    message: 'The envelope could not be opened with the receiving bureau’s key.',
  },
  chain_broken: /*i18n*/ {
    id: 'alarm.chain_broken',
    message: 'The order of envelopes from this nation is broken. Kept as evidence.',
  },
  body_invalid: /*i18n*/ { id: 'alarm.body_invalid', message: 'The content of an envelope was damaged or changed.' },
  commitment_mismatch: /*i18n*/ {
    id: 'alarm.commitment_mismatch',
    message: 'The content is not what the sender signed for. Kept as evidence.',
  },
  audience_mismatch: /*i18n*/ {
    id: 'alarm.audience_mismatch',
    message: 'The list of recipients inside does not fit the envelope.',
  },
  type_unknown: /*i18n*/ {
    id: 'alarm.type_unknown',
    message: 'The item is of a kind the receiving bureau does not know.',
  },
  schema_invalid: /*i18n*/ { id: 'alarm.schema_invalid', message: 'The content does not have the agreed form.' },
  handling_unknown: /*i18n*/ {
    id: 'alarm.handling_unknown',
    message: 'The receiving bureau does not know the marking; the item stays closed.',
  },
  above_accreditation: /*i18n*/ {
    id: 'alarm.above_accreditation',
    message: 'The marking is above what the receiving bureau is accredited for; the item stays closed.',
  },
  inner_failure: /*i18n*/ {
    id: 'alarm.inner_failure',
    message: 'The receiving bureau failed while opening it. The sender is not at fault.',
  },
  item_damaged: /*i18n*/ {
    id: 'alarm.item_damaged',
    message: 'A report stored at this bureau is damaged and cannot be opened or sent.',
  },
  own_store_behind: /*i18n*/ {
    id: 'alarm.own_store_behind',
    message:
      'This nation holds more from this bureau than this bureau remembers sending. Was an old backup restored here? Keep this bureau as it is and call the custodians.',
  },
  bad_signatures: /*i18n*/ {
    id: 'alarm.bad_signatures',
    message:
      'Too many envelopes with bad signatures came from this nation within a minute. The link was closed for five minutes. Call the nation by a known number.',
  },
  receipt_mismatch: /*i18n*/ {
    id: 'alarm.receipt_mismatch',
    message: 'A receipt from this nation speaks of an envelope that was never sent. It does not count as delivery.',
  },
  'not-sealable': /*i18n*/ {
    id: 'alarm.not-sealable',
    message: 'The item could not be sealed. It did not leave this bureau.',
  },
  unreadable: /*i18n*/ { id: 'alarm.unreadable', message: 'The recipient could not read the envelope.' },
  charter_ahead: /*i18n*/ {
    id: 'alarm.charter_ahead',
    message: 'The sender has a newer charter; it is being fetched.',
  },
  key_ahead: /*i18n*/ { id: 'alarm.key_ahead', message: 'The sender uses a key that is not yet valid; waiting.' },
  gap: /*i18n*/ { id: 'alarm.gap', message: 'An earlier envelope is missing; it was asked for again.' },
  parts_missing: /*i18n*/ { id: 'alarm.parts_missing', message: 'Parts of a larger item are still under way.' },
  attachment_missing: /*i18n*/ { id: 'alarm.attachment_missing', message: 'A required attachment is still under way.' },
  skew: /*i18n*/ { id: 'alarm.skew', message: 'The clock of this nation differs by more than five minutes.' },
  fork: /*i18n*/ {
    id: 'alarm.fork',
    message: 'Two versions of this nation’s log do not fit together. Kept as evidence.',
  },
  log_disputed: /*i18n*/ {
    id: 'alarm.log_disputed',
    message: 'This nation signed two logs of the same size that differ. Kept as evidence, and every nation was told.',
  },
  log_unproven: /*i18n*/ {
    id: 'alarm.log_unproven',
    message:
      'This nation has not proven that its log goes on from what it showed before. It may have been restored from an old backup. Kept as evidence.',
  },
  log_doubted: /*i18n*/ {
    id: 'alarm.log_doubted',
    message:
      'Another nation reports that this nation has not proven how its log goes on. That is not proven here: ask that nation.',
  },
  own_log_behind: /*i18n*/ {
    id: 'alarm.own_log_behind',
    message:
      'Another nation holds a log signed by this bureau that our own log does not reach. Was this bureau restored from an old backup?',
  },
  'link-down': /*i18n*/ {
    id: 'alarm.link-down',
    message: 'This nation has been out of reach. Items wait and will be sent by themselves.',
  },
  'charter-expires': /*i18n*/ {
    id: 'alarm.charter-expires',
    message: 'The charter expires soon; the custodians must sign a new one.',
  },
  'disk-low': /*i18n*/ { id: 'alarm.disk-low', message: 'The disk is nearly full.' },
};
