/** Bureaus in this process, on one database server that they share. */
import { join } from 'node:path';
import { openBureau, startServer } from '@tripoint/bureau/main';
import type { ConstellationOptions } from './constellation.ts';
import { dropDatabase } from './drop-database.ts';
import { allOrNone, cardOf, databaseName, type Opened, type Plan, type Running } from './running.ts';

export async function openTogether(options: ConstellationOptions, plans: readonly Plan[]): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const server = await startServer({
    dataDir: join(options.dataDir, 'postgres'),
    label: 'constellation',
    log: options.say,
    onLost: (why) => options.onLost?.(why),
  });
  opening.defer(() => server.stop());
  options.signal?.throwIfAborted();
  const open = async (plan: Plan): Promise<Running> => {
    const name = databaseName(plan.config.nation);
    const database = { connection: server.connection(name, name), dataDir: server.dataDir };
    const bureau = await openBureau(plan.config, database, options.webReady);
    const card = cardOf(plan, bureau.apiPort, process.pid);
    return { card, bureau, child: null, lost: null, stop: () => bureau.stop(), again: () => open(plan) };
  };
  const running = await allOrNone(
    plans.map(async (plan) => {
      const name = databaseName(plan.config.nation);
      if (options.fresh) await dropDatabase(server, name);
      await server.ensureDatabase(name, name);
      return open(plan);
    }),
  );
  const closing = opening.move();
  return {
    running,
    async stop() {
      await Promise.allSettled([...running.values()].map((one) => one.stop()));
      await closing.disposeAsync();
    },
  };
}
