/**
 * What a bureau holds: items sealed at rest, their statements, and the change feed. No reader without a viewer.
 * This room knows PostgreSQL and the policy; it knows no envelope, no peer and no desk.
 */
export { absenceOf } from './absence.ts';
export { AtRestDamaged } from './at-rest.ts';
export type { Beside } from './beside.ts';
export { BODY_BYTES_MAX, HEAD_BYTES_MAX, PAGE_ITEMS_MAX, STATEMENTS_MAX } from './bounds.ts';
export type { NoTables } from './connection.ts';
export { CursorRefused } from './cursor.ts';
export type { Feed, FeedEvent, Following, FollowOptions } from './feed.ts';
export type {
  ItemContents,
  ItemRecord,
  ListedItem,
  OpenedItem,
  StatementRecord,
  StoredGrade,
  StoredItem,
} from './item.ts';
export { MigrationRefused, migrate, type RoomTables } from './migrate.ts';
export type { Clock, Random } from './ports.ts';
export type { PutOutcome } from './put-item.ts';
export type { Box, ItemsPage, ItemsQuery, Reader, VisibleItem, VisibleRows, VisibleStatement } from './reader.ts';
export { openStore, type Store, type StoreOptions } from './store.ts';
export type { MatchKey } from './tokens.ts';
export type { NewEvent, Tx } from './transaction.ts';
export { newUuid } from './uuid.ts';
