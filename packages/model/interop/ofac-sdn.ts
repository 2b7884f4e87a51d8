/**
 * The US Treasury's list of Specially Designated Nationals in its legacy CSV form, in the model's words.
 * Every non-empty field becomes a statement or is kept as unmapped. Entries are told apart by row, not by identifier:
 * the source has used one identifier for two companies.
 */
import type { TextChunks } from './csv.ts';
import { type About, Gathering } from './gathering.ts';
import type { Imported } from './imported.ts';
import { type KnownNames, sayAddress, sayEntry, sayOtherName, schemaOfEntry } from './ofac-entry.ts';
import { type AddRow, type AltRow, addRows, altRows, type SdnRow, sdnRows } from './ofac-rows.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';

export type OfacFiles = { sdn: TextChunks; alt: TextChunks; add: TextChunks };
export type OfacOptions = {
  only?: 'narcotics';
  /** Date of the list as the officer knows it; the files do not say. */
  dated?: string;
};

/**
 * Refuses all that the CSV reader refuses, and wrong-column-count, identifier-missing, empty-file, nothing-said,
 * too-much-said.
 */
export function readOfacSdn(files: OfacFiles, options: OfacOptions = {}): Reading<Imported> {
  return reading(() => {
    const entries = [...sdnRows(files.sdn)];
    if (entries.length === 0) throw new ImportRefused('empty-file', { file: 'sdn.csv' });
    const list = new List(entries, options);
    for (const alt of altRows(files.alt)) list.addOtherName(alt);
    for (const add of addRows(files.add)) list.addAddress(add);
    return list.imported();
  });
}

/** Programmes against drug trafficking; two, of which the second has several spellings after its beginning. */
export function isNarcotics(programmes: readonly string[]): boolean {
  return programmes.some((programme) => programme === 'SDNTK' || programme.startsWith('ILLICIT-DRUGS-EO'));
}

class List {
  readonly #gathering = new Gathering();
  readonly #options: OfacOptions;
  readonly #entries: readonly SdnRow[];
  readonly #chosen = new Map<string, SdnRow>();
  readonly #firstRow = new Map<string, number>();
  readonly #otherNames = new Map<string, AltRow[]>();
  readonly #addresses = new Map<string, AddRow[]>();
  readonly #notes: string[] = [];
  #rows = 0;

  constructor(entries: readonly SdnRow[], options: OfacOptions) {
    this.#options = options;
    this.#entries = entries;
    this.#rows = entries.length;
    for (const entry of entries) this.#meet(entry);
  }

  /** The first row of an identifier has it; a later one is set aside, because names and addresses are the first's. */
  #meet(entry: SdnRow): void {
    const isChosen = this.#isChosen(entry);
    const firstRow = this.#firstRow.get(entry.id);
    if (firstRow === undefined) {
      this.#firstRow.set(entry.id, entry.row);
      if (isChosen) this.#chosen.set(entry.id, entry);
      return;
    }
    const reason = `identifier ${entry.id} already stands in row ${firstRow}; other names and addresses belong to that row`;
    this.#notes.push(`${entry.file} row ${entry.row} was set aside: ${reason}.`);
    if (isChosen || this.#chosen.has(entry.id)) this.#keepRow(entry, reason);
  }

