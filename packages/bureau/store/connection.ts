/** The bureau's few connections, prepared statements by name, and Kysely bound to one of them. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import {
  CONNECT_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_TIMEOUT_MS,
  POOL_CONNECTIONS_MAX,
  PREPARED_STATEMENTS_MAX,
  STATEMENT_TIMEOUT_MS,
} from './bounds.ts';

/** Tables of nobody: a desk extends it with its own, and cannot name another's. */
export type NoTables = Record<never, never>;

/** int8 comes as bigint everywhere; nothing in a bureau is counted in floating point. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? (text: string) => BigInt(text)
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

export function openPool(connection: pg.PoolConfig): pg.Pool {
  return new pg.Pool({
    max: POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...connection,
    pipeline: true,
    types,
  });
}

export type Row = Record<string, unknown>;

/**
 * One connection for the length of one transaction. After `finish` it answers nothing: it belongs to another.
 * Questions go out at once and are answered in the order they were asked, so what does not depend on an answer need
 * not wait for it.
 */
export class Session {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;
  #finished = false;
  #failure: unknown;
  #last: Promise<unknown> = Promise.resolve();
  #db: Kysely<NoTables> | undefined;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  query(sql: string, params: readonly unknown[] = []): Promise<pg.QueryResult<Row>> {
    if (this.#finished) return Promise.reject(new Error('a query after its transaction has ended'));
    const name = this.#names.of(sql);
    const answer = this.#client.query<Row>({ text: sql, values: [...params], ...(name === undefined ? {} : { name }) });
    this.#last = answer.catch((reason: unknown) => {
      this.#failure ??= reason;
    });
    return answer;
  }

  get db(): Kysely<NoTables> {
    this.#db ??= kyselyOver(this);
    return this.#db;
  }

  /**
   * Sends COMMIT right behind what is under way, and answers no more. Throws the first failure, also of a question
   * whose answer nobody awaited: then nothing was committed.
   */
  async commit(): Promise<void> {
    this.#finished = true;
    const { command } = await this.#client.query('COMMIT');
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
    // An error that was caught inside leaves nothing to commit, and PostgreSQL says so only in the tag.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
  }

  /** Waits for what was asked and not awaited, then answers no more. */
  async finish(): Promise<void> {
    this.#finished = true;
    await this.#last;
  }
}

/** The first texts a process runs are prepared under a name; the number of names is bounded. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= PREPARED_STATEMENTS_MAX) return known;
    const name = `t${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}

function kyselyOver(session: Session): Kysely<NoTables> {
  return new Kysely<NoTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new BoundDriver(session),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

class BoundDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(session: Session) {
    this.#connection = {
      executeQuery: (query) => execute(session, query),
      streamQuery: () => {
        throw new Error('streams are not part of the store');
      },
    };
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    throw new Error('already inside a transaction');
  }
  async commitTransaction(): Promise<void> {
    throw new Error('the store commits');
  }
  async rollbackTransaction(): Promise<void> {
    throw new Error('the store rolls back');
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

async function execute<R>(session: Session, query: CompiledQuery): Promise<QueryResult<R>> {
  const result = await session.query(query.sql, query.parameters);
  const rows = result.rows as R[];
  return result.command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
}
