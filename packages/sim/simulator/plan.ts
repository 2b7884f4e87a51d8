/** What happens in a run, worked out from its seed before it begins: who files what when, and what goes wrong. */
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import { calm, type Weather } from './database.ts';
import type { NetWeather } from './line.ts';

export interface RunOptions {
  bureaus: number;
  operations: number;
  /** How long things go wrong, virtual ms; then everything heals. */
  faultMs: number;
  crypto: 'stub' | 'real';
  /** The lines of the run, or the real transport over wires of the run. */
  links: 'plain' | 'real';
  /** Of plain lines: frames keep their order and are lost by cuts alone. */
  ordered: boolean;
  /** A bureau of two processes on one database. */
  second: boolean;
  byzantine: boolean;
  /** A bureau comes back from an old backup. */
  restore: boolean;
  /** A member is suspended: from the beginning, or amid the run, perhaps to come back. */
  suspend: 'never' | 'before' | 'amid';
  /** The database is moody: slow statements, broken connections. */
  moody: boolean;
}

/** The run of a seed: most are small, for small ones find most and cost least. */
export function optionsOf(seed: number, given: Partial<RunOptions> = {}): RunOptions {
  const chance = chanceOf(seed, 'options');
  const size = chance.fraction();
  const [bureaus, operations, faultMs] = size < 0.85 ? [3, 12, 1_500] : size < 0.97 ? [4, 25, 5_000] : [6, 60, 10_000];
  const drawn: RunOptions = {
    ...{ bureaus, operations, faultMs },
    ordered: chance.often(0.5),
    second: chance.often(0.2),
    byzantine: chance.often(0.2),
    restore: chance.often(0.08),
    suspend: chance.often(0.2) ? 'before' : 'never',
    moody: chance.often(0.4),
    crypto: chance.often(0.003) ? 'real' : 'stub',
    links: chance.often(0.25) ? 'real' : 'plain',
    ...given,
  };
  // A member that lies needs a hand on its frames, which only plain lines have.
  return drawn.byzantine ? { ...drawn, links: 'plain' } : drawn;
}

/** `name=value,…`, as a failing run prints them. */
export const writeOptions = (options: RunOptions): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join();

const SHAPE: Record<keyof RunOptions, RegExp> = {
  bureaus: /^[2-6]$/,
  operations: /^\d{1,4}$/,
  faultMs: /^\d{1,7}$/,
  crypto: /^(stub|real)$/,
  links: /^(plain|real)$/,
  ordered: /^(true|false)$/,
  second: /^(true|false)$/,
  byzantine: /^(true|false)$/,
  restore: /^(true|false)$/,
  suspend: /^(never|before|amid)$/,
  moody: /^(true|false)$/,
};

/** null: a name nobody knows, or a value it cannot have. */
export function readOptions(text: string): Partial<RunOptions> | null {
  const pairs = text === '' ? [] : text.split(',').map((pair) => pair.split('=') as [string, string?]);
  const isKnown = ([name, value]: [string, string?]) =>
    Object.hasOwn(SHAPE, name) && SHAPE[name as keyof RunOptions].test(value ?? '');
  if (!pairs.every(isKnown)) return null;
  const read = (text = ''): number | boolean | string =>
    /^\d/.test(text) ? Number(text) : text === 'true' || text === 'false' ? text === 'true' : text;
  return Object.fromEntries(pairs.map(([name, value]) => [name, read(value)]));
}

export type Step = { atMs: number } & (
  | { do: 'file'; by: number; to: number[]; lane: 1 | 2 | 3; condition: 'hide-recipients' | 'read-receipt' | null }
  | { do: 'open'; by: number }
  | { do: 'erase'; by: number }
  | { do: 'suspend'; whom: number }
  | { do: 'reinstate'; whom: number }
  | { do: 'kill' | 'power'; whom: number; downMs: number }
  | { do: 'restore'; whom: number; downMs: number; share: number }
  | { do: 'cut'; pair: [number, number]; forMs: number; ways: [boolean, boolean] }
  | { do: 'reset'; pair: [number, number] }
  | { do: 'clock'; whom: number; byMs: number }
);

export interface Plan {
  steps: Step[];
  database: Weather;
  net: NetWeather;
  /** Which bureau lies, or null. */
  byzantine: number | null;
  /** Who is suspended from the beginning, or null. */
  suspended: number | null;
}

