import assert from 'node:assert/strict';
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Account } from './account.ts';
import { accountFor } from './cluster.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'tripoint-cluster-')));
chmodSync(place, 0o755);
after(() => rmSync(place, { recursive: true }));
const postgres: Account = { name: 'postgres', uid: 54_101, gid: 54_101, dropped: true };
const nobody: Account = { name: 'nobody', uid: 65_534, gid: 65_534, dropped: true };
const quiet = (): void => undefined;

test('new data goes to the first account that may have it', () => {
  const dataDir = join(place, 'new');
  assert.deepEqual(accountFor(dataDir, [postgres, nobody], quiet), { account: postgres, dataDir });
});

test('data made as nobody stays with nobody when an account of its own appears later', {
  skip: process.geteuid?.() !== 0,
}, () => {
  const dataDir = join(place, 'old');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'PG_VERSION'), '18\n');
  lchownSync(dataDir, nobody.uid, nobody.gid);
  assert.deepEqual(accountFor(dataDir, [postgres, nobody], quiet), { account: nobody, dataDir });
});
