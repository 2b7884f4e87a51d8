/** A list of the shape of the sanctions list, of any length, in which everybody and everything is invented. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface InventedList {
  'sdn.csv': string;
  'alt.csv': string;
  'add.csv': string;
  /** Names of the entries under narcotics programmes, in the order of the file. */
  narcotics: string[];
}

const programmes = ['SDNTK', 'TCO', 'SDNTK] [SDGT', 'ILLICIT-DRUGS-EO14059'];
const families = ['LANTERN', 'HERON', 'QUAY', 'DELTA', 'MOTH', 'EMBER', 'REED'];
const given = ['Mora', 'Ilo', 'Sena', 'Tavi', 'Noru'];
const EMPTY = '-0- ';

/** The same number makes the same list. */
export function inventedList(entries: number): InventedList {
  const rows = Array.from({ length: entries }, (_, index) => entry(index + 1));
  return {
    'sdn.csv': rows.map(({ sdn }) => sdn).join('\r\n'),
    'alt.csv': rows.flatMap(({ alt }) => alt).join('\r\n'),
    // The source closes its last file with the end-of-file mark of old systems.
    'add.csv': `${rows.flatMap(({ add }) => add).join('\r\n')}\r\n\u001a`,
    narcotics: rows.filter(({ isNarcotics }) => isNarcotics).map(({ name }) => name),
  };
}

function entry(id: number) {
  const isPerson = id % 3 !== 0;
  const family = families[id % families.length];
  const name = isPerson ? `${family}, ${given[id % given.length]} ${id}` : `${family} TRADING ${id}`;
  const programme = programmes[id % programmes.length] as string;
  const remarks = isPerson
    ? `DOB ${(id % 27) + 1} Apr 19${(id % 60) + 30}; POB Pakse, Laos; nationality Laos; Passport A${id} (Laos).`
    : `Organization Established Date 03 May 2001; NIT # ${id}-1 (Colombia).`;
  return {
    name,
    isNarcotics: programme !== 'TCO',
    sdn: `${id},"${name}",${isPerson ? 'individual' : EMPTY},${programme},${EMPTY.concat(',').repeat(7)}"${remarks}"`,
    alt: id % 2 === 0 ? [`${id},${id},aka,"${family} ${id} THE ELDER",${EMPTY}`] : [],
    add: [`${id},${id},"${id} Quay Road","Pakse","Laos",${EMPTY}`],
  };
}

export function writeList(folder: string, list: InventedList): void {
  for (const name of ['sdn.csv', 'alt.csv', 'add.csv'] as const) writeFileSync(join(folder, name), list[name]);
}
