/** The reports desk: spontaneous intelligence filed, read, acknowledged. Owns its tables; hears others by the feed. */
export { forgetFilings } from './forget-filings.ts';
export type { Counterpart, ReportsDesk } from './reports-desk.ts';
export { reportsRoutes } from './routes.ts';
