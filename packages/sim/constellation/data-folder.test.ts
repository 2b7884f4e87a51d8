/** A folder that is not ours keeps every file, and no two coalitions are ever in one folder. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { clearFolder, keepLayout, takeFolder } from './data-folder.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-folder-'));
after(() => rmSync(place, { recursive: true }));

const folder = (name: string, files: Record<string, string> = {}) => {
  const dataDir = join(place, name);
  mkdirSync(dataDir);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dataDir, file, '..'), { recursive: true });
    writeFileSync(join(dataDir, file), text);
  }
  return dataDir;
};

test('an officer’s home folder is refused in one sentence and nothing in it is touched', () => {
  const home = folder('home', { 'letters/first.txt': 'dear', 'la/song.txt': 'la la' });
  assert.throws(() => takeFolder(home), /^Error: .*no coalition's, so nothing in it was touched; .*\.$/);
  assert.deepEqual(readdirSync(home).sort(), ['la', 'letters']);
});

test('a place where no folder can be is refused in one sentence and at once', () => {
  for (const nowhere of [
    '/proc/nowhere',
    '/proc/nowhere/at/all',
    join(folder('letters', { 'a.txt': 'dear' }), 'a.txt'),
  ])
    assert.throws(() => takeFolder(nowhere), /^Error: no folder can be made at .*; set TRIPOINT_DATA to .*\.$/);
});

test('a folder is made with those above it, passable and no more', () => {
  const dataDir = join(place, 'one', 'two', 'three');
  takeFolder(dataDir).release();
  assert.equal(statSync(dataDir).mode & 0o777, 0o711 & ~process.umask());
});

test('a fresh beginning deletes what a coalition made and nothing else', async () => {
  const dataDir = folder('used', {
    'demo-secrets.json': '{}',
    'constellation.json': '{}',
    'ports.json': '{}',
    'kr/founding.cbor': 'x',
    'th/bureau.log': 'x',
    'notes.txt': 'kept',
  });
  const held = takeFolder(dataDir);
  await clearFolder(dataDir);
  held.release();
  assert.deepEqual(readdirSync(dataDir).sort(), ['constellation.lock', 'notes.txt']);
  assert.equal(readFileSync(join(dataDir, 'notes.txt'), 'utf8'), 'kept');
});

test('a folder with a coalition in it is refused to a second, and free again when the first ends', () => {
  const dataDir = join(place, 'new');
  const held = takeFolder(dataDir);
  assert.equal(statSync(join(dataDir, 'constellation.lock')).mode & 0o777, 0o600);
  assert.throws(() => takeFolder(dataDir), /already running on .*; stop it first/);
  held.release();
  takeFolder(dataDir).release();
});

test('a folder begun in one process is refused with --processes, and the other way about', () => {
  for (const processes of [false, true]) {
    const dataDir = folder(`layout-${processes}`);
    keepLayout(dataDir, processes);
    keepLayout(dataDir, processes);
    assert.throws(
      () => keepLayout(dataDir, !processes),
      new RegExp(`was begun ${processes ? 'with' : 'without'} --processes; .* or begin anew with --fresh`),
    );
  }
});

test('a folder of before layouts were written down is told by its clusters', () => {
  const together = folder('old-together', { 'postgres/PG_VERSION': '18' });
  assert.throws(() => keepLayout(together, true), /begun without --processes/);
  const apart = folder('old-apart', { 'postgres-kr/PG_VERSION': '18' });
  assert.throws(() => keepLayout(apart, false), /begun with --processes/);
  assert.ok(!existsSync(join(apart, 'layout.json')));
});
