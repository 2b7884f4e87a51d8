/**
 * What the reports desk may be asked, what it answers and what it refuses.
 * Imports model only, so the console and the command line may load it.
 */
import { defineRoute, uuidSchema } from '@tripoint/model/contract';
import { nationSchema, shownGrade, shownMarking } from '@tripoint/model/marking';
import { draftRefusals, reportDraft, reportRefusalCodes } from '@tripoint/model/report';
import { z } from 'zod';

/** How far an item is on its way to one nation; wire.md §5. `received` and everything above stand on a signed receipt. */
export const deliveryState = z.enum([
  'queued',
  'sealed',
  'sent',
  'received',
  'verified',
  'opened',
  'held',
  'refused',
  'recalled',
]);
export type DeliveryState = z.infer<typeof deliveryState>;

const instant = z.iso.datetime();
const reportId = uuidSchema;

export const statementView = z.object({
  id: z.string(),
  says: nationSchema,
  entity: z.int(),
  schema: z.string(),
  property: z.string(),
  value: z.string(),
  reported: z.string(),
  lang: z.string().nullable(),
  script: z.string().nullable(),
  grade: shownGrade,
  marking: shownMarking,
  observedFrom: z.string().nullable(),
  observedTo: z.string().nullable(),
  assertedAt: z.string(),
  method: z.string(),
  /** Salted hash (32 hex digits) of the originator's record, the same at every nation; its names are `records`. */
  sourceRef: z.string().nullable(),
  /** false when this bureau's version does not know the schema or property: kept whole, shown as not understood. */
  understood: z.boolean(),
  /** true when the text could not be cleaned by its property type and stands as reported. */
  unparsed: z.boolean(),
});

const reading = {
  /** When an officer of this bureau first displayed it, or null: unread. */
  openedAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  /** Own officer's name; never leaves this bureau. */
  acknowledgedBy: z.string().nullable(),
};

export const reportLine = z.object({
  id: reportId,
  title: z.string(),
  lang: z.string(),
  says: nationSchema,
  /** Pairwise pseudonym of the author's agency, such as KH-7f3a; the bare nation when the bureau itself speaks. */
  author: z.string(),
  own: z.boolean(),
  urgency: z.enum(['routine', 'urgent', 'flash']),
  purpose: z.string(),
  grade: shownGrade,
  marking: shownMarking,
  recipients: z.array(nationSchema),
  statementCount: z.int(),
  version: z.int(),
  releasedAt: instant,
  /** When it stood whole in this bureau. */
  arrivedAt: instant,
  ...reading,
});
export type ReportLine = z.infer<typeof reportLine>;

export const reportView = reportLine.extend({
  text: z.string(),
  offence: z.string().nullable(),
  statements: z.array(statementView),
  /** Names of the records behind own statements, by statement id; a received report has none. */
  records: z.record(z.string(), z.array(z.string())),
  versions: z.array(z.object({ version: z.int(), releasedAt: instant, says: nationSchema })),
});
export type ReportView = z.infer<typeof reportView>;
export type StatementView = z.infer<typeof statementView>;

export const deliveryView = z.object({
  recipients: z.array(
    z.object({
      nation: nationSchema,
      state: deliveryState,
      at: z.object({
        sealed: instant.nullable(),
        sent: instant.nullable(),
        received: instant.nullable(),
        verified: instant.nullable(),
        opened: instant.nullable(),
      }),
      /** POST to the verified signed receipt at this bureau, or null while it is open. */
      elapsedMs: z.number().nullable(),
      /** Closed code when held or refused. */
      reason: z.string().nullable(),
    }),
  ),
});
export type DeliveryView = z.infer<typeof deliveryView>;

/** Exactly what one nation will be able to read, made by the same projection that is sealed. */
export const leavesView = z.object({
  previewHash: z.string(),
  charterVersion: z.int(),
  charterHash: z.string(),
  recipients: z.array(
    z.object({
      nation: nationSchema,
      /** How the author shows to this nation. */
      author: z.string(),
      /** Nations that this recipient will see as recipients. */
      audience: z.array(nationSchema),
      keyFingerprint: z.string().nullable(),
      sizeBytes: z.int(),
      /** The canonical text of the payload, byte for byte as it is sealed. */
      payload: z.string(),
      removed: z.array(z.enum(['agency', 'officer', 'time-zone', 'source-record', 'other-recipients'])),
      warnings: z.array(z.object({ code: z.string(), count: z.int().optional() })),
    }),
  ),
});
export type LeavesView = z.infer<typeof leavesView>;

