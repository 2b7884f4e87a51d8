/** A file only its owner may read, written so that a crash leaves the old one or the new one, never half of one. */
import { constants } from 'node:fs';
import * as nodeDisk from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeyringRefused } from './keyring-refused.ts';

/** What this file does to a disk; tests give one that dies between two steps. */
export type Disk = Pick<typeof nodeDisk, 'open' | 'rename' | 'link' | 'unlink' | 'mkdir' | 'stat' | 'readdir'>;

/** Sealed files are a few kilobytes; anything larger is not one. */
const FILE_BYTES_MAX = 1024 * 1024;
const OTHERS_MAY_READ = 0o077;
const OTHERS_MAY_WRITE = 0o022;

/** Writes a file that does not exist yet; throws `exists` when it does, also when two do it at once. */
export async function writeNewPrivateFile(path: string, bytes: Uint8Array, disk: Disk = nodeDisk): Promise<void> {
  const next = await writeBeside(path, bytes, disk);
  try {
    await disk.link(next, path);
  } catch (error) {
    // ENOENT: another process was first and has cleared our file away
    throw ['EEXIST', 'ENOENT'].includes(codeOf(error) ?? '') ? new KeyringRefused('exists') : error;
  }
  await clearLeftovers(path, disk);
  await syncFolder(dirname(path), disk);
}

/** Puts new contents in the place of the old ones in one step. */
export async function replacePrivateFile(path: string, bytes: Uint8Array, disk: Disk = nodeDisk): Promise<void> {
  await disk.rename(await writeBeside(path, bytes, disk), path);
  await clearLeftovers(path, disk);
  await syncFolder(dirname(path), disk);
}

/** Reads it; throws `missing`, or `permissions` when others than the owner could have read or replaced it. */
export async function readPrivateFile(path: string, disk: Disk = nodeDisk): Promise<Uint8Array> {
  if (((await statOrMissing(dirname(path), disk)).mode & OTHERS_MAY_WRITE) !== 0)
    throw new KeyringRefused('permissions');
  const file = await openOrMissing(path, disk);
  try {
    const { mode, size } = await file.stat();
    if ((mode & OTHERS_MAY_READ) !== 0) throw new KeyringRefused('permissions');
    if (size > FILE_BYTES_MAX) throw new KeyringRefused('damaged');
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

let writings = 0;

/** A name of its own for every writing, so that two at once never mix their bytes. */
async function writeBeside(path: string, bytes: Uint8Array, disk: Disk): Promise<string> {
  await disk.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  writings += 1;
  const next = join(dirname(path), `${leftoverStart(path)}${process.pid}-${writings}`);
  const file = await disk.open(next, 'wx', 0o600);
  try {
    await file.chmod(0o600); // whatever the umask of the process is
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return next;
}

const leftoverStart = (path: string): string => `.${basename(path)}.next-`;

/** What crashes left behind, and the second name of the file just linked. */
async function clearLeftovers(path: string, disk: Disk): Promise<void> {
  const names = await disk.readdir(dirname(path));
  for (const name of names.filter((each) => each.startsWith(leftoverStart(path)))) {
    await disk.unlink(join(dirname(path), name)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
}

async function syncFolder(folder: string, disk: Disk): Promise<void> {
  const handle = await disk.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function statOrMissing(path: string, disk: Disk) {
  return await disk.stat(path).catch(refuseMissing);
}

/** A link at this place could lead anywhere, so it is not followed. */
async function openOrMissing(path: string, disk: Disk) {
  return await disk.open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(refuseMissing);
}

function refuseMissing(error: unknown): never {
  if (codeOf(error) === 'ENOENT') throw new KeyringRefused('missing');
  throw error;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;
