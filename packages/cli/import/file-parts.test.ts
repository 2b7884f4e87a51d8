import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileParts, type Part } from './file-parts.ts';

const parts = Array.from({ length: 9 }, (_, index) => ({ number: index + 1 })) as Part[];

test('ids stand in the order of the parts, however they were answered, and never more than asked are under way', async () => {
  let underWay = 0;
  let most = 0;
  const { reportIds } = await fileParts(
    parts,
    3,
    async ({ number }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await pause((10 - number) % 4);
      underWay -= 1;
      return `id-${number}`;
    },
    () => {},
  );
  assert.deepEqual(
    reportIds,
    parts.map(({ number }) => `id-${number}`),
  );
  assert.equal(most, 3);
});

test('after the first trouble nothing more is begun, and what was taken is told', async () => {
  const begun: number[] = [];
  const { reportIds, trouble } = await fileParts(
    parts,
    2,
    async ({ number }) => {
      begun.push(number);
      await pause(1);
      if (number === 4) throw new Error('refused');
      return `id-${number}`;
    },
    () => {},
  );
  assert.equal((trouble as Error).message, 'refused');
  assert.ok(begun.length <= 6);
  assert.ok(reportIds.includes('id-1') && !reportIds.includes('id-4'));
});
