import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { breaksOf, COMPUTED, type Import, type Plan, reaches, reachesOf, specifiersOf } from './house.ts';

/** A small house with every kind of room the real one has. */
const plan: Plan = {
  'model/property': { does: '', opens: [] },
  'model/report': { does: '', opens: ['model/property'] },
  'envelope/seal': { does: '', opens: [] },
  'bureau/store': { does: '', opens: ['model/*', 'bureau/keys'] },
  'bureau/keys': { does: '', opens: ['envelope/*', 'bureau/store'] },
  'bureau/exchange': { does: '', opens: ['model/*', 'envelope/*', 'bureau/store', 'bureau/keys'] },
  'bureau/desks/reports': { does: '', opens: ['model/*', 'bureau/store', 'bureau/exchange'] },
  'bureau/desks/admin': { does: '', opens: ['model/*', 'bureau/store', 'bureau/exchange'] },
  bureau: { does: '', opens: ['*'] },
  web: { does: '', opens: ['model/*', 'contracts'] },
};
const declared = ['@tripoint/model', '@tripoint/envelope', '@tripoint/bureau', 'zod'];

/** What the rules say of one source text at one place. */
function judge(file: string, source: string): string[] {
  return breaksOf(
    plan,
    specifiersOf(source).map((specifier): Import => ({ file, specifier, declared })),
  );
}

const planted: readonly [what: string, file: string, source: string, says: RegExp][] = [
  ['a Node module in model', 'model/report/draft.ts', `import { join } from 'node:path';`, /model is pure/],
  ['a package nobody declared', 'bureau/store/store.ts', `import leftPad from 'left-pad';`, /not declared/],
  [
    'a package that opens one above it',
    'model/report/draft.ts',
    `import { startBureau } from '@tripoint/bureau/main';`,
    /model\/report may not open bureau$/,
  ],
  [
    'a desk inside another desk',
    'bureau/desks/reports/file-report.ts',
    `import { mayAdminister } from '../admin/rules.ts';`,
    /may not open bureau\/desks\/admin/,
  ],
  [
    'a deep import past a package’s door',
    'bureau/store/store.ts',
    `import { bounds } from '@tripoint/model/report/bounds';`,
    /past the door/,
  ],
  [
    'an upward import of a type only',
    'model/report/draft.ts',
    `import type { Store } from '@tripoint/bureau/store';`,
    /may not open bureau\/store/,
  ],
  [
    'a dynamic import',
    'bureau/desks/reports/file-report.ts',
    `const admin = await import('../admin/index.ts');`,
    /may not open bureau\/desks\/admin/,
  ],
  [
    'the console inside the server',
    'web/desks/reports/row.tsx',
    `import { openStore } from '@tripoint/bureau/store';`,
    /web may not open bureau\/store/,
  ],
  [
    'a lower room that knows a feature',
    'bureau/store/store.ts',
    `export { fileReport } from '../desks/reports/index.ts';`,
    /may not open bureau\/desks\/reports/,
  ],
  [
    'a relative path out of the package',
    'bureau/keys/keyring.ts',
    `import { sealEnvelope } from '../../envelope/seal/index.ts';`,
    /leaves its package by a relative path/,
  ],
  [
    'a file behind a room’s door',
    'bureau/exchange/outbox.ts',
    `import { itemVault } from '../store/at-rest.ts';`,
    /past the door/,
  ],
  [
    'a desk that asks another through its door',
    'bureau/desks/reports/file-report.ts',
    `import { adminRoutes } from '../admin/index.ts';`,
    /may not open bureau\/desks\/admin/,
  ],
];

for (const [what, file, source, says] of planted) {
  test(`the house refuses ${what}`, () => {
    const breaks = judge(file, source);
    assert.equal(breaks.length, 1, breaks.join('\n'));
    assert.match(breaks[0] as string, says);
  });
}

test('the house refuses rooms that turn in a circle, also when each may open the next', () => {
  const circle: Import[] = [
    { file: 'bureau/store/store.ts', specifier: '../keys/index.ts', declared },
    { file: 'bureau/keys/keyring.ts', specifier: '../store/index.ts', declared },
  ];
  assert.deepEqual(breaksOf(plan, circle), ['rooms turn in a circle: bureau/store → bureau/keys → bureau/store']);
});

const welcome: readonly [what: string, file: string, source: string][] = [
  ['a room below by its door', 'bureau/exchange/outbox.ts', `import { openStore } from '../store/index.ts';`],
  ['a package below by its name', 'bureau/exchange/inbox.ts', `import { parse } from '@tripoint/model/report';`],
  ['a neighbour in the same room', 'bureau/store/store.ts', `import { itemVault } from './at-rest.ts';`],
  ['a declared package', 'model/report/draft.ts', `import { z } from 'zod';`],
  ['a contract, from the console', 'web/live/ask.ts', `import { x } from '@tripoint/bureau/desks/reports/contract';`],
  ['every door, from the place where all is put together', 'bureau/main.ts', `import { a } from './keys/index.ts';`],
  ['Node’s arithmetic below the edge', 'envelope/seal/core.ts', `import { createHash } from 'node:crypto';`],
  ['the disk, at the edge', 'bureau/keys/sealed-file.ts', `import { readFileSync } from 'node:fs';`],
  ['the disk, in a test', 'model/report/report.test.ts', `import { readFileSync } from 'node:fs';`],
  ['another room’s sample, in a test', 'bureau/store/a.test.ts', `import '../../model/report/sample-for-tests.ts';`],
];

