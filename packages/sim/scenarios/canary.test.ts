/**
 * Everything hidden in a coalition of six holds a word of its own. Everybody asks everything in every way; then every
 * answer, frame, log line, table and file is searched for words that must not be there.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { systemRandom } from '@tripoint/bureau/main';
import type { BureauCard } from '../constellation/index.ts';
import { type Answer, ask } from './fixtures/ask.ts';
import { asOfficer, bearer, until } from './fixtures/coalition.ts';
import { databaseOf } from './fixtures/database.ts';
import { type Frames, watchFrames } from './fixtures/frames.ts';
import { type Allowance, allowanceFor, allowances } from './fixtures/places.ts';
import { type RoutesSeen, routesOf } from './fixtures/routes.ts';
import { canary, formsOf, Search, type Secret, type Sighting } from './fixtures/secrets.ts';
import { openStream, type Stream } from './fixtures/session.ts';
import { type Asked, madeUpIds, questions } from './fixtures/sweep.ts';
import { foreignersAt, officersOf, stranger, type Visitor } from './fixtures/viewers.ts';
import { plantWorld, roles } from './fixtures/world.ts';

/** What this process says while the bureaus run in it. */
const said: Buffer[] = [];
for (const output of [process.stdout, process.stderr]) {
  const write = output.write.bind(output);
  output.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    said.push(Buffer.from(chunk as string));
    return write(chunk, ...rest);
  }) as typeof output.write;
}

interface Watching {
  bureau: string;
  role: string;
  stream: Stream;
}
const watching: Watching[] = [];
let frames: Frames = { all: [] };

async function watch(card: BureauCard, role: string, headers: Record<string, string>): Promise<void> {
  watching.push({ bureau: card.nation, role, stream: await openStream(card, headers) });
}

const world = await plantWorld({
  beforeTraffic: async (coalition) => {
    frames = watchFrames(coalition);
    for (const card of coalition.cards) for (const role of roles) await watch(card, role, bearer(card, role));
  },
});
after(() => world[Symbol.asyncDispose]());
const { coalition, secrets, items } = world;
const { cards } = coalition;
const search = new Search(secrets);
for (const card of cards)
  for (const role of roles) await watch(card, role, world.sessions.get(`${card.nation}/${role}`)?.headers ?? {});

const seenBy = new Map<Secret, number>();

/** Sightings in an answer to this role at this bureau that must not be there; those that may be are counted. */
function leaksIn(bytes: Uint8Array, bureau: string, role: string | null): Sighting[] {
  const [may, mayNot] = [[], []] as [Sighting[], Sighting[]];
  for (const sighting of search.in(bytes)) (sighting.secret.seenBy(bureau, role) ? may : mayNot).push(sighting);
  for (const { secret } of may) seenBy.set(secret, (seenBy.get(secret) ?? 0) + 1);
  return mayNot;
}

const sentence = (place: string, { secret, form }: Sighting) => `${secret.name} (${form}) in ${place}`;

test('the search finds every planted word in every dress, wherever it begins', () => {
  for (const secret of secrets) {
    const forms = formsOf(secret);
    assert.ok(forms.length >= 8, secret.name);
    for (const { name, bytes } of forms) {
      const before = systemRandom(1 + (bytes.length % 7));
      const found = search.in(Buffer.concat([before, bytes, systemRandom(5)]));
      assert.ok(
        found.some((sighting) => sighting.secret === secret && sighting.at === before.length),
        `${secret.name} as ${name}`,
      );
    }
    const carried = Buffer.concat([systemRandom(3), Buffer.from(secret.what as string), systemRandom(3)]);
    assert.ok(search.in(Buffer.from(carried.toString('base64'))).some((sighting) => sighting.secret === secret));
  }
  assert.deepEqual(search.in(systemRandom(200_000)), []);
  assert.deepEqual(search.in(Buffer.from(canary())), []);
});

