/** Which licences may come into the tree. A licence nobody listed is refused until somebody reads it. */

/** What a bureau, a console or a tool may be made of. */
const everywhere = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Unlicense',
  'Zlib',
];
/** File-level copyleft: unmodified, and in tools that end in nothing we hand out. */
const toolsOnly = ['MPL-2.0'];

/** Packages whose licence is right but lies outside the lists, or is not written where it is looked for; and why. */
const readByHand: Readonly<Record<string, { licence: string; why: string }>> = {
  argparse: {
    licence: 'Python-2.0',
    why: 'permissive licence of Python itself; comes with Lingui’s tool for catalogues',
  },
  'caniuse-lite': {
    licence: 'CC-BY-4.0',
    why: 'browser support tables, data and not code; used while building, see NOTICE',
  },
  'cli-table': { licence: 'MIT', why: 'its package.json names none; its LICENSE file is the MIT text' },
};

export interface Licensed {
  name: string;
  /** SPDX expression as the package states it. */
  licence: string | undefined;
  /** false when it only helps to build or to test. */
  production: boolean;
}

/** Why a package may not come in, or null. */
export function licenceBreak({ name, licence, production }: Licensed): string | null {
  const byHand = readByHand[name];
  if (byHand && (licence ?? byHand.licence) === byHand.licence) return null;
  if (licence === undefined || licence.trim() === '') return `${name} names no licence`;
  const allowed = new Set([
    ...everywhere,
    ...(production ? [] : toolsOnly),
    ...(name.startsWith('@fontsource/') ? ['OFL-1.1'] : []),
  ]);
  return holds(licence, allowed) ? null : `${name} comes under ${licence}`;
}

/** An OR needs one allowed side, an AND both. Anything else of SPDX's grammar is read by hand. */
function holds(expression: string, allowed: ReadonlySet<string>): boolean {
  const bare = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  if (bare.includes('(')) return false;
  return bare.split(/ OR /).some((side) => side.split(/ AND /).every((one) => allowed.has(one.trim())));
}
