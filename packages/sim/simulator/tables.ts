/** What a simulated bureau keeps: the exchange's tables in memory, and the write-ahead list they are made of. */
import type { Announcement, ArrivedRow, OutState, ReceiptRow } from '@tripoint/bureau/exchange';
import type { AlarmKind } from '@tripoint/model/codes';

/** Member ids and leaves as hexadecimal texts, so that they can be keys. */
export type Hex = string;
type Lane = 0 | 1 | 2 | 3;

export interface ItemRow {
  id: string;
  version: number;
  says: string;
  own: boolean;
  recipients: readonly string[];
  conditions: readonly string[];
  agency: string | null;
  /** null: erased. */
  payload: Uint8Array | null;
}

export interface OutboxRow {
  id: string;
  item: string;
  version: number;
  peer: Hex;
  nation: string;
  lane: Lane;
  serial: number;
  sealing: number;
  state: OutState;
  reason: string | null;
  envelope: Hex | null;
  seq: number | null;
  leaf: Hex | null;
  queuedAtMs: number;
  sealedAtMs: number | null;
  sentAtMs: number | null;
  receivedAtMs: number | null;
  verifiedAtMs: number | null;
  openedAtMs: number | null;
  receiptedAtMs: number | null;
}

export interface EnvelopeOutRow {
  id: Hex;
  leaf: Hex;
  front: Uint8Array;
  rear: Uint8Array;
}

export interface CopyRow {
  peer: Hex;
  lane: Lane;
  seq: number;
  envelope: Hex;
  middle: Uint8Array;
}

export interface ChainRow {
  peer: Hex;
  lane: Lane;
  seq: number;
  head: Uint8Array | null;
  acked: number;
}

export type KeptReceiptRow = ReceiptRow & { id: number };

export interface QuarantineRow {
  id: number;
  peer: Hex;
  lane: Lane;
  seq: number;
  code: string;
  leaf: Uint8Array | null;
  raw: Uint8Array | null;
}

export interface AlarmRow {
  kind: AlarmKind;
  code: string;
  nation: string | null;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** A member's standing under one version of the charter. */
export type Standing = 'active' | 'observer' | 'suspended';

export interface CharterRow {
  version: number;
  hash: Uint8Array;
  adoptedAtMs: number;
  standings: Readonly<Record<Hex, Standing>>;
}

export interface LogRow {
  index: number;
  kind: string;
  leaf: Hex;
}

export type EventRow = Announcement & { serial: number };

export interface Rows {
  item: ItemRow;
  outbox: OutboxRow;
  envelopeOut: EnvelopeOutRow;
  copyOut: CopyRow;
  chainOut: ChainRow;
  chainIn: ChainRow;
  envelopeIn: ArrivedRow;
  receiptOut: KeptReceiptRow;
  receiptIn: ReceiptRow & { leaf: Uint8Array };
  quarantine: QuarantineRow;
  alarm: AlarmRow;
  openedOwed: { item: string; openedAtMs: number };
  evidence: { item: string; version: number };
  charter: CharterRow;
  log: LogRow;
  event: EventRow;
}
export type TableName = keyof Rows;

export const tableNames = [
  'item',
  'outbox',
  'envelopeOut',
  'copyOut',
  'chainOut',
  'chainIn',
  'envelopeIn',
  'receiptOut',
  'receiptIn',
  'quarantine',
  'alarm',
  'openedOwed',
  'evidence',
  'charter',
  'log',
  'event',
] as const satisfies readonly TableName[];

/** Rows are never changed, only replaced. */
export type Tables = { readonly [Name in TableName]: Map<string, Rows[Name]> };

export function emptyTables(): Tables {
  return Object.fromEntries(tableNames.map((name) => [name, new Map()])) as unknown as Tables;
}

export interface Change {
  table: TableName;
  key: string;
  /** null: the row is gone. */
  row: Rows[TableName] | null;
}

/** One committed transaction. */
export interface Entry {
  changes: readonly Change[];
  /** The charter in force here when its COMMIT was asked for. */
  askedUnder: number;
}

export function apply(tables: Tables, changes: readonly Change[]): void {
  for (const { table, key, row } of changes) {
    const rows = tables[table] as Map<string, Rows[TableName]>;
    if (row === null) rows.delete(key);
    else rows.set(key, row);
  }
}

/** The write-ahead list: what lies behind the synced mark is not safe yet. */
export class Disk {
  readonly entries: Entry[] = [];
  synced = 0;

  append(entry: Entry): number {
    return this.entries.push(entry);
  }

  /** Up to and with the entry of this number. */
  sync(upTo: number): void {
    this.synced = Math.max(this.synced, upTo);
  }

  /** The power goes. Of what was not synced, a few entries may have reached the disk all the same. */
  cut(survivors: number): void {
    this.entries.length = Math.min(this.entries.length, this.synced + survivors);
    this.synced = this.entries.length;
  }

  /** An old backup is put back. */
  restore(upTo: number): void {
    this.entries.length = Math.min(this.entries.length, upTo);
    this.synced = this.entries.length;
  }

  tables(upTo = this.synced): Tables {
    const tables = emptyTables();
    for (const { changes } of this.entries.slice(0, upTo)) apply(tables, changes);
    return tables;
  }
}
