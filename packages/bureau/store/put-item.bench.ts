/** `node packages/bureau/store/put-item.bench.ts`: what storing and reading costs on this machine. */
import { contents, deskOfficer, receivedReport, statementsOf } from './sample-for-tests.ts';
import { testStore } from './store-for-tests.ts';

await using opened = await testStore();
const { store } = opened;

const STATEMENT_BODY_BYTES = 250;

async function timed(times: number, work: () => Promise<unknown>): Promise<string> {
  const takenMs: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const from = performance.now();
    await work();
    takenMs.push(performance.now() - from);
  }
  takenMs.sort((a, b) => a - b);
  const at = (share: number) => (takenMs[Math.floor(takenMs.length * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

for (const count of [10, 100, 1_000, 2_000]) {
  const reports = Array.from({ length: 40 }, () => ({
    record: receivedReport(),
    statements: statementsOf(count, (n) => `+66${n}${count}`),
    contents: contents('Blue Lotus', 'x'.repeat(count * STATEMENT_BODY_BYTES)),
  }));
  const each = reports.values();
  const last = reports.at(-1)!.record.id;
  const inside: number[] = [];
  const whole = await timed(reports.length, () =>
    store.transact(async (tx) => {
      const next = each.next().value!;
      const from = performance.now();
      await tx.putItem(next.record, next.statements, next.contents);
      inside.push(performance.now() - from);
      tx.emit({ kind: 'report.received', item: next.record.id, desk: 'reports' });
    }),
  );
  inside.sort((a, b) => a - b);
  console.log(`${count} statements: putItem p50 ${inside[20]?.toFixed(1)} ms; with event and commit ${whole}`);
  console.log(`  read whole ${await timed(40, () => store.read(deskOfficer(), (reader) => reader.item(last)))}`);
}
const list = { kind: 'report', box: 'received', limit: 50 } as const;
console.log(`list of 50: ${await timed(40, () => store.read(deskOfficer(), (reader) => reader.items(list)))}`);

const ending = new AbortController();
const following = store.feed.follow({ from: 'now', signal: ending.signal });
await following.ready;
let committedAt = 0;
const hintMs: number[] = [];
const hearing = (async () => {
  for await (const _ of following) hintMs.push(performance.now() - committedAt);
})();
for (let n = 0; n < 100; n += 1) {
  await store.transact(async (tx) => tx.emit({ kind: 'report.received', item: null, desk: 'reports' }));
  committedAt = performance.now();
  await opened.options.clock.sleep(10);
}
hintMs.sort((a, b) => a - b);
console.log(`commit to follower: p50 ${hintMs[50]?.toFixed(2)} ms, p95 ${hintMs[95]?.toFixed(2)} ms`);
ending.abort();
await hearing;
