/**
 * The three files of the sanctions list in its legacy form: no header, fixed columns, joined by the first.
 * `sdn.csv` entries, `alt.csv` other names, `add.csv` addresses.
 */
import { readCsv, type TextChunks } from './csv.ts';
import { ImportRefused } from './refusal.ts';

export type SdnRow = Row & {
  name: string;
  /** `individual`, `vessel`, `aircraft`, or empty for everything else. */
  type: string;
  programmes: string[];
  title: string;
  callSign: string;
  vesselType: string;
  tonnage: string;
  grossTonnage: string;
  flag: string;
  owner: string;
  remarks: string;
};
export type AltRow = Row & { altId: string; kind: string; name: string; remarks: string };
export type AddRow = Row & { addId: string; street: string; city: string; country: string; remarks: string };

type Row = {
  /** The entry's identifier. It is not unique: never merge on it alone. */
  id: string;
  file: OfacFile;
  row: number;
  fields: string[];
};
export type OfacFile = keyof typeof columnCount;

const columnCount = { 'sdn.csv': 12, 'alt.csv': 5, 'add.csv': 6 } as const;

export function* sdnRows(text: TextChunks): Generator<SdnRow> {
  for (const row of rowsOf('sdn.csv', text)) {
    const [, name, type, programmes, title, callSign, vesselType, tonnage, grossTonnage, flag, owner, remarks] =
      row.cells;
    yield {
      ...row.at,
      name: name!,
      type: type!,
      programmes: splitProgrammes(programmes!),
      title: title!,
      callSign: callSign!,
      vesselType: vesselType!,
      tonnage: tonnage!,
      grossTonnage: grossTonnage!,
      flag: flag!,
      owner: owner!,
      remarks: remarks!,
    };
  }
}

export function* altRows(text: TextChunks): Generator<AltRow> {
  for (const { at, cells } of rowsOf('alt.csv', text))
    yield { ...at, altId: cells[1]!, kind: cells[2]!, name: cells[3]!, remarks: cells[4]! };
}

export function* addRows(text: TextChunks): Generator<AddRow> {
  for (const { at, cells } of rowsOf('add.csv', text))
    yield { ...at, addId: cells[1]!, street: cells[2]!, city: cells[3]!, country: cells[4]!, remarks: cells[5]! };
}

function* rowsOf(file: OfacFile, text: TextChunks): Generator<{ at: Row; cells: string[] }> {
  for (const { row, line, fields } of naming(file, readCsv(text))) {
    if (fields.length === 1 && fields[0] === endOfFileMark) continue;
    const expected = columnCount[file];
    if (fields.length !== expected)
      throw new ImportRefused('wrong-column-count', { file, row, line, expected, found: fields.length });
    const cells = fields.map(cellOf);
    if (!/^\d{1,9}$/.test(cells[0]!)) throw new ImportRefused('identifier-missing', { file, row, line });
    yield { at: { id: cells[0]!, file, row, fields }, cells };
  }
}

/** Adds the file's name to what the CSV reader refuses. */
function* naming<T>(file: OfacFile, rows: Generator<T>): Generator<T> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    throw new ImportRefused(error.refusal.code, { file, ...error.refusal.facts });
  }
}

/** Control-Z closed text files in CP/M and DOS; the source still writes one after its last row. */
const endOfFileMark = '\u001a';

/** The source writes `-0- ` for an empty field. */
function cellOf(field: string): string {
  const text = field.trim();
  return text === '-0-' ? '' : text;
}

/** Several programmes stand in one field as `SDNTK] [SDGT`. */
function splitProgrammes(text: string): string[] {
  return text
    .split(/\]\s*\[/)
    .map((programme) => programme.replace(/[[\]]/g, '').trim())
    .filter((programme) => programme !== '');
}
