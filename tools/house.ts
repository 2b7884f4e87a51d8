/** A small import scanner and the rules of the house over what it finds. Reads text only; runs nothing. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

export type Plan = Record<string, { does: string; opens: readonly string[] }>;

export interface Import {
  /** Path of the importing file below packages/, such as `bureau/api/live.ts`. */
  file: string;
  specifier: string;
  /** Declared dependencies of the importing package. */
  declared: readonly string[];
}

const specifierPattern =
  /(?:^|[;\n}])\s*(?:import|export)\s+(?:type\s+)?(?:[\w*{][^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Import specifiers of one source text; comments do not count. */
export function specifiersOf(source: string): string[] {
  const bare = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
  return [...bare.matchAll(specifierPattern)].map((match) => (match[1] ?? match[2]) as string);
}

function sourceFiles(folder: string, found: string[] = []): string[] {
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) sourceFiles(path, found);
    else if (/\.tsx?$/.test(name)) found.push(path);
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
    const declared = [...declaredIn(file.split('/')[0] as string), ...(isTest(file) ? tools : [])];
    return specifiersOf(readFileSync(path, 'utf8')).map((specifier) => ({ file, specifier, declared }));
  });
}

/** Tests, benches and vector makers may use development tools and open any room's door. */
function isTest(file: string): boolean {
  return /\.test\.tsx?$|(^|\/)(bench|vectors|browser|tests?)\/|(^|\/)bench\.ts$/.test(file);
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

function may(opens: readonly string[], room: string): boolean {
  return opens.some(
    (door) => door === '*' || door === room || (door.endsWith('/*') && room.startsWith(door.slice(0, -1))),
  );
}

/** Where a specifier leads: a path below packages/, a Node module, or a package's name. */
function target(file: string, specifier: string): { path: string } | { node: string } | { package: string } {
  if (specifier.startsWith('.')) return { path: relative('/', resolve('/', dirname(file), specifier)) };
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { node: specifier };
  const own = specifier.match(/^@tripoint\/([^/]+)(?:\/(.*))?$/);
  if (own) {
    const [, name, rest] = own as unknown as [string, string, string | undefined];
    if (rest?.endsWith('contract')) return { path: `${name}/${rest}.ts` };
    if (rest === 'main') return { path: `${name}/main.ts` };
    return { path: rest ? `${name}/${rest}/index.ts` : `${name}/index.ts` };
  }
  const parts = specifier.split('/');
  return { package: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string) };
}

const edgeModules = /^node:(fs|child_process|net|tls|http|https|dgram|worker_threads|cluster|os)/;
const edgeRooms = /^(bureau$|bureau\/(postgres|keys|transport|api)|cli|sim|web)/;

function breakOf(plan: Plan, { file, specifier, declared }: Import): string | null {
  const from = roomOf(plan, file);
  if (!from) return `${file} lies in no room of the plan`;
  const to = target(file, specifier);
  const says = (what: string) => `${file} → ${specifier}: ${what}`;
  if ('node' in to) {
    if (isTest(file)) return null;
    if (from.startsWith('model/')) return says('model is pure and opens no Node module');
    if (edgeModules.test(to.node) && !edgeRooms.test(from)) return says('the outside world enters through ports');
    return null;
  }
  if ('package' in to) {
    if (specifier.startsWith('/') || specifier.startsWith('virtual:')) return null;
    return declared.includes(to.package) ? null : says('not declared in its package.json');
  }
  if (to.path.startsWith('..')) return says('leaves the packages');
  const room = roomOf(plan, to.path);
  if (!room) return says('leads into no room of the plan');
  if (room === from) return null;
  const contract = /^bureau\/desks\/[^/]+\/contract\.ts$/.test(to.path);
  if (contract && may((plan[from] as { opens: readonly string[] }).opens, 'contracts')) return null;
  if (!isTest(file) && !may((plan[from] as { opens: readonly string[] }).opens, room))
    return says(`${from} may not open ${room}`);
  const door = to.path === `${room}/index.ts` || to.path.endsWith('.json') || to.path.endsWith('.sql') || contract;
  if (
    !door &&
    to.path !== `${room}/main.ts` &&
    !(from === 'bureau' && to.path.startsWith('bureau/')) &&
    from !== 'sim'
  ) {
    return says('goes past the door index.ts');
  }
  return null;
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
    const room = roomOf(plan, to.path);
    if (room && room !== from) edges.set(from, (edges.get(from) ?? new Set()).add(room));
  }
  return [...breaks, ...cycles(edges)];
}
