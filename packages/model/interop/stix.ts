/**
 * A STIX 2.1 bundle in the model's words (OASIS STIX 2.1, https://docs.oasis-open.org/cti/stix/v2.1/).
 * Every object and every property becomes a statement or is kept as unmapped. A TLP marking of the source can only
 * tighten what the importing officer says; where the source has none, nothing becomes more open.
 */
import { mayStandAt } from '@tripoint/model/entity';
import { type Marking, strictest } from '@tripoint/model/marking';
import { isLanguage, propertyTypes } from '@tripoint/model/property';
import { type About, Gathering } from './gathering.ts';
import type { Imported } from './imported.ts';
import { isObject, type Json, type JsonObject, readJson } from './json.ts';
import { listIn, own, textIn, valuesOf, without } from './json-fields.ts';
import { textOfJson } from './json-text.ts';
import { authorsStay, keepJson } from './keep-json.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';
import { mappingOf, type Place, stixEdges } from './stix-objects.ts';
import { tlpMarking, unreadableMarking } from './tlp.ts';

/** Refuses json-…, not-stix, stix-version, nothing-said, too-much-said. */
export function readStix(text: string): Reading<Imported> {
  return reading(() => stixFrom(readJson(text)));
}

/** Does the JSON say of itself that it is a bundle? */
export function isStixBundle(json: Json): boolean {
  return isObject(json) && json.get('type') === 'bundle';
}

export function stixFrom(json: Json): Imported {
  if (!isObject(json) || json.get('type') !== 'bundle') throw new ImportRefused('not-stix');
  const version = json.get('spec_version');
  if (version !== undefined && version !== '2.1') throw new ImportRefused('stix-version', { found: String(version) });
  const objects = json.get('objects') ?? [];
  if (!Array.isArray(objects)) throw new ImportRefused('not-stix');
  const bundle = new Bundle();
  for (const [index, object] of objects.entries()) bundle.meet(object, index);
  bundle.sayThings();
  bundle.sayRelationships();
  bundle.keepRest(json);
  return bundle.imported(objects.length);
}

/** Who made an object, in any of the places where STIX says it. */
const authorship = new Set(['created_by_ref', 'authors']);

type Met = { object: JsonObject; id: string; type: string; where: string; about?: About; isAuthor?: boolean };

class Bundle {
  readonly #gathering = new Gathering();
  readonly #byId = new Map<string, Met>();
  readonly #markings: Marking[] = [];
  #things = 0;
  #edges = 0;

  /** One version of an object counts, the newest; others are kept beside it. */
  meet(json: Json, index: number): void {
    const where = `object ${index + 1}`;
    if (!isObject(json) || typeof json.get('type') !== 'string' || typeof json.get('id') !== 'string') {
      this.#gathering.keep({ where }, textOfJson(json), 'has no type or no id');
      return;
    }
    const met = { object: json, id: String(json.get('id')), type: String(json.get('type')), where: '' };
    met.where = `${where} (${met.type})`;
    const before = this.#byId.get(met.id);
    if (before === undefined || isNewer(met.object, before.object)) this.#byId.set(met.id, met);
    const older = before === undefined ? undefined : isNewer(met.object, before.object) ? before : met;
    if (older !== undefined) this.#keepWhole(older, 'an older or repeated version of an object in the same bundle');
  }

