/** English for delivery states (wire.md §5) and for what leaves; translations in messages/. */
export const deliveryWords = {
  queued: /*i18n*/ { id: 'delivery.queued', message: 'queued' },
  sealed: /*i18n*/ { id: 'delivery.sealed', message: 'sealed' },
  sent: /*i18n*/ { id: 'delivery.sent', message: 'sent' },
  received: /*i18n*/ { id: 'delivery.received', message: 'received' },
  verified: /*i18n*/ { id: 'delivery.verified', message: 'verified' },
  opened: /*i18n*/ { id: 'delivery.opened', message: 'opened' },
  held: /*i18n*/ { id: 'delivery.held', message: 'held' },
  refused: /*i18n*/ { id: 'delivery.refused', message: 'refused' },
  recalled: /*i18n*/ { id: 'delivery.recalled', message: 'recalled' },
};
export const removedWords = {
  agency: /*i18n*/ { id: 'removed.agency', message: 'name of the agency' },
  officer: /*i18n*/ { id: 'removed.officer', message: 'name of the officer' },
  'time-zone': /*i18n*/ { id: 'removed.time-zone', message: 'time zone' },
  'source-record': /*i18n*/ { id: 'removed.source-record', message: 'reference to our own record' },
  'other-recipients': /*i18n*/ { id: 'removed.other-recipients', message: 'the other recipients' },
};
export const warningWords = {
  'identifiable-person': /*i18n*/ { id: 'warning.identifiable-person', message: 'Names or identifies a person' },
  'unusual-bulk': /*i18n*/ { id: 'warning.unusual-bulk', message: 'Unusually many statements' },
  'above-accreditation': /*i18n*/ {
    id: 'warning.above-accreditation',
    message: 'Marked above what this nation is accredited for',
  },
  'rights-gate': /*i18n*/ { id: 'warning.rights-gate', message: 'A rights-gate decision may be needed first' },
  unparsed: /*i18n*/ { id: 'warning.unparsed', message: 'Values not understood; they leave as written' },
  'link-down': /*i18n*/ { id: 'warning.link-down', message: 'This nation is out of reach; the item will wait' },
};
export const urgencyWords = {
  routine: /*i18n*/ { id: 'urgency.routine', message: 'Routine' },
  urgent: /*i18n*/ { id: 'urgency.urgent', message: 'Urgent' },
  flash: /*i18n*/ { id: 'urgency.flash', message: 'Flash' },
};
export const methodWords = {
  person: /*i18n*/ { id: 'method.person', message: 'written by an officer' },
  extractor: /*i18n*/ { id: 'method.extractor', message: 'taken from text by machine' },
  import: /*i18n*/ { id: 'method.import', message: 'imported from a file' },
};
export const statusWords = {
  active: /*i18n*/ { id: 'status.active', message: 'active' },
  observer: /*i18n*/ { id: 'status.observer', message: 'observer' },
  suspended: /*i18n*/ { id: 'status.suspended', message: 'suspended' },
};
