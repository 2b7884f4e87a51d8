/** A small import scanner and the rules of the house over what it finds. Reads text only; runs nothing. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { skeletonOf } from './source-skeleton.ts';

export type Plan = Record<string, { does: string; opens: readonly string[] }>;

export interface Import {
  /** Path of the importing file below packages/, such as `bureau/api/live.ts`. */
  file: string;
  specifier: string;
  /** Declared dependencies of the importing package. */
  declared: readonly string[];
}

/** Stands for a specifier that is only known when the code runs. */
export const COMPUTED = '(computed)';

const staticImport = /(?<![\w.$])(?:import\s*|(?:import|export)\b[^;"()=]*?\bfrom\s*)"(\d+)"/g;
const dynamicImport = /(?<![\w.$])(?:import|require)\s*\(\s*(?:"(\d+)"\s*[,)])?/g;

/** Import specifiers of one source text: static, type-only, dynamic, in types, re-exported. */
export function specifiersOf(source: string): string[] {
  const { code, strings } = skeletonOf(source);
  return [...code.matchAll(staticImport), ...code.matchAll(dynamicImport)].map(([, n]) =>
    n === undefined ? COMPUTED : (strings[Number(n)] as string),
  );
}

function sourceFiles(folder: string, found: string[] = []): string[] {
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) sourceFiles(path, found);
    else if (/\.[cm]?tsx?$/.test(name)) found.push(path);
  }
  return found;
}

export function imports(root: string): Import[] {
  const packages = join(root, 'packages');
  const declaredIn = (name: string): string[] => {
    const file = join(packages, name, 'package.json');
    if (!existsSync(file)) return [];
    const card = JSON.parse(readFileSync(file, 'utf8'));
    return Object.keys({ ...card.dependencies, ...card.optionalDependencies, ...card.devDependencies });
  };
  const rootCard = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tools = Object.keys(rootCard.devDependencies ?? {});
  return sourceFiles(packages).flatMap((path) => {
    const file = relative(packages, path);
    const declared = [...declaredIn(packageOf(file)), ...(isTest(file) ? tools : [])];
    return specifiersOf(readFileSync(path, 'utf8')).map((specifier) => ({ file, specifier, declared }));
  });
}

/** Tests, benches and what only they use: they may take development tools and open any room's door. */
function isTest(file: string): boolean {
  return (
    /\.(test|bench|fixture)\.tsx?$|-for-tests\.tsx?$|(^|\/)bench\.ts$/.test(file) ||
    /(^|\/)(bench|browser|fixtures|tests?|vectors)\//.test(file)
  );
}

/** The most special room of the plan that holds this file. */
export function roomOf(plan: Plan, file: string): string | null {
  const folders = dirname(file).split('/');
  for (let length = folders.length; length > 0; length -= 1) {
    const room = folders.slice(0, length).join('/');
    if (room in plan) return room;
  }
  return null;
}

const packageOf = (path: string): string => path.split('/')[0] as string;

function may(plan: Plan, from: string, room: string): boolean {
  const opens = plan[from]?.opens ?? [];
  return opens.some(
    (door) => door === '*' || door === room || (door.endsWith('/*') && room.startsWith(door.slice(0, -1))),
  );
}

type Target = { path: string } | { node: string } | { package: string };

/** Where a specifier leads: a path below packages/, a Node module, or a package's name. */
function target(file: string, specifier: string): Target {
  if (specifier.startsWith('.')) return { path: relative('/', resolve('/packages', dirname(file), specifier)) };
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { node: specifier };
  const own = specifier.match(/^@tripoint\/([^/]+)(?:\/(.*))?$/);
  if (own) {
    const [, name, rest] = own as unknown as [string, string, string | undefined];
    if (rest && /^desks\/[^/]+\/contract$/.test(rest)) return { path: `packages/${name}/${rest}.ts` };
    if (rest === 'main') return { path: `packages/${name}/main.ts` };
    return { path: rest ? `packages/${name}/${rest}/index.ts` : `packages/${name}/index.ts` };
  }
  const parts = specifier.split('/');
  return { package: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string) };
}

const edgeModules = /^(node:)?(fs|child_process|net|tls|http|https|http2|dgram|dns|timers|worker_threads|cluster|os)\b/;
const edgeRooms = /^(bureau$|bureau\/(postgres|keys|transport|api)|cli|sim|web)/;
const contractFile = /^bureau\/desks\/[^/]+\/contract\.ts$/;

