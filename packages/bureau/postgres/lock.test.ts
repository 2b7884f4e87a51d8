import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Held, tryHold } from './lock.ts';

const place = mkdtempSync(join(tmpdir(), 'tripoint-lock-'));
after(() => rmSync(place, { recursive: true }));

test('one officer holds alone or many hold together, never both', () => {
  const path = join(place, 'desk.lock');
  const together = [tryHold(path, 'together'), tryHold(path, 'together')] as Held[];
  assert.ok(together.every(Boolean));
  assert.equal(tryHold(path, 'alone'), undefined);
  for (const held of together) held.release();
  const alone = tryHold(path, 'alone') as Held;
  assert.equal(tryHold(path, 'together'), undefined);
  assert.equal(tryHold(path, 'alone'), undefined);
  alone.release();
  tryHold(path, 'alone')?.release();
});

test('a lock file is nobody else’s to read', () => {
  const path = join(place, 'private.lock');
  tryHold(path, 'alone')?.release();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('the lock of a bureau that was killed is free at once', async () => {
  const path = join(place, 'killed.lock');
  const program = `import { tryHold } from ${JSON.stringify(import.meta.resolve('./lock.ts'))};
    globalThis.held = tryHold(${JSON.stringify(path)}, 'alone'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  assert.equal(tryHold(path, 'alone'), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const held = tryHold(path, 'alone');
  assert.ok(held);
  held.release();
});
