import type { CodeListName } from '@tripoint/model/codes';
import type { PropertyTypeName } from '@tripoint/model/property';

/** What one property holds: a property type, and for codes the list or the few words it may be. */
export type PropertySpec =
  | PropertyTypeName
  | { readonly type: 'code'; readonly list: CodeListName; readonly axis?: string }
  | { readonly type: 'code'; readonly values: readonly string[] };

export interface SchemaSpec {
  /** English label; the console's wording in seven languages is keyed by the schema's name. */
  readonly label: string;
  /** The properties a line or a tooltip shows first. */
  readonly featured: readonly string[];
  readonly properties: Readonly<Record<string, PropertySpec>>;
  /** Only on edges: what may stand at each end. `any` stands for every schema. */
  readonly ends?: { readonly from: readonly string[]; readonly to: readonly string[] };
}

const thing = { name: 'name', note: 'text', firstSeen: 'date', lastSeen: 'date' } as const;
const reach = { phone: 'phone', email: 'email', website: 'url', address: 'place' } as const;

const period = {
  from: 'entity',
  to: 'entity',
  role: 'text',
  startDate: 'date',
  endDate: 'date',
  note: 'text',
} as const;

/**
 * Things, events and documents (shape after FollowTheMoney; own words where it has none).
 * The one source: types, validators, JSON Schema and columns are all derived from this table.
 */
