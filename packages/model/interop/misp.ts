/**
 * MISP events in the model's words, one or many of a file. Every attribute, object, reference, tag, galaxy and proposal becomes a statement
 * or is kept as unmapped. A proposal stays a proposal; `tlp:` and `PAP:` tags and a closed distribution can only
 * tighten what the importing officer says; who wrote the event never leaves the importing bureau.
 */
import { mayStandAt } from '@tripoint/model/entity';
import { strictest } from '@tripoint/model/marking';
import { isInternational } from './dialling.ts';
import { type About, Gathering } from './gathering.ts';
import type { Imported } from './imported.ts';
import { isObject, type Json, type JsonObject, readJson } from './json.ts';
import { listIn, own, scalarIn, textIn, without } from './json-fields.ts';
import { attributePlaces, eventNotes, objectPlaces } from './misp-attributes.ts';
import { bookkeeping, MispKeeping } from './misp-keeping.ts';
import { seenOf } from './misp-seen.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';

/** Refuses json-…, not-misp, too-much-said. */
export function readMisp(text: string): Reading<Imported> {
  return reading(() => mispFrom(readJson(text)));
}

/**
 * The events of a file: one by itself, one under `Event` as the platform's own interface writes it, or a list of such
 * under `response` as its search answers. undefined when the file is none of these, or one of the list is no event.
 */
export function eventsOf(json: Json): JsonObject[] | undefined {
  const answer = isObject(json) ? json.get('response') : undefined;
  if (!Array.isArray(answer)) {
    const event = eventOf(json);
    return event && [event];
  }
  const events = answer.map(eventOf);
  return events.every((event) => event !== undefined) ? events : undefined;
}

function eventOf(json: Json): JsonObject | undefined {
  if (!isObject(json)) return undefined;
  const event = json.get('Event') ?? json;
  return isObject(event) && event.has('info') && (event.has('Attribute') || event.has('Object')) ? event : undefined;
}

export function mispFrom(json: Json): Imported {
  const events = eventsOf(json);
  if (events === undefined) throw new ImportRefused('not-misp');
  if (events.length === 0) throw new ImportRefused('nothing-said');
  return importedFrom(events);
}

/** What the events of one file gather together: an object of one may refer to a thing of another. */
class Gathered {
  readonly gathering = new Gathering();
  readonly keeping = new MispKeeping(this.gathering);
  readonly byUuid = new Map<string, About>();
  readonly counts = { attributes: 0, objects: 0, references: 0, entities: 0, links: 0 };
}

/** The strictest marking of any event holds for the whole file, which is cut into reports without regard to events. */
function importedFrom(records: readonly JsonObject[]): Imported {
  const gathered = new Gathered();
  const isOne = records.length === 1;
  const events = records.map((record, at) => new MispEvent(record, gathered, isOne ? '' : ` ${at + 1}`));
  for (const event of events) event.readThings();
  for (const event of events) event.readAround();
  const { statements, unmapped } = gathered.gathering;
  const counts = { ...gathered.counts, ...gathered.keeping.counts, unmapped: unmapped.length };
  const { markings } = gathered.keeping;
  const [first] = events as [MispEvent];
  const unmarked = events.filter(({ isMarked }) => !isMarked);
  return {
    title: isOne ? first.title : `${records.length} MISP events: ${first.title}`,
    text: `${isOne ? 'MISP event' : `${records.length} MISP events, the first`} of ${first.date}, imported: ${counts.attributes} attributes, ${counts.objects} objects, ${counts.tags} tags, ${counts.galaxies} galaxies, ${counts.proposals} proposals.`,
    lang: 'und',
    statements,
    unmapped,
    rows: counts.attributes + counts.objects,
    counts: isOne ? counts : { events: records.length, ...counts },
    notes: unmarked.map(({ name }) => `The ${isOne ? '' : 'file’s '}${name} has no marking of its own.`),
    ...(markings.length === 0 ? {} : { sourceMarking: strictest(markings) }),
  };
}

class MispEvent {
  /** `event`, or `event 2` of several. */
  readonly name: string;
  isMarked = false;
  readonly #event: JsonObject;
  readonly #gathering: Gathering;
  readonly #keeping: MispKeeping;
  readonly #byUuid: Map<string, About>;
  readonly #counts: Gathered['counts'];
  readonly #about: About;
  /** Stands before every place of an event that is one of several. */
  readonly #of: string;

