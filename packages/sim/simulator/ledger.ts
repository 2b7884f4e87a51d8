/** What officers were told, noted outside of every bureau: the promises a run is held to. */
import type { Filing } from './reports.ts';

export interface Filed {
  /** Which bureau. */
  by: number;
  filing: Filing;
  /** When the officer pressed the key, and when the answer came; null: it never came. Virtual ms. */
  startedMs: number;
  ackedMs: number | null;
}

export class Ledger {
  readonly filed: Filed[] = [];
  readonly erased = new Set<string>();
  /** Bureaus of which a member's standing was changed: what is between them and others may be refused. */
  readonly suspended = new Set<number>();
  /** Bureaus that came back from a backup. */
  readonly restored = new Map<number, { wasBehind: boolean }>();

  of(item: string): Filed | undefined {
    return this.filed.find(({ filing }) => filing.item === item);
  }
}
