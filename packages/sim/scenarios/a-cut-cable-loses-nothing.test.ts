/** Two nations write to each other while their only cable is cut, reset in mid-frame, frozen and unplugged. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BureauCard } from '../constellation/index.ts';
import { fileOne, type Ledger, randomFrom, write } from '../crash/ledger.ts';
import { surely } from '../crash/outside.ts';
import { outboxesEmpty, reckon } from '../crash/reckoning.ts';
import { type Watched, watch } from '../crash/watchers.ts';
import { asOfficer, until } from './fixtures/coalition.ts';
import { delivered } from './fixtures/filing.ts';
import { openTwoBureaus, type TwoBureaus } from './fixtures/two-bureaus.ts';

const seed = Number(process.env.TRIPOINT_SEED ?? Date.now() % 1_000_000);
const troubles = Number(process.env.TRIPOINT_CUTS ?? 25);
const EMPTY_WITHIN_MS = 65_000;

const random = randomFrom(seed);
const ledger: Ledger = { acknowledged: [], repeats: 0 };
let two: TwoBureaus;
before(async () => {
  two = await openTwoBureaus(['KR', 'PH']);
});
after(() => two[Symbol.asyncDispose]());

async function linked(card: BureauCard): Promise<boolean> {
  const { members } = await surely<{ members: { link: string }[] }>(card, '/api/coalition');
  return members.every(({ link }) => link !== 'down');
}

test('everything passes over the cable, and nothing while it is unplugged', async () => {
  const [korea, philippines] = two.cards;
  await until('the link is up', 20_000, () => linked(korea));
  const first = await fileOne(korea, ['PH'], 3, random, ledger);
  await delivered(korea, 'desk-officer', first);
  assert.ok(two.cables.some(({ carriedBytes }) => carriedBytes > 10_000));
  for (const cable of two.cables) cable.unplug();
  await until('both see it', 20_000, async () => !(await linked(korea)) && !(await linked(philippines)));
  const second = await fileOne(korea, ['PH'], 3, random, ledger);
  await sleep(500);
  assert.equal((await asOfficer(philippines, 'desk-officer', { path: `/api/reports/${second}` })).status, 404);
  for (const cable of two.cables) cable.heal();
  await until('it arrives', 30_000, async () => {
    return (await asOfficer(philippines, 'desk-officer', { path: `/api/reports/${second}` })).status === 200;
  });
  await delivered(korea, 'desk-officer', second);
});

test('two nations lose, double and half show nothing while their cable breaks again and again under load', async (t) => {
  const startMs = performance.now();
  const [ending, watching] = [new AbortController(), new AbortController()];
  const watched: Watched = { reads: 0, halves: [] };
  const nations = two.cards.map(({ nation }) => nation);
  const writers = [...two.cards, ...two.cards].map((card) => write(card, nations, random, ledger, ending.signal, FAST));
  const watchers = two.cards.map((card) => watch(card, watched, watching.signal));
  for (const one of [...writers, ...watchers]) one.catch(() => {});
  const done = await breakCables();
  const healedMs = performance.now();
  ending.abort();
  await Promise.all(writers);
  await outboxesEmpty(two.cards, EMPTY_WITHIN_MS);
  const emptyMs = performance.now() - healedMs;
  watching.abort();
  await Promise.all(watchers);
  const { deliveries, ...wrong } = await reckon(two.cards, ledger.acknowledged);
  const alarms = await Promise.all(
    two.cards.map((card) => surely<{ items: object[] }>(card, '/api/alarms', 'administrator')),
  );
  t.diagnostic(
    `cut cable: seed ${seed}, ${done} troubles, ${sum(({ connections }) => connections)} connections, ` +
      `${(sum(({ carriedBytes }) => carriedBytes) / 1e6).toFixed(1)} MB, ${ledger.acknowledged.length} reports: ` +
      `${wrong.lost.length} lost, ${wrong.doubled.length} doubled, ${watched.halves.length} half visible in ` +
      `${watched.reads} reads; outboxes empty ${(emptyMs / 1000).toFixed(1)} s after the last; ` +
      `${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  );
  assert.deepEqual(wrong, { lost: [], doubled: [], partial: [], unproven: [], strays: [] });
  assert.deepEqual(watched.halves, []);
  assert.deepEqual(
    alarms.flatMap(({ items }) => items),
    [],
  );
  assert.ok(deliveries > troubles);
});

const FAST = { pauseMs: 30, pauseMsMore: 60 };
const sum = (of: (cable: TwoBureaus['cables'][number]) => number) =>
  two.cables.reduce((all, cable) => all + of(cable), 0);

async function breakCables(): Promise<number> {
  const heal = () => {
    for (const cable of two.cables) cable.heal();
  };
  const kinds: (() => Promise<void>)[] = [
    async () => two.cables.forEach((cable) => void cable.cut()),
    async () => two.cables.forEach((cable) => void cable.resetAfter(Math.floor(random() * 60_000))),
    async () => {
      for (const cable of two.cables) cable.freeze();
      await sleep(100 + random() * 400);
    },
    async () => {
      for (const cable of two.cables) cable.unplug();
      await sleep(random() * 300);
    },
  ];
  for (let at = 0; at < troubles; at += 1) {
    await sleep(100 + random() * 700);
    await kinds[Math.floor(random() * kinds.length)]?.();
    heal();
  }
  return troubles;
}
