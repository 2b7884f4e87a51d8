/** One entry of the sanctions list with its other names and addresses, in the model's words. */
import type { About, Gathering } from './gathering.ts';
import { own } from './json-fields.ts';
import { sayRemark } from './ofac-entry-remarks.ts';
import { readRemarks } from './ofac-remarks.ts';
import type { AddRow, AltRow, SdnRow } from './ofac-rows.ts';

/** Name → schema of the one thing the list calls so; absent when the list has no such name, or several kinds of it. */
export type KnownNames = (name: string) => string | undefined;

const schemaOfType: Record<string, string> = { individual: 'Person', vessel: 'Vessel', aircraft: 'Airplane' };

/** The source leaves the type of firms, groups and bodies empty; which of them it is, it does not say. */
export function schemaOfEntry({ type }: SdnRow): string | undefined {
  return type === '' ? 'Organization' : own(schemaOfType, type);
}

/** Says everything one row holds; `label` becomes the entity's label. */
export function sayEntry(gathering: Gathering, entry: SdnRow, schema: string, knownNames: KnownNames): About {
  const about: About = {
    entity: `ofac-${entry.id}`,
    schema,
    sourceRef: `ofac-sdn/${entry.id}`,
    where: `${entry.file} row ${entry.row}`,
  };
  gathering.say(about, 'name', entry.name);
  for (const programme of entry.programmes) gathering.say(about, 'note', `Sanctions programme: ${programme}`);
  gathering.say(about, 'title', entry.title);
  gathering.say(about, 'callSign', entry.callSign);
  gathering.say(about, schema === 'Vessel' ? 'kind' : 'vessel type', entry.vesselType);
  gathering.say(about, 'tonnage', entry.tonnage);
  gathering.say(about, 'gross registered tonnage', entry.grossTonnage);
  gathering.say(about, 'flag', entry.flag);
  gathering.say(about, 'vessel owner', entry.owner);
  readRemarks(entry.remarks).forEach((remark, index) => {
    const sourceRef = `${about.sourceRef}/remark/${index + 1}`;
    sayRemark(gathering, { ...about, sourceRef, where: `${about.where}, remark ${index + 1}` }, remark, knownNames);
  });
  return about;
}

const formerly: Record<string, string> = { fka: 'Formerly known as', nka: 'Now known as' };

export function sayOtherName(gathering: Gathering, entry: About, alt: AltRow): void {
  const about = { ...entry, sourceRef: `${entry.sourceRef}/alt/${alt.altId}`, where: `${alt.file} row ${alt.row}` };
  gathering.say(about, about.schema === 'Airplane' ? 'name' : 'alias', alt.name);
  if (alt.kind !== 'aka') gathering.say(about, 'note', `${own(formerly, alt.kind) ?? alt.kind}: ${alt.name}`);
  gathering.say(about, 'note', alt.remarks);
}

/** An address stays one text, in the source's order; its country is the address's, not the entry's. */
export function sayAddress(gathering: Gathering, entry: About, add: AddRow): void {
  const about = { ...entry, sourceRef: `${entry.sourceRef}/add/${add.addId}`, where: `${add.file} row ${add.row}` };
  gathering.say(about, 'address', [add.street, add.city, add.country].filter((part) => part !== '').join(', '));
  gathering.say(about, 'note', add.remarks);
}
