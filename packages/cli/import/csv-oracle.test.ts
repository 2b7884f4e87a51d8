/** Our strict CSV reader beside a widely used one: where both read a file, they read the same. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ImportRefused, readCsv } from '@tripoint/model/interop';
import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';

const options = { relaxColumnCount: true, skipEmptyLines: true, recordDelimiter: ['\r\n', '\n'] };
const theirs = (text: string): string[][] => parse(text, options);
const ours = (text: string) => [...readCsv(text)].map((row) => row.fields);

function outcome(read: () => string[][]): string[][] | 'refused' {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImportRefused || error instanceof CsvError) return 'refused';
    throw error;
  }
}

test('any text that both readers take is read alike', () => {
  const unit = fc.constantFrom('"', ',', '\n', '\r\n', 'a', 'b', ' ', '""', ',"', '",');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 24 }), (text) => {
      const [own, other] = [outcome(() => ours(text)), outcome(() => theirs(text))];
      // A quoted empty line is a record to us; the other reader skips it as empty.
      const isTrick = other !== 'refused' && own !== 'refused' && own.length !== other.length && text.includes('""');
      if (own !== 'refused' && other !== 'refused' && !isTrick) assert.deepEqual(own, other);
    }),
    { numRuns: 2_000 },
  );
});

const datasets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '../../../../shared/data');

test('the three files of the sanctions list are read alike, all rows of them', (t) => {
  if (!existsSync(join(datasets, 'ofac-sdn'))) return t.skip('skipped: ../shared/data/ofac-sdn not present');
  for (const name of ['sdn.csv', 'alt.csv', 'add.csv']) {
    const text = readFileSync(join(datasets, 'ofac-sdn', name), 'utf8');
    assert.deepEqual(ours(text), theirs(text), name);
  }
});
