/** Which reader a path asks for: a folder or .csv is the sanctions list, .json an exchange format, the rest is text. */
import { extname } from 'node:path';
import {
  type Imported,
  type ImportRefusal,
  type Reading,
  readExchangeJson,
  readOfacSdn,
  readPlainText,
  wordImportRefusal,
} from '@tripoint/model/interop';
import type { Language } from '@tripoint/model/property';
import { CommandEnded } from '../exit-codes.ts';
import { isFolder, readListFile, readTextFile, type TextFile } from './read-files.ts';

export type SourceOptions = { only?: 'narcotics'; dated?: string; lang?: Language };
export type Source = { files: TextFile[]; imported: Imported };

export async function readSource(path: string, options: SourceOptions): Promise<Source> {
  if (await isFolder(path)) return readListFolder(path, options);
  const file = await readTextFile(path);
  if (file === undefined) throw new CommandEnded('usage', `there is no file or folder ${path}`);
  return { files: [file], imported: taken(file.name, readOne(file, options)) };
}

function readOne(file: TextFile, options: SourceOptions): Reading<Imported> {
  const extension = extname(file.name).toLowerCase();
  if (extension === '.csv') return readOfacSdn({ sdn: file.chunks, alt: '', add: '' }, options);
  if (options.only !== undefined)
    throw new CommandEnded('usage', `--only is for the sanctions list, not for ${file.name}`);
  const text = file.chunks.join('');
  if (extension === '.json') return readExchangeJson(text);
  return readPlainText(text, options.lang === undefined ? {} : { lang: options.lang });
}

async function readListFolder(folder: string, options: SourceOptions): Promise<Source> {
  const [sdn, alt, add] = await Promise.all(
    ['sdn.csv', 'alt.csv', 'add.csv'].map((name) => readListFile(folder, name)),
  );
  if (sdn === undefined) throw new CommandEnded('usage', `the folder ${folder} holds no sdn.csv`);
  const files = [sdn, alt, add].filter((file) => file !== undefined);
  const reading = readOfacSdn({ sdn: sdn.chunks, alt: alt?.chunks ?? '', add: add?.chunks ?? '' }, options);
  const imported = taken(undefined, reading);
  const absent = [alt === undefined ? 'alt.csv (other names)' : '', add === undefined ? 'add.csv (addresses)' : ''];
  for (const name of absent) if (name !== '') imported.notes.push(`The folder holds no ${name}: none are imported.`);
  return { files, imported };
}

function taken(file: string | undefined, reading: Reading<Imported>): Imported {
  if (reading.ok) return reading.value;
  throw new CommandEnded('refused', wordImportRefusal(inFile(file, reading.refusal)));
}

function inFile(file: string | undefined, { code, facts }: ImportRefusal): ImportRefusal {
  return file === undefined ? { code, facts } : { code, facts: { ...facts, file } };
}
