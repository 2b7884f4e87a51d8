import type { Server } from './server.ts';
import { startTestServer } from './server-for-tests.ts';

/** For `node --test --test-global-setup=<this file>`: one server for the whole run, found by every test process. */
let server: Server | undefined;

export async function globalSetup(): Promise<void> {
  server = await startTestServer();
}

export async function globalTeardown(): Promise<void> {
  await server?.stop();
}
