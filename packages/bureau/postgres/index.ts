/**
 * The room that finds, starts and stops the PostgreSQL server a bureau stands on. It knows nothing of what is stored,
 * and opens no door but a Unix socket. Everything it refuses is a `PostgresRefusal` with one sentence to act on.
 */
export { type TestDatabase, testDatabase } from './database-for-tests.ts';
export { type Found, findPostgres } from './find.ts';
export { type Held, tryHold } from './lock.ts';
export { type Log, PostgresRefusal, type PostgresRefusalCode } from './refusal.ts';
export type { Server } from './server.ts';
export { startTestServer } from './server-for-tests.ts';
export type { Settings } from './settings.ts';
export { type ServerOptions, startServer } from './start-server.ts';
export { stopLeftServer } from './stop-left.ts';