  constructor(event: JsonObject, { gathering, keeping, byUuid, counts }: Gathered, number: string) {
    this.name = `event${number}`;
    this.#event = event;
    this.#gathering = gathering;
    this.#keeping = keeping;
    this.#byUuid = byUuid;
    this.#counts = counts;
    this.#of = number === '' ? '' : `${this.name}, `;
    const entity = this.name.replace(' ', '-');
    this.#about = { entity, schema: 'Document', sourceRef: refOf(event), where: this.name };
  }

  get title(): string {
    return scalarIn(this.#event, 'info').trim() || 'MISP event';
  }

  get date(): string {
    return textIn(this.#event, 'date') ?? 'unknown date';
  }

  readThings(): void {
    this.#marking(() => {
      this.#sayEvent();
      for (const [index, attribute] of listIn(this.#event, 'Attribute').entries())
        this.#readAttribute(attribute, `${this.#of}attribute ${index + 1}`);
      for (const [index, object] of listIn(this.#event, 'Object').entries())
        this.#readObject(object, `${this.#of}object ${index + 1} (${textIn(object, 'name')})`);
    });
  }

  /** What needs everything to be said first: references, and what stands around the event. */
  readAround(): void {
    this.#marking(() => {
      for (const [index, object] of listIn(this.#event, 'Object').entries())
        this.#readReferences(object, `${this.#of}object ${index + 1}`);
      this.#keeping.around(this.#event, this.name);
      this.#keeping.each(this.#event, 'RelatedEvent', `${this.#of}related event`, 'another event of the source');
    });
  }

  #marking(read: () => void): void {
    const before = this.#keeping.markings.length;
    read();
    this.isMarked ||= this.#keeping.markings.length > before;
  }

  #sayEvent(): void {
    this.#gathering.say(this.#about, 'title', scalarIn(this.#event, 'info'));
    this.#gathering.say(this.#about, 'kind', 'MISP event');
    this.#gathering.say(this.#about, 'issued', textIn(this.#event, 'date') ?? '');
    for (const key of ['Attribute', 'Object', 'RelatedEvent']) this.#keeping.odd(this.#event, key, this.name);
    this.#keeping.left(this.#about, without(this.#event, [...containers, 'info', 'date', ...bookkeeping]), this.name);
  }

  #readAttribute(attribute: JsonObject, where: string): void {
    this.#counts.attributes += 1;
    const type = textIn(attribute, 'type') ?? '';
    const value = scalarIn(attribute, 'value');
    this.#keeping.around(attribute, where);
    if (attribute.get('deleted') === true) {
      this.#keeping.whole(attribute, where, 'deleted by its source');
      return;
    }
    if (eventNotes.has(type)) {
      const about = { ...this.#about, sourceRef: refOf(attribute), where };
      this.#gathering.say(about, 'note', value);
      this.#keeping.left(about, without(attribute, attributeKeys), where);
      return;
    }
    const places = type.split('|').map((part) => own(attributePlaces, part));
    const values = type.includes('|') ? value.split('|') : [value];
    const first = places[0];
    if (first === undefined || places.some((place) => place === undefined) || values.length !== places.length) {
      this.#keeping.whole(attribute, where, `no thing of ours has a ${type}`);
      return;
    }
    const about = this.#entity(first.schema, attribute, where);
    this.#sayAlways(about, first.always);
    for (const [index, place] of places.entries())
      this.#sayValue(about, propertyIn(about.schema, place!), values[index]!, attribute);
    this.#gathering.say(about, 'note', scalarIn(attribute, 'comment'));
    this.#keeping.left(about, without(attribute, [...attributeKeys, ...seenOf(attribute).said, 'comment']), where);
  }

  #readObject(object: JsonObject, where: string): void {
    this.#counts.objects += 1;
    this.#keeping.distribution(object);
    for (const key of ['Attribute', 'ObjectReference']) this.#keeping.odd(object, key, where);
    const place = own(objectPlaces, textIn(object, 'name') ?? '');
    if (place === undefined || object.get('deleted') === true) {
      const reason = place === undefined ? 'no thing of ours for this template' : 'deleted by its source';
      this.#keeping.whole(object, where, reason);
      return;
    }
    const about = this.#entity(place.schema, object, where);
    this.#sayAlways(about, place.always);
    this.#gathering.say(about, 'note', scalarIn(object, 'comment'));
    this.#sayPoint(about, object);
    this.#sayPersonName(about, object);
    for (const attribute of listIn(object, 'Attribute')) this.#readMember(about, place.places, attribute, where);
    this.#keeping.left(about, without(object, objectKeys), where);
  }

  #readMember(object: About, places: Record<string, string>, attribute: JsonObject, where: string): void {
    const relation = textIn(attribute, 'object_relation') ?? textIn(attribute, 'type') ?? '';
    const at = `${where}, ${relation}`;
    // The object's uuid stands before its member's: nothing else may be said that carries it.
    const about = { ...object, sourceRef: within(object.sourceRef, attribute), where: at };
    this.#byUuid.set(textIn(attribute, 'uuid') ?? '', object);
    this.#keeping.around(attribute, at);
    if (attribute.get('deleted') === true) {
      this.#keeping.whole(attribute, at, 'deleted by its source', object);
      return;
    }
    if (relation === 'latitude' || relation === 'longitude') {
      this.#keeping.left(about, without(attribute, attributeKeys), at);
      return;
    }
    const property = own(places, relation);
    if (property === undefined) {
      this.#keeping.whole(attribute, at, 'no property of ours', object);
      return;
    }
    this.#sayValue(about, property, scalarIn(attribute, 'value'), attribute);
    this.#gathering.say(about, 'note', scalarIn(attribute, 'comment'));
    this.#keeping.left(about, without(attribute, [...attributeKeys, ...seenOf(attribute).said, 'comment']), at);
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
    const isHome = property === 'phone' && !isInternational(value);
    this.#gathering.say(about, isHome ? 'phone number, country not said' : property, value, seenOf(attribute).extra);
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
      if (!this.#isSaid(from) || !this.#isSaid(to) || edge === undefined) {
        this.#keeping.whole(reference, at, 'no edge of ours between these, or an end of which nothing is said');
        continue;
      }
      this.#counts.links += 1;
      const about = { entity: `link-${this.#counts.links}`, schema: edge, sourceRef: refOf(reference), where: at };
      this.#gathering.connect(about, from.entity, to.entity, { role: textIn(reference, 'relationship_type') ?? '' });
      this.#gathering.say(about, 'note', scalarIn(reference, 'comment'));
      this.#keeping.left(about, without(reference, referenceKeys), at);
    }
  }

  #isSaid(about: About | undefined): about is About {
    return about !== undefined && this.#gathering.says(about.entity);
  }

  #entity(schema: string, record: JsonObject, where: string): About {
    this.#counts.entities += 1;
    const about = { entity: `misp-${this.#counts.entities}`, schema, sourceRef: refOf(record), where };
    this.#byUuid.set(textIn(record, 'uuid') ?? '', about);
    return about;
  }
}

const containers = ['Attribute', 'Object', 'Tag', 'Galaxy', 'ShadowAttribute', 'RelatedEvent'];
const around = ['Tag', 'Galaxy', 'ShadowAttribute', ...bookkeeping];
const attributeKeys = ['type', 'value', 'object_relation', ...around];
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

function propertyIn(schema: string, { schema: own, property }: { schema: string; property: string }): string {
  return schema === own || property === 'ip' ? property : `${own} ${property}`;
}

/** Value of the first attribute with this relation, or ''. */
function memberOf(object: JsonObject, relation: string): string {
  const found = listIn(object, 'Attribute').find((member) => textIn(member, 'object_relation') === relation);
  return found === undefined ? '' : scalarIn(found, 'value');
}

function within(ref: string, member: JsonObject): string {
  return `${ref}/${textIn(member, 'uuid') ?? scalarIn(member, 'id')}`.slice(0, 200);
}

function refOf(record: JsonObject): string {
  return `misp/${textIn(record, 'uuid') ?? scalarIn(record, 'id')}`.slice(0, 200);
}
