import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.ts';
import {
  type Action,
  type Admission,
  type AnyViewer,
  admitViewer,
  dayOf,
  type ItemFacts,
  machineViewer,
} from './index.ts';
import tree from './policy.json' with { type: 'json' };
import { NOW_MS } from './sample-for-tests.ts';

const TODAY = dayOf(NOW_MS);

/** A Korean bureau: the item came from agency a1 unless said otherwise. */
const own: Partial<ItemFacts> = { own: true, says: 'KR', agency: 'a1', recipients: ['TH'] };
const fromThailand: Partial<ItemFacts> = {};
const draft: Partial<ItemFacts> = { ...own, state: 'draft' };
const homeless: Partial<ItemFacts> = { ...own, agency: null };
const onlyO1: Partial<ItemFacts> = { conditions: ['named-officers-only'], namedOfficers: ['o1'] };

const desk = (more: Partial<Admission> = {}) => officer(['desk-officer'], { agency: 'contact-point', ...more });
const analyst = (more: Partial<Admission> = {}) => officer(['analyst'], more);
const liaison = (...nations: string[]) => officer(['liaison'], { agency: null, accreditedNations: nations });

type Case = readonly [sentence: string, who: AnyViewer, item: Partial<ItemFacts>, action: Action, allowed: boolean];

