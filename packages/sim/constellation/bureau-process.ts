/** One bureau in its own process, with its own database server: what `--processes` starts, and what a test may kill. */
import { readFileSync } from 'node:fs';
import { type Bureau, type BureauConfig, openBureau, type Server, startServer } from '@tripoint/bureau/main';
import { dropDatabase } from './drop-database.ts';

const [, , configFile, dataDir, beginning] = process.argv as [string, string, string, string, string];
const config = JSON.parse(readFileSync(configFile, 'utf8')) as BureauConfig;
const name = `tripoint_${config.nation.toLowerCase()}`;

let server: Server | null = null;
let bureau: Bureau | null = null;
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await bureau?.stop();
  await server?.stop();
  process.exit(code);
}
process.on('SIGTERM', () => void stop(0));
process.on('SIGINT', () => void stop(0));
// The parent is gone: a bureau without its constellation ends as well, also while it is still starting.
process.on('disconnect', () => void stop(0));

try {
  server = await startServer({ dataDir, label: config.nation.toLowerCase(), log: () => {} });
  if (beginning === 'fresh') await dropDatabase(server, name);
  await server.ensureDatabase(name, name);
  bureau = await openBureau(config, { connection: server.connection(name, name) });
  if (process.connected) process.send?.({ port: bureau.apiPort });
} catch (reason) {
  console.error(`${config.nation}: ${reason instanceof Error ? reason.message : String(reason)}`);
  await stop(1);
}
