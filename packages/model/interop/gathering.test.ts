import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importPiecesMax } from './bounds.ts';
import { readExchangeJson } from './exchange-json.ts';
import { Gathering } from './gathering.ts';
import { readOfacSdn } from './ofac-sdn.ts';
import { type Reading, reading } from './refusal.ts';

const refusalOf = (read: Reading<unknown>) => (read.ok ? undefined : read.refusal);

test('a file that says more than an import may hold is refused with the bound, before memory runs out', () => {
  const gathering = new Gathering();
  const about = { entity: 'e', schema: 'Person', sourceRef: 'r', where: 'row' };
  gathering.say(about, 'name', 'Mora Lantern');
  for (let kept = 1; kept < importPiecesMax; kept += 1) gathering.keep(about, 'x', 'y');
  const refusal = { code: 'too-much-said', facts: { maximum: importPiecesMax } };
  assert.deepEqual(refusalOf(reading(() => gathering.keep(about, 'one', 'more'))), refusal);
  assert.deepEqual(refusalOf(reading(() => gathering.say(about, 'alias', 'One more'))), refusal);
});

test('a file that says nothing is refused, so that nobody is sent an empty report', () => {
  assert.deepEqual(refusalOf(readExchangeJson('{"type":"bundle","id":"bundle--1","objects":[]}')), {
    code: 'nothing-said',
    facts: {},
  });
  const empty = '-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ';
  const list = { sdn: `101,SLOW HERON,vessel,TCO,${empty}\n`, alt: '', add: '' };
  assert.equal(readOfacSdn(list).ok, true);
  assert.deepEqual(refusalOf(readOfacSdn(list, { only: 'narcotics' })), {
    code: 'nothing-said',
    facts: { expected: 'narcotics' },
  });
});