for (const [what, file, source] of welcome) {
  test(`the house lets in ${what}`, () => assert.deepEqual(judge(file, source), []));
}

test('the house refuses the disk in a core room, a file in no room and a way out of the packages', () => {
  assert.match(judge('bureau/store/store.ts', `import 'node:fs/promises';`)[0] ?? '', /through ports/);
  assert.match(judge('model/weather/rain.ts', `import 'zod';`)[0] ?? '', /lies in no room/);
  assert.match(judge('model/report/draft.ts', `import '../../../tools/lint.ts';`)[0] ?? '', /leaves the packages/);
  assert.match(judge('model/report/draft.ts', `import '@tripoint/model/weather';`)[0] ?? '', /no room of the plan/);
});

test('a contract is a door for the console only, and the name "contract" elsewhere is not one', () => {
  const source = `import { reportDraft } from '../admin/contract.ts';`;
  assert.match(judge('bureau/desks/reports/compose.ts', source)[0] ?? '', /may not open bureau\/desks\/admin/);
  assert.match(judge('web/live/ask.ts', `import '@tripoint/bureau/store/contract';`)[0] ?? '', /may not open/);
});

test('an own package must be declared as well', () => {
  const one: Import = { file: 'bureau/store/store.ts', specifier: '@tripoint/model/report', declared: ['zod'] };
  assert.match(breaksOf(plan, [one])[0] ?? '', /not declared/);
});

test('an import that is worked out at run time is refused, because nobody can judge it', () => {
  assert.match(judge('bureau/store/store.ts', `await import(\`../\${room}/index.ts\`);`)[0] ?? '', /cannot be judged/);
  assert.deepEqual(judge('bureau/store/store.test.ts', 'await import(name);'), []);
});

test('the scanner finds every form of import', () => {
  const source = `
    import plain from 'a';
    import type { T } from "b";
    import { one,
      two as three } from 'c';
    import * as all from 'd';
    import 'e';
    export * from 'f';
    export type { U } from 'g';
    export { x as default } from 'h'; import tight from'i';
    type V = import('j').V;
    const late = () => import(\`k\`);
    const text = \`a \${await import('l')} b\`;
    import data from 'm' with { type: 'json' };
  `;
  assert.deepEqual([...new Set(specifiersOf(source))].sort(), [...'abcdefghijklm']);
});

test('the scanner is not misled by comments, texts and expressions that look like imports', () => {
  const source = `
    // import a from 'a';
    /* import b from 'b'; */
    const said = "import c from 'c'";
    const program = \`import { d } from 'd';\`;
    const glob = 'rooms/*'; import real from 'real'; const other = '*/';
    const web = 'https://example.org'; import second from 'second';
    const slashes = /https?:\\/\\/['"\`]/.test(said) ? 1 / 2 : 3 / 4; import third from 'third';
    interface Way { from: 'f'; import: 'g' }
    store.import('h');
  `;
  assert.deepEqual(specifiersOf(source).sort(), ['real', 'second', 'third']);
  assert.deepEqual(specifiersOf('const one = import(name)'), [COMPUTED]);
});

test('a core room that reaches past its ports is found, whichever port it is', () => {
  const file = 'model/report/draft.ts';
  const reached = [
    'Date.now()',
    'new Date()',
    'setTimeout(go, 1)',
    'Math.random()',
    'fetch(url)',
    'randomBytes(16)',
    'crypto.getRandomValues(a)',
    'performance.now()',
    'process.env.HOME',
    'eval(text)',
    'new Function(text)',
  ];
  for (const code of reached) assert.equal(reachesOf(file, `const x = ${code};`).length, 1, code);
  for (const code of ['new Date(atMs)', 'clock.now()', 'ports.fetch(url)', '"Date.now()"', '// Math.random()'])
    assert.deepEqual(reachesOf(file, code), [], code);
  assert.deepEqual(reachesOf('bureau/main.ts', 'Date.now()'), [], 'ports are made here');
  assert.equal(reachesOf('bureau/main.ts', 'eval(text)').length, 1, 'text becomes code nowhere');
});

test('no core room reaches past its ports', () => {
  assert.deepEqual(reaches(join(import.meta.dirname, '..')), []);
});

test('what the simulator runs in virtual time asks the machine for nothing', () => {
  const folder = join(import.meta.dirname, '..', 'packages', 'sim', 'simulator');
  const edge = /^(main|on-all-cores|campaign)\.ts$|test/;
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !edge.test(name));
  assert.ok(files.length > 20);
  // Read as if they were a core room’s: sim is an edge, where reaching out is allowed. The kernel’s one turn is what it is for.
  const reached = files.flatMap((name) => {
    const source = readFileSync(join(folder, name), 'utf8').replace('setImmediate(turn)', 'turn()');
    return reachesOf(`model/report/${name}`, source);
  });
  assert.deepEqual(reached, []);
});
