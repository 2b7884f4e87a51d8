import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findPostgres, type PostgresRefusal, startTestServer } from './index.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'tripoint-find-')));
chmodSync(place, 0o755);
after(() => rmSync(place, { recursive: true }));

/** A directory that answers `postgres --version` as a system of that version would. */
function systemOf(version: string): string {
  const directory = join(place, version);
  mkdirSync(directory, { mode: 0o755 });
  for (const name of ['postgres', 'initdb'])
    writeFileSync(join(directory, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version} (Invented 1)"\n`, {
      mode: 0o755,
    });
  return directory;
}

test('a system of major 15 is passed over, and the reason says so', async () => {
  const fifteen = systemOf('15.18');
  const found = await findPostgres({ PATH: fifteen });
  assert.ok(found.major >= 17);
  assert.ok(found.reason.includes(`${fifteen} is 15.18`), found.reason);
  assert.match(found.reason, /17 is the least/);
});

test('a system of major 17 or later is preferred to the npm package', async () => {
  const seventeen = systemOf('17.2');
  const found = await findPostgres({ PATH: `relative:${systemOf('16.9')}:${seventeen}` });
  assert.deepEqual([found.origin, found.major, found.version, found.binDir], ['system', 17, '17.2', seventeen]);
});

test('a DATABASE_URL that does not answer is refused, never replaced by an empty database, and its password stays unsaid', async () => {
  const url = 'postgres://kr:canary-secret@127.0.0.1:1/kr';
  await assert.rejects(findPostgres({ PATH: '', DATABASE_URL: url }), (error: PostgresRefusal) => {
    assert.equal(error.code, 'unreachable');
    assert.doesNotMatch(error.message, /canary-secret/);
    return true;
  });
});

test('a DATABASE_URL of a usable server is taken, and nothing is started for it', async () => {
  const server = await startTestServer();
  const url = `postgres:///postgres?host=${server.socketDir}&user=${server.ownerRole}`;
  const found = await findPostgres({ PATH: '', DATABASE_URL: url });
  assert.deepEqual([found.origin, found.version, found.binDir], ['url', server.version, undefined]);
  assert.equal(found.reason.includes(server.socketDir as string), false);
});