  sayThings(): void {
    const authors = new Set([...this.#byId.values()].map(({ object }) => textIn(object, 'created_by_ref')));
    let number = 0;
    for (const met of this.#byId.values()) {
      met.isAuthor = authors.has(met.id);
      const mapping = mappingOf(met.type, textIn(met.object, 'identity_class'));
      if (mapping === undefined || met.isAuthor || met.object.get('revoked') === true) continue;
      number += 1;
      met.about = {
        entity: `stix-${number}`,
        schema: mapping.schema,
        sourceRef: met.id.slice(0, 200),
        where: met.where,
      };
    }
    const things = [...this.#byId.values()].filter((met) => met.about !== undefined);
    const left = things.map((met) => this.#sayThing(met, met.about!));
    for (const [index, met] of things.entries()) {
      this.#sayReferences(met.about!, left[index]!);
      this.#keepLeft(met.about!, left[index]!);
    }
  }

  /** Answers what of the object is still unsaid. */
  #sayThing(met: Met, about: About): JsonObject {
    const mapping = mappingOf(met.type, textIn(met.object, 'identity_class'))!;
    const left = without(met.object, ['type', 'id', 'spec_version', 'identity_class']);
    for (const [property, value] of Object.entries(mapping.always ?? {})) this.#gathering.say(about, property, value);
    const lang = textIn(met.object, 'lang');
    for (const [key, place] of Object.entries(mapping.places)) {
      if (!left.has(key)) continue;
      for (const value of valuesOf(left.get(key)!)) this.#sayAt(about, place, value, lang);
      left.delete(key);
    }
    this.#sayPoint(about, left);
    if (isLanguage(lang)) left.delete('lang');
    this.#things += 1;
    return left;
  }

  #sayAt(about: About, place: Place, value: string, lang: string | undefined): void {
    const extra = isLanguage(lang) ? { lang } : {};
    if (typeof place === 'string') {
      this.#gathering.say(about, place, value, extra);
      return;
    }
    if (place.note === 'Contact' && propertyTypes.email.clean(value).ok) this.#gathering.say(about, 'email', value);
    this.#gathering.say(about, 'note', `${place.note}: ${value}`, extra);
  }

  #sayPoint(about: About, left: JsonObject): void {
    const [latitude, longitude] = [left.get('latitude'), left.get('longitude')];
    if (about.schema !== 'Place' || latitude === undefined || longitude === undefined) return;
    this.#gathering.say(about, 'point', `${latitude}, ${longitude}`);
    left.delete('latitude');
    left.delete('longitude');
  }

  /** References that are part of an object: what a report is about, what a name resolves to. */
  #sayReferences(about: About, left: JsonObject): void {
    for (const key of ['object_refs', 'resolves_to_refs']) {
      const unsaid = valuesOf(left.get(key) ?? []).filter((id) => !this.#sayReference(about, key, id));
      if (unsaid.length === 0) left.delete(key);
      else left.set(key, unsaid);
    }
  }

  #sayReference(about: About, key: string, id: string): boolean {
    const other = this.#byId.get(id);
    if (!this.#isSaid(other?.about) || !this.#isSaid(about)) return false;
    if (key === 'object_refs' && about.schema === 'Document') {
      this.#sayEdge('Mention', about, other.about, about.sourceRef, about.where);
      return true;
    }
    const ip = textIn(other.object, 'value');
    if (about.schema !== 'Domain' || other.about.schema !== 'Device' || ip === undefined) return false;
    this.#gathering.say(about, 'ip', ip);
    return true;
  }

  sayRelationships(): void {
    for (const met of this.#byId.values()) {
      if (met.about !== undefined) continue;
      if (met.type === 'relationship') this.#sayRelationship(met);
      else this.#keepOther(met);
    }
  }

  #sayRelationship(met: Met): void {
    const [from, to] = ['source_ref', 'target_ref'].map((key) => this.#byId.get(textIn(met.object, key) ?? '')?.about);
    const kind = textIn(met.object, 'relationship_type') ?? '';
    if (met.object.get('revoked') === true) {
      this.#keepWhole(met, 'revoked by its source');
      return;
    }
    if (!this.#isSaid(from) || !this.#isSaid(to)) {
      this.#keepWhole(met, 'an end of it is kept as unmapped, or is not in the bundle');
      return;
    }
    if (kind === 'resolves-to' && this.#sayReference(from, 'resolves_to_refs', textIn(met.object, 'target_ref')!)) {
      this.#keepLeft(from, leftOfRelationship(met), met.where);
      return;
    }
    const edges = own(stixEdges, kind) ?? [];
    const edge = edges.find((name) => mayStandAt(name, 'from', from.schema) && mayStandAt(name, 'to', to.schema));
    if (edge === undefined) {
      this.#keepWhole(met, `no edge of ours says "${kind}" between these`);
      return;
    }
    const about = this.#sayEdge(edge, from, to, met.id.slice(0, 200), met.where, { role: kind });
    const left = leftOfRelationship(met);
    for (const [key, property] of Object.entries(edgePlaces)) {
      this.#gathering.say(about, property, textIn(met.object, key) ?? '');
      left.delete(key);
    }
    this.#keepLeft(about, left);
  }

  #isSaid(about: About | undefined): about is About {
    return about !== undefined && this.#gathering.says(about.entity);
  }

