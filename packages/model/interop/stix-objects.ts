/**
 * Which STIX 2.1 objects are things of ours, and which of their properties are ours. What stands in neither table is
 * kept as unmapped: malware, tools and attack patterns are not things this coalition makes statements about.
 */

import { own } from './json-fields.ts';

/** Where a STIX property goes: a property of ours, or a note under a heading of its own. */
export type Place = string | { note: string };

export type StixMapping = {
  schema: string;
  /** Said of every object of this type. */
  always?: Record<string, string>;
  places: Record<string, Place>;
};

const note = (heading: string): Place => ({ note: heading });

const described = { name: 'name', description: 'note', first_seen: 'firstSeen', last_seen: 'lastSeen' } as const;
const document = { labels: note('Label'), published: 'issued' } as const;

/** By object type; `identity` depends on its class and stands in `identitySchemas`. STIX 2.1 §4 and §6. */
export const stixMappings: Record<string, StixMapping> = {
  'threat-actor': {
    schema: 'Organization',
    places: {
      ...described,
      aliases: 'alias',
      goals: note('Goal'),
      roles: note('Role'),
      threat_actor_types: note('Threat actor type'),
      sophistication: note('Sophistication'),
      resource_level: note('Resource level'),
      primary_motivation: note('Motivation'),
      secondary_motivations: note('Motivation'),
      personal_motivations: note('Personal motivation'),
    },
  },
  'intrusion-set': {
    schema: 'Organization',
    always: { kind: 'group' },
    places: {
      ...described,
      aliases: 'alias',
      goals: note('Goal'),
      resource_level: note('Resource level'),
      primary_motivation: note('Motivation'),
      secondary_motivations: note('Motivation'),
    },
  },
  location: {
    schema: 'Place',
    places: {
      ...described,
      country: 'country',
      region: note('Region'),
      administrative_area: note('Administrative area'),
      city: note('City'),
      street_address: 'place',
      postal_code: 'postcode',
    },
  },
  report: {
    schema: 'Document',
    always: { kind: 'report' },
    places: { ...document, name: 'title', description: 'note', report_types: note('Report type') },
  },
  note: {
    schema: 'Document',
    always: { kind: 'note' },
    places: { ...document, abstract: 'title', content: 'note' },
  },
  opinion: {
    schema: 'Document',
    always: { kind: 'opinion' },
    places: { ...document, explanation: 'note', opinion: note('Opinion') },
  },
  file: {
    schema: 'Document',
    always: { kind: 'file' },
    places: { name: 'title', mime_type: 'mime', hashes: 'hash', size: note('Size in bytes') },
  },
  'domain-name': { schema: 'Domain', places: { value: 'domain' } },
  url: { schema: 'Domain', places: { value: 'url' } },
  'ipv4-addr': { schema: 'Device', places: { value: 'ip' } },
  'ipv6-addr': { schema: 'Device', places: { value: 'ip' } },
  'email-addr': {
    schema: 'Handle',
    always: { platform: 'email' },
    places: { value: 'email', display_name: 'displayName' },
  },
  'user-account': {
    schema: 'Handle',
    places: {
      account_type: 'platform',
      account_login: 'handle',
      user_id: 'numericId',
      display_name: 'displayName',
      account_created: 'firstSeen',
      account_last_login: 'lastSeen',
    },
  },
};

const identity: Record<string, Place> = {
  ...described,
  contact_information: note('Contact'),
  sectors: note('Sector'),
  roles: note('Role'),
};

/** `system`, `class` and `unknown` are neither a person nor an organisation to us. */
const identitySchemas: Record<string, StixMapping> = {
  individual: { schema: 'Person', places: identity },
  organization: { schema: 'Organization', places: identity },
  group: { schema: 'Organization', always: { kind: 'group' }, places: identity },
};

export function mappingOf(type: string, identityClass: string | undefined): StixMapping | undefined {
  const table = type === 'identity' ? identitySchemas : stixMappings;
  const key = type === 'identity' ? (identityClass ?? '') : type;
  return own(table, key);
}

/** Edges for relationship types; tried in order, the first whose ends fit. */
export const stixEdges: Record<string, string[]> = {
  uses: ['Control', 'Contact'],
  controls: ['Control'],
  owns: ['Ownership'],
  'belongs-to': ['Ownership'],
  'located-at': ['Presence'],
  'originates-from': ['Presence'],
  'part-of': ['Membership'],
  'member-of': ['Membership'],
  'communicates-with': ['Contact', 'Mention'],
  'attributed-to': ['Associate'],
  'related-to': ['Associate', 'Contact'],
  impersonates: ['Associate'],
  cooperates: ['Associate'],
  compromises: ['Associate'],
  targets: ['Associate'],
};