const cases: readonly Case[] = [
  ['a desk officer reads what another nation sent', desk(), fromThailand, 'read', true],
  ['a desk officer lists what another nation sent', desk(), fromThailand, 'list', true],
  ['a duty lead reads what another nation sent', officer(['duty-lead']), fromThailand, 'read', true],
  ['a desk officer reads what an agency released', desk(), own, 'read', true],
  ['a desk officer does not read an agency’s draft', desk(), draft, 'read', false],
  ['a desk officer of the agency reads its draft', desk({ agency: 'a1' }), draft, 'read', true],
  ['a duty lead of the agency reads its draft', officer(['duty-lead']), draft, 'read', true],
  ['nobody reads a kind without a rule', desk(), { kind: 'rumour' }, 'read', false],
  ['nor at home', analyst(), { ...own, kind: 'rumour' }, 'read', false],
  ['nor from abroad', analyst(), { kind: 'rumour' }, 'read', false],
  ['nor as liaison', liaison('TH'), { kind: 'rumour' }, 'read', false],

  ['an analyst reads the own agency’s released report', analyst(), own, 'read', true],
  ['an analyst lists the own agency’s released report', analyst(), own, 'list', true],
  ['an analyst reads the own agency’s draft', analyst(), draft, 'read', true],
  ['an analyst does not read another agency’s report', analyst({ agency: 'a2' }), own, 'read', false],
  [
    'an analyst cleared for the agency does',
    analyst({ agency: 'a2', clearances: { compartments: ['a1'] } }),
    own,
    'read',
    true,
  ],
  ['an analyst of no agency does not read an agency’s report', analyst({ agency: null }), own, 'read', false],
  ['an analyst of no agency reads a report of none', analyst({ agency: null }), homeless, 'read', true],
  ['an analyst of an agency does not read a report of none', analyst(), homeless, 'read', false],
  ['an analyst reads what another nation sent', analyst(), fromThailand, 'read', true],
  ['an analyst lists what another nation sent', analyst(), fromThailand, 'list', true],
  ['a draft of another nation, should one turn up, is not read: unit', analyst(), { state: 'draft' }, 'read', false],
  [
    'a draft of another nation, should one turn up, is not read: desk',
    desk({ agency: null }),
    { state: 'draft' },
    'read',
    false,
  ],
  ['a unit head reads what another nation sent', officer(['unit-head']), fromThailand, 'read', true],
  ['a senior officer reads what another nation sent', officer(['senior-officer']), fromThailand, 'read', true],
  ['a unit head reads at home', officer(['unit-head']), own, 'read', true],
  ['a senior officer reads at home', officer(['senior-officer']), own, 'read', true],
  [
    'a senior officer does not read another agency’s report',
    officer(['senior-officer'], { agency: 'a2' }),
    own,
    'read',
    false,
  ],
  ['a field officer reads no report', officer(['field-officer']), own, 'read', false],
  ['a field officer reads none from abroad', officer(['field-officer']), fromThailand, 'read', false],
  ['an officer without a role reads nothing', officer([]), fromThailand, 'list', false],

  ['a liaison officer reads what the host nation sent', liaison('TH'), fromThailand, 'read', true],
  ['a liaison officer lists it, too', liaison('TH'), fromThailand, 'list', true],
  ['a liaison officer reads what we sent the host nation', liaison('TH'), own, 'read', true],
  ['a liaison officer to Laos reads neither: theirs', liaison('LA'), fromThailand, 'read', false],
  ['a liaison officer to Laos reads neither: ours', liaison('LA'), own, 'read', false],
  [
    'a liaison officer does not read what Laos sent us and Thailand',
    liaison('TH'),
    { says: 'LA', recipients: ['KR', 'TH'] },
    'read',
    false,
  ],
  ['a liaison officer reads no draft to the host nation', liaison('TH'), draft, 'read', false],
  ['a liaison officer accredited at home by mistake reads no other own item', liaison('KR'), own, 'read', false],
  [
    'accreditation alone, without the role, opens nothing',
    analyst({ agency: 'a2', accreditedNations: ['TH'] }),
    own,
    'read',
    false,
  ],

  ['a desk officer acknowledges what another nation sent', desk(), fromThailand, 'acknowledge', true],
  ['a duty lead acknowledges', officer(['duty-lead']), fromThailand, 'acknowledge', true],
  ['an analyst does not acknowledge for the contact point', analyst(), fromThailand, 'acknowledge', false],
  ['nobody acknowledges an own item', desk({ agency: 'a1' }), own, 'acknowledge', false],
  ['nobody acknowledges a kind without a rule', desk(), { kind: 'rumour' }, 'acknowledge', false],

  ['an analyst files for the own agency', analyst(), draft, 'file', true],
  ['an analyst files released in one act', analyst(), own, 'file', true],
  ['an analyst does not file for another agency', analyst({ agency: 'a2' }), own, 'file', false],
  ['an analyst of no agency files for none', analyst({ agency: null }), homeless, 'file', true],
  ['an analyst of no agency does not file for one', analyst({ agency: null }), own, 'file', false],
  ['an analyst of an agency does not file for none', analyst(), homeless, 'file', false],
  ['a desk officer files', desk({ agency: 'a1' }), own, 'file', true],
  ['a duty lead files', officer(['duty-lead']), own, 'file', true],
  ['a unit head files', officer(['unit-head']), own, 'file', true],
  ['a senior officer does not file', officer(['senior-officer']), own, 'file', false],
  ['a liaison officer does not file', liaison('TH'), homeless, 'file', false],
  ['nobody files a kind without a rule', analyst(), { ...own, kind: 'rumour' }, 'file', false],
  ['nobody files in another nation’s name', desk({ agency: null }), fromThailand, 'file', false],
  ['nobody files as own what another nation says', analyst(), { ...own, says: 'TH' }, 'file', false],
  ['an analyst amends the own agency’s report', analyst(), own, 'amend', true],
  ['the contact point does not amend an agency’s report', desk(), own, 'amend', false],
  ['nobody amends what another nation said', desk({ agency: null }), fromThailand, 'amend', false],
  ['an analyst shares the own agency’s report', analyst(), own, 'share', true],
  ['a desk officer shares what an agency released', desk(), own, 'share', true],
  ['a duty lead shares what an agency released', officer(['duty-lead'], { agency: null }), own, 'share', true],
  ['a desk officer does not share an agency’s draft', desk(), draft, 'share', false],
  ['a senior officer does not share', officer(['senior-officer']), own, 'share', false],
  ['nobody passes on what another nation sent', desk(), fromThailand, 'share', false],
  ['nobody shares a kind without a rule', desk(), { ...own, kind: 'rumour' }, 'share', false],

  ['what is held is hidden', desk(), { state: 'held' }, 'read', false],
  ['what is recalled is hidden', desk(), { state: 'recalled' }, 'read', false],
  ['an own recalled item is hidden at home', analyst(), { ...own, state: 'recalled' }, 'list', false],
  ['what was recalled is not shared', desk(), { ...own, state: 'recalled' }, 'share', false],
  ['what was recalled is not sealed again', machineViewer('seal'), { ...own, state: 'recalled' }, 'read', false],

  ['a named officer reads', officer(['analyst'], { officer: 'o1' }), onlyO1, 'read', true],
  ['an officer who is not named does not', officer(['analyst'], { officer: 'o2' }), onlyO1, 'read', false],
  ['names without the condition shut nobody out', analyst({ officer: 'o2' }), { namedOfficers: ['o1'] }, 'read', true],
  ['another condition shuts nobody out', analyst({ officer: 'o2' }), { conditions: ['no-copy'] }, 'read', true],

  ['an item is read on its last day', desk(), { expiresDay: TODAY }, 'read', true],
  ['an item is hidden on the day after', desk(), { expiresDay: TODAY - 1 }, 'read', false],
  ['an expired item is not sealed', machineViewer('seal'), { ...own, expiresDay: TODAY - 1 }, 'read', false],

  ['an administrator reads nothing', officer(['administrator', 'desk-officer']), fromThailand, 'read', false],
  ['the secretariat reads nothing', officer(['secretariat', 'analyst']), fromThailand, 'list', false],
  ['the data-protection officer reads nothing', officer(['dpo', 'unit-head']), fromThailand, 'read', false],
  ['a press officer reads nothing', officer(['press-officer', 'analyst']), own, 'read', false],

  ['an officer of another nation reads none of ours', analyst({ nation: 'TH' }), own, 'read', false],
  ['an officer of another nation reads none of theirs here', desk({ nation: 'KH' }), fromThailand, 'read', false],
  ['what was never addressed to us is hidden', desk(), { recipients: ['LA'] }, 'read', false],
  [
    'what comes in our own name and was not addressed to us is hidden',
    desk(),
    { says: 'KR', recipients: ['LA'] },
    'read',
    false,
  ],
  ['an item that was addressed to nobody is hidden', desk(), { recipients: [] }, 'read', false],

  ['the outbox opens what its nation released', machineViewer('seal'), own, 'read', true],
  ['the outbox opens no draft', machineViewer('seal'), draft, 'read', false],
  ['the outbox opens nothing received', machineViewer('seal'), fromThailand, 'read', false],
  ['the outbox lists nothing', machineViewer('seal'), own, 'list', false],
  ['the outbox files nothing', machineViewer('seal'), own, 'file', false],
  ['the index is built from what was received', machineViewer('index'), fromThailand, 'read', true],
  ['the index is built from what was released', machineViewer('index'), own, 'list', true],
  ['the index takes no draft', machineViewer('index'), draft, 'read', false],
  ['what only named officers read is never indexed', machineViewer('index'), onlyO1, 'read', false],
  ['… but it is sealed', machineViewer('seal'), { ...own, ...onlyO1 }, 'read', true],
];

