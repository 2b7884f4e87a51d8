import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isPostmasterOf } from './postmaster.ts';
import { PostgresRefusal } from './refusal.ts';
import { stopLeftServer } from './stop-left.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-left-'));
chmodSync(place, 0o755); // so that the server's account can walk to it
after(() => rmSync(place, { recursive: true, force: true }));

test('the server of a bureau that was killed is stopped, and one that is looked after is not', async () => {
  const dataDir = join(place, 'la');
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/look-after-server.ts'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(keeper.stdout, 'data');
  const { pid } = JSON.parse(String(line)) as { pid: number };
  await assert.rejects(
    stopLeftServer(dataDir, 0),
    (error) => error instanceof PostgresRefusal && error.code === 'already-held',
  );
  assert.ok(isPostmasterOf(pid, dataDir));
  keeper.kill('SIGKILL');
  await once(keeper, 'exit');
  assert.ok(isPostmasterOf(pid, dataDir), 'it outlives its keeper');
  await stopLeftServer(dataDir);
  assert.ok(!isPostmasterOf(pid, dataDir));
  await stopLeftServer(dataDir);
});
