import { type SpawnOptions, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { PostgresRefusal } from './refusal.ts';

/** The operating system account the server runs as. `dropped`: we are root and the server must not be. */
export type Account = { name: string; uid: number; gid: number; dropped: boolean };

/** In this order: the account made for it, then the one every system has. */
const ACCOUNTS_FOR_ROOT = ['postgres', 'nobody'] as const;

/** Finds who may run the server, and says why not before initdb would. Throws `no-account`. */
export function accountsForServer(): Account[] {
  if (process.geteuid?.() === undefined)
    throw new PostgresRefusal('no-account', 'PostgreSQL is run here only on systems with Unix sockets.');
  if (process.geteuid() !== 0) return [ourselves()];
  const accounts = ACCOUNTS_FOR_ROOT.flatMap((name) => passwdEntry(name) ?? []).filter(canBecome);
  if (accounts.length > 0) return accounts;
  throw new PostgresRefusal(
    'no-account',
    'PostgreSQL refuses to run as root, and neither postgres nor nobody is an account here that root may become: add one, or start as an ordinary user.',
  );
}

/** The account name the kernel reports for this process at the socket: what peer authentication sees. */
export function ownAccountName(): string {
  return ourselves().name;
}

/** What a child needs so that it runs as the account and inherits nothing of our surroundings (PG*, LD_*, locale). */
export function asAccount(account: Account): Pick<SpawnOptions, 'uid' | 'gid' | 'cwd' | 'env'> {
  const env = { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' };
  return { cwd: '/', env, ...(account.dropped && { uid: account.uid, gid: account.gid }) };
}

function ourselves(): Account {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid, dropped: false };
  } catch {
    const uid = process.geteuid?.();
    throw new PostgresRefusal(
      'no-account',
      `The account ${uid} that runs this process has no passwd entry, and initdb needs one: add it, or start as another account.`,
    );
  }
}

function passwdEntry(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid && Number(uid) > 0 ? { name, uid: Number(uid), gid: Number(gid), dropped: true } : undefined;
}

/** A user namespace may not map the account at all, so it is tried rather than believed. */
function canBecome(account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', ':'], asAccount(account)).status === 0;
}
