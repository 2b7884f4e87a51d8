/** The coalition’s code lists: own data files, one JSON file a list, read as they stand. */

import commitmentStates from './commitment-states.json' with { type: 'json' };
import controlledDeliveryStates from './controlled-delivery-states.json' with { type: 'json' };
import deconflictionEventTypes from './deconfliction-event-types.json' with { type: 'json' };
import deconflictionOutcomes from './deconfliction-outcomes.json' with { type: 'json' };
import denials from './denials.json' with { type: 'json' };
import drugClasses from './drug-classes.json' with { type: 'json' };
import drugForms from './drug-forms.json' with { type: 'json' };
import editorialRoles from './editorial-roles.json' with { type: 'json' };
import grading from './grading.json' with { type: 'json' };
import handling from './handling.json' with { type: 'json' };
import handlingConditions from './handling-conditions.json' with { type: 'json' };
import kgEquivalents from './kg-equivalents.json' with { type: 'json' };
import matchResults from './match-results.json' with { type: 'json' };
import notices from './notices.json' with { type: 'json' };
import observableTypes from './observable-types.json' with { type: 'json' };
import operationRolesAndEvents from './operation-roles-and-events.json' with { type: 'json' };
import operationStates from './operation-states.json' with { type: 'json' };
import pap from './pap.json' with { type: 'json' };
import programmeTypes from './programme-types.json' with { type: 'json' };
import publicationStates from './publication-states.json' with { type: 'json' };
import purposes from './purposes.json' with { type: 'json' };
import recordFlags from './record-flags.json' with { type: 'json' };
import recordStatuses from './record-statuses.json' with { type: 'json' };
import refusalGrounds from './refusal-grounds.json' with { type: 'json' };
import reportStates from './report-states.json' with { type: 'json' };
import requestGrounds from './request-grounds.json' with { type: 'json' };
import requestOutcomes from './request-outcomes.json' with { type: 'json' };
import requestStates from './request-states.json' with { type: 'json' };
import requestUrgency from './request-urgency.json' with { type: 'json' };
import reviewClocks from './review-clocks.json' with { type: 'json' };
import rightsGate from './rights-gate.json' with { type: 'json' };
import roles from './roles.json' with { type: 'json' };
import seizureConcealment from './seizure-concealment.json' with { type: 'json' };
import seizureRouting from './seizure-routing.json' with { type: 'json' };
import seizureTransport from './seizure-transport.json' with { type: 'json' };
import statisticsVectors from './statistics-vectors.json' with { type: 'json' };
import tlp from './tlp.json' with { type: 'json' };
import units from './units.json' with { type: 'json' };
import withdrawalReasons from './withdrawal-reasons.json' with { type: 'json' };
import withdrawalResponses from './withdrawal-responses.json' with { type: 'json' };

/** Every list under the camel-case form of its file name; `codes.purposes.codes` holds the rows. */
export const codes = {
  commitmentStates,
  controlledDeliveryStates,
  deconflictionEventTypes,
  deconflictionOutcomes,
  denials,
  drugClasses,
  drugForms,
  editorialRoles,
  grading,
  handlingConditions,
  handling,
  kgEquivalents,
  matchResults,
  notices,
  observableTypes,
  operationRolesAndEvents,
  operationStates,
  pap,
  programmeTypes,
  publicationStates,
  purposes,
  recordFlags,
  recordStatuses,
  refusalGrounds,
  reportStates,
  requestGrounds,
  requestOutcomes,
  requestStates,
  requestUrgency,
  reviewClocks,
  rightsGate,
  roles,
  seizureConcealment,
  seizureRouting,
  seizureTransport,
  statisticsVectors,
  tlp,
  units,
  withdrawalReasons,
  withdrawalResponses,
} as const;

export type CodeListName = keyof typeof codes;

export const codeListNames = Object.keys(codes) as readonly CodeListName[];
