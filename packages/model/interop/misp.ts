/**
 * A MISP event in the model's words. Every attribute, object, reference, tag, galaxy and proposal becomes a statement
 * or is kept as unmapped. A proposal stays a proposal; `tlp:` and `PAP:` tags and a closed distribution can only
 * tighten what the importing officer says; who wrote the event never leaves the importing bureau.
 */
import { mayStandAt } from '@tripoint/model/entity';
import { type Marking, strictest } from '@tripoint/model/marking';
import { isInternational } from './dialling.ts';
import { type About, Gathering } from './gathering.ts';
import type { Imported } from './imported.ts';
import { isObject, type Json, type JsonObject, readJson } from './json.ts';
import { listIn, oddIn, scalarIn, textIn, valuesOf, without } from './json-fields.ts';
import { textOfJson } from './json-text.ts';
import { attributePlaces, eventNotes, objectPlaces } from './misp-attributes.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';
import { papMarking, tlpMarking } from './tlp.ts';

/** Refuses json-…, not-misp. */
export function readMisp(text: string): Reading<Imported> {
  return reading(() => mispFrom(readJson(text)));
}

/** An event by itself, or under `Event` as the platform's own interface writes it. */
export function eventOf(json: Json): JsonObject | undefined {
  if (!isObject(json)) return undefined;
  const event = json.get('Event') ?? json;
  return isObject(event) && event.has('info') && (event.has('Attribute') || event.has('Object')) ? event : undefined;
}

export function mispFrom(json: Json): Imported {
  const event = eventOf(json);
  if (event === undefined) throw new ImportRefused('not-misp');
  return new MispEvent(event).imported();
}

/** Numbers of the platform's own tables; the uuid is what others know a thing by. */
const bookkeeping = new Set([
  'id',
  'event_id',
  'object_id',
  'uuid',
  'org_id',
  'orgc_id',
  'object_uuid',
  'template_uuid',
]);
/** Names an agency or a person of the source. */
const authorship = new Set(['Org', 'Orgc', 'event_creator_email']);

