import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { type Account, accountsForServer } from './account.ts';
import { layLinks, packageRoot, readyPackage, versionOf } from './binaries.ts';
import { type PostgresRefusal, startServer } from './index.ts';

const root = packageRoot();
const account = accountsForServer()[0] as Account;
const skip = root === undefined && 'npm installed no PostgreSQL package for this platform';
const place = mkdtempSync(join(tmpdir(), 'tripoint-bin-'));
chmodSync(place, 0o755);
after(() => rmSync(place, { recursive: true }));

/** The package as npm unpacks it when its install script is not run, in a checkout only its owner can enter. */
function privateCheckout(): string {
  const checkout = join(place, 'private');
  cpSync(root as string, join(checkout, 'package'), { recursive: true, filter: (from) => !from.endsWith('.a') });
  const lib = join(checkout, 'package', 'native', 'lib');
  for (const name of readdirSync(lib)) if (lstatSync(join(lib, name)).isSymbolicLink()) unlinkSync(join(lib, name));
  chmodSync(checkout, 0o700);
  return join(checkout, 'package');
}

test('the library links are laid by ourselves, and laying them again changes nothing', { skip }, async () => {
  const checkout = privateCheckout();
  const ourselves = { ...account, dropped: false };
  assert.equal(versionOf(join(checkout, 'native', 'bin'), ourselves), undefined); // as npm leaves it, it does not run
  assert.ok(layLinks(checkout));
  const before = readdirSync(join(checkout, 'native', 'lib'));
  assert.ok(layLinks(checkout));
  assert.deepEqual(readdirSync(join(checkout, 'native', 'lib')), before);
  assert.match(versionOf(join(checkout, 'native', 'bin'), ourselves) ?? '', /^18\./);
});

test('binaries in a checkout the account cannot enter are copied to a place of ours, and a server starts from there', {
  skip: skip || (!account.dropped && 'only root has to drop to another account'),
}, async () => {
  const cacheBase = join(place, 'cache');
  mkdirSync(cacheBase, { mode: 0o755 });
  const bins = await Promise.all(
    [1, 2].map(() => readyPackage(join(place, 'private', 'package'), account, [cacheBase])),
  );
  const [binDir] = bins as [string];
  assert.equal(bins[1], binDir);
  assert.match(binDir, /postgres-18\.4\.0-beta\.17-[0-9a-f]{16}\/native\/bin$/);
  const { uid, mode } = statSync(dirname(dirname(binDir)));
  assert.deepEqual([uid, mode & 0o022], [process.geteuid?.(), 0]);
  const version = versionOf(binDir, account) as string;
  const found = { origin: 'package', major: 18, version, binDir, reason: '' } as const;
  const server = await startServer({ dataDir: join(place, 'data'), label: 'la', log: () => undefined, found });
  assert.equal(server.version, '18.4');
  await server.stop();
  chmodSync(dirname(dirname(binDir)), 0o777); // somebody may have put a file in
  await assert.rejects(
    readyPackage(join(place, 'private', 'package'), account, [cacheBase]),
    (error: PostgresRefusal) => error.code === 'unsafe-directory',
  );
});