const id = z.object({ id: reportId });
const refusalsOfDraft = [...reportRefusalCodes, 'recipient-unknown', 'recipient-not-active', 'not-allowed'] as const;

export const previewReport = defineRoute({
  method: 'POST',
  path: '/api/reports/preview',
  summary: 'What leaves this bureau, per recipient, before anything is sent',
  body: reportDraft,
  refusalsOfBody: draftRefusals,
  answers: { 200: leavesView },
  refusals: refusalsOfDraft,
});

/**
 * For so long the same Idempotency-Key and body give the same report; afterwards they file a new one. Long enough to go
 * on with an import after a holiday.
 */
export const filingKeyDays = 30;

export const fileReport = defineRoute({
  method: 'POST',
  path: '/api/reports',
  summary: `File a report and release it to the nations it names; its Idempotency-Key holds for ${filingKeyDays} days`,
  body: reportDraft,
  refusalsOfBody: draftRefusals,
  answers: { 201: z.object({ id: reportId }) },
  refusals: [...refusalsOfDraft, 'preview-stale', 'idempotency-conflict', 'queue-full'],
  idempotent: true,
});

export const listReports = defineRoute({
  method: 'GET',
  path: '/api/reports',
  summary: 'Reports this viewer may read, newest first',
  query: z.strictObject({
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    box: z.enum(['all', 'received', 'sent']).default('all'),
  }),
  answers: { 200: z.object({ items: z.array(reportLine), next: z.string().nullable() }) },
  refusals: ['invalid', 'cursor-unknown', 'not-allowed'],
});

export const readReport = defineRoute({
  method: 'GET',
  path: '/api/reports/:id',
  summary: 'One report, whole',
  params: id,
  answers: { 200: reportView },
  refusals: ['not-found', 'report-damaged'],
});

export const readDelivery = defineRoute({
  method: 'GET',
  path: '/api/reports/:id/delivery',
  summary: 'How far an own report is on its way to each nation',
  params: id,
  answers: { 200: deliveryView },
  refusals: ['not-found'],
});

/** How firmly a report stands in this bureau's log: its own envelopes, or what it signed for when a received one came. */
export const proofView = z.object({
  /** null: nothing of it has been sealed yet. */
  state: z.enum(['durable', 'integrated', 'witnessed']).nullable(),
  /** Nations that cosigned the log with it in it. */
  witnesses: z.array(nationSchema),
  witnessedAt: instant.nullable(),
});
export type ProofView = z.infer<typeof proofView>;

export const readProof = defineRoute({
  method: 'GET',
  path: '/api/reports/:id/proof',
  summary: 'How firmly a report stands in the log, and which nations witnessed it',
  params: id,
  answers: { 200: proofView },
  refusals: ['not-found'],
});

export const readEvidence = defineRoute({
  method: 'GET',
  path: '/api/reports/:id/evidence',
  summary: 'What a court needs, as one file that `tripoint verify` checks without this bureau',
  params: id,
  /** `tripoint-evidence/1` of the wire protocol, in its one form: the answer's bytes are the file. */
  answers: { 200: z.record(z.string(), z.unknown()) },
  refusals: ['not-found', 'evidence-missing'],
});

export const openReport = defineRoute({
  method: 'POST',
  path: '/api/reports/:id/opened',
  summary: 'A screen shows this report for the first time',
  params: id,
  answers: { 204: null },
  refusals: ['not-found', 'report-damaged'],
});

export const acknowledgeReport = defineRoute({
  method: 'POST',
  path: '/api/reports/:id/acknowledge',
  summary: 'A named officer takes note for the bureau',
  params: id,
  answers: { 200: z.object(reading) },
  refusals: ['not-found', 'own-report', 'report-damaged'],
});
