/** `npm start` as a person meets it: a refusal is one sentence, and a stop in the middle of the start leaves nothing. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const launch = join(import.meta.dirname, '..', '..', '..', 'launch.mjs');
const skip = process.env.DATABASE_URL ? 'DATABASE_URL names a server that is not ours to stop' : false;

function startedInOwn(t: TestContext, files: readonly string[], flags: readonly string[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tripoint-start-'));
  chmodSync(dataDir, 0o711); // PostgreSQL's own account must be able to walk to its data
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  for (const name of files) writeFileSync(join(dataDir, name), 'dear');
  return started(dataDir, flags);
}

function started(dataDir: string, flags: readonly string[]) {
  const child = spawn(process.execPath, [launch, 'start', '--no-story', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TRIPOINT_DATA: dataDir, TRIPOINT_PORT: '8380' },
  });
  const said: string[] = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  return { dataDir, child, said, ended: once(child, 'close') };
}

test('a data folder that cannot be made ends the start at once, in one sentence', async () => {
  const { said, ended } = started('/proc/nowhere', []);
  assert.equal((await ended)[0], 1);
  assert.match(said.join(''), /^tripoint: no folder can be made at \/proc\/nowhere \(.*\); .*\.$/m);
  assert.equal(said.join('').match(/^tripoint: /gm)?.length, 1, said.join(''));
});

test('--fresh in an officer’s own folder is refused in one sentence and deletes nothing', async (t) => {
  const { dataDir, said, ended } = startedInOwn(t, ['letter.txt'], ['--fresh']);
  assert.equal((await ended)[0], 1);
  assert.equal(said.join('').match(/^tripoint: .*\.$/gm)?.length, 1, said.join(''));
  assert.deepEqual(readdirSync(dataDir), ['letter.txt']);
});

test('a word that npm start does not know is refused in one sentence', async (t) => {
  const { dataDir, said, ended } = startedInOwn(t, [], ['--frehs']);
  assert.equal((await ended)[0], 2);
  assert.match(said.join(''), /^tripoint: npm start takes --fresh[^\n]*\n$/);
  assert.deepEqual(readdirSync(dataDir), []);
});

test('a terminal that is closed while the coalition starts leaves no server running', { skip }, async (t) => {
  const { dataDir, child, ended } = startedInOwn(t, [], []);
  while (!readdirSync(dataDir).some((name) => /^postgres\.(half|log)$/.test(name))) await sleep(5);
  child.kill('SIGHUP');
  assert.equal((await ended)[0], 0);
  const running = spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).stdout;
  assert.ok(!running.includes(`-D ${dataDir}`));
});
