import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Bureau, type Coalition, coalition, DAY_MS, DAY_SEC, daySec, random } from './tests/coalition.ts';
import { unwrapSeed, wrapSeed } from './wrap-seed.ts';

let founders: Coalition;
before(async () => {
  founders = await coalition();
});
after(() => founders.close());

type Row = { kid: Uint8Array; day: number; wrapped_seed: Uint8Array | null };

const rowsOf = async ({ store }: Bureau): Promise<readonly Row[]> => {
  const { rows } = await store.transact((tx) =>
    sql<Row>`SELECT kid, day, wrapped_seed FROM kem_epoch ORDER BY day`.execute(tx.db),
  );
  return rows;
};
const today = daySec / DAY_SEC;

test('each day has one key, made three days ahead, whoever asks and however often', async () => {
  const korea = await founders.bureau('KR');
  const first = await rowsOf(korea);
  assert.deepEqual(
    first.map(({ day }) => day),
    [0, 1, 2, 3].map((ahead) => today + ahead),
  );
  const others = await Promise.all([korea.again(), korea.again()]);
  korea.clock.at += 2 * DAY_MS;
  const done = await Promise.all([korea.keys, ...others].map((keys) => keys.maintain()));
  const later = await rowsOf(korea);
  assert.deepEqual(
    later.map(({ day }) => day),
    [0, 1, 2, 3, 4, 5].map((ahead) => today + ahead),
  );
  assert.deepEqual(later.slice(0, 4), first);
  assert.equal(
    done.reduce((total, { published }) => total + published, 0),
    2,
  );
  for (const { kid } of later) {
    for (const keys of others) await keys.load();
    assert.deepEqual(
      others.map((keys) => (keys.epochs.kemKey(kid) as { kid: Uint8Array }).kid),
      [Uint8Array.from(kid), Uint8Array.from(kid)],
    );
  }
});

test('a key opens for fourteen days after its day, to the second, and never again', async () => {
  const korea = await founders.bureau('KR');
  const other = await korea.again();
  const [first] = await rowsOf(korea);
  assert.ok(first !== undefined);
  const destroyAtMs = (first.day + 15) * DAY_MS;
  korea.clock.at = destroyAtMs - 1_000;
  assert.equal((await korea.keys.maintain()).destroyed, 0);
  assert.notEqual(korea.keys.epochs.kemKey(first.kid), 'destroyed');
  korea.clock.at = destroyAtMs;
  // Before anybody has cleaned up, and in a process that still has the key in memory:
  assert.equal(korea.keys.epochs.kemKey(first.kid), 'destroyed');
  assert.equal(other.epochs.kemKey(first.kid), 'destroyed');
  assert.equal((await korea.keys.maintain()).destroyed, 1);
  assert.equal((await rowsOf(korea))[0]?.wrapped_seed, null);
  // A clock that goes back, or another maintenance, brings nothing back.
  korea.clock.at -= 20 * DAY_MS;
  await korea.keys.maintain();
  assert.equal((await rowsOf(korea)).find(({ day }) => day === first.day)?.wrapped_seed, null);
  assert.equal(korea.keys.epochs.kemKey(first.kid), 'destroyed');
  assert.equal((await korea.again()).epochs.kemKey(first.kid), 'destroyed');
});

test('a destroyed key that an old backup brings back stays closed and is destroyed again', async () => {
  const korea = await founders.bureau('KR');
  const [first] = await rowsOf(korea);
  assert.ok(first !== undefined);
  korea.clock.at = (first.day + 16) * DAY_MS;
  await korea.keys.maintain();
  await korea.store.transact((tx) =>
    sql`UPDATE kem_epoch SET wrapped_seed = ${first.wrapped_seed} WHERE day = ${first.day}`.execute(tx.db),
  );
  const restored = await korea.again();
  assert.equal(restored.epochs.kemKey(first.kid), 'destroyed');
  assert.equal((await restored.maintain()).destroyed, 1);
});

test('a key that was never ours is not known, one of the far past neither', async () => {
  const korea = await founders.bureau('KR');
  assert.equal(korea.keys.epochs.kemKey(random(16)), null);
  const [first] = await rowsOf(korea);
  korea.clock.at += 200 * DAY_MS;
  assert.equal((await korea.again()).epochs.kemKey(first?.kid ?? random(16)), null);
});

test('a seed opens only in its own row and under its own keyring', async () => {
  const [kek, seed, kid] = [random(32), random(32), random(16)];
  const wrapped = wrapSeed(kek, seed, kid, 7, random);
  assert.deepEqual(unwrapSeed(kek, wrapped, kid, 7), seed);
  assert.throws(() => unwrapSeed(kek, wrapped, kid, 8));
  assert.throws(() => unwrapSeed(kek, wrapped, random(16), 7));
  assert.throws(() => unwrapSeed(random(32), wrapped, kid, 7));
});

test('the seeds of two days changed over in the table stop the start', async () => {
  const korea = await founders.bureau('KR');
  await korea.store.transact((tx) =>
    sql`UPDATE kem_epoch SET wrapped_seed = other.wrapped_seed FROM kem_epoch AS other
      WHERE kem_epoch.day = ${today} AND other.day = ${today + 1}`.execute(tx.db),
  );
  await assert.rejects(korea.again());
});
