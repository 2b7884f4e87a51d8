/** However a coalition ends, no database server of it is left running. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { takePortBlock } from '../scenarios/fixtures/port-block.ts';
import { openConstellation } from './constellation.ts';
import { clusterOf } from './data-folder.ts';
import { placesFrom } from './nations.ts';

const FALLEN_MS_MAX = 10_000;
const skip = process.env.DATABASE_URL ? 'DATABASE_URL names a server that is not ours to stop' : false;

function temporaryFolder(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'tripoint-stopping-'));
  chmodSync(dataDir, 0o711); // PostgreSQL's own account must be able to walk to its data
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** Other runs on this machine open coalitions too. */
async function freePorts(t: TestContext): Promise<number> {
  const block = await takePortBlock();
  t.after(() => block.release());
  return block.firstPort;
}

const optionsFor = (dataDir: string, firstPort: number, processes: boolean, nations = ['KR', 'PH']) => ({
  dataDir,
  firstPort,
  processes,
  webRoot: null,
  nations,
  say: () => {},
});

/** Database servers that run on data in this folder. */
function serversIn(dataDir: string): string[] {
  const told = spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).stdout.split('\n');
  return told.filter((line) => line.includes(`-D ${dataDir}`));
}

/** Takes the officers' door of the second bureau, so that it cannot open. */
async function takenDoor(t: TestContext, firstPort: number): Promise<void> {
  const taken = createServer().listen(placesFrom(firstPort)[1]?.api, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
}

for (const processes of [false, true]) {
  const how = processes ? 'in processes of their own' : 'in one process';

  test(`when Manila’s door is taken, Seoul’s bureau and every server are stopped, ${how}`, { skip }, async (t) => {
    const dataDir = temporaryFolder(t);
    const firstPort = await freePorts(t);
    await takenDoor(t, firstPort);
    await assert.rejects(openConstellation(optionsFor(dataDir, firstPort, processes)), /EADDRINUSE|PH: .* ended/);
    assert.deepEqual(serversIn(dataDir), []);
    const seoul = createServer().listen(placesFrom(firstPort)[0]?.api, '127.0.0.1');
    await once(seoul, 'listening');
    seoul.close();
  });

  test(`an opening that is broken off leaves no server running, ${how}`, { skip }, async (t) => {
    const dataDir = temporaryFolder(t);
    const ending = new AbortController();
    const opening = openConstellation({
      ...optionsFor(dataDir, await freePorts(t), processes),
      signal: ending.signal,
    });
    opening.catch(() => {});
    while (!readdirSync(dataDir).some((name) => /^postgres.*\.half$/.test(name))) await sleep(5);
    ending.abort(new Error('the administrator thought better of it'));
    await assert.rejects(opening, /thought better of it/);
    assert.deepEqual(serversIn(dataDir), []);
  });
}

/** One bureau is enough where only its own server is asked about. */
const alone = ['KR'];

test('a bureau that was killed leaves no server behind once the coalition stops', { skip }, async (t) => {
  const dataDir = temporaryFolder(t);
  const coalition = await openConstellation(optionsFor(dataDir, await freePorts(t), true, alone));
  const seoul = coalition.child('KR');
  seoul?.kill('SIGKILL');
  if (seoul) await once(seoul, 'exit');
  assert.equal(serversIn(dataDir).length, 1, 'the server outlives its bureau');
  await coalition.stop();
  assert.deepEqual(serversIn(dataDir), []);
});

/** The server dies, and its data is gone when it shall come back. */
function takeDataAway(cluster: string): void {
  const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  renameSync(join(cluster, 'global'), join(cluster, 'global.away'));
  process.kill(pid, 'SIGKILL');
}

test('when the shared database cannot be brought back, whoever opened the coalition is told', { skip }, async (t) => {
  const dataDir = temporaryFolder(t);
  const lost = Promise.withResolvers<Error>();
  const coalition = await openConstellation({
    ...optionsFor(dataDir, await freePorts(t), false, alone),
    onLost: lost.resolve,
  });
  takeDataAway(join(dataDir, 'postgres'));
  assert.match((await lost.promise).message, /did not start/);
  await coalition.stop();
  assert.ok(existsSync(join(dataDir, 'layout.json')));
});

test('a bureau whose own database cannot be brought back ends with a code that says so', { skip }, async (t) => {
  const dataDir = temporaryFolder(t);
  const coalition = await openConstellation(optionsFor(dataDir, await freePorts(t), true, alone));
  const seoul = coalition.child('KR');
  assert.ok(seoul);
  const ended = once(seoul, 'exit', { signal: AbortSignal.timeout(FALLEN_MS_MAX * 2) });
  takeDataAway(join(dataDir, clusterOf('KR')));
  assert.deepEqual(await ended, [1, null]);
  await coalition.stop();
  assert.deepEqual(serversIn(dataDir), []);
});
