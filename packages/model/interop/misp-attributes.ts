/**
 * Which MISP attribute types and object templates are things of ours (MISP standard: draft-dulaunoy-misp-core-format,
 * object templates of misp-objects). What stands in neither table is kept as unmapped.
 */

export type AttributePlace = { schema: string; property: string; always?: Record<string, string> };

const file = { kind: 'file' };
const mail = { platform: 'email' };

/** A lone attribute becomes an entity of its own. */
export const attributePlaces: Record<string, AttributePlace> = {
  domain: { schema: 'Domain', property: 'domain' },
  hostname: { schema: 'Domain', property: 'domain' },
  url: { schema: 'Domain', property: 'url' },
  uri: { schema: 'Domain', property: 'url' },
  link: { schema: 'Document', property: 'url', always: { kind: 'link' } },
  ip: { schema: 'Device', property: 'ip' },
  'ip-src': { schema: 'Device', property: 'ip' },
  'ip-dst': { schema: 'Device', property: 'ip' },
  email: { schema: 'Handle', property: 'email', always: mail },
  'email-src': { schema: 'Handle', property: 'email', always: mail },
  'email-dst': { schema: 'Handle', property: 'email', always: mail },
  'target-email': { schema: 'Handle', property: 'email', always: mail },
  'phone-number': { schema: 'Phone', property: 'phone' },
  'whois-registrant-phone': { schema: 'Phone', property: 'phone' },
  btc: { schema: 'Wallet', property: 'wallet', always: { asset: 'BTC' } },
  xmr: { schema: 'Wallet', property: 'wallet', always: { asset: 'XMR' } },
  dash: { schema: 'Wallet', property: 'wallet', always: { asset: 'DASH' } },
  iban: { schema: 'Account', property: 'iban' },
  'bank-account-nr': { schema: 'Account', property: 'account' },
  md5: { schema: 'Document', property: 'hash', always: file },
  sha1: { schema: 'Document', property: 'hash', always: file },
  sha256: { schema: 'Document', property: 'hash', always: file },
  sha512: { schema: 'Document', property: 'hash', always: file },
  filename: { schema: 'Document', property: 'title', always: file },
  'full-name': { schema: 'Person', property: 'name' },
  'passport-number': { schema: 'Person', property: 'identityDocument' },
  'identity-card-number': { schema: 'Person', property: 'identityDocument' },
  'target-org': { schema: 'Organization', property: 'name' },
  'github-username': { schema: 'Handle', property: 'handle', always: { platform: 'github' } },
  'twitter-id': { schema: 'Handle', property: 'handle', always: { platform: 'twitter' } },
  'jabber-id': { schema: 'Handle', property: 'handle', always: { platform: 'jabber' } },
};

/** Attribute types whose text is about the event as a whole. */
export const eventNotes = new Set(['text', 'comment', 'other']);

export type ObjectPlace = { schema: string; always?: Record<string, string>; places: Record<string, string> };

const lifetime = { 'first-seen': 'firstSeen', 'last-seen': 'lastSeen' };
const bank = {
  iban: 'iban',
  account: 'account',
  'account-name': 'holder',
  'institution-name': 'bank',
  branch: 'branch',
};
const chat = {
  username: 'handle',
  account: 'handle',
  id: 'numericId',
  'user-id': 'numericId',
  phone: 'phone',
  link: 'url',
};

/** Template name → schema, and `object_relation` → property; a relation that is missing here is kept as unmapped. */
export const objectPlaces: Record<string, ObjectPlace> = {
  person: {
    schema: 'Person',
    places: {
      'full-name': 'name',
      'first-name': 'first name',
      'middle-name': 'middle name',
      'last-name': 'last name',
      alias: 'alias',
      'date-of-birth': 'birthDate',
      'place-of-birth': 'birthPlace',
      nationality: 'nationality',
      gender: 'gender',
      title: 'title',
      function: 'title',
      role: 'role',
      address: 'address',
      'e-mail': 'email',
      'phone-number': 'phone',
      'passport-number': 'identityDocument',
      'identity-card-number': 'identityDocument',
      text: 'note',
    },
  },
  'legal-entity': {
    schema: 'Organization',
    places: {
      name: 'name',
      'commercial-name': 'alias',
      'registration-number': 'registration',
      business: 'activity',
      'phone-number': 'phone',
      website: 'website',
      text: 'note',
    },
  },
  organization: {
    schema: 'Organization',
    places: {
      name: 'name',
      alias: 'alias',
      description: 'note',
      address: 'address',
      'e-mail': 'email',
      'phone-number': 'phone',
      role: 'note',
      'date-of-inception': 'incorporationDate',
    },
  },
  'domain-ip': {
    schema: 'Domain',
    places: { domain: 'domain', hostname: 'domain', ip: 'ip', text: 'note', ...lifetime },
  },
  url: {
    schema: 'Domain',
    places: { url: 'url', domain: 'domain', host: 'domain', ip: 'ip', text: 'note', ...lifetime },
  },
  file: {
    schema: 'Document',
    always: file,
    places: {
      filename: 'title',
      md5: 'hash',
      sha1: 'hash',
      sha224: 'hash',
      sha256: 'hash',
      sha384: 'hash',
      sha512: 'hash',
      mimetype: 'mime',
      state: 'state',
      text: 'note',
    },
  },
  report: { schema: 'Document', always: { kind: 'report' }, places: { title: 'title', summary: 'note', link: 'url' } },
  phone: {
    schema: 'Device',
    places: {
      imei: 'imei',
      imsi: 'imsi',
      'serial-number': 'serial',
      brand: 'make',
      model: 'model',
      text: 'note',
      ...lifetime,
    },
  },
  'phone-number': { schema: 'Phone', places: { 'phone-number': 'phone', provider: 'carrier', text: 'note' } },
  'bank-account': {
    schema: 'Account',
    places: { ...bank, swift: 'SWIFT/BIC', 'currency-code': 'currency', text: 'note' },
  },
  'coin-address': {
    schema: 'Wallet',
    places: { address: 'wallet', 'address-crypto': 'wallet', symbol: 'asset', text: 'note', ...lifetime },
  },
  'telegram-account': { schema: 'Handle', always: { platform: 'telegram' }, places: chat },
  'user-account': {
    schema: 'Handle',
    places: { ...chat, 'account-type': 'platform', 'display-name': 'displayName', description: 'note' },
  },
  'tor-hiddenservice': { schema: 'OnionService', places: { address: 'onion', description: 'note', ...lifetime } },
  geolocation: {
    schema: 'Place',
    places: {
      address: 'place',
      city: 'city',
      region: 'region',
      countrycode: 'country',
      country: 'country',
      zipcode: 'postcode',
      text: 'note',
      ...lifetime,
    },
  },
  vehicle: {
    schema: 'Vehicle',
    places: {
      'license-plate-number': 'plate',
      vin: 'vin',
      make: 'make',
      model: 'model',
      'exterior-color': 'colour',
      type: 'kind',
      description: 'note',
    },
  },
};
