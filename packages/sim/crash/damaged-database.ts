/**
 * A bureau's database with one bit turned over or a file cut short: the server refuses to start, refuses to read, or
 * answers the very same. Everything a bureau keeps is read, by its tables and by its indexes.
 */
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Found, findPostgres, startServer } from '@tripoint/bureau/postgres';
import { clusterOf } from '../constellation/data-folder.ts';
import { databaseName } from '../constellation/running.ts';
import { type Database, openDatabase } from '../scenarios/fixtures/database.ts';
import { cutOff, oneBit } from './flip.ts';
import { fileOne, type Ledger, randomFrom } from './ledger.ts';
import { run } from './loop-disk.ts';
import type { Outcome } from './outcome.ts';
import { openPlace, temporaryFolder } from './place.ts';
import { BureauProcesses } from './process-tree.ts';
import { outboxesEmpty } from './reckoning.ts';

const VICTIM = 'KR';
const REPORTS = 30;
const EMPTY_WITHIN_MS = 90_000;
/** One cut in so many is no flip. */
const CUT_EVERY = 10;
/** A broken page must not keep a question turning for ever. */
const QUESTION_MS_MAX = 20_000;

interface FileClass {
  name: string;
  /** The cluster it is damaged in: stopped in good order, or killed with work in its log. */
  cluster: string;
  /** Files below the cluster, and the bytes of each that mean something. */
  files: readonly { path: string; from: number; to: number }[];
}

