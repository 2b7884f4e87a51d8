import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  codeListNames,
  codeRow,
  codes,
  codesOf,
  gradeSchemes,
  handlingCodes,
  handlingConditionCodes,
  isCode,
  labelOf,
  onwardRules,
  papCodes,
  purposeCodes,
  reportStateCodes,
  versionOf,
} from './index.ts';

const own = import.meta.dirname;
const sharedRoot = process.env.TRIPOINT_DATASETS
  ? join(process.env.TRIPOINT_DATASETS, '..')
  : join(own, '../../../../shared');
const sharedCodes = join(sharedRoot, 'codes');

test('every data file is a list, and each code in a list is written once', () => {
  assert.equal(codeListNames.length, 40);
  assert.equal(readdirSync(own).filter((file) => file.endsWith('.json')).length, 40);
  for (const list of codeListNames) {
    const rows = codes[list].codes;
    assert.ok(rows.length > 0, list);
    assert.equal(new Set(rows.map((row) => row.code)).size, rows.length, list);
    for (const row of rows) assert.ok(row.code && row.label_en && row.meaning, `${list} ${row.code}`);
    assert.match(versionOf(list), /^\d{4}-\d{2}-\d{2}$/);
  }
});

test('the words the program decides on are exactly the words of the data files', () => {
  assert.deepEqual(codesOf('handling'), [...handlingCodes]);
  assert.deepEqual(codesOf('pap'), [...papCodes]);
  assert.deepEqual(codesOf('handlingConditions'), [...handlingConditionCodes]);
  assert.deepEqual(codesOf('purposes'), [...purposeCodes]);
  assert.deepEqual(codesOf('reportStates'), [...reportStateCodes]);
  assert.deepEqual(codes.handlingConditions.onward_rules, [...onwardRules]);
  assert.deepEqual([...new Set(codes.grading.codes.map((row) => row.scheme))], [...gradeSchemes]);
});

test('a code from nobody is not a code, and shows as itself', () => {
  assert.equal(isCode('purposes', 'curiosity'), false);
  assert.equal(isCode('purposes', 'constructor'), false);
  assert.equal(isCode('purposes', 7), false);
  assert.equal(labelOf('purposes', 'curiosity'), 'curiosity');
  assert.equal(codeRow('purposes', 'curiosity'), undefined);
  assert.equal(isCode('purposes', 'detection'), true);
  assert.equal(labelOf('pap', 'PAP:RED'), 'RED');
  assert.equal(codeRow('pap', 'PAP:RED')?.rank, 0);
});

test('every parent in the drug tree exists and no drug is its own ancestor', () => {
  for (const row of codes.drugClasses.codes) {
    const seen = new Set<string>();
    for (let at: string | null = row.code; at !== null; at = codeRow('drugClasses', at)!.parent) {
      assert.ok(!seen.has(at), row.code);
      assert.ok(isCode('drugClasses', at), at);
      seen.add(at);
    }
  }
});

test('own lists equal the coalition’s lists byte for byte', (t) => {
  if (!existsSync(sharedCodes)) return t.skip('skipped: ../shared/codes not present');
  const files = readdirSync(sharedCodes).filter((file) => file.endsWith('.json'));
  assert.deepEqual(
    files.sort(),
    readdirSync(own)
      .filter((file) => file.endsWith('.json'))
      .sort(),
  );
  for (const file of files) {
    assert.ok(readFileSync(join(own, file)).equals(readFileSync(join(sharedCodes, file))), file);
  }
});