  #sayEdge(
    schema: string,
    from: About,
    to: About,
    sourceRef: string,
    where: string,
    more?: Record<string, string>,
  ): About {
    this.#edges += 1;
    const about = { entity: `edge-${this.#edges}`, schema, sourceRef, where };
    this.#gathering.connect(about, from.entity, to.entity, more);
    return about;
  }

  #keepOther(met: Met): void {
    if (met.isAuthor) {
      this.#gathering.keepAtHome({ where: met.where }, textOfJson(met.object), authorsStay);
      return;
    }
    const marking = met.type === 'marking-definition' ? tlpMarking(tlpNameOf(met.object) ?? met.id) : undefined;
    if (marking !== undefined) {
      this.#markings.push(marking);
      this.#keepWhole(met, 'a marking of the source; the report is marked at least as strictly');
      return;
    }
    const reason =
      met.object.get('revoked') === true ? 'revoked by its source' : `a STIX ${met.type} is no thing of ours`;
    this.#keepWhole(met, reason);
  }

  #keepWhole({ object, where }: Met, reason: string): void {
    this.#noteMarkings(object);
    keepJson(this.#gathering, { where }, object, reason, authorship);
  }

  #keepLeft(about: About, left: JsonObject, where = about.where): void {
    this.#noteMarkings(left);
    if (left.size === 0) return;
    const reason = left.has('confidence')
      ? 'no property of ours; a confidence is not turned into a grade'
      : 'no property of ours';
    keepJson(this.#gathering, { entity: about.entity, where }, left, reason, authorship);
  }

  /** The TLP markings have fixed ids and need not be in the bundle; any other that is not there is unreadable. */
  #noteMarkings(object: JsonObject): void {
    const granular = listIn(object, 'granular_markings').map((one) => textIn(one, 'marking_ref') ?? '');
    for (const id of [...valuesOf(object.get('object_marking_refs') ?? []), ...granular]) {
      const marking = tlpMarking(id) ?? (id === '' || this.#byId.has(id) ? undefined : unreadableMarking);
      if (marking !== undefined) this.#markings.push(marking);
    }
  }

  keepRest(bundle: JsonObject): void {
    const left = without(bundle, ['type', 'id', 'objects', 'spec_version']);
    if (left.size > 0) this.#gathering.keep({ where: 'bundle' }, textOfJson(left), 'no property of ours');
  }

  imported(rows: number): Imported {
    this.#gathering.refuseNothing();
    const { statements, unmapped } = this.#gathering;
    const report = [...this.#byId.values()].find((met) => met.type === 'report');
    const title = (report && textIn(report.object, 'name')?.trim()) || `STIX bundle of ${rows} objects`;
    return {
      title,
      text: `STIX 2.1 bundle, imported: ${rows} objects, of which ${this.#things} are things and ${this.#edges} links of ours.`,
      lang: 'en',
      statements,
      unmapped,
      rows,
      counts: { objects: rows, things: this.#things, links: this.#edges, unmapped: unmapped.length },
      notes: this.#markings.length === 0 ? ['The bundle has no marking of its own.'] : [],
      ...(this.#markings.length === 0 ? {} : { sourceMarking: strictest(this.#markings) }),
    };
  }
}

const edgePlaces = { description: 'note', start_time: 'startDate', stop_time: 'endDate' };

function leftOfRelationship({ object }: Met): JsonObject {
  return without(object, ['type', 'id', 'spec_version', 'relationship_type', 'source_ref', 'target_ref']);
}

function isNewer(object: JsonObject, than: JsonObject): boolean {
  return (textIn(object, 'modified') ?? '') > (textIn(than, 'modified') ?? '');
}

function tlpNameOf(object: JsonObject): string | undefined {
  const definition = object.get('definition');
  return textIn(object, 'name') ?? (isObject(definition) ? textIn(definition, 'tlp') : undefined);
}