export const schemata = {
  Person: {
    label: 'Person',
    featured: ['name', 'birthDate', 'nationality'],
    properties: {
      ...thing,
      ...reach,
      alias: 'name',
      birthDate: 'date',
      birthPlace: 'place',
      deathDate: 'date',
      nationality: 'country',
      country: 'country',
      gender: { type: 'code', values: ['female', 'male', 'other'] },
      identityDocument: 'identityDocument',
      title: 'text',
      role: 'text',
      language: 'language',
    },
  },
  Organization: {
    label: 'Organisation',
    featured: ['name', 'kind', 'country'],
    properties: {
      ...thing,
      ...reach,
      kind: { type: 'code', values: ['company', 'agency', 'group'] },
      alias: 'name',
      registration: 'registration',
      country: 'country',
      activity: 'text',
      incorporationDate: 'date',
      dissolutionDate: 'date',
      structure: 'text',
      product: 'substance',
    },
  },
  Vessel: {
    label: 'Vessel',
    featured: ['name', 'imo', 'flag'],
    properties: {
      ...thing,
      alias: 'name',
      imo: 'imo',
      mmsi: 'mmsi',
      callSign: 'callSign',
      flag: 'country',
      registration: 'registration',
      kind: 'text',
    },
  },
  Vehicle: {
    label: 'Vehicle',
    featured: ['plate', 'make', 'colour'],
    properties: {
      ...thing,
      plate: 'plate',
      country: 'country',
      vin: 'text',
      make: 'text',
      model: 'text',
      colour: 'text',
      kind: 'text',
    },
  },
  Airplane: {
    label: 'Aircraft',
    featured: ['registrationMark', 'serial'],
    properties: { ...thing, registrationMark: 'registration', serial: 'text', model: 'text', country: 'country' },
  },
  Phone: {
    label: 'Phone number',
    featured: ['phone', 'carrier'],
    properties: { ...thing, phone: 'phone', carrier: 'text', country: 'country', imsi: 'imsi' },
  },
  Device: {
    label: 'Device',
    featured: ['imei', 'model'],
    properties: { ...thing, imei: 'imei', imsi: 'imsi', make: 'text', model: 'text', ip: 'ip', serial: 'text' },
  },
  Account: {
    label: 'Bank account',
    featured: ['account', 'iban', 'bank'],
    properties: {
      ...thing,
      account: 'account',
      iban: 'iban',
      bank: 'text',
      branch: 'text',
      country: 'country',
      currency: 'text',
      holder: 'name',
    },
  },
  Wallet: {
    label: 'Wallet',
    featured: ['wallet', 'asset', 'chain'],
    properties: { ...thing, wallet: 'wallet', asset: 'text', chain: 'text', txid: 'txid' },
  },
  Handle: {
    label: 'Handle',
    featured: ['handle', 'platform', 'displayName'],
    properties: {
      ...thing,
      platform: 'text',
      handle: 'handle',
      numericId: 'handle',
      displayName: 'name',
      url: 'url',
      email: 'email',
      phone: 'phone',
      pgp: 'pgp',
    },
  },
  OnionService: {
    label: 'Onion service',
    featured: ['onion', 'name'],
    properties: { ...thing, onion: 'onion', mirror: 'onion', url: 'url', pgp: 'pgp' },
  },
  Market: {
    label: 'Market',
    featured: ['name', 'onion', 'url'],
    properties: { ...thing, url: 'url', onion: 'onion', domain: 'domain', opened: 'date', closed: 'date', pgp: 'pgp' },
  },
  Domain: {
    label: 'Domain',
    featured: ['domain', 'ip'],
    properties: { ...thing, domain: 'domain', url: 'url', ip: 'ip' },
  },
  Place: {
    label: 'Place',
    featured: ['name', 'place', 'country'],
    properties: { ...thing, place: 'place', point: 'point', country: 'country', kind: 'text', postcode: 'text' },
  },
  Document: {
    label: 'Document',
    featured: ['title', 'issued', 'language'],
    properties: {
      ...thing,
      title: 'text',
      hash: 'hash',
      mime: 'text',
      language: 'language',
      issued: 'date',
      kind: 'text',
      url: 'url',
      author: 'name',
    },
  },
  Event: {
    label: 'Event',
    featured: ['name', 'date', 'place'],
    properties: {
      ...thing,
      kind: 'text',
      date: 'date',
      endDate: 'date',
      place: 'place',
      point: 'point',
      country: 'country',
    },
  },
  Substance: {
    label: 'Substance',
    featured: ['substance', 'form'],
    properties: {
      ...thing,
      substance: 'substance',
      form: { type: 'code', list: 'drugForms' },
      legalGroupKr: {
        type: 'code',
        values: ['narcotic', 'psychotropic', 'cannabis', 'temporary', 'precursor', 'none', 'mixed'],
      },
      nameEn: 'text',
      nameKo: 'text',
      nameFil: 'text',
      nameKm: 'text',
      nameLo: 'text',
      nameVi: 'text',
      nameTh: 'text',
    },
  },
  Seizure: {
    label: 'Seizure',
    featured: ['date', 'place', 'substance', 'quantity'],
    properties: {
      ...thing,
      date: 'date',
      place: 'place',
      point: 'point',
      country: 'country',
      substance: 'substance',
      form: { type: 'code', list: 'drugForms' },
      quantity: 'quantity',
      grossMass: 'quantity',
      netMass: 'quantity',
      pureMass: 'quantity',
      purity: 'purity',
      laboratory: 'text',
      laboratoryDate: 'date',
      packaging: 'text',
      logo: 'text',
      hidingMethod: { type: 'code', list: 'seizureConcealment', axis: 'method' },
      hidingObject: { type: 'code', list: 'seizureConcealment', axis: 'object' },
      hidingPlace: { type: 'code', list: 'seizureConcealment', axis: 'place' },
      transport: { type: 'code', list: 'seizureTransport' },
      installation: 'text',
      routing: { type: 'code', list: 'seizureRouting' },
      producingCountry: 'country',
      departureCountry: 'country',
      transitCountry: 'country',
      destinationCountry: 'country',
      value: 'money',
      status: { type: 'code', list: 'recordStatuses' },
      recordId: 'text',
      recordVersion: 'text',
      reportingThreshold: 'quantity',
    },
  },
  Arrest: {
    label: 'Arrest',
    featured: ['date', 'place', 'offence'],
    properties: {
      ...thing,
      date: 'date',
      place: 'place',
      point: 'point',
      country: 'country',
      offence: 'text',
      stage: 'text',
    },
  },
  Shipment: {
    label: 'Shipment',
    featured: ['container', 'parcel', 'declared'],
    properties: {
      ...thing,
      container: 'container',
      parcel: 'parcel',
      declared: 'text',
      consignment: 'text',
      shipper: 'name',
      consignee: 'name',
      mass: 'quantity',
    },
  },
  Leg: {
    label: 'Leg',
    featured: ['departurePlace', 'arrivalPlace', 'mode'],
    properties: {
      ...thing,
      shipment: 'entity',
      departurePlace: 'place',
      arrivalPlace: 'place',
      mode: { type: 'code', list: 'seizureTransport' },
      plannedDeparture: 'date',
      actualDeparture: 'date',
      plannedArrival: 'date',
      actualArrival: 'date',
    },
  },
  Operation: { label: 'Operation', featured: ['name'], properties: { ...thing, reference: 'text' } },
  Tasking: { label: 'Tasking', featured: ['name'], properties: { ...thing, reference: 'text' } },
  Commitment: { label: 'Commitment', featured: ['name'], properties: { ...thing, reference: 'text' } },

  Membership: {
    label: 'Member of',
    featured: ['role'],
    ends: { from: ['Person', 'Organization'], to: ['Organization'] },
    properties: { ...period },
  },
  Family: {
    label: 'Family',
    featured: ['role'],
    ends: { from: ['Person'], to: ['Person'] },
    properties: { ...period },
  },
  Associate: {
    label: 'Associate',
    featured: ['role'],
    ends: { from: ['Person', 'Organization'], to: ['Person', 'Organization'] },
    properties: { ...period },
  },
  Control: {
    label: 'Uses',
    featured: ['role'],
    ends: {
      from: ['Person', 'Organization'],
      to: ['Phone', 'Device', 'Account', 'Wallet', 'Vehicle', 'Vessel', 'Airplane', 'Handle', 'OnionService', 'Domain'],
    },
    properties: { ...period },
  },
  Ownership: {
    label: 'Owns',
    featured: ['role', 'share'],
    ends: {
      from: ['Person', 'Organization'],
      to: ['Organization', 'Vessel', 'Vehicle', 'Airplane', 'Account', 'Wallet', 'Place', 'Market', 'Domain', 'Device'],
    },
    properties: { ...period, share: 'text' },
  },
  Contact: {
    label: 'Contact',
    featured: ['kind', 'count'],
    ends: {
      from: ['Person', 'Organization', 'Phone', 'Device', 'Handle'],
      to: ['Person', 'Organization', 'Phone', 'Device', 'Handle'],
    },
    properties: {
      ...period,
      kind: { type: 'code', values: ['call', 'chat', 'meeting', 'mail', 'other'] },
      count: 'text',
    },
  },
  Payment: {
    label: 'Payment',
    featured: ['amount', 'date'],
    ends: {
      from: ['Person', 'Organization', 'Account', 'Wallet', 'Handle'],
      to: ['Person', 'Organization', 'Account', 'Wallet', 'Handle'],
    },
    properties: { ...period, amount: 'money', date: 'date', purpose: 'text', txid: 'txid' },
  },
  Presence: {
    label: 'Present at',
    featured: ['startDate', 'endDate'],
    ends: { from: ['any'], to: ['Place', 'Event'] },
    properties: { ...period, point: 'point' },
  },
  Involvement: {
    label: 'Involved in',
    featured: ['role'],
    ends: { from: ['any'], to: ['Seizure', 'Arrest', 'Event', 'Shipment', 'Leg', 'Operation'] },
    properties: { ...period },
  },
  Supply: {
    label: 'Supplies',
    featured: ['substance', 'quantity'],
    ends: { from: ['Person', 'Organization'], to: ['Person', 'Organization', 'Market'] },
    properties: { ...period, substance: 'substance', quantity: 'quantity' },
  },
  Rivalry: {
    label: 'Rival of',
    featured: ['startDate'],
    ends: { from: ['Person', 'Organization'], to: ['Person', 'Organization'] },
    properties: { ...period },
  },
  Listing: {
    label: 'Offers on',
    featured: ['substance', 'price'],
    ends: { from: ['Handle', 'Person', 'Organization'], to: ['Market'] },
    properties: { ...period, substance: 'substance', price: 'money', quantity: 'quantity', url: 'url', title: 'text' },
  },
  Mention: {
    label: 'Mentions',
    featured: ['spanStart', 'spanEnd'],
    ends: { from: ['Document'], to: ['any'] },
    properties: { ...period, spanStart: 'text', spanEnd: 'text', quote: 'text' },
  },
  Derived: {
    label: 'Derived from',
    featured: ['role'],
    ends: { from: ['any'], to: ['any'] },
    properties: { ...period, rule: 'text' },
  },
} as const satisfies Record<string, SchemaSpec>;

