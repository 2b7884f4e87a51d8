/** Binds the contract to the use cases. Decides nothing. Sign-in routes are the api's own: they need cookies. */
import { type Bound, bind } from '../../door/index.ts';
import type { AdminDesk } from './admin-desk.ts';
import * as contract from './contract.ts';
import { noteAlarm, readAlarms } from './read-alarms.ts';
import { readCoalition } from './read-coalition.ts';
import { listForks, readForkEvidence } from './read-forks.ts';

export function adminRoutes(desk: AdminDesk): Bound[] {
  return [
    bind(contract.readCoalition, ({ viewer }) => readCoalition(desk, viewer)),
    bind(contract.listAlarms, ({ viewer }) => readAlarms(desk, viewer)),
    bind(contract.listForks, ({ viewer }) => listForks(desk, viewer)),
    bind(contract.readForkEvidence, ({ viewer, params }) => readForkEvidence(desk, viewer, params.id)),
    bind(contract.acknowledgeAlarm, ({ viewer, params }) => noteAlarm(desk, viewer, params.id)),
  ];
}