  #isChosen({ programmes }: SdnRow): boolean {
    return this.#options.only === undefined || isNarcotics(programmes);
  }

  addOtherName(alt: AltRow): void {
    this.#rows += 1;
    this.#join(this.#otherNames, alt);
  }

  addAddress(add: AddRow): void {
    this.#rows += 1;
    this.#join(this.#addresses, add);
  }

  #join<Row extends AltRow | AddRow>(rows: Map<string, Row[]>, row: Row): void {
    if (!this.#firstRow.has(row.id)) this.#keepRow(row, 'no entry of the list has this identifier');
    else if (this.#chosen.has(row.id)) {
      const own = rows.get(row.id);
      if (own === undefined) rows.set(row.id, [row]);
      else own.push(row);
    }
  }

  #keepRow({ file, row, fields }: SdnRow | AltRow | AddRow, reason: string): void {
    this.#gathering.keep({ where: `${file} row ${row}` }, fields.join(' | '), reason);
  }

  imported(): Imported {
    const knownNames = namesOf(this.#entries);
    const counts: Counts = { entries: 0, individuals: 0, vessels: 0, aircraft: 0, otherNames: 0, addresses: 0 };
    for (const entry of this.#chosen.values()) {
      const schema = schemaOfEntry(entry);
      if (schema === undefined) {
        this.#keepRow(entry, `nobody knows the type "${entry.type}"`);
        continue;
      }
      const about = sayEntry(this.#gathering, entry, schema, knownNames);
      counts.entries += 1;
      if (schema === 'Person') counts.individuals += 1;
      if (schema === 'Vessel') counts.vessels += 1;
      if (schema === 'Airplane') counts.aircraft += 1;
      counts.otherNames += this.#sayAll(this.#otherNames, about, entry.id, sayOtherName);
      counts.addresses += this.#sayAll(this.#addresses, about, entry.id, sayAddress);
    }
    this.#gathering.refuseNothing(this.#options.only);
    const { statements, unmapped } = this.#gathering;
    return {
      title: titleOf(this.#options),
      text: textOf(this.#options, counts, this.#entries.length),
      lang: 'en',
      statements,
      unmapped,
      rows: this.#rows,
      counts: { ...counts, unmapped: unmapped.length },
      notes: [...this.#notes, ...warningsOf(this.#options.only)],
    };
  }

  #sayAll<Row>(
    rows: Map<string, Row[]>,
    about: About,
    id: string,
    say: (g: Gathering, a: About, row: Row) => void,
  ): number {
    const own = rows.get(id) ?? [];
    for (const row of own) say(this.#gathering, about, row);
    return own.length;
  }
}

type Counts = Record<'entries' | 'individuals' | 'vessels' | 'aircraft' | 'otherNames' | 'addresses', number>;

/** Names of entries with what each is; a name that stands for two kinds of thing is left out. */
function namesOf(entries: readonly SdnRow[]): KnownNames {
  const schemas = new Map<string, string | undefined>();
  for (const entry of entries) {
    const name = withoutStop(entry.name);
    const schema = schemaOfEntry(entry);
    schemas.set(name, schemas.has(name) && schemas.get(name) !== schema ? undefined : schema);
  }
  return (name) => schemas.get(withoutStop(name));
}

/** The remark line's own full stop may have taken, or lent, the one at a name's end. */
function withoutStop(name: string): string {
  return name.replace(/\.$/, '');
}

function titleOf({ only, dated }: OfacOptions): string {
  const which = only === 'narcotics' ? ', narcotics programmes' : '';
  return `US Treasury sanctions list (SDN)${which}${dated === undefined ? '' : `, ${dated}`}`;
}

function textOf({ only, dated }: OfacOptions, counts: Counts, entries: number): string {
  const which =
    only === 'narcotics' ? 'the entries under narcotics programmes (SDNTK, ILLICIT-DRUGS-EO)' : 'all entries';
  return [
    `The US Treasury's list of Specially Designated Nationals, ${dated === undefined ? 'of a date the file does not say' : `as of ${dated}`}, imported: ${which}.`,
    `${counts.entries} of ${entries} entries, of which ${counts.individuals} persons, ${counts.vessels} vessels and ${counts.aircraft} aircraft; ${counts.otherNames} other names, ${counts.addresses} addresses.`,
    ...warningsOf(only),
  ].join('\n');
}

function warningsOf(only: OfacOptions['only']): string[] {
  const ascii = 'The list is written in plain ASCII: original spellings and scripts are lost in it.';
  const filter =
    'Companies and persons of a drug network that stand under another programme, such as TCO, are not among these entries.';
  return only === undefined ? [ascii] : [ascii, filter];
}