export const LATENCY_MS = 20;
/** Calm weather at the end of a run. */
export const healed = (ordered: boolean): NetWeather => ({
  isOrdered: ordered,
  drop: 0,
  duplicate: 0,
  latencyMs: LATENCY_MS,
  slow: 0,
});

export function planOf(seed: number, options: RunOptions): Plan {
  const chance = chanceOf(seed, 'plan');
  const byzantine = options.byzantine ? chance.below(options.bureaus) : null;
  const steps = [...operations(chance, options), ...faults(chance, options, byzantine)];
  return {
    steps: steps.sort((a, b) => a.atMs - b.atMs),
    database: databaseWeather(chance, options),
    net: {
      isOrdered: options.ordered,
      drop: chance.pick([0, 0.02, 0.1, 0.3]),
      duplicate: chance.pick([0, 0.05, 0.3]),
      latencyMs: LATENCY_MS,
      slow: chance.pick([0, 0.05, 0.3]),
    },
    byzantine,
    suspended: options.suspend === 'before' ? chance.below(options.bureaus) : null,
  };
}

function databaseWeather(chance: Chance, { moody }: RunOptions): Weather {
  const slowest = chance.pick([2, 5, 40]);
  const usual = { ...calm, beforeCommitMs: slowest, syncMs: slowest, afterCommitMs: slowest };
  if (!moody) return usual;
  return {
    ...usual,
    slowStatement: chance.pick([0, 0.1, 0.3]),
    slowStatementMs: 30,
    lostBefore: chance.pick([0, 0.05]),
    lostBehind: chance.pick([0, 0.05]),
  };
}

function operations(chance: Chance, { bureaus, operations: count, faultMs }: RunOptions): Step[] {
  const someone = () => chance.below(bureaus);
  return Array.from({ length: count }, (): Step => {
    const atMs = chance.between(0, faultMs * 0.9);
    const kind = chance.fraction();
    if (kind < 0.12) return { atMs, do: 'open', by: someone() };
    if (kind < 0.15) return { atMs, do: 'erase', by: someone() };
    const by = someone();
    const others = Array.from({ length: bureaus }, (_, at) => at).filter((at) => at !== by);
    const to = others.filter(() => chance.often(0.6));
    return {
      ...{ atMs, do: 'file', by },
      to: to.length > 0 ? to : [chance.pick(others)],
      lane: chance.pick([1, 2, 2, 3] as const),
      condition: chance.pick([null, null, 'hide-recipients', 'read-receipt'] as const),
    };
  });
}

function faults(chance: Chance, options: RunOptions, byzantine: number | null): Step[] {
  const { bureaus, faultMs } = options;
  const someone = () => chance.below(bureaus);
  const when = () => chance.between(0, faultMs);
  const pair = (): [number, number] => {
    const first = chance.below(bureaus - 1);
    return [first, first + 1 + chance.below(bureaus - first - 1)];
  };
  const some = (most: number, make: () => Step) => Array.from({ length: chance.below(most + 1) }, make);
  const steps: Step[] = [
    ...some(3, () => ({
      ...{ atMs: when(), do: chance.pick(['kill', 'power'] as const), whom: someone() },
      downMs: chance.between(10, faultMs / 2),
    })),
    ...some(3, () => ({
      ...{ atMs: when(), do: 'cut', pair: pair(), forMs: chance.between(50, faultMs) },
      ways: chance.pick<[boolean, boolean]>([
        [true, true],
        [true, false],
        [false, true],
      ]),
    })),
    ...some(2, () => ({ atMs: when(), do: 'reset', pair: pair() })),
    ...some(1, () => ({ atMs: when(), do: 'clock', whom: someone(), byMs: chance.between(-3_600_000, 86_400_000) })),
  ];
  if (options.suspend === 'amid') {
    const whom = someone();
    const atMs = chance.between(faultMs * 0.2, faultMs * 0.7);
    steps.push({ atMs, do: 'suspend', whom });
    if (chance.often(0.5)) steps.push({ atMs: chance.between(atMs + 100, faultMs), do: 'reinstate', whom });
  }
  if (options.restore) {
    const honest = Array.from({ length: bureaus }, (_, at) => at).filter((at) => at !== byzantine);
    const [whom, share] = [chance.pick(honest), chance.fraction()];
    steps.push({ atMs: chance.between(faultMs / 2, faultMs), do: 'restore', whom, share, downMs: 50 });
  }
  return steps;
}
