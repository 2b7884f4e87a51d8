import type { Client } from 'pg';
import { PostgresRefusal } from './refusal.ts';

/** Values under which a COMMIT that was answered is on disk. `remote_apply` waits for even more than `on`. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
  full_page_writes: ['on'],
  data_checksums: ['on'],
};

/** Asks the running server itself, so that no file or default is believed. Throws `not-durable`. */
export async function assertDurable(client: Client): Promise<void> {
  for (const [name, allowed] of Object.entries(REQUIRED)) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`);
    const value = rows[0]?.[name] ?? 'unknown';
    if (!allowed.includes(value))
      throw new PostgresRefusal(
        'not-durable',
        `${name} is ${value} on this server, and acknowledged rows could be lost: it must be ${allowed[0]}.`,
      );
  }
}

/** A role may carry a weaker setting of its own, which SHOW as somebody else does not see. Throws `not-durable`. */
export async function assertNoWeakerRole(client: Client): Promise<void> {
  const { rows } = await client.query<{ setting: string }>(
    `SELECT unnest(setconfig) AS setting FROM pg_db_role_setting
      WHERE EXISTS (SELECT FROM unnest(setconfig) s WHERE s LIKE 'synchronous_commit=%' AND s NOT IN ('synchronous_commit=on', 'synchronous_commit=remote_apply'))`,
  );
  if (rows.length > 0)
    throw new PostgresRefusal(
      'not-durable',
      'A role or database of this server carries a weaker synchronous_commit of its own: reset it.',
    );
}
