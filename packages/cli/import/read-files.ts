/** Files from disk as checked text: size before reading, first bytes before the rest, hash on the way. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  decodeText,
  fileSizeBytesMax,
  ImportRefused,
  refuseUnlessText,
  wordImportRefusal,
} from '@tripoint/model/interop';
import { CommandEnded } from '../exit-codes.ts';

export type TextFile = { name: string; chunks: string[]; sha256: string; sizeBytes: number };

/** The file, or undefined when there is none of this name. Ends as refused when it is no text we read. */
export async function readTextFile(path: string): Promise<TextFile | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new CommandEnded('failed', `${basename(path)} cannot be read (${error.code})`);
  });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new CommandEnded('usage', `${basename(path)} is not a file`);
  return refusedInWords(basename(path), () => readChecked(path, found.size));
}

/** Is there a folder at this path? */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A folder's file of the list, by its usual name in lower or upper case. */
export async function readListFile(folder: string, name: string): Promise<TextFile | undefined> {
  return (await readTextFile(join(folder, name))) ?? (await readTextFile(join(folder, name.toUpperCase())));
}

async function readChecked(path: string, sizeBytes: number): Promise<TextFile> {
  if (sizeBytes > fileSizeBytesMax)
    throw new ImportRefused('file-too-large', { found: sizeBytes, maximum: fileSizeBytesMax });
  const pieces: Uint8Array[] = [];
  const hash = createHash('sha256');
  let readBytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    if (readBytes === 0) refuseUnlessText(piece.subarray(0, 512));
    readBytes += piece.length;
    // The file may have grown since it was measured.
    if (readBytes > fileSizeBytesMax)
      throw new ImportRefused('file-too-large', { found: readBytes, maximum: fileSizeBytesMax });
    hash.update(piece);
    pieces.push(piece);
  }
  return { name: basename(path), chunks: [...decodeText(pieces)], sha256: hash.digest('hex'), sizeBytes: readBytes };
}

async function refusedInWords<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    const { code, facts } = error.refusal;
    throw new CommandEnded('refused', wordImportRefusal({ code, facts: { ...facts, file } }));
  }
}
