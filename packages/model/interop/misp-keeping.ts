/** What of a MISP event becomes no statement: tags, galaxies, proposals, the platform's own fields, and who wrote it. */
import type { Marking } from '@tripoint/model/marking';
import type { About, Gathering } from './gathering.ts';
import type { Json, JsonObject } from './json.ts';
import { listIn, oddIn, scalarIn, textIn, valuesOf, without } from './json-fields.ts';
import { textOfJson } from './json-text.ts';
import { keepJson } from './keep-json.ts';
import { papMarking, tlpMarking } from './tlp.ts';

/** Numbers of the platform's own tables; the uuid is what others know a thing by. */
export const bookkeeping = ['id', 'event_id', 'object_id', 'uuid', 'org_id', 'orgc_id', 'object_uuid', 'template_uuid'];

/** Names an agency or a person of the source, wherever it stands. */
const authorship = new Set(['Org', 'Orgc', 'event_creator_email', 'email', 'SharingGroup', 'Organisation', 'User']);

const proposalReason = 'a proposal, which stays one until the owner of the event accepts it';
const galaxyReason = 'knowledge about a threat, not a statement of this event';
const markingReason = 'a marking of the source; the report is marked at least as strictly';

export class MispKeeping {
  readonly markings: Marking[] = [];
  readonly counts = { tags: 0, galaxies: 0, proposals: 0 };
  readonly #gathering: Gathering;

  constructor(gathering: Gathering) {
    this.#gathering = gathering;
  }

  /** What may stand around an event or an attribute, beside what it says. */
  around(holder: JsonObject, where: string): void {
    this.distribution(holder);
    for (const key of ['Tag', 'Galaxy', 'ShadowAttribute']) this.odd(holder, key, where);
    this.#tags(holder, where);
    this.counts.galaxies += this.each(holder, 'Galaxy', `${where}, galaxy`, galaxyReason);
    this.counts.proposals += this.each(holder, 'ShadowAttribute', `${where}, proposal`, proposalReason);
  }

  #tags(holder: JsonObject, where: string): void {
    for (const label of valuesOf(oddIn(holder, 'Tag') ?? [])) this.#noteLabel(label);
    for (const tag of listIn(holder, 'Tag')) {
      this.counts.tags += 1;
      const name = textIn(tag, 'name') ?? '';
      const reason = this.#noteLabel(name) ? markingReason : 'a tag of the source';
      this.#gathering.keep({ where: `${where}, tag` }, name, reason);
    }
  }

  /** Is the label a marking? Then it tightens. */
  #noteLabel(label: string): boolean {
    const marking = /^tlp:/i.test(label) ? tlpMarking(label) : papMarking(label);
    if (marking !== undefined) this.markings.push(marking);
    return marking !== undefined;
  }

  /** 0 is the source's own organisation only, 4 a named group: neither may go further without asking. */
  distribution(holder: JsonObject): void {
    const distribution = scalarIn(holder, 'distribution');
    if (distribution !== '0' && distribution !== '4') return;
    this.markings.push({ handling: ['H2'], conditions: [{ code: 'onward', param: 'never' }], pap: 'PAP:CLEAR' });
  }

  each(holder: JsonObject, key: string, where: string, reason: string): number {
    const list = listIn(holder, key);
    for (const [index, one] of list.entries())
      keepJson(this.#gathering, { where: `${where} ${index + 1}` }, one, reason, authorship);
    return list.length;
  }

  odd(holder: JsonObject, key: string, where: string): void {
    const odd = oddIn(holder, key);
    if (odd !== undefined)
      this.#gathering.keep({ where: `${where}, ${key}` }, textOfJson(odd), 'not as the format asks');
  }

  whole(record: JsonObject, where: string, reason: string, about?: About): void {
    const at = about === undefined ? { where } : { where, entity: about.entity };
    keepJson(this.#gathering, at, without(record, bookkeeping), reason, authorship);
  }

  left(about: About, left: JsonObject, where: string): void {
    const told = new Map([...left].filter(([key, value]) => !saysNothing(key, value)));
    if (told.size === 0) return;
    keepJson(this.#gathering, { entity: about.entity, where }, told, 'no property of ours', authorship);
  }
}

/** The platform writes every field, empty or not; these are the ones that say the usual. */
function saysNothing(key: string, value: Json): boolean {
  if (value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)) return true;
  return (key === 'distribution' && value === '5') || (key === 'sharing_group_id' && value === '0');
}
