/**
 * The plan of the house as one table: which room may open which door. Fails when a room opens a door it may not.
 * The same table is printed into ARCHITECTURE.md (`node house.test.ts --print`).
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { breaksOf, imports, type Plan } from './tools/house.ts';

const root = import.meta.dirname;

/** room → what it knows and does, and the rooms it may open. Order is from the ground up. */
export const plan: Plan = {
  'model/codes': { does: 'the coalition’s code lists, as data', opens: [] },
  'model/contract': { does: 'how a desk says what may be asked, answered and refused', opens: [] },
  'model/property': { does: 'what a value is: clean, compare, mask, match, label', opens: ['model/codes'] },
  'model/entity': { does: 'schemata of entities and edges', opens: ['model/property', 'model/codes'] },
  'model/marking': {
    does: 'nation, grade, marking and how markings join',
    opens: ['model/codes', 'model/contract', 'model/property'],
  },
  'model/report': {
    does: 'a report and its statements: compose, encode, parse, project',
    opens: ['model/codes', 'model/contract', 'model/property', 'model/entity', 'model/marking'],
  },
  'model/policy': {
    does: 'the Cedar text, its tree, the closure and the SQL predicate; the branded viewer',
    opens: ['model/codes', 'model/marking', 'model/report'],
  },
  'model/interop': {
    does: 'bytes of other formats into statements; a missing marking never becomes open',
    opens: ['model/codes', 'model/property', 'model/entity', 'model/marking', 'model/report'],
  },
  'envelope/cbor': { does: 'deterministic CBOR and bytes', opens: [] },
  'envelope/suite': { does: 'suite 1: signatures, X-Wing, HPKE, Cobblestone-256', opens: ['envelope/cbor'] },
  'envelope/proof': {
    does: 'Merkle log arithmetic, checkpoints, cosignatures, forks, receipts; holds no state',
    opens: ['envelope/cbor', 'envelope/suite'],
  },
  'envelope/charter': {
    does: 'members, thresholds, versions, the signed directory',
    opens: ['envelope/cbor', 'envelope/suite'],
  },
  'envelope/seal': {
    does: 'sign, encrypt for recipients, open; knows bytes and keys, not reports',
    opens: ['envelope/cbor', 'envelope/suite'],
  },
  'envelope/evidence': {
    does: 'what a court needs: gathers nothing, holds no key; checks a file against the hash of charter version 1',
    opens: ['envelope/cbor', 'envelope/suite', 'envelope/proof', 'envelope/charter', 'envelope/seal'],
  },
  'bureau/postgres': { does: 'finds, starts and stops the database server', opens: [] },
  'bureau/store': {
    does: 'transactions, change feed, items encrypted at rest; no reader without a viewer',
    opens: ['model/*'],
  },
  'bureau/keys': {
    does: 'the nation’s keys and its peers’ keys',
    opens: ['envelope/*', 'bureau/store', 'bureau/transport'],
  },
  'bureau/log': {
    does: 'append, integrate, prove; witness other nations’ logs',
    opens: ['envelope/*', 'bureau/store'],
  },
  'bureau/transport': {
    does: 'moves sealed bytes and keeps the peers’ door; cannot open them',
    opens: ['envelope/cbor'],
  },
  'bureau/exchange': {
    does: 'outbox → seal → log → push; inbox → verify → open → store; receipts, quarantine',
    opens: ['model/*', 'envelope/*', 'bureau/store', 'bureau/log', 'bureau/transport'],
  },
  'bureau/door': { does: 'what a desk is handed with each call, and how it refuses', opens: ['model/*'] },
  'bureau/desks/reports': {
    does: 'file, read, acknowledge reports',
    opens: ['model/*', 'bureau/store', 'bureau/exchange', 'bureau/door'],
  },
  'bureau/desks/admin': {
    does: 'members, links, alarms; sees no contents',
    opens: [
      'model/*',
      'bureau/store',
      'bureau/exchange',
      'bureau/keys',
      'bureau/log',
      'envelope/charter',
      'bureau/door',
    ],
  },
  'bureau/api': {
    does: 'sign-in → viewer; mounts the desks; live feed; the console’s files',
    opens: ['model/*', 'bureau/store', 'bureau/door', 'bureau/desks/*'],
  },
  bureau: { does: 'main.ts: the only place where everything is put together', opens: ['*'] },
  web: { does: 'the officers’ console', opens: ['model/*', 'contracts'] },
  cli: {
    does: 'the operator’s and the scripter’s tool',
    opens: ['model/*', 'contracts', 'bureau', 'envelope/evidence'],
  },
  sim: { does: 'six bureaus in one process: story, scenarios, bench; the simulator', opens: ['*'] },
};

test('no room opens a door it may not', () => {
  const breaks = breaksOf(plan, imports(root));
  assert.deepEqual(breaks, []);
});

test('no folder or file is named after having no idea of its own', () => {
  const banned = /^(utils?|helpers?|commons?|shared|managers?|misc)(\.|$)/;
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(folder)) {
      if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
      if (banned.test(name)) found.push(join(folder, name));
      if (statSync(join(folder, name)).isDirectory()) walk(join(folder, name));
    }
  };
  walk(join(root, 'packages'));
  assert.deepEqual(found, []);
});

const printed = () => {
  const rows = Object.entries(plan).map(
    ([room, { does, opens }]) => `| ${room} | ${does} | ${opens.join(', ') || '–'} |`,
  );
  return ['| room | knows and does | may open |', '|---|---|---|', ...rows].join('\n');
};
const marks = /(<!-- house:begin -->\n)[\s\S]*?(\n<!-- house:end -->)/;

test('ARCHITECTURE.md shows the same table', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  assert.ok(text.match(marks)?.[0].includes(printed()), 'run `node house.test.ts --print` to renew it');
});

if (process.argv.includes('--print')) {
  const file = join(root, 'ARCHITECTURE.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace(marks, `$1${printed()}$2`));
}