for (const [sentence, who, item, action, allowed] of cases) {
  test(sentence, () => {
    assert.equal(decide(tree, who, item, action), allowed);
  });
}

test('every part of every rule matters: a policy with one part changed gives some sentence the lie', () => {
  const survivors: string[] = [];
  let mutants = 0;
  assert(survives(tree), 'the policy itself must pass');
  for (const mutant of mutantsOf(tree)) {
    mutants += 1;
    if (survives(mutant.tree)) survivors.push(mutant.name);
  }
  assert(mutants > 150, `only ${mutants} mutants`);
  assert.deepEqual(survivors, EQUIVALENT);
});

/** Without it the index, too, could seal what is released: it may read that anyway, until there is a third purpose. */
const EQUIVALENT = ['machine-seals-the-released: conditions.0.body.&&.left.&&.left is true'];

function survives(policies: unknown): boolean {
  return cases.every(([, who, item, action, allowed]) => decide(policies, who, item, action) === allowed);
}

function officer(roles: string[], more: Partial<Admission> = {}): AnyViewer {
  return admitViewer({ nation: 'KR', officer: 'o1', agency: 'a1', roles, ...more });
}

function decide(policies: unknown, who: AnyViewer, item: Partial<ItemFacts>, action: Action): boolean {
  return compiled(policies).holds(who, { ...received, ...item }, action, NOW_MS).allowed;
}

const received: ItemFacts = {
  kind: 'report',
  says: 'TH',
  own: false,
  state: 'released',
  agency: null,
  handling: ['H1'],
  conditions: [],
  namedOfficers: [],
  pap: 'PAP:AMBER',
  recipients: ['KR', 'LA'],
  expiresDay: null,
};

let last = { policies: tree as unknown, ready: compile(tree) };
function compiled(policies: unknown): ReturnType<typeof compile> {
  if (last.policies !== policies) last = { policies, ready: compile(policies) };
  return last.ready;
}

type Json = { [key: string]: Json } | Json[] | string | boolean | number;
type Mutant = { name: string; tree: unknown };

/** Each policy left out, each action left out, each condition made true or false, each word left out of each set. */
function* mutantsOf(policies: object): Generator<Mutant> {
  for (const id of Object.keys(policies)) {
    const without = structuredClone(policies) as Record<string, unknown>;
    delete without[id];
    yield { name: `${id}: left out`, tree: without };
    const policy = (policies as Record<string, Json>)[id];
    for (const change of changesOf(policy as Json)) {
      const copy = structuredClone(policies) as Record<string, Json>;
      change.apply(copy[id] as Json);
      if (compiles(copy)) yield { name: `${id}: ${change.name}`, tree: copy };
    }
  }
}

type Change = { name: string; apply(policy: Json): void };

function* changesOf(policy: Json, path: (string | number)[] = []): Generator<Change> {
  if (typeof policy !== 'object') return;
  const at = path.at(-1);
  if (at === 'left' || at === 'right' || at === 'body' || at === 'arg') {
    for (const value of [true, false]) yield put(path, { Value: value }, `is ${value}`);
  }
  if (Array.isArray(policy) && policy.length > 1) {
    for (const index of policy.keys())
      yield put(path, policy.toSpliced(index, 1), `without ${JSON.stringify(policy[index])}`);
  }
  for (const [key, child] of Object.entries(policy)) yield* changesOf(child, [...path, key]);
}

function put(path: (string | number)[], value: Json, what: string): Change {
  return {
    name: `${path.join('.')} ${what}`,
    apply(policy) {
      let place = policy as Record<string, Json>;
      for (const step of path.slice(0, -1)) place = place[step] as Record<string, Json>;
      place[String(path.at(-1))] = value;
    },
  };
}

/** A mutant that the reader of policies refuses is no danger. */
function compiles(policies: unknown): boolean {
  try {
    compile(policies);
    return true;
  } catch {
    return false;
  }
}