class MispEvent {
  readonly #event: JsonObject;
  readonly #gathering = new Gathering();
  readonly #markings: Marking[] = [];
  readonly #byUuid = new Map<string, About>();
  readonly #counts = {
    attributes: 0,
    objects: 0,
    references: 0,
    tags: 0,
    galaxies: 0,
    proposals: 0,
    entities: 0,
    links: 0,
  };
  readonly #about: About;

  constructor(event: JsonObject) {
    this.#event = event;
    this.#about = { entity: 'event', schema: 'Document', sourceRef: refOf(event), where: 'event' };
  }

  imported(): Imported {
    this.#sayEvent();
    for (const [index, attribute] of listIn(this.#event, 'Attribute').entries())
      this.#readAttribute(attribute, `attribute ${index + 1}`);
    const objects = listIn(this.#event, 'Object');
    for (const [index, object] of objects.entries())
      this.#readObject(object, `object ${index + 1} (${textIn(object, 'name')})`);
    for (const [index, object] of objects.entries()) this.#readReferences(object, `object ${index + 1}`);
    this.#keepTags(this.#event, 'event');
    this.#keepEach(
      this.#event,
      'Galaxy',
      'galaxy',
      'knowledge about a threat, not a statement of this event',
      'galaxies',
    );
    this.#keepEach(this.#event, 'ShadowAttribute', 'proposal', proposalReason, 'proposals');
    this.#keepEach(this.#event, 'RelatedEvent', 'related event', 'another event of the source', undefined);
    const { statements, unmapped } = this.#gathering;
    const counts = { ...this.#counts, unmapped: unmapped.length };
    return {
      title: textIn(this.#event, 'info')!.trim() || 'MISP event',
      text: `MISP event of ${textIn(this.#event, 'date') ?? 'unknown date'}, imported: ${counts.attributes} attributes, ${counts.objects} objects, ${counts.tags} tags, ${counts.galaxies} galaxies, ${counts.proposals} proposals.`,
      lang: 'und',
      statements,
      unmapped,
      rows: counts.attributes + counts.objects,
      counts,
      notes: this.#markings.length === 0 ? ['The event has no marking of its own.'] : [],
      ...(this.#markings.length === 0 ? {} : { sourceMarking: strictest(this.#markings) }),
    };
  }

  #sayEvent(): void {
    this.#gathering.say(this.#about, 'title', textIn(this.#event, 'info') ?? '');
    this.#gathering.say(this.#about, 'kind', 'MISP event');
    this.#gathering.say(this.#about, 'issued', textIn(this.#event, 'date') ?? '');
    this.#noteDistribution(this.#event);
    for (const key of containers) this.#keepOdd(this.#event, key, 'event');
    const left = without(this.#event, [...containers, 'info', 'date', ...bookkeeping, ...authorship]);
    this.#keepLeft(this.#about, left, 'event');
    for (const key of authorship) {
      const value = this.#event.get(key);
      if (value === undefined) continue;
      const reason = 'an agency or an officer is never named outside the bureau';
      this.#gathering.unmapped.push({ where: `event ${key}`, reported: textOfJson(value), reason, homeOnly: true });
    }
  }

  #readAttribute(attribute: JsonObject, where: string): void {
    this.#counts.attributes += 1;
    const type = textIn(attribute, 'type') ?? '';
    const value = scalarIn(attribute, 'value');
    this.#keepAround(attribute, where);
    if (attribute.get('deleted') === true) {
      this.#keepWhole(attribute, where, 'deleted by its source');
      return;
    }
    if (eventNotes.has(type)) {
      const about = { ...this.#about, sourceRef: refOf(attribute), where };
      this.#gathering.say(about, 'note', value);
      this.#keepLeft(about, without(attribute, attributeKeys), where);
      return;
    }
    const places = type.split('|').map((part) => attributePlaces[part]);
    const values = type.includes('|') ? value.split('|') : [value];
    const first = places[0];
    if (first === undefined || places.some((place) => place === undefined) || values.length !== places.length) {
      this.#keepWhole(attribute, where, `no thing of ours has a ${type}`);
      return;
    }
    const about = this.#entity(first.schema, attribute, where);
    this.#sayAlways(about, first.always);
    for (const [index, place] of places.entries())
      this.#sayValue(about, propertyIn(about.schema, place!), values[index]!, attribute);
    this.#gathering.say(about, 'note', scalarIn(attribute, 'comment'));
    this.#keepLeft(about, without(attribute, [...attributeKeys, 'comment']), where);
  }

  #readObject(object: JsonObject, where: string): void {
    this.#counts.objects += 1;
    this.#noteDistribution(object);
    for (const key of ['Attribute', 'ObjectReference']) this.#keepOdd(object, key, where);
    const place = objectPlaces[textIn(object, 'name') ?? ''];
    if (place === undefined || object.get('deleted') === true) {
      const reason = place === undefined ? 'no thing of ours for this template' : 'deleted by its source';
      this.#keepWhole(object, where, reason);
      return;
    }
    const about = this.#entity(place.schema, object, where);
    this.#sayAlways(about, place.always);
    this.#gathering.say(about, 'note', scalarIn(object, 'comment'));
    this.#sayPoint(about, object);
    this.#sayPersonName(about, object);
    for (const attribute of listIn(object, 'Attribute')) this.#readMember(about, place.places, attribute, where);
    this.#keepLeft(about, without(object, objectKeys), where);
  }

  #readMember(object: About, places: Record<string, string>, attribute: JsonObject, where: string): void {
    const relation = textIn(attribute, 'object_relation') ?? textIn(attribute, 'type') ?? '';
    const at = `${where}, ${relation}`;
    const about = { ...object, sourceRef: refOf(attribute), where: at };
    this.#byUuid.set(textIn(attribute, 'uuid') ?? '', object);
    this.#keepAround(attribute, at);
    if (attribute.get('deleted') === true) {
      this.#keepWhole(attribute, at, 'deleted by its source', object);
      return;
    }
    if (relation === 'latitude' || relation === 'longitude') {
      this.#keepLeft(about, without(attribute, attributeKeys), at);
      return;
    }
    const property = Object.hasOwn(places, relation) ? places[relation] : undefined;
    if (property === undefined) {
      this.#keepWhole(attribute, at, 'no property of ours', object);
      return;
    }
    this.#sayValue(about, property, scalarIn(attribute, 'value'), attribute);
    this.#gathering.say(about, 'note', scalarIn(attribute, 'comment'));
    this.#keepLeft(about, without(attribute, [...attributeKeys, 'comment']), at);
  }

  /** Names in parts are put together in the order of writing; the parts themselves stay as notes. */
  #sayPersonName(about: About, object: JsonObject): void {
    if (about.schema !== 'Person' || memberOf(object, 'full-name') !== '') return;
    const parts = ['first-name', 'middle-name', 'last-name'].map((relation) => memberOf(object, relation));
    this.#gathering.say(about, 'name', parts.filter((part) => part !== '').join(' '));
  }

  #sayPoint(about: About, object: JsonObject): void {
    const [latitude, longitude] = ['latitude', 'longitude'].map((relation) => memberOf(object, relation));
    if (latitude !== '' && longitude !== '') this.#gathering.say(about, 'point', `${latitude}, ${longitude}`);
    else for (const one of [latitude, longitude]) this.#gathering.say(about, 'half a position', one!);
  }

  /** A telephone number without its country would be read as the importing nation's own: it stays a note. */
  #sayValue(about: About, property: string, value: string, attribute: JsonObject): void {
    const seen = {
      ...timeIn(attribute, 'first_seen', 'observedFrom'),
      ...timeIn(attribute, 'last_seen', 'observedTo'),
    };
    const isHome = property === 'phone' && !isInternational(value);
    this.#gathering.say(about, isHome ? 'phone number, country not said' : property, value, seen);
  }

  #sayAlways(about: About, always: Record<string, string> = {}): void {
    for (const [property, value] of Object.entries(always)) this.#gathering.say(about, property, value);
  }

  #readReferences(object: JsonObject, where: string): void {
    for (const [index, reference] of listIn(object, 'ObjectReference').entries()) {
      this.#counts.references += 1;
      const at = `${where}, reference ${index + 1}`;
      const from = this.#byUuid.get(textIn(object, 'uuid') ?? '');
      const to = this.#byUuid.get(textIn(reference, 'referenced_uuid') ?? '');
      const edge = ['Contact', 'Associate', 'Mention'].find(
        (name) => from && to && mayStandAt(name, 'from', from.schema) && mayStandAt(name, 'to', to.schema),
      );
      if (from === undefined || to === undefined || edge === undefined) {
        this.#keepWhole(reference, at, 'no edge of ours between these, or an end that is not in the event');
        continue;
      }
      this.#counts.links += 1;
      const about = { entity: `link-${this.#counts.links}`, schema: edge, sourceRef: refOf(reference), where: at };
      this.#gathering.connect(about, from.entity, to.entity, { role: textIn(reference, 'relationship_type') ?? '' });
      this.#gathering.say(about, 'note', scalarIn(reference, 'comment'));
      this.#keepLeft(about, without(reference, referenceKeys), at);
    }
  }

  #entity(schema: string, record: JsonObject, where: string): About {
    this.#counts.entities += 1;
    const about = { entity: `misp-${this.#counts.entities}`, schema, sourceRef: refOf(record), where };
    this.#byUuid.set(textIn(record, 'uuid') ?? '', about);
    return about;
  }

  /** What stands around a single attribute: its tags, galaxies, proposals and its own distribution. */
  #keepAround(attribute: JsonObject, where: string): void {
    this.#noteDistribution(attribute);
    for (const key of ['Tag', 'Galaxy', 'ShadowAttribute']) this.#keepOdd(attribute, key, where);
    this.#keepTags(attribute, where);
    this.#keepEach(attribute, 'Galaxy', `${where}, galaxy`, 'knowledge about a threat, not a statement', 'galaxies');
    this.#keepEach(attribute, 'ShadowAttribute', `${where}, proposal`, proposalReason, 'proposals');
  }

  #keepTags(holder: JsonObject, where: string): void {
    for (const label of valuesOf(oddIn(holder, 'Tag') ?? [])) this.#noteLabel(label);
    for (const tag of listIn(holder, 'Tag')) {
      this.#counts.tags += 1;
      const name = textIn(tag, 'name') ?? '';
      const reason = this.#noteLabel(name)
        ? 'a marking of the source; the report is marked at least as strictly'
        : 'a tag of the source';
      this.#gathering.keep({ where: `${where}, tag` }, name, reason);
    }
  }

  /** Is the label a marking? Then it tightens. */
  #noteLabel(label: string): boolean {
    const marking = /^tlp:/i.test(label) ? tlpMarking(label) : papMarking(label);
    if (marking !== undefined) this.#markings.push(marking);
    return marking !== undefined;
  }

  #keepEach(
    holder: JsonObject,
    key: string,
    where: string,
    reason: string,
    count: 'galaxies' | 'proposals' | undefined,
  ): void {
    listIn(holder, key).forEach((one, index) => {
      if (count !== undefined) this.#counts[count] += 1;
      this.#gathering.keep({ where: `${where} ${index + 1}` }, textOfJson(one), reason);
    });
  }

  #keepOdd(holder: JsonObject, key: string, where: string): void {
    const odd = oddIn(holder, key);
    if (odd !== undefined)
      this.#gathering.keep({ where: `${where}, ${key}` }, textOfJson(odd), 'not as the format asks');
  }

  /** 0 is the source's own organisation only, 4 a named group: neither may go further without asking. */
  #noteDistribution(holder: JsonObject): void {
    const distribution = scalarIn(holder, 'distribution');
    if (distribution !== '0' && distribution !== '4') return;
    this.#markings.push({ handling: ['H2'], conditions: [{ code: 'onward', param: 'never' }], pap: 'PAP:CLEAR' });
  }

  #keepWhole(record: JsonObject, where: string, reason: string, about?: About): void {
    const entity = about === undefined ? {} : { entity: about.entity };
    this.#gathering.keep({ where, ...entity }, textOfJson(without(record, [...bookkeeping])), reason);
  }

  #keepLeft(about: About, left: JsonObject, where: string): void {
    const told = new Map([...left].filter(([key, value]) => !saysNothing(key, value)));
    if (told.size > 0) this.#gathering.keep({ entity: about.entity, where }, textOfJson(told), 'no property of ours');
  }
}

