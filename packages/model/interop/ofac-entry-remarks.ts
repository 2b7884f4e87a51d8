/** What one remark of the sanctions list says, as statements. What has no property of its own becomes a note. */
import { mayStandAt, propertyOf } from '@tripoint/model/entity';
import { propertyTypes } from '@tripoint/model/property';
import { isInternational } from './dialling.ts';
import type { About, Gathering } from './gathering.ts';
import type { KnownNames } from './ofac-entry.ts';
import type { Paper, PlainKind, Remark } from './ofac-remarks.ts';

/** The property a plain remark fills; where the entity's schema lacks it, the remark stays a note. */
const propertyOfKind: Partial<Record<PlainKind, string>> = {
  'birth-place': 'birthPlace',
  nationality: 'nationality',
  citizenship: 'nationality',
  gender: 'gender',
  alias: 'alias',
  'former-name': 'alias',
  'new-name': 'alias',
  website: 'website',
  email: 'email',
  phone: 'phone',
  fax: 'phone',
  imo: 'imo',
  mmsi: 'mmsi',
  'call-sign': 'callSign',
  'registered-in': 'country',
  'vessel-type': 'kind',
  'tail-number': 'registrationMark',
  'aircraft-serial': 'serial',
  'aircraft-model': 'model',
  founded: 'incorporationDate',
  activity: 'activity',
};

/** Kinds whose property says less than the remark: the remark stands beside it as a note. */
const alsoNoted = new Set<PlainKind>(['citizenship', 'former-name', 'new-name', 'fax', 'aircraft-serial']);

export function sayRemark(gathering: Gathering, about: About, remark: Remark, knownNames: KnownNames): void {
  const isSaid = sayParts(gathering, about, remark, knownNames);
  if (!isSaid) gathering.say(about, 'note', remark.source);
}

/** false: the remark still has to be noted in the source's words. */
function sayParts(gathering: Gathering, about: About, remark: Remark, knownNames: KnownNames): boolean {
  switch (remark.is) {
    case 'birth-date':
      return sayBirthDate(gathering, about, remark);
    case 'wallet':
      return sayWallet(gathering, about, remark.asset, remark.address);
    case 'identity':
      return sayPaper(gathering, about, remark.document, remark.paper);
    case 'registration':
      return sayPaper(gathering, about, 'document', remark.paper);
    case 'linked-to':
      return sayLink(gathering, about, remark.text, knownNames);
    case 'note':
      return false;
    default:
      return sayPlain(gathering, about, remark.is, remark.text);
  }
}

function sayPlain(gathering: Gathering, about: About, is: PlainKind, text: string): boolean {
  const property = propertyOfKind[is];
  if (property === undefined || propertyOf(about.schema, property) === undefined) return false;
  // A number that does not say its country would be read as the importing nation's own.
  if (property === 'phone' && !isInternational(text)) return false;
  gathering.say(about, property, text);
  return !alsoNoted.has(is);
}

/** A span becomes its two ends, and the remark says that it is one. */
function sayBirthDate(gathering: Gathering, about: About, remark: Remark & { is: 'birth-date' }): boolean {
  if (propertyOf(about.schema, 'birthDate') === undefined) return false;
  gathering.say(about, 'birthDate', remark.from);
  gathering.say(about, 'birthDate', remark.to);
  return !remark.about && remark.to === '';
}

/** A wallet is an entity of its own, used by the entry; asset and address form are two things. */
function sayWallet(gathering: Gathering, about: About, asset: string, address: string): boolean {
  if (!mayStandAt('Control', 'from', about.schema) || !gathering.says(about.entity)) return false;
  const entity = `wallet-${gathering.ordinal(`wallet ${about.entity} ${address}`)}`;
  const wallet = { ...about, entity, schema: 'Wallet' };
  gathering.say(wallet, 'wallet', address);
  gathering.say(wallet, 'asset', asset);
  if (!gathering.says(entity)) return false;
  gathering.connect({ ...about, entity: `${entity}-used`, schema: 'Control' }, about.entity, entity);
  return true;
}

/**
 * A paper's number with its country where the source names one; the label (`C.U.R.P.`, `NIT #`), the dates and the
 * place have no property, so the source's words always stand beside it.
 */
function sayPaper(gathering: Gathering, about: About, kind: string, paper: Paper): boolean {
  const country = paper.places.map(countryOf).findLast((code) => code !== undefined);
  if (about.schema === 'Person') gathering.say(about, 'identityDocument', identityText(kind, country, paper.number));
  else if (propertyOf(about.schema, 'registration') !== undefined)
    gathering.say(about, 'registration', registrationText(country, paper.number));
  return false;
}

/** `MX:national-id:AEGG560925`, or words when a part is missing: then it stays as reported. */
function identityText(kind: string, country: string | undefined, number: string): string {
  const plain = number.replace(/[\s./()#-]/g, '').toUpperCase();
  if (country !== undefined && /^[A-Z0-9]{4,24}$/.test(plain)) return `${country}:${kind}:${plain}`;
  return [kind, country, number].filter((part) => part !== undefined).join(' ');
}

function registrationText(country: string | undefined, number: string): string {
  const bare = number.replace(/^[#\s]+/, '');
  return country === undefined ? bare : `${country}:${bare}`;
}

function countryOf(place: string): string | undefined {
  const cleaned = propertyTypes.country.clean(place);
  return cleaned.ok ? cleaned.value : undefined;
}

/**
 * The source names the other party and nothing more, and a name alone never merges: the other end is an entity of
 * its own that only has this name. When the list does not know what kind of thing the name is, the remark stays a note.
 */
function sayLink(gathering: Gathering, about: About, name: string, knownNames: KnownNames): boolean {
  const schema = knownNames(name);
  if (schema === undefined || !mayStandAt('Associate', 'from', about.schema)) return false;
  if (!mayStandAt('Associate', 'to', schema) || !gathering.says(about.entity)) return false;
  const entity = `named-${gathering.ordinal(`named ${about.entity} ${name}`)}`;
  gathering.say({ ...about, entity, schema }, 'name', name);
  if (!gathering.says(entity)) return false;
  const edge = { ...about, entity: `${entity}-link`, schema: 'Associate' };
  gathering.connect(edge, about.entity, entity, { role: 'linked to' });
  return true;
}
