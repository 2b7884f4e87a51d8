/** The bureau's own desk: members, links, alarms. No contents. */
export type { AdminDesk, AdminMember } from './admin-desk.ts';
export { adminRoutes } from './routes.ts';
export { mayAdminister, maySeeAlarms } from './rules.ts';
