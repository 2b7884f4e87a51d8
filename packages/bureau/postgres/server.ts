import type { ClientConfig } from 'pg';
import type { Found } from './find.ts';

/** A server a bureau can stand on: ours on a socket, or the one behind DATABASE_URL. */
export type Server = {
  readonly version: string;
  readonly origin: Found['origin'];
  /** Where the data really is: differs from the wanted path when the account cannot walk to that. Absent behind a URL. */
  readonly dataDir?: string;
  /** Absent behind a URL. */
  readonly socketDir?: string;
  readonly port?: number;
  readonly ownerRole: string;
  /** The postmaster now; changes when the supervisor had to start it again. Absent behind a URL. */
  readonly pid?: number;
  /** What `new pg.Client` or `new pg.Pool` takes. Without a role: as the owner. */
  connection(database: string, role?: string): ClientConfig;
  /** Makes role and database when missing; the role owns the database and nobody else may CONNECT. */
  ensureDatabase(name: string, role: string): Promise<void>;
  /** Fast shutdown, then waits until the postmaster is gone. Behind a URL it does nothing. */
  stop(): Promise<void>;
};
