import { createHash } from 'node:crypto';
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { PostgresRefusal } from './refusal.ts';

/** sockaddr_un.sun_path without its closing zero: 108 on Linux, 104 on macOS. */
const SOCKET_PATH_BYTES_MAX = process.platform === 'darwin' ? 103 : 107;
/** There is no TCP port; the number only names the socket file. */
export const SOCKET_PORT = 5432;
const WRITABLE_BY_OTHERS = 0o022;
const OURS_AND_PASSABLE = 0o711; // the account passes through by name and cannot list
const OURS_ALONE = 0o700;

/** True when the account may walk through every directory up to and including `path`. */
export function mayWalkTo(path: string, account: Account): boolean {
  if (!account.dropped) return true; // our own process would have failed already
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Makes `path` if needed and refuses it when another account owns it or may write in it, so nobody can plant a file. */
export function ownDirectory(path: string, account: Account): string {
  const mode = account.dropped ? OURS_AND_PASSABLE : OURS_ALONE;
  try {
    mkdirSync(path, { mode });
    chmodSync(path, mode); // the umask may have taken the passing bit
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & WRITABLE_BY_OTHERS) !== 0)
    throw new PostgresRefusal(
      'unsafe-directory',
      `${path} is not a directory of our own that only we may write in: remove it and start again.`,
    );
  return path;
}

/** The first of `bases` where a directory of our own can be made that the account can walk to. */
export function ownDirectoryIn(bases: readonly (string | undefined)[], account: Account): string {
  let lastError: unknown;
  for (const base of bases) {
    if (!base) continue;
    try {
      const path = ownDirectory(join(base, `tripoint-${process.geteuid?.()}`), account);
      if (mayWalkTo(path, account)) return realpathSync(path);
    } catch (error) {
      lastError = error;
    }
  }
  if (lastError instanceof PostgresRefusal) throw lastError;
  throw new PostgresRefusal(
    'unreachable',
    `No directory was found among ${bases.filter(Boolean).join(', ')} that the account ${account.name} can walk to.`,
  );
}

/** Short and outside the checkout: sockets have 107 bytes for their whole path. */
function runtimeBases(account: Account): (string | undefined)[] {
  return [account.dropped ? '/run' : process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'];
}

export type RuntimeDir = { path: string; socketDir: string };

/**
 * The directory for the socket and the access rules of one data directory. The socket's own directory belongs to the
 * account; the one above, with the access rules, stays ours. Throws `path-too-long`.
 */
export function runtimeDirFor(dataDir: string, account: Account, wanted?: string): RuntimeDir {
  if (wanted) mkdirSync(wanted, { recursive: true, mode: 0o755 });
  const base = wanted ? ownDirectoryIn([wanted], account) : ownDirectoryIn(runtimeBases(account), account);
  const path = join(base, createHash('sha256').update(dataDir).digest('hex').slice(0, 10));
  const socketDir = join(path, 's');
  assertSocketLength(socketDir);
  ownDirectory(path, account);
  mkdirSync(socketDir, { mode: OURS_ALONE, recursive: true });
  if (account.dropped) lchownSync(socketDir, account.uid, account.gid);
  return { path, socketDir };
}

/** Takes the directory away again once the server has left it; what is not empty stays. */
export function leaveRuntimeDir({ path, socketDir }: RuntimeDir): void {
  try {
    rmdirSync(socketDir);
    for (const name of readdirSync(path)) unlinkSync(join(path, name));
    rmdirSync(path);
  } catch {
    // A neighbour is already starting there again, or the system swept it: either way there is nothing to do.
  }
}

export function assertSocketLength(socketDir: string): void {
  const lengthBytes = Buffer.byteLength(join(socketDir, `.s.PGSQL.${SOCKET_PORT}`));
  if (lengthBytes <= SOCKET_PATH_BYTES_MAX) return;
  throw new PostgresRefusal(
    'path-too-long',
    `The socket in ${socketDir} would have a path of ${lengthBytes} bytes and the system allows ${SOCKET_PATH_BYTES_MAX}: choose a shorter runtime directory.`,
  );
}