test('each planted report is read by those who may read it, and is not found by everybody else', async () => {
  for (const { id, plan } of items)
    for (const card of cards)
      for (const role of roles) {
        const answer = await asOfficer(card, role, { path: `/api/reports/${id}` });
        const expected = plan.readers.includes(`${card.nation}/${role}`) ? 200 : 404;
        assert.equal(
          answer.status,
          expected,
          `a report of ${plan.from} to ${plan.to.join('+')}, ${role} of ${card.nation}`,
        );
      }
});

test('under hide-recipients Manila and Bangkok each see only themselves', async () => {
  const { id } =
    items.find(({ plan }) => plan.conditions?.some((one) => isDeepStrictEqual(one, { code: 'hide-recipients' }))) ??
    assert.fail();
  for (const nation of ['PH', 'TH']) {
    const read = await asOfficer(coalition.card(nation), 'desk-officer', { path: `/api/reports/${id}` });
    assert.deepEqual((read.json as { recipients: string[] }).recipients, [nation]);
  }
});

/** Normal form of an answer that must be the same for hidden, foreign and made-up ids. */
function sameness({ status, headers, body }: Answer): object {
  const { date: _, ...rest } = headers;
  return { status, headers: rest, body: body.toString('utf8').replace(/"reference":"[^"]*"/, '"reference":"…"') };
}

interface Swept {
  requests: number;
  leaks: string[];
  faults: string[];
  /** Ids that did not answer like one that is not there. */
  told: string[];
  statuses: Map<number, number>;
}
const swept: Swept = { requests: 0, leaks: [], faults: [], told: [], statuses: new Map() };

async function interview(card: BureauCard, visitor: Visitor, asked: readonly Asked[]): Promise<void> {
  const missing = new Map<string, object>();
  for (const question of asked) {
    const answer = await ask(card.url, { ...question, headers: { ...visitor.headers, ...question.headers } });
    swept.requests += 1;
    swept.statuses.set(answer.status, (swept.statuses.get(answer.status) ?? 0) + 1);
    const place = `the answer of ${card.nation} to ${visitor.name}: ${question.method} ${question.path}`;
    const bytes = Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), Buffer.from('\n\n'), answer.body]);
    swept.leaks.push(...leaksIn(bytes, card.nation, visitor.role).map((leak) => sentence(place, leak)));
    if (answer.status >= 500) swept.faults.push(`${place} was ${answer.status}`);
    if (question.id !== undefined && isHidden(question.id, card.nation, visitor.role))
      compare(missing, place, question, answer);
  }
}

const itemNames = new Map(items.map(({ id }, index) => [`report ${index + 1}`, id]));

const unreadable = ['undecodable', 'endless'];

function isHidden(name: string, bureau: string, role: string | null): boolean {
  // A stranger's unreadable path is not even asked about; that says nothing of what is there.
  if (role === null && unreadable.includes(name)) return false;
  if (name in madeUpIds) return true;
  const item = items.find(({ id }) => id === itemNames.get(name));
  return item !== undefined && !item.plan.readers.includes(`${bureau}/${role}`);
}

function compare(missing: Map<string, object>, place: string, { route, body }: Asked, answer: Answer): void {
  const key = `${route} ${body ? Object.keys(body).length : 0}`;
  const first = missing.get(key);
  if (!first) missing.set(key, sameness(answer));
  else if (!isDeepStrictEqual(first, sameness(answer))) swept.told.push(place);
}

/** Sixty sign-ins a minute from one address: strangers and browsers try, or nobody would be let in any more. */
const isAskedBy =
  ({ name }: Visitor) =>
  ({ route }: Asked) =>
    route !== 'POST /api/session' || name === 'a stranger' || name.endsWith('officer by cookie');