const proposalReason = 'a proposal, which stays one until the owner of the event accepts it';
const containers = ['Attribute', 'Object', 'Tag', 'Galaxy', 'ShadowAttribute', 'RelatedEvent'];
const around = ['Tag', 'Galaxy', 'ShadowAttribute', ...bookkeeping];
const attributeKeys = ['type', 'value', 'object_relation', 'first_seen', 'last_seen', ...around];
const objectKeys = ['name', 'Attribute', 'ObjectReference', 'comment', ...bookkeeping];
/** `Attribute` and `Object` inside a reference repeat the thing referred to, which stands in the event itself. */
const referenceKeys = [
  'relationship_type',
  'referenced_uuid',
  'referenced_id',
  'referenced_type',
  'source_uuid',
  'comment',
  'Attribute',
  'Object',
  ...bookkeeping,
];

/** The platform writes every field, empty or not; these are the ones that say the usual. */
function saysNothing(key: string, value: Json): boolean {
  if (value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)) return true;
  return (key === 'distribution' && value === '5') || (key === 'sharing_group_id' && value === '0');
}

function propertyIn(schema: string, { schema: own, property }: { schema: string; property: string }): string {
  return schema === own || property === 'ip' ? property : `${own} ${property}`;
}

/** Value of the first attribute with this relation, or ''. */
function memberOf(object: JsonObject, relation: string): string {
  const found = listIn(object, 'Attribute').find((member) => textIn(member, 'object_relation') === relation);
  return found === undefined ? '' : scalarIn(found, 'value');
}

function refOf(record: JsonObject): string {
  return `misp/${textIn(record, 'uuid') ?? scalarIn(record, 'id')}`.slice(0, 200);
}

function timeIn(record: JsonObject, key: string, as: 'observedFrom' | 'observedTo'): Record<string, string> {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(scalarIn(record, key))?.[0];
  return day === undefined ? {} : { [as]: day };
}
