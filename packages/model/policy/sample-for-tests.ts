/**
 * Random viewers and items for tests, biased so that rules meet: few names, few nations, a home that is often shared.
 * Only tests load it.
 */
import fc from 'fast-check';
import { ITEM_STATES, type ItemFacts } from './facts.ts';
import { ACTIONS } from './shape.ts';
import { type AnyViewer, admitViewer, MACHINE_PURPOSES, machineViewer } from './viewer.ts';

export const NOW_MS = 1_795_000_000_000;
const TODAY = Math.floor(NOW_MS / 86_400_000);

const nations = fc.constantFrom('KR', 'TH', 'KH', 'LA');
const agencies = fc.option(fc.constantFrom('a1', 'a2'), { nil: null });
const officers = fc.constantFrom('o1', 'o2');
const some = (...values: string[]) => fc.subarray(values);

const reading = ['desk-officer', 'duty-lead', 'unit-head', 'senior-officer', 'analyst', 'liaison'] as const;
const roles = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...reading).map((role) => [role as string]) },
  { weight: 1, arbitrary: some(...reading, 'administrator', 'secretariat', 'dpo', 'press-officer', 'field-officer') },
);

export const officerViewers = fc
  .record({
    nation: fc.oneof({ weight: 4, arbitrary: fc.constant('KR') }, nations),
    officer: officers,
    agency: agencies,
    roles,
    clearances: fc.record({ compartments: fc.oneof(fc.constant([]), some('a1', 'a2')) }),
    accreditedNations: some('TH', 'KH'),
  })
  .map(admitViewer);

export const viewers: fc.Arbitrary<AnyViewer> = fc.oneof(
  { weight: 9, arbitrary: officerViewers },
  { weight: 1, arbitrary: fc.constantFrom(...MACHINE_PURPOSES).map(machineViewer) },
);

export const itemFacts: fc.Arbitrary<ItemFacts> = fc
  .record({
    kind: fc.oneof({ weight: 9, arbitrary: fc.constant('report') }, fc.constant('rumour')),
    own: fc.boolean(),
    other: nations,
    state: fc.oneof({ weight: 3, arbitrary: fc.constant('released' as const) }, fc.constantFrom(...ITEM_STATES)),
    agency: agencies,
    handling: fc.oneof(fc.constant(['H0']), some('H1', 'H2', 'H3')),
    conditions: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      some('named-officers-only', 'no-copy', 'hide-recipients'),
    ),
    namedOfficers: some('o1', 'o2'),
    pap: fc.constantFrom('PAP:RED', 'PAP:AMBER', 'PAP:GREEN', 'PAP:CLEAR'),
    recipients: fc.oneof({ weight: 3, arbitrary: fc.constant(['KR', 'TH']) }, some('KR', 'TH', 'KH', 'LA')),
    expiresDay: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.integer({ min: TODAY - 1, max: TODAY + 1 })),
  })
  .map(({ other, ...facts }) => ({ ...facts, says: facts.own && other !== 'LA' ? 'KR' : other }));

export const actions = fc.oneof(fc.constantFrom('read' as const, 'list' as const), fc.constantFrom(...ACTIONS));
