/** The officers' door: sign-in becomes a viewer, contracts become routes, the feed becomes a stream. Decides nothing. */
export { type Api, type ApiOptions, createApi } from './api.ts';
export { createOfficers, type Officer, tokenHashOf } from './officers.ts';
export { createPages, type Pages } from './pages.ts';
export { createSessions, type Sessions } from './sessions.ts';
