/**
 * Carries whole items between nations: outbox → seal → log → push, inbox → verify → open → store, receipts both ways.
 * Knows sealing, chains and states; it decides nothing about who may read.
 */

export {
  type Alarm,
  acknowledgeAlarm,
  alarmDamaged,
  alarmsOf,
  arrivalsOf,
  type Delivery,
  deliveriesOf,
  type Handing,
  handOver,
  oweOpened,
  type QueueSeen,
  queuesOf,
} from './deliveries.ts';
export { createExchange, type Exchange, type ExchangeOptions, realSeal } from './exchange.ts';
export type { PeerLog, SealPort } from './exchanging.ts';
export {
  type EvidenceKeys,
  gatherEvidence,
  gatherFork,
  type Standing,
  standingOf,
  unplaced,
} from './gather-evidence.ts';
export { type HomeNotes, itemOfReport, REPORT_KIND, type ReportHead, readBody, readHead } from './item-of-report.ts';
export { projectPayload } from './payload.ts';
export {
  type Announcement,
  type ArrivedRow,
  type ChainHead,
  type Clock,
  type ExchangeKeys,
  type ExchangeStore,
  type ExchangeTx,
  type GivenReceipt,
  type KeptReceipt,
  type Log,
  type LogLeaf,
  type OutRow,
  type OutState,
  type Place,
  type PlaceRange,
  QUARANTINE_RAW_MAX,
  type Queue,
  type QueuedItem,
  type ReceiptRow,
  type SealedEnvelope,
  type SealedRow,
} from './port.ts';
export { postgresExchangeStore } from './postgres-store.ts';
export { type RaisedAlarm, raiseAlarm } from './raise-alarm.ts';
export { laneOf, laterState } from './rules.ts';
