import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KeptResult, kept } from './results.ts';

const load = { before: { cores: 2, loadavg: [0, 0, 0] }, after: { cores: 2, loadavg: [1, 0, 0] } };
const run = (name: string, date: string): KeptResult => {
  return { name, date, node: 'v26', platform: 'linux-x64', figures: { p50Ms: 1 }, floor: {}, load };
};
const names = ['cold-start', 'delivery', 'import'];

test('a benchmark that is run again takes the place of its own last run, and of no other', () => {
  const [delivery, list] = [run('delivery', '2026-01-01'), run('import', '2026-01-02')];
  const again = run('delivery', '2026-02-01');
  assert.deepEqual(kept({ results: [list, delivery] }, again, names), { results: [again, list] });
});

test('the first run of a benchmark joins the others, and one that is no longer there leaves', () => {
  const [gone, list] = [run('gone', '2026-01-01'), run('import', '2026-01-02')];
  const first = run('cold-start', '2026-02-01');
  assert.deepEqual(kept({ results: [gone, list] }, first, names), { results: [first, list] });
});