export type SchemaName = keyof typeof schemata;
export type PropertyName<S extends SchemaName = SchemaName> = S extends SchemaName
  ? keyof (typeof schemata)[S]['properties'] & string
  : never;
export type EdgeName = { [S in SchemaName]: (typeof schemata)[S] extends { ends: unknown } ? S : never }[SchemaName];
export type ThingName = Exclude<SchemaName, EdgeName>;

export const schemaNames = Object.keys(schemata) as readonly SchemaName[];

const specByName = new Map<string, SchemaSpec>(Object.entries(schemata));

/** The schema, or undefined when it is of a newer version or of nobody: such a statement is kept whole. */
export function schemaOf(name: string): SchemaSpec | undefined {
  return specByName.get(name);
}

/** What a property of a schema holds, or undefined when this version does not understand it. */
export function propertyOf(schema: string, property: string): PropertySpec | undefined {
  const properties = specByName.get(schema)?.properties;
  return properties && Object.hasOwn(properties, property) ? properties[property] : undefined;
}

export function propertyTypeOf(schema: string, property: string): PropertyTypeName | undefined {
  const spec = propertyOf(schema, property);
  return typeof spec === 'object' ? spec.type : spec;
}

/** Does this version know the schema and the property? If not, the statement is shown as not understood. */
export function isUnderstood(schema: string, property: string): boolean {
  return propertyOf(schema, property) !== undefined;
}

export function isEdge(schema: string): boolean {
  return specByName.get(schema)?.ends !== undefined;
}

/** May an entity of `schema` stand at this end of the edge? Schemata of a newer version may stand anywhere. */
export function mayStandAt(edge: string, end: 'from' | 'to', schema: string): boolean {
  const allowed = specByName.get(edge)?.ends?.[end];
  if (!allowed || !specByName.has(schema)) return true;
  return allowed.includes('any') || allowed.includes(schema);
}
