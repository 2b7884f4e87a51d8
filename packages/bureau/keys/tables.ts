import type { Kysely } from 'kysely';
import type { InTx } from './ports.ts';

export type KeyTables = {
  charter: { version: number; hash: Uint8Array; signed: Uint8Array; adopted_at: Date };
  directory_entry: {
    leaf: Uint8Array;
    member: Uint8Array;
    class: string;
    kid: Uint8Array;
    destroy_after: Date;
    signed: Uint8Array;
    accepted_at: Date;
  };
  kem_epoch: { kid: Uint8Array; day: number; public: Uint8Array; wrapped_seed: Uint8Array | null };
};

/** This room's tables within a transaction. */
export const tablesIn = (tx: InTx): Kysely<KeyTables> => tx.db.$extendTables<KeyTables>() as Kysely<KeyTables>;

/** Column values are Buffers; nobody outside should have to know. */
export const plainBytes = (column: Uint8Array): Uint8Array => Uint8Array.from(column);

export const dateOfSec = (sec: number): Date => new Date(sec * 1000);
export const secOfDate = (at: Date): number => Math.floor(at.getTime() / 1000);
