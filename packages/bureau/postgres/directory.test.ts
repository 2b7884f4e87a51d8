import assert from 'node:assert/strict';
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertSocketLength, mayWalkTo, ownDirectory } from './directory.ts';
import { PostgresRefusal } from './index.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-dir-'));
after(() => rmSync(place, { recursive: true }));
const stranger = { name: 'stranger', uid: 54_321, gid: 54_321, dropped: true };
const unsafe = (error: unknown) => error instanceof PostgresRefusal && error.code === 'unsafe-directory';

test('a directory that was planted by another, or is open to others, is not used', () => {
  const open = join(place, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  assert.throws(() => ownDirectory(open, stranger), unsafe);
  symlinkSync(tmpdir(), join(place, 'link'));
  assert.throws(() => ownDirectory(join(place, 'link'), stranger), unsafe);
  if (process.geteuid?.() !== 0) return;
  const planted = join(place, 'planted');
  mkdirSync(planted, { mode: 0o755 });
  lchownSync(planted, stranger.uid, stranger.gid);
  assert.throws(() => ownDirectory(planted, stranger), unsafe);
});

test('one closed door on the way is enough to keep an account out', () => {
  const inner = join(place, 'inner');
  mkdirSync(inner, { mode: 0o755 });
  assert.equal(mayWalkTo(inner, stranger), false); // mkdtemp closes its directory to others
  chmodSync(place, 0o711);
  assert.equal(mayWalkTo(inner, stranger), true);
  chmodSync(inner, 0o700);
  assert.equal(mayWalkTo(inner, stranger), false);
});

test('a socket path may have as many bytes as the system allows and not one more', () => {
  const most = process.platform === 'darwin' ? 103 : 107;
  const fits = `/${'é'.repeat(10)}`.padEnd(most - '/.s.PGSQL.5432'.length - 10, 'x');
  assertSocketLength(fits);
  assert.throws(() => assertSocketLength(`${fits}x`), { code: 'path-too-long' });
});
