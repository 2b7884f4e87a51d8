/** One bureau in its own process, with its own database server: what `--processes` starts, and what a test may kill. */
import { readFileSync } from 'node:fs';
import { type BureauConfig, openBureau, startServer } from '@tripoint/bureau/main';
import { dropDatabase } from './drop-database.ts';

const config = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as BureauConfig;
const [, , , dataDir, beginning] = process.argv as [string, string, string, string, string];
const name = `tripoint_${config.nation.toLowerCase()}`;
const server = await startServer({
  dataDir,
  label: config.nation.toLowerCase(),
  log: () => {},
});
if (beginning === 'fresh') await dropDatabase(server, name);
await server.ensureDatabase(name, name);
const bureau = await openBureau(config, { connection: server.connection(name, name) });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await bureau.stop();
  await server.stop();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
// The parent is gone: a bureau without its constellation ends as well.
process.on('disconnect', () => void stop());
process.send?.({ port: bureau.apiPort });