async function sweep(card: BureauCard, seen: RoutesSeen): Promise<void> {
  const others = cards.map(({ nation }) => nation).filter((nation) => nation !== card.nation);
  const alarms = (await asOfficer(card, 'administrator', { path: '/api/alarms' })).json as { items: { id: string }[] };
  const ids = {
    ...Object.fromEntries(itemNames),
    ...madeUpIds,
    ...(alarms.items[0] ? { alarm: alarms.items[0].id } : {}),
  };
  const told = new Set(seen.routes.map(({ method, path }) => `${method} ${path}`));
  const asked = questions(seen, ids, others);
  const plain = asked.filter(({ route }) => told.has(route));
  const once = [...new Map(plain.filter(({ path }) => !path.includes('?')).map((one) => [one.route, one])).values()];
  const atHome = async () => {
    for (const visitor of [stranger(), ...officersOf(world, card)]) {
      await visitor.renew();
      // The method is judged before the cookie or the token: one of the two asks with the others.
      await interview(card, visitor, (visitor.name.endsWith('by cookie') ? plain : asked).filter(isAskedBy(visitor)));
      await visitor.renew();
    }
  };
  const fromAbroad = async () => {
    for (const visitor of foreignersAt(world, card)) await interview(card, visitor, once.filter(isAskedBy(visitor)));
  };
  await Promise.all([atHome(), fromAbroad()]);
}

test('nobody finds a hidden word in any answer to any question', async (t) => {
  for (const { nation } of cards) {
    const { exchange } = coalition.constellation.bureau(nation) ?? assert.fail();
    const [peer] = [...exchange.links().keys()];
    await exchange.door.receive(peer as string, [{ lane: 3, seq: 77n, bytes: systemRandom(90) }]);
  }
  const seen = await routesOf(cards[0]?.url as string);
  await Promise.all(cards.map((card) => sweep(card, seen)));
  t.diagnostic(
    `${seen.routes.length} routes × ${cards.length * (1 + roles.length * 2 + roles.length * 2 * (cards.length - 1))} visitors: ${swept.requests} requests, ` +
      `${Math.round(search.searchedBytes / 1024 / 1024)} MiB searched for ${search.needles} forms of ${secrets.length} words; ` +
      `answers ${[...swept.statuses]
        .sort()
        .map(([status, count]) => `${status}×${count}`)
        .join(' ')}`,
  );
  assert.deepEqual(swept.leaks.slice(0, 20), []);
  assert.deepEqual(swept.faults.slice(0, 20), []);
});

test('hidden, foreign and made-up ids get the same answer: status, headers and body', () => {
  assert.deepEqual(swept.told.slice(0, 20), []);
});

test('each word was really there to be found: everybody who may see it was shown it', () => {
  const unseen = secrets.filter(
    (secret) =>
      (secret.kind === 'content' || secret.kind === 'item id') &&
      !seenBy.has(secret) &&
      !secret.name.includes('preview'),
  );
  assert.deepEqual(
    unseen.map(({ name }) => name),
    [],
  );
});

test('whether an id is hidden or stands for nothing cannot be told by the time it takes', async (t) => {
  const card = coalition.card('KR');
  const hidden = items.find(({ plan }) => plan.from === 'KR' && !plan.readers.includes('KR/analyst')) ?? assert.fail();
  for (const [method, tail] of [
    ['GET', ''],
    ['GET', '/delivery'],
    ['POST', '/acknowledge'],
  ] as const) {
    const took: [number[], number[]] = [[], []];
    for (let pair = 0; pair < PAIRS; pair += 1)
      for (const which of pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const id = which === 0 ? hidden.id : crypto.randomUUID();
        const startMs = performance.now();
        const { status } = await asOfficer(card, 'analyst', { method, path: `/api/reports/${id}${tail}` });
        took[which].push(performance.now() - startMs);
        assert.equal(status, 404);
      }
    const [a, b] = took.map((all) => all.sort((x, y) => x - y)[all.length >> 1] as number) as [number, number];
    t.diagnostic(`${method} …${tail}: median ${a.toFixed(2)} ms hidden, ${b.toFixed(2)} ms made up, ${PAIRS} pairs`);
    assert.ok(Math.max(a, b) / Math.min(a, b) < RATIO_MAX || Math.abs(a - b) < NOISE_MS, `${a} ms and ${b} ms`);
  }
});

const PAIRS = 300;
/** Far above what two equal paths differ by on a busy machine, far below an extra decryption of a large body. */
const RATIO_MAX = 1.6;
const NOISE_MS = 0.3;

