/** Files that nobody should be able to hurt a bureau with, made here and never kept. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';

export interface BadFile {
  /** Path under the folder; a folder when it has no dot. */
  name: string;
  /** What the officer reads. */
  words: RegExp;
}

const BOMB_BYTES = 64 * 1024 * 1024;
const HUGE_BYTES = 1024 ** 3;
const EMPTY = '-0- ';
/** One good row of a list, as far as its name. */
const row = (name: string) => `101,${name},individual,SDNTK,${EMPTY.concat(',').repeat(7)}${EMPTY}\n`;

/** Writes all of them; none takes more than a few hundred kilobytes of disk. */
export function makeBadFiles(folder: string): BadFile[] {
  const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  const zeros = Buffer.alloc(BOMB_BYTES);
  const gzip = gzipSync(zeros);
  const bad: BadFile[] = [];
  const add = (name: string, content: string | Uint8Array, words: RegExp) => {
    put(name, content);
    bad.push({ name, words });
  };
  add(
    'unclosed.csv',
    '101,"LANTERN, Mora,individual\n102,x\n',
    /row 1, line 1: a quotation mark opens here and is never/,
  );
  add('columns.csv', '101,LANTERN,individual\n', /this row has 3 columns where 12 are expected/);
  add('nameless.csv', row('LANTERN').replace('101', 'Mora'), /the first column of this row should be the identifier/);
  add('endless.csv', row('x'.repeat(200_000)), /a field is longer than 100000 characters/);
  add('truncated.json', '{"type":"bundle","objects":[{"type":"identity","na', /column \d+: the JSON ends too early/);
  add('deep.json', '['.repeat(1_000_000), /nested deeper than 32 levels/);
  add('deep-objects.json', '{"objects":'.repeat(100_000), /nested deeper than 32 levels/);
  add('twice.json', '{"type":"bundle","type":"bundle"}', /the same key \("type"\) stands twice/);
  add('foreign.json', '{"hello":"world"}', /neither a STIX 2.1 bundle nor a MISP event/);
  add('empty-bundle.json', '{"type":"bundle","objects":[]}', /nothing stands in it that a report could say/);
  add('empty.csv', '', /empty.csv: the file is empty/);
  add('empty.json', '', /empty.json: the file is empty/);
  add('blank.txt', ' \n\n', /the file is empty/);
  add('gzip-bomb.csv', gzip, /packed archive \(gzip\).*unpack it first/);
  add('gzip-bomb.json', gzip, /packed archive \(gzip\)/);
  add('zip-bomb.csv', zipOf('sdn.csv', zeros), /packed archive \(zip\)/);
  add('noise.txt', randomBytes(4_096), /not a text file|not UTF-8/);
  add('picture.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), /not a text file/);
  add('utf16.csv', Buffer.from('\ufeff101,LANTERN', 'utf16le'), /not UTF-8; save it again as UTF-8/);
  put('huge.csv', '');
  truncateSync(join(folder, 'huge.csv'), HUGE_BYTES);
  bad.push({ name: 'huge.csv', words: /too large: 1024 MiB, at most 256 MiB are read; cut it into parts/ });
  mkdirSync(join(folder, 'half-a-list'));
  put('half-a-list/sdn.csv', row('LANTERN'));
  copyFileSync(join(folder, 'gzip-bomb.csv'), join(folder, 'half-a-list', 'alt.csv'));
  bad.push({ name: 'half-a-list', words: /alt.csv: this is a packed archive/ });
  return bad;
}

/** A zip archive of one file (PKWARE APPNOTE 4.3): local header, data, directory, end. */
function zipOf(name: string, content: Uint8Array): Uint8Array {
  const data = deflateRawSync(content);
  const header = (signature: string, more: number) => {
    const bytes = Buffer.alloc(more + name.length);
    bytes.write(signature, 'latin1');
    bytes.write(name, more, 'latin1');
    return bytes;
  };
  const local = header('PK\u0003\u0004', 30);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const directory = header('PK\u0001\u0002', 46);
  directory.writeUInt16LE(8, 10);
  directory.writeUInt32LE(data.length, 20);
  directory.writeUInt32LE(content.length, 24);
  directory.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length + data.length, 16);
  return Buffer.concat([local, data, directory, end]);
}
