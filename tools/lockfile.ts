/** The packages this tree asks for (package.json) and gets (package-lock.json). Reads text only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Locked {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  license?: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Card {
  /** Folder below the root; empty for the root itself. */
  folder: string;
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** By place in the tree, such as `node_modules/pg`; `packages/model` for a workspace; empty for the root. */
export type Lockfile = Readonly<Record<string, Locked>>;

export function readLockfile(root: string): Lockfile {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
}

export function readCards(root: string): Card[] {
  const folders = ['', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)];
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')), folder }));
}

/** Places of packages that come from a registry: neither the root, nor a workspace, nor a link to one. */
export function foreignPlaces(lock: Lockfile): string[] {
  return Object.keys(lock).filter((place) => place.includes('node_modules/') && !lock[place]?.link);
}

/** Where Node finds `name` for a package at `place`: its own node_modules, then each one above; null when nowhere. */
export function placeOf(lock: Lockfile, place: string, name: string): string | null {
  const found = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
  if (lock[found]) return found;
  return place === '' ? null : placeOf(lock, above(place), name);
}

/** `node_modules/a/node_modules/b` → `node_modules/a`; a workspace → the root. */
function above(place: string): string {
  const inside = place.lastIndexOf('node_modules/');
  return inside <= 0 ? '' : place.slice(0, inside - 1);
}

/** Names that the workspaces ask for to run, without each other. */
export function directNames(cards: readonly Card[]): Set<string> {
  const asked = cards
    .filter(({ folder }) => folder !== '')
    .flatMap((card) => Object.keys({ ...card.dependencies, ...card.optionalDependencies }));
  return new Set(asked.filter((name) => !name.startsWith('@tripoint/')));
}

/** Places of everything the workspaces need to run, whatever the platform; all the rest is tools. */
export function productionPlaces(lock: Lockfile, cards: readonly Card[]): Set<string> {
  const reached = new Set<string>();
  const reach = (from: string, { dependencies, optionalDependencies, ...rest }: Locked) => {
    const peers = Object.keys(rest.peerDependencies ?? {}).filter(
      (name) => !rest.peerDependenciesMeta?.[name]?.optional,
    );
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const place = placeOf(lock, from, name);
      if (place === null || reached.has(place) || lock[place]?.link) continue;
      reached.add(place);
      reach(place, lock[place] as Locked);
    }
  };
  for (const card of cards) if (card.folder !== '') reach(card.folder, card);
  return reached;
}

export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
