import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS, compile, type ItemFacts, type Predicate, policy } from '@tripoint/model/policy';
import fc from 'fast-check';
import pg from 'pg';
import { actions, itemFacts, NOW_MS, officerViewers, viewers } from '../../model/policy/sample-for-tests.ts';
import type { ItemRecord } from './index.ts';
import { POLICY_COLUMNS } from './item.ts';
import { contents, ownReport, statementsOf, textOf } from './sample-for-tests.ts';
import { machineClock, testStore } from './store-for-tests.ts';

/** Rounds of 100 items for one viewer; 40 rounds are 4,000 decisions. */
const ROUNDS = Math.ceil(Number(process.env.TRIPOINT_POLICY_RUNS ?? 4_000) / 100);

test('PostgreSQL lets through exactly what the closure allows', async () => {
  await using opened = await testStore();
  const client = new pg.Client(opened.options.connection);
  await client.connect();
  let allowed = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        viewers,
        actions,
        fc.array(itemFacts, { minLength: 100, maxLength: 100 }),
        async (viewer, action, items) => {
          const expected = items.map((item) => policy.holds(viewer, item, action, NOW_MS).allowed);
          const predicate = policy.toSql(viewer, action, POLICY_COLUMNS, NOW_MS);
          assert.deepEqual(await decide(client, predicate, items), expected);
          allowed += expected.filter(Boolean).length;
        },
      ),
      { numRuns: ROUNDS, endOnFailure: true },
    );
  } finally {
    await client.end();
  }
  assert(allowed > ROUNDS, `only ${allowed} were allowed: the sample says too little`);
});

test('a list shows exactly what can be read one by one, and what the closure allows', async () => {
  await using opened = await testStore([], { clock: { ...machineClock, now: () => NOW_MS } });
  const items = fc.sample(itemFacts, 150).map((facts): ItemRecord => ({ ...ownReport(), ...facts }));
  await opened.store.transact(async (tx) => {
    for (const item of items) assert.equal(await tx.putItem(item, statementsOf(1), contents(item.id)), 'stored');
  });
  let shown = 0;
  for (const viewer of fc.sample(officerViewers, 30)) {
    const allowed = items.filter((item) => policy.holds(viewer, item, 'read', NOW_MS).allowed).map((item) => item.id);
    await opened.store.read(viewer, async (reader) => {
      const listed = (await reader.items({ kind: 'report', box: 'all', limit: 200 })).items.map((item) => item.id);
      const joined = await reader.db.selectFrom(reader.visible('statement').as('seen')).select('seen.item').execute();
      const read = await Promise.all(items.map((item) => reader.item(item.id)));
      assert.deepEqual(listed.toReversed(), allowed);
      assert.deepEqual(joined.map((row) => row.item).sort(), allowed.toSorted());
      assert.deepEqual(
        read.flatMap((item) => (item === null ? [] : [textOf(item.head)])),
        allowed,
      );
    });
    shown += allowed.length;
  }
  assert(shown > 100, `only ${shown} were shown: the sample says too little`);
});

test('a comparison of every kind, and its contrary, comes out the same in SQL', async () => {
  await using opened = await testStore();
  const client = new pg.Client(opened.options.connection);
  await client.connect();
  try {
    await fc.assert(
      fc.asyncProperty(viewers, fc.array(itemFacts, { minLength: 8, maxLength: 8 }), async (viewer, items) => {
        for (const condition of COMPARISONS) {
          for (const clause of ['when', 'unless']) {
            const { holds, toSql } = compile(permitIf(condition, clause));
            const expected = items.map((item) => holds(viewer, item, 'read', NOW_MS).allowed);
            assert.deepEqual(await decide(client, toSql(viewer, 'read', POLICY_COLUMNS, NOW_MS), items), expected);
          }
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  } finally {
    await client.end();
  }
});

test('the predicate of every viewer is TRUE or FALSE, never NULL, and holds no name', async () => {
  fc.assert(
    fc.property(viewers, (viewer) => {
      for (const action of ACTIONS) {
        const { sql, params } = policy.toSql(viewer, action, POLICY_COLUMNS, NOW_MS);
        if (sql !== 'FALSE') assert.match(sql, /COALESCE\(/);
        assert.doesNotMatch(sql, /'/, 'values are parameters');
        const numbers = [...sql.matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
        assert.deepEqual(
          [...new Set(numbers)].sort((a, b) => a - b),
          params.map((_, index) => index + 1),
        );
      }
    }),
  );
});

const resource = (attr: string) => ({ '.': { left: { Var: 'resource' }, attr } });
const set = (...words: string[]) => ({ Set: words.map((Value) => ({ Value })) });
const today = { '.': { left: { Var: 'context' }, attr: 'today' } };
const expiring = (op: string) => ({
  '&&': {
    left: { has: { left: { Var: 'resource' }, attr: 'expiresDay' } },
    right: { [op]: { left: resource('expiresDay'), right: today } },
  },
});

const COMPARISONS = [
  resource('own'),
  { '!': { arg: resource('own') } },
  { '==': { left: resource('own'), right: { Value: true } } },
  { '!=': { left: resource('own'), right: { '==': { left: resource('kind'), right: { Value: 'report' } } } } },
  { '==': { left: resource('says'), right: { Value: 'KR' } } },
  { '!=': { left: { Value: 'KR' }, right: resource('says') } },
  ...['<', '<=', '>', '>=', '==', '!='].map(expiring),
  { contains: { left: resource('recipients'), right: { Value: 'TH' } } },
  { contains: { left: set('KR', 'TH'), right: resource('says') } },
  { containsAll: { left: resource('handling'), right: set('H1', 'H2') } },
  { containsAny: { left: resource('handling'), right: set('H2', 'H3') } },
  { containsAll: { left: set('H1', 'H2', 'H3'), right: resource('handling') } },
  { '||': { left: resource('own'), right: { contains: { left: resource('handling'), right: { Value: 'H1' } } } } },
];

function permitIf(condition: unknown, kind: string): unknown {
  const scope = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'is', entity_type: 'Item' } };
  return { it: { effect: 'permit', ...scope, conditions: [{ kind, body: condition }] } };
}

/** Asks PostgreSQL about many items at once, through a table of the same columns. */
async function decide(client: pg.Client, predicate: Predicate, items: readonly ItemFacts[]): Promise<boolean[]> {
  const at = predicate.params.length + 1;
  const { rows } = await client.query(
    `WITH given AS (
       SELECT place::int, fact->>'kind' AS kind, fact->>'says' AS says, (fact->>'own')::boolean AS own,
         fact->>'state' AS state, fact->>'agency' AS agency_tag, (fact->>'expiresDay')::int AS expires_day,
         fact->>'pap' AS pap, ${['handling', 'conditions', 'recipients'].map(textsOf).join(', ')},
         ${textsOf('namedOfficers')}
       FROM jsonb_array_elements($${at}::jsonb) WITH ORDINALITY AS list (fact, place)
     )
     SELECT (${predicate.sql}) AS allowed FROM given AS item ORDER BY place`,
    [...predicate.params, JSON.stringify(items)],
  );
  return rows.map((row) => row.allowed);
}

function textsOf(fact: string): string {
  const column = fact === 'namedOfficers' ? 'named_officers' : fact;
  return `ARRAY(SELECT jsonb_array_elements_text(fact->'${fact}')) AS ${column}`;
}
