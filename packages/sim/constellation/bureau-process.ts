/** One bureau in its own process, with its own database server: what `--processes` starts, and what a test may kill. */
import { readFileSync } from 'node:fs';
import { type BureauConfig, openBureau, startServer } from '@tripoint/bureau/main';
import { dropDatabase } from './drop-database.ts';
import { databaseName } from './running.ts';

const [, , configFile, dataDir, beginning] = process.argv as [string, string, string, string, string];
const config = JSON.parse(readFileSync(configFile, 'utf8')) as BureauConfig;
const name = databaseName(config.nation);

/** A bureau whose database is gone may wait for it in vain while it stops. */
const STOP_MS_MAX = 10_000;

const opened = new AsyncDisposableStack();
const ending = Promise.withResolvers<number>();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.resolve(0));
// The parent is gone: a bureau without its constellation ends as well, also while it is still starting.
process.on('disconnect', () => ending.resolve(0));

function fail(reason: unknown): void {
  console.error(`${config.nation}: ${reason instanceof Error ? reason.message : String(reason)}`);
  ending.resolve(1);
}

async function open(): Promise<void> {
  const server = await startServer({ dataDir, label: config.nation.toLowerCase(), log: () => {}, onLost: fail });
  opened.defer(() => server.stop());
  if (beginning === 'fresh') await dropDatabase(server, name);
  await server.ensureDatabase(name, name);
  const bureau = await openBureau(config, { connection: server.connection(name, name), dataDir: server.dataDir });
  opened.defer(() => bureau.stop());
  if (process.connected) process.send?.({ port: bureau.apiPort });
}

const opening = open().catch(fail);
const code = await ending.promise;
// What is still starting is waited for: a server half started would be left behind.
await opening;
setTimeout(() => process.exit(code || 1), STOP_MS_MAX).unref();
await opened.disposeAsync().catch(fail);
process.exit(code);
