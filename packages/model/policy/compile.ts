/** One tree, two interpreters: a closure for memory and a predicate for PostgreSQL. */
import { type Closure, closureOf, type Facts } from './closure.ts';
import { dayOf, type ItemFacts } from './facts.ts';
import { conditionOf, type Fragment, type Predicate, predicateOf } from './predicate.ts';
import { type Action, type ItemAttribute, shape } from './shape.ts';
import { type Policy, readPolicies } from './tree.ts';
import { type AnyViewer, isAdmitted, isMachine } from './viewer.ts';

/** `reasons`: ids of the policies that decided: the forbids, or else the permits; none when nothing permits. */
export type Decision = { readonly allowed: boolean; readonly reasons: readonly string[] };

export type ItemColumns = Readonly<Record<ItemAttribute, string>>;

export type CompiledPolicy = {
  /** May this viewer do this with an item of these facts, at this instant (milliseconds since 1970)? */
  holds(viewer: AnyViewer, item: ItemFacts, action: Action, nowMs: number): Decision;
  /** The same question as a WHERE condition; `columns` names where each fact stands. */
  toSql(viewer: AnyViewer, action: Action, columns: ItemColumns, nowMs: number): Predicate;
};

type Ready = { readonly policy: Policy; readonly satisfied: Closure };

/** Throws `PolicyRefused` when the JSON holds anything that is not fully understood. */
export function compile(json: unknown): CompiledPolicy {
  const all = readPolicies(json, shape).map((policy) => ({ policy, satisfied: closureOf(policy.condition) }));
  return {
    holds: (viewer, item, action, nowMs) => decide(applying(all, viewer, action), factsOf(viewer, nowMs, item)),
    toSql: (viewer, action, columns, nowMs) => write(applying(all, viewer, action), factsOf(viewer, nowMs), columns),
  };
}

function applying(all: readonly Ready[], viewer: AnyViewer, action: Action): Ready[] {
  if (!isAdmitted(viewer)) throw new Error('not an admitted viewer');
  const kind = isMachine(viewer) ? 'Machine' : 'Officer';
  return all.filter(
    ({ policy }) => (policy.principal === null || policy.principal === kind) && policy.actions.includes(action),
  );
}

function decide(policies: readonly Ready[], facts: Facts): Decision {
  const satisfied = policies.filter((ready) => ready.satisfied(facts)).map((ready) => ready.policy);
  const forbids = satisfied.filter((policy) => policy.effect === 'forbid');
  if (forbids.length > 0) return { allowed: false, reasons: forbids.map((policy) => policy.id) };
  return { allowed: satisfied.length > 0, reasons: satisfied.map((policy) => policy.id) };
}

function write(policies: readonly Ready[], facts: Facts, columns: ItemColumns): Predicate {
  const permits = branches(policies, 'permit', facts, columns);
  const forbids = branches(policies, 'forbid', facts, columns);
  if (permits.length === 0 || forbids.includes('always')) return { sql: 'FALSE', params: [] };
  const permitted = permits.includes('always') ? ['TRUE'] : anyOf(permits);
  if (forbids.length === 0) return predicateOf(permitted);
  return predicateOf(['(', ...permitted, ' AND NOT ', ...anyOf(forbids), ')']);
}

/** The policies of one effect that can still be satisfied; 'always' for one that already is. */
function branches(
  policies: readonly Ready[],
  effect: Policy['effect'],
  facts: Facts,
  columns: ItemColumns,
): (Fragment | 'always')[] {
  return policies
    .filter(({ policy }) => policy.effect === effect)
    .map(({ policy }) => conditionOf(policy.condition, columns, facts))
    .filter((condition) => condition !== false)
    .map((condition) => (condition === true ? 'always' : condition));
}

// NULL is neither true nor false: every policy ends in COALESCE, so that an unknown is simply not satisfied.
function anyOf(fragments: readonly (Fragment | 'always')[]): Fragment {
  const joined = fragments.flatMap((fragment, at) => [
    at === 0 ? 'COALESCE(' : ' OR COALESCE(',
    ...fragment,
    ', false)',
  ]);
  return ['(', ...joined, ')'];
}

function factsOf(viewer: AnyViewer, nowMs: number, item?: ItemFacts): Facts {
  return {
    principal: isMachine(viewer) ? { purpose: viewer.purpose } : officerFacts(viewer),
    resource:
      item === undefined
        ? {}
        : { ...item, ...optional('agency', item.agency), ...optional('expiresDay', item.expiresDay) },
    context: { today: dayOf(nowMs) },
  } as Facts;
}

function officerFacts(viewer: Exclude<AnyViewer, { purpose: unknown }>): Facts['principal'] {
  const own = viewer.agency === null ? [] : [viewer.agency];
  return {
    nation: viewer.nation,
    officer: viewer.officer,
    ...optional('agency', viewer.agency),
    roles: viewer.roles,
    compartments: [...own, ...viewer.clearances.compartments],
    accreditedNations: viewer.accreditedNations,
  };
}

/** Null in our types is absence in Cedar's. */
function optional<T>(name: string, value: T | null): Record<string, T | undefined> {
  return { [name]: value ?? undefined };
}
