/** The bureau's few connections, prepared statements by name, and Kysely bound to one of them. */
import type { Writable } from 'node:stream';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
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
 * What is asked in one turn leaves in one write. Each write is a system call and wakes the database's process, which is
 * dearer than most questions. The driver alone would write each question by itself.
 */
function gather(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** SQLSTATE of every question behind one that failed: it says nothing of its own. */
const IN_FAILED_TRANSACTION = '25P02';

/**
 * One connection for the length of one transaction. After `finish` it answers nothing: it belongs to another.
 * Questions go out in the turn they are asked and are answered in that order, so what does not depend on an answer need
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

  /** Begins the transaction. Not awaited: the first question goes out with it, and its failure shows in `commit`. */
  begin(text: string): void {
    gather(this.#client);
    void this.#noting(this.#client.query<Row>(text));
  }

  query(sql: string, params: readonly unknown[] = []): Promise<pg.QueryResult<Row>> {
    if (this.#finished) return Promise.reject(new Error('a query after its transaction has ended'));
    gather(this.#client);
    const name = this.#names.of(sql);
    return this.#noting(
      this.#client.query<Row>({ text: sql, values: [...params], ...(name === undefined ? {} : { name }) }),
    );
  }

  /** Keeps the first failure, and tells it to whoever asked behind it. */
  #noting(asked: Promise<pg.QueryResult<Row>>): Promise<pg.QueryResult<Row>> {
    const answer = asked.catch((reason: unknown) => {
      const isEcho = (reason as { code?: unknown } | null)?.code === IN_FAILED_TRANSACTION;
      this.#failure ??= reason;
      throw isEcho ? this.#failure : reason;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Asked now, whatever else is under way. */
  async ask<R>(question: RawBuilder<R>): Promise<R[]> {
    const { sql, parameters } = question.compile(compiling);
    return (await this.query(sql, parameters)).rows as R[];
  }

  /** The same for what has no answer to wait for: its failure fails the commit. */
  tell(statement: RawBuilder<unknown>): void {
    const { sql, parameters } = statement.compile(compiling);
    this.query(sql, parameters).catch(() => undefined);
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
    gather(this.#client);
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

const kyselyOf = (driver: Driver) =>
  new Kysely<NoTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });

const kyselyOver = (session: Session) => kyselyOf(new BoundDriver(session));

/** Makes text and parameters of a question, and asks nobody. */
const compiling = kyselyOf(new DummyDriver());

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
