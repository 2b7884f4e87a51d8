/**
 * Hints between the processes of one bureau, on a connection of their own.
 *
 * NOTIFY inside a transaction makes commits wait for each other in the whole cluster, so hints are sent afterwards, many
 * at once as one, and carry nothing: they may be lost, the feed polls anyway.
 */
import pg from 'pg';
import { HINT_GATHER_MS, HINT_OTHERS_MS, RECONNECT_MS } from './bounds.ts';
import type { Clock } from './ports.ts';

const CHANNEL = 'tripoint_event';
const APPLICATION = 'tripoint hints';
const OTHERS = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
  AND application_name = '${APPLICATION}' AND pid <> pg_backend_pid()) AS others`;

export type HintPorts = {
  readonly connection: pg.ClientConfig;
  readonly clock: Clock;
  /** A hint of another process, or a connection that was away and may have missed some. */
  heard(): void;
  trouble(reason: unknown): void;
};

export class Hints {
  readonly #ports: HintPorts;
  #client: pg.Client | undefined;
  #connecting: Promise<void> | undefined;
  #listening = false;
  #sending = false;
  #wanted = false;
  #closed = false;
  #others = true;
  #othersAskedMs = Number.NEGATIVE_INFINITY;
  readonly #end = new AbortController();

  constructor(ports: HintPorts) {
    this.#ports = ports;
  }

  listen(): void {
    this.#listening = true;
    this.#keepConnected();
  }

  /** Tells the other processes, soon. */
  send(): void {
    this.#wanted = true;
    this.#keepConnected();
    void this.#drain();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#end.abort();
    await this.#connecting;
    await this.#client?.end();
    this.#client = undefined;
  }

  async #drain(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#wanted && this.#client !== undefined && !this.#closed) {
        // Commits come in bursts, and each NOTIFY is a commit of its own: one hint stands for the burst.
        await this.#ports.clock.sleep(HINT_GATHER_MS, this.#end.signal);
        if (this.#client === undefined || this.#closed) return;
        this.#wanted = false;
        if (await this.#hasOthers(this.#client)) await this.#client.query(`NOTIFY ${CHANNEL}`);
      }
    } catch (reason) {
      if (!this.#closed) this.#ports.trouble(reason);
    } finally {
      this.#sending = false;
    }
  }

  /** A bureau of one process has nobody to tell; a new process is noticed soon, and its poll is the truth meanwhile. */
  async #hasOthers(client: pg.Client): Promise<boolean> {
    const nowMs = this.#ports.clock.now();
    if (nowMs - this.#othersAskedMs > HINT_OTHERS_MS) {
      this.#othersAskedMs = nowMs;
      const { rows } = await client.query<{ others: boolean }>(OTHERS);
      this.#others = rows[0]?.others === true;
    }
    return this.#others;
  }

  #keepConnected(): void {
    if (this.#client !== undefined || this.#connecting !== undefined || this.#closed) return;
    this.#connecting = this.#connect().finally(() => {
      this.#connecting = undefined;
    });
  }

  async #connect(): Promise<void> {
    while (!this.#closed) {
      const client = new pg.Client({ ...this.#ports.connection, application_name: APPLICATION });
      client.on('error', (reason) => this.#lost(client, reason));
      client.on('end', () => this.#lost(client));
      try {
        await client.connect();
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
        client.on('notification', ({ processId }) => {
          if (processId !== rows[0].pid) this.#ports.heard();
        });
        // A hint carries nothing that could be lost, so its commit need not wait for the disk.
        await client.query('SET synchronous_commit = off');
        await client.query(`LISTEN ${CHANNEL}`);
        this.#client = client;
        this.#ports.heard();
        void this.#drain();
        return;
      } catch (reason) {
        if (this.#closed) return;
        this.#ports.trouble(reason);
        await client.end().catch(() => {});
        await this.#ports.clock.sleep(RECONNECT_MS, this.#end.signal);
      }
    }
  }

  #lost(client: pg.Client, reason?: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    if (this.#closed) return;
    if (reason !== undefined) this.#ports.trouble(reason);
    if (this.#listening) this.#keepConnected();
  }
}
