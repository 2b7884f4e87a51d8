/** Three bureaus in processes of their own, each with its own database: no file of one holds a word of another. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { type Allowance, allowanceFor, allowances } from './fixtures/places.ts';
import { Search } from './fixtures/secrets.ts';
import { plantWorld } from './fixtures/world.ts';

const world = await plantWorld({ nations: ['KR', 'PH', 'TH'], processes: true });
after(() => world[Symbol.asyncDispose]());
const { dataDir } = world.coalition;

test('no file of Seoul, Manila or Bangkok holds a word that is not its own', async (t) => {
  await world.coalition.stop();
  const search = new Search(world.secrets);
  const used = new Set<Allowance>();
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataDir, join(entry.parentPath, entry.name)));
  for (const expected of [
    /^kr\/config\.json$/,
    /^postgres-ph\/base\/\d+\/\d+$/,
    /^postgres-th\/pg_wal\/\w{24}$/,
    /^th\/bureau\.log$/,
  ])
    assert.ok(
      files.some((name) => expected.test(name)),
      `${expected} is there`,
    );
  const leaks = files.flatMap((name) =>
    search.in(readFileSync(join(dataDir, name))).flatMap((sighting) => {
      const allowance = allowanceFor(world, `file ${name}`, sighting);
      if (allowance) used.add(allowance);
      return allowance ? [] : [`${sighting.secret.name} (${sighting.form}) in ${name}`];
    }),
  );
  assert.deepEqual(leaks.slice(0, 20), []);
  for (const allowance of allowances.filter(({ apart }) => apart)) assert.ok(used.has(allowance), allowance.because);
  t.diagnostic(
    `${files.length} files, ${Math.round(search.searchedBytes / 1024 / 1024)} MiB, ${search.needles} forms of ${world.secrets.length} words`,
  );
});