function breakOf(plan: Plan, { file, specifier, declared }: Import): string | null {
  const says = (what: string) => `${file} → ${specifier}: ${what}`;
  const from = roomOf(plan, file);
  if (!from && !isTest(file)) return `${file} lies in no room of the plan`;
  if (specifier === COMPUTED) return isTest(file) ? null : says('an import that is worked out cannot be judged');
  const to = target(file, specifier);
  if ('node' in to) {
    const why = isTest(file) ? null : nodeBreak(from as string, to.node);
    return why && says(why);
  }
  if ('package' in to) {
    if (specifier.startsWith('/') || specifier.startsWith('virtual:')) return null;
    return declared.includes(to.package) ? null : says('not declared in its package.json');
  }
  const why = doorBreak(plan, file, from, specifier, to.path, declared);
  return why && says(why);
}

function nodeBreak(from: string, name: string): string | null {
  if (from.startsWith('model/')) return 'model is pure and opens no Node module';
  return edgeModules.test(name) && !edgeRooms.test(from) ? 'the outside world enters through ports' : null;
}

function doorBreak(
  plan: Plan,
  file: string,
  from: string | null,
  specifier: string,
  target: string,
  declared: readonly string[],
): string | null {
  if (!target.startsWith('packages/')) return 'leaves the packages';
  const path = target.slice('packages/'.length);
  const room = roomOf(plan, path);
  if (room !== null && room === from) return null;
  // What tests make for each other is theirs: a sample of model serves the store's tests too.
  if (isTest(file) && isTest(path)) return null;
  // A test may look behind the doors of its own package.
  if (isTest(file) && packageOf(path) === packageOf(file)) return null;
  if (!room) return 'leads into no room of the plan';
  if (packageOf(path) !== packageOf(file)) {
    if (specifier.startsWith('.')) return 'leaves its package by a relative path; write @tripoint/…';
    if (!declared.includes(`@tripoint/${packageOf(path)}`)) return 'not declared in its package.json';
  }
  const contract = contractFile.test(path);
  if (contract && from && may(plan, from, 'contracts')) return null;
  if (from && !isTest(file) && !may(plan, from, room)) return `${from} may not open ${room}`;
  const door = path === `${room}/index.ts` || path === `${room}/main.ts` || contract || /\.(json|sql)$/.test(path);
  const within = from === 'bureau' && path.startsWith('bureau/');
  return door || within || from === 'sim' ? null : 'goes past the door index.ts';
}

function cycles(edges: Map<string, Set<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (room: string, trail: string[]) => {
    if (trail.includes(room)) {
      found.push(`rooms turn in a circle: ${[...trail.slice(trail.indexOf(room)), room].join(' → ')}`);
      return;
    }
    if (done.has(room)) return;
    for (const next of edges.get(room) ?? []) walk(next, [...trail, room]);
    done.add(room);
  };
  for (const room of edges.keys()) walk(room, []);
  return found;
}

export function breaksOf(plan: Plan, all: readonly Import[]): string[] {
  const edges = new Map<string, Set<string>>();
  const breaks: string[] = [];
  for (const one of all) {
    const problem = breakOf(plan, one);
    if (problem) breaks.push(problem);
    const from = roomOf(plan, one.file);
    const to = target(one.file, one.specifier);
    if (isTest(one.file) || !from || !('path' in to) || to.path.endsWith('/contract.ts')) continue;
    const room = roomOf(plan, to.path.replace('packages/', ''));
    if (room && room !== from) edges.set(from, (edges.get(from) ?? new Set()).add(room));
  }
  return [...breaks, ...cycles(edges)];
}

/** What a core room is handed as a port: the clock, timers, chance, the network, the process it runs in. */
const portsOnly =
  /\bDate\.now\b|\bnew Date\(\s*\)|(?<![\w.$])(?:setTimeout|setInterval|setImmediate|fetch)\s*\(|\bMath\.random\b|\bperformance\.now\b|\brandom(?:Bytes|UUID|Fill\w*|Int)\b|\bgetRandomValues\b|\bprocess\.(?:env|hrtime|cwd)\b/g;
/** Text that becomes code: nowhere. */
const textAsCode = /(?<![\w.$])eval\s*\(|\bnew Function\b/g;

/** Where a source reaches past its ports. `file` is a path below packages/. */
export function reachesOf(file: string, source: string): string[] {
  if (isTest(file)) return [];
  const { code } = skeletonOf(source);
  const room = dirname(file);
  const found = [...code.matchAll(textAsCode), ...(edgeRooms.test(room) ? [] : code.matchAll(portsOnly))];
  return found.map(([text]) => `${file} reaches for ${text.replace(/\s*\($/, '')}`);
}

export function reaches(root: string): string[] {
  const packages = join(root, 'packages');
  return sourceFiles(packages).flatMap((path) => reachesOf(relative(packages, path), readFileSync(path, 'utf8')));
}
