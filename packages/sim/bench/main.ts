/** `npm run bench -- [name …] [--json]`: one JSON object a benchmark, and of each the newest run in bench/results.json. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldStart, deliveryApart, deliveryTogether, sustained } from './delivery.ts';
import type { Bench } from './figures.ts';
import { importList } from './import.ts';
import { log } from './log.ts';
import { load } from './machine.ts';
import { benchDir } from './places.ts';
import { type Kept, kept, type Result } from './results.ts';
import { simulator } from './simulator.ts';

const benches: readonly Bench[] = [coldStart, deliveryTogether, deliveryApart, sustained, importList, log, simulator];

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

rmSync(benchDir, { recursive: true, force: true });
mkdirSync(benchDir, { recursive: true });
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  console.error(`${bench.name} …`);
  const before = load();
  const { figures, floor } = await bench.run();
  const result = { name: bench.name, figures, floor, load: { before, after: load() } };
  keep(result);
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
}
process.exit(0);

function keep(result: Result): void {
  const file = join(import.meta.dirname, '..', '..', '..', 'bench', 'results.json');
  mkdirSync(join(file, '..'), { recursive: true });
  const before: Kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { results: [] };
  const machine = { node: process.version, platform: `${process.platform}-${process.arch}` };
  const now = { ...result, date: new Date().toISOString(), ...machine };
  const names = benches.map(({ name }) => name);
  writeFileSync(file, `${JSON.stringify(kept(before, now, names), null, 2)}\n`);
}