/** `flips`: damages for each class. */
export async function damagedDatabase({ flips, seed }: { flips: number; seed: number }): Promise<Outcome> {
  const folder = temporaryFolder();
  try {
    const random = randomFrom(seed);
    const found = await findPostgres();
    const clusters = { killed: join(folder, 'killed'), stopped: join(folder, 'stopped') };
    await makeClusters(clusters, random);
    const work = join(folder, 'work');
    const sound = {
      [clusters.stopped]: await reading(clusters.stopped, work, found),
      [clusters.killed]: await reading(clusters.killed, work, found),
    };
    const outcome: Outcome = { figures: {}, wrong: [] };
    for (const kind of await classesOf(clusters, work, found))
      await damageOften(kind, flips, work, found, sound[kind.cluster] as string, random, outcome);
    return outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One bureau's cluster twice: as a kill left it, and as it stopped in good order afterwards. */
async function makeClusters(to: { killed: string; stopped: string }, random: () => number): Promise<void> {
  await using place = await openPlace([VICTIM, 'PH']);
  const { constellation, dataDir } = place;
  const ledger: Ledger = { acknowledged: [], repeats: 0 };
  const [own, other] = [place.card(VICTIM), place.card('PH')];
  for (let i = 0; i < REPORTS; i += 1) {
    const [from, recipient] = i % 2 === 0 ? [own, 'PH'] : [other, VICTIM];
    await fileOne(from, [recipient], 1 + (i % 3) * 20, random, ledger);
  }
  await outboxesEmpty(constellation.cards, EMPTY_WITHIN_MS);
  const cluster = join(dataDir, clusterOf(VICTIM));
  new BureauProcesses().kill(constellation.child(VICTIM)?.pid as number, 'both');
  run('cp', '-a', cluster, to.killed);
  await constellation.restart(VICTIM);
  await constellation.stop();
  run('cp', '-a', cluster, to.stopped);
}

async function classesOf(
  { stopped, killed }: { stopped: string; killed: string },
  work: string,
  found: Found,
): Promise<FileClass[]> {
  const { own, xids } = await opened(stopped, work, found, async (database) => ({
    own: new Set((await database.rows(OWN_FILES)).map(({ path }) => path as string)),
    xids: Number((await database.rows('SELECT pg_snapshot_xmax(pg_current_snapshot()) AS xmax'))[0]?.xmax),
  }));
  const all = (under: string) =>
    readdirSync(join(stopped, under), { recursive: true, encoding: 'utf8' })
      .map((name) => join(under, name))
      .filter((path) => statSync(join(stopped, path)).isFile());
  const whole = (path: string) => ({ path, from: 0, to: statSync(join(stopped, path)).size });
  const pages = [...all('base'), ...all('global')].filter((path) => /\/\d+$/.test(path)).map(whole);
  const filled = pages.filter(({ to }) => to > 0);
  const maps = [...all('base'), ...all('global')].filter((path) => path.endsWith('pg_filenode.map')).map(whole);
  return [
    { name: 'tables and indexes', cluster: stopped, files: filled.filter(({ path }) => own.has(path)) },
    { name: 'catalogue', cluster: stopped, files: filled.filter(({ path }) => !own.has(path)) },
    // Two bits a transaction.
    {
      name: 'transaction states',
      cluster: stopped,
      files: [{ path: 'pg_xact/0000', from: 0, to: Math.ceil(xids / 4) }],
    },
    { name: 'file map', cluster: stopped, files: maps },
    { name: 'control file', cluster: stopped, files: [{ path: 'global/pg_control', from: 0, to: CONTROL_BYTES }] },
    { name: 'marks', cluster: stopped, files: ['PG_VERSION', 'made-by.json'].map(whole) },
    { name: 'log after a kill', cluster: killed, files: [logIn(killed)] },
  ];
}

/** PostgreSQL reads one sector of it; the rest is padding (pg_control.h, PG_CONTROL_MAX_SAFE_SIZE). */
const CONTROL_BYTES = 300;

/** Of every table, its overflow and its indexes, the file that holds their pages. */
const OWN_FILES = `SELECT pg_relation_filepath(oid) AS path FROM pg_class AS c
  WHERE relkind IN ('r', 'i', 't') AND pg_relation_filepath(oid) IS NOT NULL AND (
    relnamespace = 'public'::regnamespace
    OR oid IN (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN
      (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'public'::regnamespace)))`;

/** The last tenth of what was written to the log before the kill: what recovery must read again. */
function logIn(cluster: string): { path: string; from: number; to: number } {
  const names = readdirSync(join(cluster, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
  const written = names
    .map((name) => ({ path: join('pg_wal', name), to: lastWritten(readFileSync(join(cluster, 'pg_wal', name))) }))
    .filter(({ to }) => to > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .at(-1);
  if (!written) throw new Error('the killed server left no log');
  return { ...written, from: Math.floor(written.to * 0.9) };
}

function lastWritten(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

async function damageOften(
  { name, cluster, files }: FileClass,
  times: number,
  work: string,
  found: Found,
  sound: string,
  random: () => number,
  outcome: Outcome,
): Promise<void> {
  const counts = { refused: 0, same: 0, wrong: 0 };
  const sizes = files.reduce((sum, { from, to }) => sum + to - from, 0);
  for (let i = 1; i <= times; i += 1) {
    const file = drawn(files, random() * sizes);
    if (!file) throw new Error(`there are no files of the class ${name}`);
    const whole = readFileSync(join(cluster, file.path));
    const damage = i % CUT_EVERY === 0 ? cutOff(whole, random) : oneBit(whole, random, file.from, file.to);
    const told = await reading(cluster, work, found, { path: file.path, bytes: damage.bytes }).catch(() => null);
    if (told === null) counts.refused += 1;
    else if (told === sound) counts.same += 1;
    else {
      counts.wrong += 1;
      outcome.wrong.push(`${name}: ${file.path} with ${damage.at} is read otherwise and nobody says so`);
    }
  }
  outcome.figures[name] = `${counts.refused} refused, ${counts.same} read the same, ${counts.wrong} wrong`;
}

/** The file in which a byte stands, counted through all of them: a large one is met more often. */
function drawn<F extends { from: number; to: number }>(files: readonly F[], byte: number): F | undefined {
  let before = 0;
  return files.find(({ from, to }) => {
    before += to - from;
    return byte < before;
  });
}

interface Planted {
  path: string;
  bytes: Buffer;
}

/** Everything that stands in the tables, as one text. Throws when the server refuses anything. */
function reading(cluster: string, work: string, found: Found, planted?: Planted): Promise<string> {
  return opened(
    cluster,
    work,
    found,
    async (database) => {
      const said: string[] = [];
      await database.rows(`SET statement_timeout = ${QUESTION_MS_MAX}`);
      for (const table of await database.tables()) {
        const [row] = await database.rows(
          `SELECT count(*) AS rows, md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS hash FROM ${table} AS t`,
        );
        said.push(`${table} ${row?.rows} ${row?.hash}`);
      }
      for (const way of ['seqscan', 'bitmapscan', 'sort']) await database.rows(`SET enable_${way} = off`);
      for (const { table, columns } of await database.rows(PLAIN_INDEXES)) {
        const [row] = await database.rows(
          `SELECT count(*) AS rows, md5(coalesce(string_agg(x::text, chr(10)), '')) AS hash
          FROM (SELECT * FROM ${table} ORDER BY ${columns}) AS x`,
        );
        said.push(`${table} by ${columns} ${row?.rows} ${row?.hash}`);
      }
      return said.join('\n');
    },
    planted,
  );
}

/** Unique indexes over whole tables: their order is one only, so what is read through them can be compared. */
const PLAIN_INDEXES = `SELECT indrelid::regclass::text AS table,
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY at) FROM unnest(indkey) WITH ORDINALITY AS k (number, at)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns
  FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  WHERE relnamespace = 'public'::regnamespace AND indisunique AND indpred IS NULL AND indexprs IS NULL ORDER BY 1, 2`;

async function opened<R>(
  cluster: string,
  work: string,
  found: Found,
  look: (database: Database) => Promise<R>,
  planted?: Planted,
): Promise<R> {
  rmSync(work, { recursive: true, force: true });
  run('cp', '-a', cluster, work);
  if (planted) {
    const file = join(work, planted.path);
    // Written into the same file, so that its owner stays.
    truncateSync(file, planted.bytes.length);
    writeFileSync(file, planted.bytes);
  }
  const server = await startServer({ dataDir: work, label: 'damaged', log: () => {}, found });
  try {
    const name = databaseName(VICTIM);
    await using database = await openDatabase(server.connection(name) as Parameters<typeof openDatabase>[0]);
    return await look(database);
  } finally {
    await server.stop();
  }
}
