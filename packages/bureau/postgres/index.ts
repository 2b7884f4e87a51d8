/** The room that finds, starts and stops the PostgreSQL server a bureau stands on. It knows nothing of what is stored. */
export { type Found, findPostgres } from './find.ts';
export { type Log, PostgresRefusal, type PostgresRefusalCode } from './refusal.ts';
export { type Server, type ServerOptions, startServer } from './server.ts';
export type { Settings } from './settings.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
export { startTestServer } from './test-server.ts';
