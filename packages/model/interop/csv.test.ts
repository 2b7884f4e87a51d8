import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCsv } from './csv.ts';
import { ImportRefused } from './refusal.ts';

function refusalOf(text: string) {
  try {
    return { rows: [...readCsv(text)] };
  } catch (error) {
    if (error instanceof ImportRefused) return error.refusal;
    throw error;
  }
}

function quoted(fields: string[]): string {
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
}

/** Letters that mean something to the reader come up often. */
const field = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'ក', '김', '-0- '), maxLength: 12 });

test('what a spreadsheet writes is read back, field by field, wherever the pieces are cut', () => {
  const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 7 }), fc.constantFrom('\n', '\r\n'), (written, size, lineEnd) => {
      const text = written.map((fields) => quoted(fields) + lineEnd).join('');
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const read = [...readCsv(pieces)];
      assert.deepEqual(
        read.map((row) => row.fields),
        written,
      );
      assert.deepEqual(
        read.map((row) => row.row),
        written.map((_, index) => index + 1),
      );
    }),
  );
});

test('any text at all is either read or refused with a row, never worse', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\0', 'x'), maxLength: 40 }), (text) => {
      const outcome = refusalOf(text);
      if ('facts' in outcome) assert.ok(outcome.facts.row! >= 1 && outcome.facts.line! >= 1);
    }),
  );
});

test('unquoted fields keep their spaces, and the last row needs no line end', () => {
  assert.deepEqual(
    [...readCsv('7,-0- ,"Mora, Lito"\n8, x ,')].map((row) => row.fields),
    [
      ['7', '-0- ', 'Mora, Lito'],
      ['8', ' x ', ''],
    ],
  );
});

test('empty lines are no rows, but lines are still counted', () => {
  const rows = [...readCsv('a,b\r\n\r\n\r\nc,d\r\n')];
  assert.deepEqual(
    rows.map(({ row, line }) => ({ row, line })),
    [
      { row: 1, line: 1 },
      { row: 2, line: 4 },
    ],
  );
});

test('a quotation mark that is never closed is refused at the line where it opened', () => {
  assert.deepEqual(refusalOf('1,a\n2,"b\n3,c\n'), { code: 'quote-not-closed', facts: { row: 2, line: 2 } });
});

test('NUL, a stray quotation mark and text after a closing one are refused, each by its name', () => {
  assert.deepEqual(refusalOf('1,a\n2,b\0\n'), { code: 'nul-character', facts: { row: 2, line: 2 } });
  assert.deepEqual(refusalOf('1,a"b"\n'), { code: 'quote-inside-field', facts: { row: 1, line: 1 } });
  assert.deepEqual(refusalOf('1,"a"b\n'), { code: 'text-after-quote', facts: { row: 1, line: 1 } });
});

test('a field without end is refused before it fills the memory', () => {
  const endless = (function* () {
    for (let count = 0; count < 1e6; count += 1) yield 'x'.repeat(10_000);
  })();
  assert.throws(() => [...readCsv(endless)], { name: 'ImportRefused', message: 'field-too-long' });
});