test('no live stream says a hidden word, nor names an item its officer may not list', async () => {
  await until('all streams have heard of the last traffic', 10_000, async () =>
    watching
      .filter(({ role }) => role === 'duty-lead')
      .every(({ stream }) => stream.text().includes('report.received')),
  );
  const listed = new Map<string, string>();
  for (const { bureau, role, stream } of watching) {
    const text = stream.text();
    assert.deepEqual(
      leaksIn(Buffer.from(text), bureau, role).map((leak) => sentence(`a stream of ${role} in ${bureau}`, leak)),
      [],
    );
    for (const [, id] of text.matchAll(/"id":"([0-9a-f-]{36})"/g)) {
      const key = `${bureau}/${role}/${id}`;
      if (!listed.has(key))
        listed.set(key, `${(await asOfficer(coalition.card(bureau), role, { path: `/api/reports/${id}` })).status}`);
    }
    stream.close();
  }
  assert.deepEqual(
    [...listed].filter(([, status]) => status !== '200'),
    [],
  );
  assert.ok(listed.size > 100);
});

const used = new Set<Allowance>();
let elsewhereBytes = 0;

/** Searches one place that is not an answer; what no allowance covers is a leak. */
function leaksAt(place: string, bytes: Uint8Array): string[] {
  elsewhereBytes += bytes.length;
  return search.in(bytes).flatMap((sighting) => {
    const allowance = allowanceFor(world, place, sighting);
    if (allowance) used.add(allowance);
    return allowance ? [] : [sentence(place, sighting)];
  });
}

test('no word crosses a border in clear: not in a copy, a receipt, a directory or a hello', async (t) => {
  const links = cards.flatMap(({ nation }) => {
    const { exchange } = coalition.constellation.bureau(nation) ?? assert.fail();
    return [...exchange.links().keys()].map((peer) => exchange.door.hello(peer));
  });
  await Promise.all(links);
  const kinds = Map.groupBy(frames.all, ({ kind }) => kind);
  for (const kind of ['copy', 'receipt', 'hello'])
    assert.ok((kinds.get(kind)?.length ?? 0) >= 30, `${kind}s were seen`);
  const leaks = frames.all.flatMap(({ from, to, kind, bytes }) => leaksAt(`a ${kind} from ${from} to ${to}`, bytes));
  assert.deepEqual(leaks, []);
  t.diagnostic([...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', '));
});

test('no word stands in a table of any bureau where the plan does not put it', async (t) => {
  let tables = 0;
  const leaks: string[] = [];
  for (const { nation } of cards) {
    await using database = await databaseOf(coalition.dataDir, nation);
    for (const table of await database.tables()) {
      tables += 1;
      leaks.push(...leaksAt(`table ${nation} ${table}`, await database.copyOf(table)));
    }
  }
  assert.deepEqual(leaks.slice(0, 20), []);
  assert.ok(tables >= 6 * 15);
  t.diagnostic(`${tables} tables`);
});

test('no word stands in a log line, a file, the database’s own files or its write-ahead log', async (t) => {
  {
    await using owner = await databaseOf(coalition.dataDir, '');
    await owner.rows('CHECKPOINT');
  }
  await coalition.stop();
  const files = readdirSync(coalition.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = files.map((entry) => relative(coalition.dataDir, join(entry.parentPath, entry.name)));
  for (const expected of [
    /^kr\/bureau\.log$/,
    /^th\/keyring\.sealed$/,
    /^postgres\.log$/,
    /^postgres\/pg_wal\/\w{24}$/,
    /^postgres\/base\/\d+\/\d+$/,
  ])
    assert.ok(
      names.some((name) => expected.test(name)),
      `${expected} is there`,
    );
  const leaks = names.flatMap((name) => leaksAt(`file ${name}`, readFileSync(join(coalition.dataDir, name))));
  leaks.push(...leaksAt('the output of the process', Buffer.concat(said)));
  assert.deepEqual(leaks.slice(0, 20), []);
  t.diagnostic(
    `${names.length} files; ${Math.round(elsewhereBytes / 1024 / 1024)} MiB in frames, tables, files and output`,
  );
});

test('no allowance is idle, and without it the search would have failed', () => {
  for (const allowance of allowances.filter(({ apart }) => !apart)) assert.ok(used.has(allowance), allowance.because);
});
