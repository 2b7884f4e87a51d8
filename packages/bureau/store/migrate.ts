/**
 * Numbered changes of tables. Each room keeps its own `tables.sql`, split by lines `-- change N: title`; each change is
 * applied once, in a transaction of its own, and remembered with its hash.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { MIGRATION_TIMEOUT_MS } from './bounds.ts';

export type RoomTables = { readonly room: string; readonly sql: string };

export type Change = { readonly number: number; readonly title: string; readonly sql: string; readonly sha256: string };

/** A database that this code must not touch; the message names room and change. */
export class MigrationRefused extends Error {}

/** Any number will do, as long as every bureau process takes the same one. */
const MIGRATION_LOCK = 7_146_203;

/**
 * Brings a database to what `rooms` say, in their order. Idempotent; several processes may start at once.
 * Throws `MigrationRefused` when an applied change was altered or the database is newer than this code.
 */
export async function migrate(connection: pg.ClientConfig, rooms: readonly RoomTables[]): Promise<void> {
  const wanted = rooms.map(({ room, sql }) => ({ room, changes: readChanges(room, sql) }));
  const client = new pg.Client({ ...connection, statement_timeout: MIGRATION_TIMEOUT_MS });
  await client.connect();
  try {
    // The lock belongs to the session: it goes when the connection goes, even after a kill.
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS change (
      room text, number integer, title text NOT NULL, sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (room, number))`);
    const applied = await appliedChanges(client);
    refuseNewer(applied, wanted);
    for (const { room, changes } of wanted) await applyRoom(client, room, changes, applied);
  } finally {
    await client.end();
  }
}

/** Splits the text of a room into its changes, numbered from 1 without a gap. */
export function readChanges(room: string, sql: string): Change[] {
  const parts = sql.split(/^-- change (\d+): (.+)$/m);
  if (/^(?!--)\s*\S/m.test(parts[0] ?? '')) throw new Error(`${room}: SQL before the first change`);
  const changes: Change[] = [];
  for (let at = 1; at < parts.length; at += 3) {
    const [number, title, text] = [Number(parts[at]), String(parts[at + 1]), String(parts[at + 2]).trim()];
    if (number !== changes.length + 1) throw new Error(`${room}: change ${number} is out of order`);
    changes.push({ number, title, sql: text, sha256: createHash('sha256').update(text).digest('hex') });
  }
  return changes;
}

async function appliedChanges(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ room: string; number: number; sha256: string }>(
    'SELECT room, number, sha256 FROM change',
  );
  return new Map(rows.map((row) => [`${row.room} ${row.number}`, row.sha256]));
}

function refuseNewer(applied: Map<string, string>, wanted: readonly { room: string; changes: Change[] }[]): void {
  const known = new Set(wanted.flatMap(({ room, changes }) => changes.map(({ number }) => `${room} ${number}`)));
  for (const change of applied.keys()) {
    if (!known.has(change)) throw new MigrationRefused(`the database is newer than this code: ${change}`);
  }
}

async function applyRoom(
  client: pg.Client,
  room: string,
  changes: readonly Change[],
  applied: Map<string, string>,
): Promise<void> {
  for (const change of changes) {
    const before = applied.get(`${room} ${change.number}`);
    if (before === undefined) await applyChange(client, room, change);
    else if (before !== change.sha256) throw new MigrationRefused(`applied and then altered: ${room} ${change.number}`);
  }
}

async function applyChange(client: pg.Client, room: string, change: Change): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(change.sql);
    await client.query('INSERT INTO change (room, number, title, sha256) VALUES ($1, $2, $3, $4)', [
      room,
      change.number,
      change.title,
      change.sha256,
    ]);
    await client.query('COMMIT');
  } catch (reason) {
    await client.query('ROLLBACK');
    throw new Error(`${room} ${change.number} (${change.title}) failed`, { cause: reason });
  }
}
