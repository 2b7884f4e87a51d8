/** Binds the contract to the use cases. Decides nothing. */
import { type Bound, bind } from '../../door/index.ts';
import { acknowledgeReport, openReport } from './acknowledge-report.ts';
import * as contract from './contract.ts';
import { fileReport } from './file-report.ts';
import { previewReport } from './preview-report.ts';
import { readEvidence, readProof } from './read-evidence.ts';
import { listReports, readDelivery, readReport } from './read-report.ts';
import type { ReportsDesk } from './reports-desk.ts';

export function reportsRoutes(desk: ReportsDesk): Bound[] {
  return [
    bind(contract.previewReport, ({ viewer, body }) => previewReport(desk, viewer, body)),
    bind(contract.fileReport, ({ viewer, body, idempotencyKey }) =>
      fileReport(desk, viewer, body, idempotencyKey as string),
    ),
    bind(contract.listReports, ({ viewer, query }) => listReports(desk, viewer, query)),
    bind(contract.readReport, ({ viewer, params }) => readReport(desk, viewer, params.id)),
    bind(contract.readDelivery, ({ viewer, params }) => readDelivery(desk, viewer, params.id)),
    bind(contract.readProof, ({ viewer, params }) => readProof(desk, viewer, params.id)),
    bind(contract.readEvidence, ({ viewer, params }) => readEvidence(desk, viewer, params.id)),
    bind(contract.openReport, ({ viewer, params }) => openReport(desk, viewer, params.id)),
    bind(contract.acknowledgeReport, ({ viewer, params }) => acknowledgeReport(desk, viewer, params.id)),
  ];
}
